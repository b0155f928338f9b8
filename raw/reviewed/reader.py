"""The reading of an archived payload of reviewed facts: its text is the CSV, and each value is cut out of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from raw.extract.series import series
from raw.page.parse import ParsedPage
from raw.reviewed.cells import Cell, Row, rows
from raw.reviewed.columns import fault, published
from schemas.codelists import Bound, CodeList, IgnoreReason, Measure, NumberStatus, Origin, PublisherEvidence, Status
from schemas.document import Document, Labels, Period, Section, Span, TimeOrientation
from schemas.errors import ArticleError, CharsetError
from schemas.observation import Number, Observation
from schemas.reading import CapturedDocument, Reading
from schemas.registry.units import resolve

_Code = TypeVar("_Code", bound=CodeList)

_REMEDY = "restore the capture from a backup; the archive never overwrites it"
_DIGITS = re.compile(r"\d+")
_REASONS = MappingProxyType(
    dict.fromkeys(("period", "source_date", "entered_on"), IgnoreReason.DATE)
    | dict.fromkeys(("subject", "scope", "unit"), IgnoreReason.NAME)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row of a payload: its cells by column and its span."""

    cells: Mapping[str, Cell]
    span: Span

    def cell(self, column: str) -> str:
        """Return the text of a cell, empty where the payload lacks the column."""
        return self.cells[column].text if column in self.cells else ""


def reviewed_page(body: bytes) -> ParsedPage:
    """Return a payload as a page: its text is the CSV, character for character.

    Raises:
        ContentError: If the payload is not UTF-8 or holds no valid facts.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise CharsetError(f"byte {error.start} is not UTF-8", where="reviewed facts", remedy=_REMEDY) from error
    fact = _facts(text)[0]
    source_date = fact.cell("source_date")
    return ParsedPage(
        title=fact.cell("source_title") or f"{urlsplit(fact.cell('source_url')).hostname}（{source_date}）",
        published_on=published(source_date),
        labels=Labels(),
        text=text,
        body=Span(start=0, end=len(text)),
        anchors=(),
        rendering="plain",
        findings=(),
    )


def read_reviewed(captured: CapturedDocument) -> Reading:
    """Return the reading of a payload: each fact as an observation, each other number with the reason to ignore it."""
    page = reviewed_page(captured.body)
    facts = _facts(page.text)
    return Reading(
        document_id=captured.document_id,
        document=_document(page, facts),
        capture=captured.capture,
        text_sha256=sha256(page.text.encode()).hexdigest(),
        index_number="",
        index_note="absent",
        state=captured.state,
        observations=tuple(_observation(page.text, fact) for fact in facts),
        numbers=tuple(number for fact in facts for number in _numbers(fact)),
        findings=(),
        origin=Origin.REVIEWED,
        publisher_evidence=PublisherEvidence.REVIEWED,
    )


def _facts(text: str) -> tuple[Fact, ...]:
    lines = list(rows(text))
    if len(lines) <= 1:
        raise ArticleError("the payload holds no facts", where="reviewed facts", remedy=_REMEDY)
    names = [cell.text for cell in lines[0].cells]
    return tuple(_fact(names, row) for row in lines[1:])


def _fact(names: list[str], row: Row) -> Fact:
    where = f"reviewed facts, line {row.line}"
    if len(row.cells) != len(names):
        raise ArticleError(f"the row has {len(row.cells)} cells and not {len(names)}", where=where, remedy=_REMEDY)
    cells = dict(zip(names, row.cells, strict=True))
    if wrong := fault({name: cell.text for name, cell in cells.items()}):
        raise ArticleError(wrong.what, where=f"{where}, column {wrong.column}", remedy=_REMEDY)
    return Fact(cells=cells, span=row.span)


def _document(page: ParsedPage, facts: tuple[Fact, ...]) -> Document:
    periods = [_period(fact) for fact in facts]
    whole = Section(
        level=0,
        label="",
        title=page.title,
        path="",
        span=page.body,
        period=Period(first=min(p.first for p in periods), last=max(p.last for p in periods)),
        outlook=TimeOrientation.NONE,
    )
    return Document(title=page.title, published_on=page.published_on, text=page.text, body=page.body, sections=(whole,))


def _observation(text: str, fact: Fact) -> Observation:
    """Return the observation of a row; its quote is the row up to the citation."""
    cell, measure, unit = fact.cells["value"], _coded(Measure, fact.cell("measure")), resolve(fact.cell("unit"))
    citation = fact.cells["source_title"].span.start if "source_title" in fact.cells else fact.span.end
    return Observation(
        span=cell.span,
        obs_text=cell.text,
        value=float(cell.text),
        value_upper=None,
        decimals=len(cell.text.partition(".")[2]),
        unit=fact.cell("unit"),
        unit_code=unit.code,
        unit_mult=unit.mult,
        measure=measure,
        bound=_coded(Bound, fact.cell("bound")),
        subject=fact.cell("subject"),
        indicator=series(fact.cell("subject"), measure, unit.code),
        scope=fact.cell("scope"),
        period=_period(fact),
        status=_coded(Status, fact.cell("status")),
        price_basis=fact.cell("price_basis") or None,
        section="",
        quote=text[fact.span.start : citation].rstrip(',"'),
    )


def _coded(codes: type[_Code], value: str) -> _Code:
    return next(code for code in codes if code.value == value)


def _period(fact: Fact) -> Period:
    first, _, last = fact.cell("period").partition("/")
    return Period(first=int(first), last=int(last or first))


def _numbers(fact: Fact) -> Iterator[Number]:
    """Yield every number of a row: its value is claimed, each other run of digits is ignored by its column."""
    for name, cell in fact.cells.items():
        if name == "value":
            yield Number(span=cell.span, text=cell.text, fate=NumberStatus.CLAIMED)
            continue
        reason = _REASONS.get(name, IgnoreReason.HEADER)
        for run in _DIGITS.finditer(cell.printed):
            span = Span(start=cell.span.start + run.start(), end=cell.span.start + run.end())
            yield Number(span=span, text=run.group(), fate=NumberStatus.IGNORED, reason=reason)
