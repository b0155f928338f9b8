"""The attachments of pages whose report is attached: fetched, archived as captures of their own, read like pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flows.run.previous_state import PreviousState
from flows.stages.reread import load_captured
from raw.attachments.decode import with_text
from raw.attachments.links import LinkedFile
from raw.discovery.article_ref import attachment_id
from raw.http.client import Fetcher
from raw.reading import attached_reports
from schemas.codelists import Severity, SourceState
from schemas.errors import SourceError, SourceGone
from schemas.finding import Finding, FindingCode
from schemas.reading import CapturedDocument, Metadata
from schemas.registry.sources import Source


async def with_attachments(
    source: Source, previous: PreviousState, fetcher: Fetcher, pages: Iterable[CapturedDocument]
) -> list[CapturedDocument]:
    """Return pages, each followed by the attachments that hold its report.

    An attachment that cannot be fetched is a finding of its page, unless it was released: then it is its last capture.
    """
    released = {entry.document: entry for entry in previous.documents if entry.metadata_key}
    documents: list[CapturedDocument] = []
    for page in pages:
        findings: list[Finding] = []
        attached: list[CapturedDocument] = []
        for file in attached_reports(page, source):
            document = attachment_id(page.document_id, file.url)
            try:
                attached.append(await _fetch(previous, fetcher, page, document, file))
            except SourceError as error:
                entry = released.get(document)
                if entry and isinstance(error, SourceGone):
                    attached.append(replace(load_captured(previous.archive, entry), state=SourceState.GONE))
                elif entry:
                    raise
                else:
                    findings.append(_unfetched(page, file, error))
        documents += (replace(page, findings=(*page.findings, *findings)), *attached)
    known = {document.document_id for document in documents}
    return [*documents, *_unlinked(previous, known)]


async def _fetch(
    previous: PreviousState, fetcher: Fetcher, page: CapturedDocument, document: str, file: LinkedFile
) -> CapturedDocument:
    snapshot = await previous.archive.fetch(fetcher, file.url)
    captured = CapturedDocument(
        document_id=document,
        capture=snapshot.capture,
        content_type=snapshot.content_type,
        body=snapshot.body,
        state=SourceState.OK,
        listed=page.listed,
        metadata=Metadata(key=page.capture.key, content_type=page.content_type, body=page.body),
    )
    return with_text(captured)


def _unlinked(previous: PreviousState, known: set[str]) -> Iterator[CapturedDocument]:
    """Yield the last captures of released attachments that no page links any more."""
    for entry in previous.documents:
        if entry.metadata_key and entry.document not in known:
            yield replace(load_captured(previous.archive, entry), state=SourceState.GONE, listed=False)


def _unfetched(page: CapturedDocument, file: LinkedFile, error: SourceError) -> Finding:
    return Finding(
        code=FindingCode.FILE_UNREAD,
        severity=Severity.WARN,
        where=page.document_id,
        message="The attachment that holds the report cannot be fetched.",
        evidence=(f"{file.name}: {error}",),
    )
