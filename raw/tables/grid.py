"""A table as a grid: which cell covers each place, and which rows are headers, data, captions and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from raw.tables.values import CellKind, CellNumber, read_cell
from schemas.document import Table, TableCell

_NOTE = re.compile(r"\s*(?:注|说明|备注|资料来源|数据来源|\*|①)\s*[:：1\d.、]?")
_UNIT_LINE = re.compile(r"单\s*位\s*[:：]")
_NUMBERING = re.compile(r"\s*(?:栏\s*次|行\s*次|序\s*号|甲|栏目)\s*")
_COUNTED = 3
_BLANK = -1


class RowKind(StrEnum):
    """What a row is.

    `GROUP` is a label alone, over the rows below it. `CAPTION` covers all columns above a header, `NUMBERING` numbers
    the columns.
    """

    HEADER = "header"
    DATA = "data"
    GROUP = "group"
    CAPTION = "caption"
    NUMBERING = "numbering"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell with its plain words, what it holds, and its number, None where it holds none."""

    place: TableCell
    words: str
    kind: CellKind
    number: CellNumber | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some data rows with the rows of the header over them; a table whose header repeats has several blocks."""

    captions: tuple[int, ...]
    header: tuple[int, ...]
    rows: tuple[int, ...]


class Grid:
    """The cells of a table by their places."""

    def __init__(self, text: str, table: Table) -> None:
        """Lay out a table of a plain text (see `raw.numerals.scan.plain`)."""
        self.cells = tuple(_cell(place, place.span.cut(text)) for place in table.cells)
        self.width = table.width
        self.height = table.height
        self._at: dict[tuple[int, int], int] = {}
        for number, cell in enumerate(table.cells):
            for row in range(cell.row, cell.row + cell.rows):
                for column in range(cell.column, cell.column + cell.columns):
                    self._at.setdefault((row, column), number)

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a place, None where the place is blank."""
        number = self._at.get((row, column), _BLANK)
        return None if number == _BLANK else self.cells[number]

    def row(self, row: int) -> tuple[Cell, ...]:
        """Return the cells of a row from left to right, each once."""
        numbers = dict.fromkeys(self._at.get((row, column), _BLANK) for column in range(self.width))
        return tuple(self.cells[number] for number in numbers if number != _BLANK)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the table, from the top."""
        captions: list[int] = []
        header: list[int] = []
        rows: list[int] = []
        for row, kind in self.kinds():
            if kind in {RowKind.HEADER, RowKind.CAPTION} and rows:
                yield Block(captions=tuple(captions), header=tuple(header), rows=tuple(rows))
                captions, header, rows = [], [], []
            if kind is RowKind.CAPTION:
                captions.append(row)
            elif kind is RowKind.HEADER:
                header.append(row)
            elif kind in {RowKind.DATA, RowKind.GROUP}:
                rows.append(row)
        if rows:
            yield Block(captions=tuple(captions), header=tuple(header), rows=tuple(rows))

    def kinds(self) -> Iterator[tuple[int, RowKind]]:
        """Yield each row that is not blank with what it is."""
        above = RowKind.CAPTION
        first_header = ""
        for row in range(self.height):
            cells = self.row(row)
            if not cells:
                continue
            above = self._kind(cells, above, first_header)
            if above is RowKind.HEADER and not first_header:
                first_header = _bare(cells[0].words)
            yield row, above

    def _kind(  # noqa: PLR0911 - one return for each kind of row
        self, cells: tuple[Cell, ...], above: RowKind, first_header: str
    ) -> RowKind:
        """Return what a row is, from its cells and from the row above it.

        Args:
            cells: The cells of the row.
            above: What the row above is.
            first_header: The first words of the first header, empty before it.
        """
        kinds = [cell.kind for cell in cells]
        heads = above in {RowKind.CAPTION, RowKind.HEADER}
        if all(kind is CellKind.WORDS for kind in kinds) and any(_UNIT_LINE.search(cell.words) for cell in cells[-2:]):
            return RowKind.CAPTION
        if len(cells) == 1:
            return self._kind_of_single(cells[0], above, heads=heads, headed=bool(first_header))
        if heads and _numbers_columns(cells):
            return RowKind.NUMBERING
        if CellKind.NUMBER in kinds:
            return RowKind.DATA
        if heads and (CellKind.DASH not in kinds or above is RowKind.CAPTION):
            return RowKind.HEADER
        if CellKind.DASH in kinds or CellKind.YEAR in kinds:
            return RowKind.DATA
        repeats = _bare(cells[0].words) == first_header
        return RowKind.HEADER if repeats or len(cells) > self.width // 2 + 1 else RowKind.DATA

    def _kind_of_single(self, cell: Cell, above: RowKind, *, heads: bool, headed: bool) -> RowKind:
        if cell.kind is CellKind.NUMBER:
            return RowKind.DATA
        if _NOTE.match(cell.words) and headed:
            return RowKind.NOTE
        if heads and cell.place.column > 0:  # a header cell whose neighbours are blank
            return RowKind.HEADER
        if not headed:
            return RowKind.CAPTION
        return above if heads and cell.place.rows > 1 else RowKind.GROUP


def _cell(place: TableCell, words: str) -> Cell:
    kind, number = read_cell(words)
    return Cell(place=place, words=words, kind=kind, number=number)


def _numbers_columns(cells: tuple[Cell, ...]) -> bool:
    """Return whether a row only numbers the columns: 1 2 3, or 栏次 1 2 3."""
    numbers = [cell.words.strip() for cell in cells if cell.kind is CellKind.NUMBER]
    counted = [int(number) for number in numbers if number.isdecimal() and len(number) <= 2]  # noqa: PLR2004
    others = [cell for cell in cells if cell.kind is not CellKind.NUMBER]
    if others and len(counted) == len(numbers) and all(_NUMBERING.fullmatch(cell.words) for cell in others):
        return True
    rising = all(later == number + 1 for number, later in pairwise(counted))
    return len(counted) == len(numbers) >= _COUNTED and rising and len(numbers) >= len(cells) - 2


def _bare(words: str) -> str:
    return "".join(words.split())
