"""The text of a document as a page prints it: paragraphs, each a sequence of pieces that nest as elements do."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from publish.portal.html.urls import section_anchor
from publish.portal.text.clause_layout import Clause, ClauseSpan, arrange_clauses
from schemas.codelists import NumberStatus
from schemas.document import Document, Section, Span

_T = TypeVar("_T")

_LINE = re.compile(r"[^\n]+")
_MOST_OF_A_LABEL = 12
_HEADED = (1, 2)
_FIRST_HEADING = 3


class Kind(StrEnum):
    """The kind of a piece."""

    TEXT = "text"
    NUMBER = "number"
    OPEN = "open"
    CLOSE = "close"
    PLACE = "place"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedNumber:
    """A number of the text, its status (`fate`), and the anchors of the observations that it states."""

    span: Span
    fate: str
    reason: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of text, the start or end of a clause, or a place that the outline links to."""

    kind: Kind
    text: str = ""
    anchor: str = ""
    number: MarkedNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A line of the text.

    Attributes:
        start: Its position in the text.
        heading: Its level as a heading of the page, 0 for none.
        within: Whether it is part of the report itself.
        pieces: Its pieces.
        stated: Its clauses in the order of their numbers.
        beside: The anchors of the clauses that have no element among the pieces.
    """

    start: int
    heading: int
    within: bool
    pieces: tuple[Segment, ...]
    stated: tuple[Clause, ...]
    beside: frozenset[str]

    @property
    def ordinals(self) -> Mapping[str, int]:
        """The number of each clause of the paragraph, from 1, by its anchor."""
        return {clause.anchor: ordinal for ordinal, clause in enumerate(self.stated, start=1)}

    @property
    def unused(self) -> Sequence[tuple[MarkedNumber, str]]:
        """Its numbers that are not data, each with its text."""
        unused: dict[int, tuple[MarkedNumber, str]] = {}
        for piece in self.pieces:
            if piece.number and piece.number.fate != NumberStatus.CLAIMED.value:
                _, text = unused.get(piece.number.span.start, (piece.number, ""))
                unused[piece.number.span.start] = piece.number, text + piece.text
        return [*unused.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SortedSpans(Generic[_T]):
    """Items in the order of the text."""

    starts: Sequence[int]
    items: Sequence[_T]

    @classmethod
    def of(cls, items: Iterable[_T], start: Callable[[_T], int]) -> _SortedSpans[_T]:
        """Sort items by where each begins."""
        ordered = sorted(items, key=start)
        return cls(starts=[start(item) for item in ordered], items=ordered)

    def within(self, span: Span) -> Sequence[_T]:
        """Return the items that begin within a span."""
        return self.items[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DocumentLayout:
    """A document ready to be printed: whole, or only its clauses if its source allows no more than quotations."""

    document: Document
    whole: bool
    lines: Sequence[Span]
    numbers: _SortedSpans[MarkedNumber]
    clauses: _SortedSpans[Clause]
    sections: _SortedSpans[Section]
    inline: _SortedSpans[ClauseSpan]
    beside: frozenset[str]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs in their order, without blank ones and, of quotations, those without a clause."""
        headings = 0
        for line in self.lines:
            stated = sorted(self.clauses.within(line), key=lambda clause: (clause.number.start, clause.anchor))
            if not (stated or self.whole) or not line.cut(self.document.text).strip():
                continue
            level = self._level(line) if self.whole else 0
            heading = min(level, _FIRST_HEADING + headings) if level else 0
            headings += heading == _FIRST_HEADING
            yield Paragraph(
                start=line.start,
                heading=heading,
                within=self.document.body.start <= line.start < self.document.body.end,
                pieces=tuple(_with_single_gaps(self._pieces(line))),
                stated=tuple(stated),
                beside=self.beside & {clause.anchor for clause in stated},
            )

    def _level(self, line: Span) -> int:
        """Return the heading level of a line, 0 if it is none. A heading is a label and the title of a section."""
        text = line.cut(self.document.text).strip()
        for section in self.sections.within(line):
            short = len(text) - len(section.title) <= _MOST_OF_A_LABEL
            if section.level in _HEADED and section.title and text.endswith(section.title) and short:
                return section.level + _FIRST_HEADING - 1
        return 0

    def _pieces(self, line: Span) -> Iterator[Segment]:
        numbers, inline = self.numbers.within(line), self.inline.within(line)
        places = [section.span.start for section in self.sections.within(line)] if self.whole else []
        opening = {clause_span.span.start: clause_span for clause_span in inline}
        closing = {clause_span.span.end: clause_span for clause_span in inline}
        printed = self.whole
        spans = [*(clause_span.span for clause_span in inline), *(number.span for number in numbers)]
        for start, end in _split_line(line, spans, places):
            if start in closing:
                yield from (Segment(kind=Kind.CLOSE) for _ in closing[start].clauses)
                printed = self.whole
            if start in places:
                yield Segment(kind=Kind.PLACE, anchor=section_anchor(start))
            if start in opening:
                yield from (Segment(kind=Kind.OPEN, anchor=clause.anchor) for clause in opening[start].clauses)
                printed = True
            if start < end:
                number = next((number for number in numbers if number.span.start <= start < number.span.end), None)
                kind = Kind.NUMBER if number else Kind.TEXT
                text = Span(start=start, end=end).cut(self.document.text)
                yield Segment(kind=kind, text=text, number=number) if printed else Segment(kind=Kind.GAP)


def split_paragraphs(
    document: Document, numbers: Iterable[MarkedNumber], clauses: Sequence[Clause], *, whole: bool
) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document.

    Args:
        document: The document.
        numbers: Its numbers.
        clauses: Its clauses, each at its position.
        whole: Whether all of the text is printed, or only its clauses with gaps between them.
    """
    lines = [Span(start=line.start(), end=line.end()) for line in _LINE.finditer(document.text)]
    arranged = arrange_clauses(clauses, lines)
    sections = (section for section in document.sections if section.level)
    layout = _DocumentLayout(
        document=document,
        whole=whole,
        lines=lines,
        numbers=_SortedSpans.of(numbers, lambda number: number.span.start),
        clauses=_SortedSpans.of(clauses, lambda clause: clause.span.start),
        sections=_SortedSpans.of(sections, lambda section: section.span.start),
        inline=_SortedSpans.of(arranged.inline, lambda clause_span: clause_span.span.start),
        beside=frozenset(clause.anchor for clause in arranged.unplaced),
    )
    return layout.paragraphs()


def _split_line(line: Span, spans: Iterable[Span], places: Iterable[int]) -> Iterator[tuple[int, int]]:
    # The last pair is empty: clauses that end with the line are closed there.
    borders = {line.start, line.end, *places}
    for span in spans:
        borders |= {span.start, min(span.end, line.end)}
    ordered = sorted(borders)
    return zip(ordered, (*ordered[1:], line.end), strict=True)


def _with_single_gaps(pieces: Iterable[Segment]) -> Iterator[Segment]:
    previous = None
    for piece in pieces:
        if not piece.kind is previous is Kind.GAP:
            yield piece
        previous = piece.kind
