"""The tables of a page's markup as grids, with data tables told from layout tables.

Rows and columns are numbered as HTML lays them out: a cell takes the next free columns of its row, and keeps them free
in the rows that it covers. A table whose cells hold a data table only lays out the page; a nested table without data is
the text of its cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

from raw.page.canonical_text import CellText
from raw.tables.values import is_number
from schemas.document import Span, Table, TableCell

# A table that covers more places for each of its cells than a header ever does is no data table: its spans could
# otherwise fill the memory.
_MOST_PLACES = 40
_MOST_COLUMNS = 200
_SENTENCE_LENGTH = 60


def markup_tables(text: str, cells: Iterable[CellText]) -> tuple[Table, ...]:
    """Return the data tables among the cells of a page, in the order of the text and without overlap.

    Args:
        text: The canonical text.
        cells: The cells in the order of the text.
    """
    by_table: dict[int, list[CellText]] = {}
    for cell in cells:
        by_table.setdefault(cell.table, []).append(cell)
    tables: list[Table] = []
    starts: list[int] = []
    innermost_first = sorted(by_table.values(), key=lambda table: (max(cell.end for cell in table), -table[0].table))
    for inner in innermost_first:
        if not any(_holds(cell, starts) for cell in inner) and (table := _table(text, inner)):
            tables.append(table)
            starts.append(table.span.start)
    return tuple(tables)


def _holds(cell: CellText, starts: list[int]) -> bool:
    """Return whether one of some data tables, all of which end before it closes, lies in a cell."""
    at = bisect_left(starts, cell.start)
    return at < len(starts) and starts[at] < cell.end


def _table(text: str, cells: list[CellText]) -> Table | None:
    """Return a data table, None if the table only lays out the page."""
    if not any(is_number(text[cell.start : cell.end]) for cell in cells):
        return None
    placed = tuple(_placed(cells))
    if len(placed) < len(cells):
        return None
    shown = _without_notes(text, [cell for cell in placed if cell.span.cut(text).strip()])
    height = max(cell.row + cell.rows for cell in shown)
    width = max(cell.column + cell.columns for cell in shown)
    return Table(cells=tuple(shown), height=height, width=width) if min(height, width) > 1 else None


def _placed(cells: list[CellText]) -> Iterator[TableCell]:
    """Yield the cells with their places in the grid, fewer than all where their spans cover too much."""
    left = _MOST_PLACES * len(cells)
    last = max(cell.row for cell in cells)
    taken: dict[int, int] = {}  # the first row in which each column is free again
    by_row = [list(of_row) for _, of_row in groupby(sorted(cells, key=_row), key=_row)]
    for of_row, next_row in zip_longest(by_row, by_row[1:]):
        row = of_row[0].row
        # Cells that all cover the row below, which has cells of its own, cover it by mistake.
        excess = min(cell.rowspan for cell in of_row) - 1 if next_row and next_row[0].row == row + 1 else 0
        column = 0
        for cell in of_row:
            while taken.get(column, 0) > row:
                column += 1
                left -= 1
            rows, columns = min(cell.rowspan - excess, last + 1 - row), min(cell.colspan, _MOST_COLUMNS)
            left -= columns
            if left < 0:
                return
            yield TableCell(
                span=Span(start=cell.start, end=cell.end), row=row, column=column, rows=rows, columns=columns
            )
            taken |= dict.fromkeys(range(column, column + columns), row + rows)
            column += columns


def _row(cell: CellText) -> int:
    return cell.row


def _without_notes(text: str, cells: list[TableCell]) -> list[TableCell]:
    """Return the cells without rows at the end that are sentences: notes to the table."""
    while len(cells) > 1 and cells[-1].row != cells[-2].row and _is_note(cells[-1].span.cut(text)):
        cells.pop()
    return cells


def _is_note(words: str) -> bool:
    return (
        "。" in words or len(words) > _SENTENCE_LENGTH or words.lstrip().startswith(("注", "说明", "备注", "资料来源"))
    )
