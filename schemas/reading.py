"""One document as it was read: what `raw` hands to `publish`."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.codelists import Origin, PublisherEvidence, SourceState
from schemas.document import Document, PageStructure, Span
from schemas.finding import Finding
from schemas.observation import Number, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where the bytes of a document are archived: address, time (UTC), SHA-256 of the payload, archive key."""

    url: str
    captured_at: datetime
    sha256: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Archived bytes that state title, date and publisher of a file: the page that links it, or its row of `files.csv`.

    `key` is where the archive keeps them.
    """

    key: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedDocument:
    """The archived bytes of a document, and whether the source still has it; fields as in `Reading`.

    Attributes:
        text: The text of a file that is neither a page nor a plain text (DOCX, XLSX, PDF), None for any other.
        metadata: What states title, date and publisher of a file, None where the document itself does.
        findings: What went wrong before the document could be read.
    """

    document_id: str
    capture: Capture
    content_type: str
    body: bytes
    state: SourceState
    listed: bool = True
    text: str | None = None
    metadata: Metadata | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term that a document explains; `span` is the explanation in the document's text."""

    term: str
    explanation: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document with everything that was read from it.

    Attributes:
        document_id: Stable within a source (`post-1234567`).
        text_sha256: The hash of the canonical text in UTF-8; a page counts as changed when it changes.
        index_number: The repaired 索引号.
        index_note: How `index_number` relates to the printed one, a code of `IndexNote`.
        reference_year: The year that the document reports on, None if unknown or for reviewed facts.
        form: The structure of its page.
        listed: Whether the source listed it when it was fetched.
        publisher_evidence: Where the page names its publisher.
        metadata_key: Where the archive keeps what states title, date and publisher of a file, "" for a page.
        attachments: The names of the files that the page links.
    """

    document_id: str
    document: Document
    capture: Capture
    text_sha256: str
    index_number: str
    index_note: str
    state: SourceState
    observations: tuple[Observation, ...]
    numbers: tuple[Number, ...]
    findings: tuple[Finding, ...]
    glossary: tuple[Term, ...] = ()
    reference_year: int | None = None
    origin: Origin = Origin.REPORT
    form: PageStructure = field(default_factory=PageStructure)
    listed: bool = True
    publisher_evidence: PublisherEvidence = PublisherEvidence.NONE
    metadata_key: str = ""
    attachments: tuple[str, ...] = ()
