"""Fetch and archive every page that a source lists or a release holds, then the facts entered by hand."""

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
from raw.reviewed.facts import reviewed_payloads
from schemas.codelists import SourceState
from schemas.errors import SourceEmpty, SourceGone
from schemas.reading import CapturedDocument

MEGABYTE = 10**6


async def fetch(run: RunContext, previous: PreviousState) -> tuple[CapturedDocument, ...]:
    """Fetch and archive every document of the source, and those of the previous release that it no longer lists.

    Raises:
        SourceGone: No document is left.
    """
    with stage("fetch") as summary:
        async with Fetcher(run.source.host, _limits(run), clock=run.clock) as fetcher:
            listed = await _discover(run, previous, partial(previous.archive.fetch, fetcher))
            released = {entry.document: entry.url for entry in previous.documents if not is_reviewed(entry.document)}
            pages = [
                replace(await _fetch_document(previous, fetcher, document, url), listed=document in listed)
                for document, url in (released | listed).items()
            ]
        gone = [page for page in pages if page.state is SourceState.GONE]
        if len(gone) == len(pages):
            remedy = "what was released stays; see whether the source has moved"
            raise SourceGone("no document of the source is left", where=gone[0].capture.url, remedy=remedy)
        reviewed = _archive_reviewed(run, previous)
        counts = [f"{len(pages)} documents"]
        counts += [f"{len(gone)} of them withdrawn"] if gone else []
        counts += [f"{len(reviewed)} citations entered by hand"] if reviewed else []
        summary.set(", ".join(counts))
        return (*pages, *reviewed)


def _limits(run: RunContext) -> FetchLimits:
    settings = run.settings
    return FetchLimits(
        pace=0.0 if run.source.bundled else settings.pace_seconds,  # nobody else uses a site of our own process
        timeout=settings.timeout_seconds,
        tries=settings.tries,
        max_wire=settings.max_wire_mb * MEGABYTE,
        max_page=settings.max_page_mb * MEGABYTE,
        user_agent=user_agent(settings.contact),
    )


async def _discover(run: RunContext, previous: PreviousState, get: Get) -> dict[str, str]:
    """Return the URL of each document that the source lists; none if it lists none any more."""
    try:
        return {ref.document: ref.url for ref in await discover(run.source, get)}
    except SourceEmpty:
        if previous.manifest is None:
            raise
        return {}


async def _fetch_document(previous: PreviousState, fetcher: Fetcher, document: str, url: str) -> CapturedDocument:
    """Fetch a document; if the page is gone and was released, return its last capture."""
    try:
        return _captured(document, await previous.archive.fetch(fetcher, url), SourceState.OK)
    except SourceGone:
        key = next((entry.archive_key for entry in previous.documents if entry.document == document), "")
        if not key:
            raise
        return _captured(document, previous.archive.load_capture(key), SourceState.GONE)


def _archive_reviewed(run: RunContext, previous: PreviousState) -> tuple[CapturedDocument, ...]:
    """Archive the facts entered by hand like pages; those that were removed are no documents any more."""
    captured = []
    for file in reviewed_payloads(run.source.id, run.reviewed):
        snapshot = previous.archive.store_local_file(
            document_id=file.document_id, url=file.url, body=file.body, content_type=REVIEWED_TYPE, now=run.clock()
        )
        captured.append(_captured(file.document_id, snapshot, SourceState.OK))
    return tuple(captured)


def _captured(document: str, snapshot: Snapshot, state: SourceState) -> CapturedDocument:
    return CapturedDocument(
        document_id=document,
        capture=snapshot.capture,
        content_type=snapshot.content_type,
        body=snapshot.body,
        state=state,
    )
