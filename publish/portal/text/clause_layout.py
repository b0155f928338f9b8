"""The positions of clauses in the text of a document: those of observations, and words given instead of a number.

A page highlights the element that an address names, so that a clause is one element with nothing else in it. Elements
of clauses with the same span are nested. A clause that overlaps another, or the end of a paragraph, has no element in
the text: it is quoted beside its paragraph.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from schemas.document import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause with its anchor, its words, their span, and the span of the number in them (empty for none)."""

    anchor: str
    quote: str
    span: Span
    number: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseSpan:
    """A span of text and the clauses that have exactly this span."""

    span: Span
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLayout:
    """The clauses of a text: `inline` ones follow one another, `unplaced` ones have no element in the text."""

    inline: tuple[ClauseSpan, ...]
    unplaced: tuple[Clause, ...]


def locate_clause(text: str, quote: str, number: Span) -> Span | None:
    """Return the span of a quote around a number, or else one that overlaps it, None if there is none."""
    if not quote:
        return None
    around = text.rfind(quote, max(0, number.end - len(quote)), number.start + len(quote))
    start = around if around >= 0 else text.rfind(quote, max(0, number.start - len(quote) + 1), number.end + len(quote))
    return Span(start=start, end=start + len(quote)) if start >= 0 else None


def arrange_clauses(clauses: Iterable[Clause], paragraphs: Iterable[Span]) -> ClauseLayout:
    """Return the clauses in the order of the text, those that cannot have an element in it apart."""
    ordered = sorted(clauses, key=_order)
    ends = [paragraph.end for paragraph in paragraphs]
    inline: list[ClauseSpan] = []
    unplaced: list[Clause] = []
    for (start, end), clauses_of_span in groupby(ordered, key=lambda clause: (clause.span.start, clause.span.end)):
        at = bisect_left(ends, start)
        overlaps = inline and inline[-1].span.end > start
        if not overlaps and at < len(ends) and end <= ends[at]:
            inline.append(ClauseSpan(span=Span(start=start, end=end), clauses=tuple(clauses_of_span)))
        else:
            unplaced.extend(clauses_of_span)
    return ClauseLayout(inline=tuple(inline), unplaced=tuple(unplaced))


def _order(clause: Clause) -> tuple[int, int, int, str]:
    return clause.span.start, -clause.span.end, clause.number.start, clause.anchor
