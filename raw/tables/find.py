"""All data tables of a text: those of its markup, and those set as plain text around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from raw.page.canonical_text import CellText
from raw.tables.markup import markup_tables
from raw.tables.text import text_tables
from schemas.document import Span, Table


def find_tables(text: str, body: Span, cells: Iterable[CellText]) -> tuple[Table, ...]:
    """Return the data tables of a body, in the order of the text and without overlap.

    Args:
        text: The canonical text.
        body: The stretch of the report itself.
        cells: The table cells of the markup; none for a plain text.
    """
    inside = (cell for cell in cells if body.start <= cell.start and cell.end <= body.end)
    marked_up = markup_tables(text, inside)
    around = (table for gap in _between(body, marked_up) for table in text_tables(text, gap))
    return tuple(sorted((*marked_up, *around), key=lambda table: table.span.start))


def _between(body: Span, tables: Iterable[Table]) -> Iterator[Span]:
    """Yield the stretches of a body around its tables."""
    start = body.start
    for table in tables:
        yield Span(start=start, end=table.span.start)
        start = table.span.end
    yield Span(start=start, end=body.end)
