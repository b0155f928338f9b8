"""Fetch and archive every page that a source lists or a release holds, then the facts entered by hand."""

from dataclasses import replace
from functools import partial

from flows.run.context import RunContext
from flows.run.previous_state import PreviousState
from flows.stages.attachments import with_attachments
from flows.stages.reread import load_captured
from infra.logs import stage
from raw.archive.warc_archive import Snapshot
from raw.attachments.decode import with_text
from raw.attachments.metadata import ROW_TYPE
from raw.discovery.article_ref import Discovery, Get
from raw.discovery.discover import discover
from raw.discovery.local_files import local_files
from raw.http.client import Fetcher, FetchLimits, user_agent
from raw.reviewed.columns import REVIEWED_TYPE, is_reviewed
from raw.reviewed.facts import reviewed_payloads
from schemas.codelists import SourceState
from schemas.errors import SourceEmpty, SourceGone
from schemas.reading import CapturedDocument, Metadata

MEGABYTE = 10**6


async def fetch(run: RunContext, previous: PreviousState) -> tuple[CapturedDocument, ...]:
    """Fetch and archive every document of the source, and those of the previous release that it no longer lists.

    Raises:
        SourceGone: No document is left.
    """
    with stage("fetch") as summary:
        if run.source.folder:
            pages = _archive_files(run, previous)
        else:
            pages = await _fetch_pages(run, previous)
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


async def _fetch_pages(run: RunContext, previous: PreviousState) -> list[CapturedDocument]:
    async with Fetcher(run.source.host, _limits(run), clock=run.clock) as fetcher:
        found = await _discover(run, previous, partial(previous.archive.fetch, fetcher))
        listed = {reference.document: reference.url for reference in found.references}
        attached = {entry.document for entry in previous.documents if entry.metadata_key}
        released = {document: url for document, url in _released(previous).items() if document not in attached}
        pages = [
            replace(await _fetch_document(previous, fetcher, document, url), listed=document in listed)
            for document, url in (released | listed).items()
        ]
        pages = await with_attachments(run.source, previous, fetcher, pages)
    # What is wrong with a listing is reported with the first document: a run knows findings of documents alone.
    return [replace(pages[0], findings=(*found.findings, *pages[0].findings)), *pages[1:]]


def _archive_files(run: RunContext, previous: PreviousState) -> list[CapturedDocument]:
    """Archive the files of a folder like pages; one that was released and is not there any more is withdrawn."""
    archive, captured = previous.archive, list[CapturedDocument]()
    for file in local_files(run.source, largest=run.settings.max_page_mb * MEGABYTE):
        store = partial(archive.store_local_file, url=file.url, now=run.clock())
        snapshot = store(document_id=file.document, body=file.body, content_type=file.content_type)
        metadata = None
        if file.row:
            row = store(document_id=f"{file.document}:files.csv", body=file.row, content_type=ROW_TYPE)
            metadata = Metadata(key=row.key, content_type=ROW_TYPE, body=row.body)
        captured.append(replace(_captured(file.document, snapshot, SourceState.OK), metadata=metadata))
    missing = _released(previous).keys() - {document.document_id for document in captured}
    entries = [entry for entry in previous.documents if entry.document in missing]
    captured += (replace(load_captured(archive, entry), state=SourceState.GONE, listed=False) for entry in entries)
    return captured


def _released(previous: PreviousState) -> dict[str, str]:
    """Return the URL of each released page and file by its id."""
    return {entry.document: entry.url for entry in previous.documents if not is_reviewed(entry.document)}


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


async def _discover(run: RunContext, previous: PreviousState, get: Get) -> Discovery:
    """Return the documents that the source lists; none if it lists none any more."""
    try:
        return await discover(run.source, get)
    except SourceEmpty:
        if previous.manifest is None:
            raise
        return Discovery(references=())


async def _fetch_document(previous: PreviousState, fetcher: Fetcher, document: str, url: str) -> CapturedDocument:
    """Fetch a document; if the page is gone and was released, return its last capture."""
    try:
        return _captured(document, await previous.archive.fetch(fetcher, url), SourceState.OK)
    except SourceGone:
        entry = next((entry for entry in previous.documents if entry.document == document), None)
        if entry is None:
            raise
        return replace(load_captured(previous.archive, entry), state=SourceState.GONE)


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
    return with_text(
        CapturedDocument(
            document_id=document,
            capture=snapshot.capture,
            content_type=snapshot.content_type,
            body=snapshot.body,
            state=state,
        )
    )
