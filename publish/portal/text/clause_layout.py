"""Where the clauses of a document stand in its text: those of its observations, and those in a number's place.

The page lights up the element that an address names, so that a clause is one element with nothing else in it. Clauses
that are the same stretch of text lie within each other; one that runs across another, or across a paragraph, has no
such element in the text: it is quoted beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.document import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause that has an address: its words, where they stand, and the number in them (empty for none)."""

    anchor: str
    quote: str
    span: Span
    number: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseSpan:
    """A stretch of text with the clauses that it is, one or several."""

    span: Span
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLayout:
    """Clauses laid into a text: `flow` follow one another, `unplaced` do not fit in, each within its paragraph."""

    flow: tuple[ClauseSpan, ...]
    unplaced: tuple[Clause, ...]


def locate_clause(text: str, quote: str, number: Span) -> Span | None:
    """Where the clause of a number stands: around it, or else so that it begins within; None where nowhere."""
    if not quote:
        return None
    around = text.rfind(quote, max(0, number.end - len(quote)), number.start + len(quote))
    start = around if around >= 0 else text.rfind(quote, max(0, number.start - len(quote) + 1), number.end + len(quote))
    return Span(start=start, end=start + len(quote)) if start >= 0 else None


def lay_out(clauses: Iterable[Clause], paragraphs: Iterable[Span]) -> ClauseLayout:
    """The clauses in the order of the text; those that cannot stand in it are told apart."""
    ordered = sorted(clauses, key=lambda one: (one.span.start, -one.span.end, one.number.start, one.anchor))
    ends = [paragraph.end for paragraph in paragraphs]
    flow: list[ClauseSpan] = []
    beside: list[Clause] = []
    for (start, end), same in groupby(ordered, key=lambda one: (one.span.start, one.span.end)):
        free = not flow or flow[-1].span.end <= start
        if free and end <= _end_of_paragraph(ends, start):
            flow.append(ClauseSpan(span=Span(start=start, end=end), clauses=tuple(same)))
        else:
            beside.extend(same)
    return ClauseLayout(flow=tuple(flow), unplaced=tuple(beside))


def _end_of_paragraph(ends: Sequence[int], start: int) -> int:
    """The end of the paragraph that a place lies in; its clauses end there at the latest."""
    at = bisect_left(ends, start)
    return ends[at] if at < len(ends) else 0
