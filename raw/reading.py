"""From the bytes of a capture to its reading: the entry point to the part of this package without I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from raw.attachments.formats import MARKDOWN_TYPE, READ_SUFFIXES, TEXT_TYPE, format_of
from raw.attachments.links import LinkedFile, linked_files, report_files
from raw.attachments.metadata import with_stated_facts
from raw.extract.glossary import glossary
from raw.extract.observations import read
from raw.extract.sections import outline, reference_year
from raw.extract.series import is_refused
from raw.page.charset import decode
from raw.page.page_structure import headings
from raw.page.parse import ParsedPage, parse_html, parse_text
from raw.page.publisher_check import check_publisher, own_publisher
from raw.page.publisher_names import PublisherName
from raw.reviewed.columns import REVIEWED_TYPE, is_reviewed
from raw.reviewed.reader import read_reviewed, reviewed_page
from raw.tables.find import find_tables
from schemas.codelists import DocumentKind, PublisherEvidence, Severity
from schemas.document import Document
from schemas.errors import ArticleError, ContentError
from schemas.finding import Finding, FindingCode, examples
from schemas.observation import Observation
from schemas.reading import CapturedDocument, Reading
from schemas.registry.sources import Source
from schemas.registry.uscc import parse_index_number

_REMEDY = "open it in a browser: only facts entered by hand need no publisher"


def read_capture(captured: CapturedDocument, source: Source) -> Reading:
    """Read a page of a source, or facts entered by hand.

    Raises:
        ContentError: If the bytes hold no article.
    """
    if is_reviewed(captured.document_id):
        return read_reviewed(captured)
    if _media_type(captured.content_type) == REVIEWED_TYPE:
        raise ArticleError("a page of the site calls itself reviewed facts", where="content type", remedy=_REMEDY)
    page, faults = _parse_captured(captured, source)
    document = document_of(page, DocumentKind(source.kind) if source.kind else None)
    observations, numbers = read(document)
    files = () if captured.metadata or faults else _linked_files(captured)
    number = parse_index_number(page.labels.index_number, source.division)
    publisher = own_publisher(page.publishers, source)
    printed = page.labels.publisher or (publisher.name if publisher else "")
    return Reading(
        document_id=captured.document_id,
        document=replace(document, labels=replace(page.labels, publisher=printed)),
        capture=captured.capture,
        text_sha256=hashlib.sha256(page.text.encode()).hexdigest(),
        index_number=number.repaired,
        index_note=number.note,
        publisher_evidence=_evidence(page, publisher, source),
        state=captured.state,
        observations=observations,
        numbers=numbers,
        findings=(
            *captured.findings,
            *faults,
            *page.findings,
            *check_publisher(page.publishers, number, source, captured.document_id),
            *_check_kind(document, source, captured.document_id),
            *_check_series(observations, captured.document_id),
            *(_report_attached(files, captured.document_id) if files and not observations else ()),
        ),
        glossary=glossary(document),
        reference_year=reference_year(document),
        form=replace(page.form, headings=headings(document)),
        listed=captured.listed,
        metadata_key=captured.metadata.key if captured.metadata else "",
        attachments=tuple(file.name for file in files),
    )


def parse(body: bytes, content_type: str, text: str | None = None) -> ParsedPage:
    """Return the article in some bytes: HTML unless their content type is plain text or reviewed facts.

    Args:
        body: The bytes of a page, of a plain text, of reviewed facts or of a file.
        content_type: Their content type.
        text: The text of a file (DOCX, XLSX, PDF), which `raw.attachments.decode` read out of the bytes.

    Raises:
        ContentError: If the bytes hold no article, or are a file and its text is not given.
    """
    if text is not None:
        return parse_text(text)
    if unread := format_of(body):
        raise ArticleError(f"it is a file ({unread}) and no page", where="file", remedy="decode it first")
    if _media_type(content_type) == REVIEWED_TYPE:
        return reviewed_page(body)
    if _media_type(content_type) in {TEXT_TYPE, MARKDOWN_TYPE}:
        return parse_text(decode(body, content_type))
    return parse_html(body, content_type=content_type)


def _parse_captured(captured: CapturedDocument, source: Source) -> tuple[ParsedPage, tuple[Finding, ...]]:
    """Return the article of a capture; in a folder, a file without one is a finding and not the end of the run."""
    faults: tuple[Finding, ...] = ()
    try:
        page = parse(captured.body, captured.content_type, captured.text)
    except ContentError as error:
        if source.platform != "files":
            raise
        message = "The file holds no article that can be read; the other files of the folder are published."
        fault = Finding(
            code=error.code,
            severity=Severity.WARN,
            where=captured.document_id,
            message=message,
            evidence=(str(error),),
        )
        page, faults = parse_text(""), (fault,)
    return (with_stated_facts(page, captured.metadata) if captured.metadata else page), faults


def attached_reports(captured: CapturedDocument, source: Source) -> tuple[LinkedFile, ...]:
    """Return the files that hold the report of a page: none where the page states a number, or cannot be read."""
    try:
        files = _linked_files(captured)
        if not files:
            return ()
        observations, _ = read(document_of(parse(captured.body, captured.content_type, captured.text)))
    except ContentError:
        return ()
    return () if observations else report_files(files, source.title)


def _linked_files(captured: CapturedDocument) -> tuple[LinkedFile, ...]:
    """Return the files that a page links; only a page has links."""
    if captured.text is not None or _media_type(captured.content_type) in {TEXT_TYPE, MARKDOWN_TYPE}:
        return ()
    return linked_files(captured.body, content_type=captured.content_type, url=captured.capture.url)


def _report_attached(files: tuple[LinkedFile, ...], where: str) -> tuple[Finding, ...]:
    finding = Finding(
        code=FindingCode.REPORT_ATTACHED,
        severity=Severity.WARN if all(file.suffix not in READ_SUFFIXES for file in files) else Severity.NOTE,
        where=where,
        message="The page states no number of its own: its report is in an attachment.",
        count=len(files),
        evidence=examples(f"附件 {file.name}" for file in files),
    )
    return (finding,)


def document_of(page: ParsedPage, kind: DocumentKind | None = None) -> Document:
    """Return a page with its sections; `kind` is what the operator states, None to read it from the page."""
    return outline(
        text=page.text,
        body=page.body,
        title=page.title,
        published_on=page.published_on,
        labels=page.labels,
        kind=kind,
        tables=find_tables(page.text, page.body, page.cells),
    )


def _evidence(page: ParsedPage, publisher: PublisherName | None, source: Source) -> PublisherEvidence:
    if publisher:
        return publisher.evidence
    return PublisherEvidence.VOUCHED if source.vouched and not page.publishers else PublisherEvidence.NONE


def _check_kind(document: Document, source: Source, where: str) -> tuple[Finding, ...]:
    """Warn of a document of unknown kind: its headings decide nothing, every number counts as achieved."""
    if document.kind != DocumentKind.OTHER or source.kind:
        return ()
    message = "Neither title nor headings say what kind of document this is; its numbers are read as achieved."
    finding = Finding(
        code=FindingCode.DOCUMENT_KIND_UNKNOWN,
        severity=Severity.WARN,
        where=where,
        message=message,
        evidence=(document.title or "(no title)",),
    )
    return (finding,)


def _check_series(observations: Iterable[Observation], where: str) -> tuple[Finding, ...]:
    """Note the numbers whose words name a series that another number of the document contradicts."""
    refused = [each for each in observations if is_refused(each)]
    if not refused:
        return ()
    message = "Numbers with the words of one series contradict each other; they do not carry its id."
    finding = Finding(
        code=FindingCode.SERIES_CONTRADICTED,
        severity=Severity.NOTE,
        where=where,
        message=message,
        count=len(refused),
        evidence=examples(f"{each.subject} {each.obs_text} ({each.period})" for each in refused),
    )
    return (finding,)


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip()
