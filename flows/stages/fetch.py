"""Fetching and keeping: every page that a source lists or a release holds, then the facts entered by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flows.run.context import RunContext
from flows.run.previous_state import PreviousState
from infra.logs import stage
from raw.archive.warc_archive import Snapshot
from raw.discovery.discover import discover
from raw.discovery.gkmlpt import Get
from raw.http.client import Fetcher, FetchLimits, user_agent
from raw.reviewed.columns import REVIEWED_TYPE, is_reviewed
from raw.reviewed.facts import ReviewedFile, reviewed_payloads
from schemas.codelists import SourceState
from schemas.errors import SourceEmpty, SourceGone
from schemas.reading import CapturedDocument

MEGABYTE = 10**6
_STAYS = "what was released stays; see whether the source has moved"


async def capture(run: RunContext, before: PreviousState) -> tuple[CapturedDocument, ...]:
    """Fetch and keep every document of the source, and what was released before though it is no longer listed."""
    with stage("fetch") as teller:
        async with Fetcher(run.source.host, _limits(run), clock=run.clock) as fetcher:
            visit = partial(before.archive.fetch, fetcher)
            addresses = await _discover_or_empty(run, before, visit)
            found = [
                await _fetch_document(before, fetcher, document, url)
                for document, url in _documents_to_fetch(before, addresses).items()
            ]
            pages = [replace(page, listed=page.document_id in addresses) for page in found]
        gone = [page for page in pages if page.state is SourceState.GONE]
        if len(gone) == len(pages):
            raise SourceGone("no document of the source is left", where=gone[0].capture.url, remedy=_STAYS)
        entered = _load_reviewed_facts(run, before)
        teller.set(_summary(len(pages), len(gone), len(entered)))
        return (*pages, *entered)


def _summary(pages: int, gone: int, entered: int) -> str:
    """What was fetched, in words."""
    rest = (f", {gone} of them withdrawn" if gone else "", f", {entered} citations entered by hand" if entered else "")
    return f"{pages} documents{''.join(rest)}"


def _load_reviewed_facts(run: RunContext, before: PreviousState) -> tuple[CapturedDocument, ...]:
    """The facts entered by hand, kept like pages; one that was taken out is no document any more."""
    payloads = reviewed_payloads(run.source.id, run.reviewed)
    return tuple(
        _to_captured_document(one.document_id, _archive_reviewed(run, before, one), SourceState.OK) for one in payloads
    )


def _archive_reviewed(run: RunContext, before: PreviousState, payload: ReviewedFile) -> Snapshot:
    return before.archive.store_local_file(
        document_id=payload.document_id,
        url=payload.url,
        body=payload.body,
        content_type=REVIEWED_TYPE,
        now=run.clock(),
    )


def _limits(run: RunContext) -> FetchLimits:
    """How politely and how much is fetched."""
    settings = run.settings
    return FetchLimits(
        pace=settings.pace_seconds,
        timeout=settings.timeout_seconds,
        tries=settings.tries,
        max_wire=settings.max_wire_mb * MEGABYTE,
        max_page=settings.max_page_mb * MEGABYTE,
        user_agent=user_agent(settings.contact),
    )


async def _discover_or_empty(run: RunContext, before: PreviousState, visit: Get) -> dict[str, str]:
    """The documents that the source lists; none, where an earlier release knows some and the listing no more."""
    try:
        return {ref.document: ref.url for ref in await discover(run.source, visit)}
    except SourceEmpty:
        if before.manifest is None:
            raise
        return {}


def _documents_to_fetch(before: PreviousState, found: Mapping[str, str]) -> dict[str, str]:
    """The pages that the source lists and those of the latest release, each with its address."""
    released = (entry for entry in before.documents if not is_reviewed(entry.document))
    return {entry.document: entry.url for entry in released} | dict(found)


async def _fetch_document(before: PreviousState, fetcher: Fetcher, document: str, url: str) -> CapturedDocument:
    """One document; where the page is gone and a release holds it, its last capture stands in."""
    try:
        return _to_captured_document(document, await before.archive.fetch(fetcher, url), SourceState.OK)
    except SourceGone:
        key = next((entry.archive_key for entry in before.documents if entry.document == document), "")
        if not key:
            raise
        return _to_captured_document(document, before.archive.load_capture(key), SourceState.GONE)


def _to_captured_document(document: str, snapshot: Snapshot, state: SourceState) -> CapturedDocument:
    """A snapshot as the reader takes it."""
    return CapturedDocument(
        document_id=document,
        capture=snapshot.capture,
        content_type=snapshot.content_type,
        body=snapshot.body,
        state=state,
    )
