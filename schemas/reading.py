"""What one archived page says: the seam between the room that reads and the room that publishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from schemas.codelists import Origin, SourceState
from schemas.document import Document, PageStructure, Span
from schemas.finding import Finding
from schemas.observation import Number, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where the bytes of a document are kept: address, time (UTC), SHA-256 of the payload, key in the archive."""

    url: str
    captured_at: datetime
    sha256: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedDocument:
    """A document's bytes as they were kept, and whether the source still has it; names as in a `Reading`."""

    document_id: str
    capture: Capture
    content_type: str
    body: bytes
    state: SourceState
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term that a document explains; `span` is the explanation in the document's text."""

    term: str
    explanation: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document with everything that was read out of it.

    `document_id` is stable for a source (`post-1234567`); `text_sha256` is that of the canonical text in UTF-8: a page
    changed when this changed, whatever its bytes do. `index_number` is the repaired 索引号 and `index_note` says how it
    relates to the printed one: `valid`, `repaired`, `invalid` or `absent`. `reference_year` is the year that the
    document reports on, None where it does not say; facts entered by hand cover no year as a report does. `form` is how
    its page is made; `listed` whether the source named it when it was fetched.
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
