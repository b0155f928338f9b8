"""A document's text as a page prints it: paragraphs, each a row of pieces that nest as elements do."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from publish.portal.text.clause_layout import Clause, ClauseSpan, lay_out
from schemas.codelists import NumberStatus
from schemas.document import Document, Section, Span

_T = TypeVar("_T")

_LINE = re.compile(r"[^\n]+")
_MOST_OF_A_LABEL = 12
_HEADED = (1, 2)
_FIRST_HEADING = 3


class Kind(StrEnum):
    """What a piece is."""

    TEXT = "text"
    NUMBER = "number"
    OPEN = "open"
    CLOSE = "close"
    PLACE = "place"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the text: what became of it, and the addresses of what it states."""

    span: Span
    fate: str
    reason: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text, or the begin or end of a clause, or a place that the outline leads to."""

    kind: Kind
    text: str = ""
    anchor: str = ""
    number: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A line of the text; `heading` is its level in the page, 0 for none; `stated` its clauses by their numbers.

    `within` says whether it is part of the report itself. The clauses `beside` have no place among the pieces.
    """

    start: int
    heading: int
    within: bool
    pieces: tuple[Segment, ...]
    stated: tuple[Clause, ...]
    beside: frozenset[str]

    @property
    def ordinals(self) -> Mapping[str, int]:
        """The place of each clause among those of the paragraph, from 1, by its address."""
        return {one.anchor: place for place, one in enumerate(self.stated, start=1)}

    @property
    def unused(self) -> Sequence[tuple[Number, str]]:
        """Its numbers that are no data, each with its words."""
        found: dict[int, tuple[Number, str]] = {}
        for piece in self.pieces:
            if piece.number and piece.number.fate != NumberStatus.CLAIMED.value:
                before = found.get(piece.number.span.start, (piece.number, ""))[1]
                found[piece.number.span.start] = piece.number, before + piece.text
        return [*found.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SortedSpans(Generic[_T]):
    """Things in the order of the text."""

    starts: Sequence[int]
    things: Sequence[_T]

    @classmethod
    def of(cls, things: Iterable[_T], start: Callable[[_T], int]) -> _SortedSpans[_T]:
        """Things by where each begins."""
        ordered = sorted(things, key=start)
        return cls(starts=[start(one) for one in ordered], things=ordered)

    def within(self, span: Span) -> Sequence[_T]:
        """Those that begin within a stretch."""
        return self.things[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLayout:
    """A document ready to be printed, whole or, where its source allows no more, clauses with gaps between them."""

    document: Document
    whole: bool
    lines: Sequence[Span]
    numbers: _SortedSpans[Number]
    clauses: _SortedSpans[Clause]
    sections: _SortedSpans[Section]
    stretches: _SortedSpans[ClauseSpan]
    beside: frozenset[str]

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in their order, without those that have no letter or, where gaps are left, no clause."""
        headings = 0
        for line in self.lines:
            stated = sorted(self.clauses.within(line), key=lambda one: (one.number.start, one.anchor))
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
                beside=self.beside & {one.anchor for one in stated},
            )

    def _level(self, line: Span) -> int:
        """The level of the heading that a line is, 0 where it is none: a label, the words of the heading, no more."""
        text = line.cut(self.document.text).strip()
        for section in self.sections.within(line):
            short = len(text) - len(section.title) <= _MOST_OF_A_LABEL
            if section.level in _HEADED and section.title and text.endswith(section.title) and short:
                return section.level + _FIRST_HEADING - 1
        return 0

    def _pieces(self, line: Span) -> Iterator[Segment]:
        numbers, stretches = self.numbers.within(line), self.stretches.within(line)
        places = [section.span.start for section in self.sections.within(line)] if self.whole else []
        opening = {stretch.span.start: stretch for stretch in stretches}
        closing = {stretch.span.end: stretch for stretch in stretches}
        kept = self.whole
        spans = [*(stretch.span for stretch in stretches), *(number.span for number in numbers)]
        for start, end in _split_line(line, spans, places):
            if start in closing:
                yield from (Segment(kind=Kind.CLOSE) for _ in closing[start].clauses)
                kept = self.whole
            if start in places:
                yield Segment(kind=Kind.PLACE, anchor=section_anchor(start))
            if start in opening:
                yield from (Segment(kind=Kind.OPEN, anchor=one.anchor) for one in opening[start].clauses)
                kept = True
            if start < end:
                yield self._piece(Span(start=start, end=end), numbers) if kept else Segment(kind=Kind.GAP)

    def _piece(self, span: Span, numbers: Iterable[Number]) -> Segment:
        number = next((one for one in numbers if one.span.start <= span.start < one.span.end), None)
        return Segment(kind=Kind.NUMBER if number else Kind.TEXT, text=span.cut(self.document.text), number=number)


def flow(document: Document, numbers: Iterable[Number], clauses: Sequence[Clause], *, whole: bool) -> DocumentLayout:
    """A document with its numbers and its clauses laid into its text."""
    lines = [Span(start=line.start(), end=line.end()) for line in _LINE.finditer(document.text)]
    placed = lay_out(clauses, lines)
    sections = (section for section in document.sections if section.level)
    return DocumentLayout(
        document=document,
        whole=whole,
        lines=lines,
        numbers=_SortedSpans.of(numbers, lambda one: one.span.start),
        clauses=_SortedSpans.of(clauses, lambda one: one.span.start),
        sections=_SortedSpans.of(sections, lambda one: one.span.start),
        stretches=_SortedSpans.of(placed.flow, lambda one: one.span.start),
        beside=frozenset(one.anchor for one in placed.unplaced),
    )


def section_anchor(start: int) -> str:
    """Where a section begins on the page of its document."""
    return f"section-{start}"


def paragraph_anchor(start: int) -> str:
    """Where a paragraph begins on the page of its document."""
    return f"p-{start}"


def _split_line(line: Span, spans: Iterable[Span], places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches of a line between two borders, then its end with nothing behind it."""
    borders = {line.start, line.end, *places}
    for span in spans:
        borders |= {span.start, min(span.end, line.end)}
    ordered = sorted(borders)
    return zip(ordered, (*ordered[1:], line.end), strict=True)


def _with_single_gaps(pieces: Iterable[Segment]) -> Iterator[Segment]:
    before = None
    for piece in pieces:
        if not piece.kind is before is Kind.GAP:
            yield piece
        before = piece.kind
