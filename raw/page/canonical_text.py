"""Canonical text: the characters of a page in reading order, each span with its element in the page.

The text is what a browser shows. Inline elements are joined without a break; HTML whitespace (space,
tab, newline, form feed, return) collapses to one space and vanishes at the ends of a line; a block is a line of its
own, `<br>` is a newline, the cells of a row are joined by a tab. Everything else stays as in the source: no-break and
ideographic spaces, zero-width characters, and whatever an editor lost or doubled. Scripts, styles and comments are
left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A span of canonical text and the element that it was read from.

    `path` is a CSS selector that leads to one element of the page (after `_CONFIG.DETAIL.content`, an element of
    the markup in that string). `offset` counts in the canonical text of that element alone.
    """

    start: int
    end: int
    path: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """The text of a table cell in the markup, and its place in its table.

    Attributes:
        table: The number of its table on the page; a nested table has a number of its own.
        row: The number of its row in the table.
        rowspan: How many rows it covers, as stated.
        colspan: How many columns it covers, as stated.
    """

    table: int
    row: int
    rowspan: int
    colspan: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """A text with its anchors, in the order of their start and without overlap, and its table cells in that order.

    The cells of a nested table lie within a cell of the table around it.
    """

    text: str
    anchors: tuple[Anchor, ...] = ()
    cells: tuple[CellText, ...] = ()

    @property
    def weight(self) -> int:
        """The number of characters that are not white space."""
        return len("".join(self.text.split()))

    def cut(self, start: int, end: int) -> Canonical:
        """Return a part of the text with the anchors of the same characters and the cells that lie in it."""
        first = max(bisect_right(self.anchors, start, key=_start) - 1, 0)
        last = bisect_right(self.anchors, end, key=_start)
        anchors = (_within(anchor, start, end) for anchor in self.anchors[first:last])
        begins = slice(bisect_left(self.cells, start, key=_start), bisect_right(self.cells, end, key=_start))
        cells = (_moved(cell, -start) for cell in self.cells[begins] if cell.end <= end)
        return Canonical(
            text=self.text[start:end], anchors=tuple(anchor for anchor in anchors if anchor), cells=tuple(cells)
        )


def joined(parts: Iterable[Canonical], separator: str = "\n") -> Canonical:
    """Return texts one after the other; the separators have no anchors."""
    pieces: list[str] = []
    anchors: list[Anchor] = []
    cells: list[CellText] = []
    length = 0
    for part in parts:
        length += len(separator) if pieces else 0
        anchors += (replace(a, start=a.start + length, end=a.end + length) for a in part.anchors)
        cells += (_moved(cell, length) for cell in part.cells)
        pieces.append(part.text)
        length += len(part.text)
    return Canonical(text=separator.join(pieces), anchors=tuple(anchors), cells=tuple(cells))


def locate(anchors: tuple[Anchor, ...], position: int) -> tuple[str, int]:
    """Return the path and the offset of a character, in a text without anchors no path and the position itself.

    A separator between two spans is located at the end of the span before it.
    """
    if not anchors:
        return "", position
    anchor = anchors[max(bisect_right(anchors, position, key=_start) - 1, 0)]
    inside = min(max(position, anchor.start), anchor.end) - anchor.start
    return anchor.path, anchor.offset + inside


def _start(place: Anchor | CellText) -> int:
    return place.start


def _moved(cell: CellText, by: int) -> CellText:
    return CellText(
        table=cell.table,
        row=cell.row,
        rowspan=cell.rowspan,
        colspan=cell.colspan,
        start=cell.start + by,
        end=cell.end + by,
    )


def _within(anchor: Anchor, start: int, end: int) -> Anchor | None:
    """Return the part of an anchor inside a span, counted from the start of the span."""
    first, last = max(anchor.start, start), min(anchor.end, end)
    if first >= last:
        return None
    offset = anchor.offset + first - anchor.start
    return Anchor(start=first - start, end=last - start, path=anchor.path, offset=offset)
