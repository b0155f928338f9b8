"""Markup to canonical text, in one walk over the tree without recursion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborNode

from raw.page.canonical_text import Anchor, Canonical, CellText

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
CELLS = frozenset({"td", "th"})
SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "noframes", "noembed", "head"})
# An element below this depth counts as part of its ancestor there: otherwise the paths of a page that only nests
# would grow with the square of its depth.
MAX_DEPTH = 64
_SPACES = re.compile(r"[ \t\n\r\f]+")
_CONCEALED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9]*")
_COUNT = re.compile(r"[1-9][0-9]{0,4}")


def canonical(root: LexborNode, path: str, *, without: Collection[int] = frozenset()) -> Canonical:
    """Return the text of the element at `path`, leaving out the elements inside it whose `mem_id` is in `without`."""
    writer = _TextBuilder()
    stack = [_OpenElement(root, None, path, 0)]
    writer.open(stack[-1])
    while stack:
        place = stack[-1]
        node = next(place.children, None)
        if node is None:
            writer.close(stack.pop())
        elif node.is_text_node:
            writer.text(place, node.text_content or "")
        elif node.is_element_node:
            inner = place.enter(node)
            if inner.tag not in SILENT and node.mem_id not in without and not _concealed(node):
                writer.open(inner)
                stack.append(inner)
    return writer.canonical()


def _concealed(node: LexborNode) -> bool:
    """Return whether an element is hidden by its own attributes."""
    attributes = node.attributes
    return "hidden" in attributes or bool(_CONCEALED.search(attributes.get("style") or ""))


class _OpenElement:
    """An open element of the walk, with the counts that its children and anchors need."""

    def __init__(self, node: LexborNode, parent: _OpenElement | None, step: str, cell: int) -> None:
        """Open the element that `step` leads to from its parent; `cell` is its number in a row."""
        self.tag = node.tag or ""
        self._attributes = node.attributes if cell else {}
        self.parent = parent
        self.step = step
        self.cell = cell
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.verbatim: bool = self.tag == "pre" or (parent is not None and parent.verbatim)
        self.children: Iterator[LexborNode] = node.iter(include_text=True)
        self.start = -1
        self.table: int = 0 if parent is None else parent.table
        self.row = 0
        self._seen: Counter[str] = Counter()
        self._children = 0
        self._cells = 0
        own = self.tag in BLOCKS and self.depth <= MAX_DEPTH and (parent is None or not parent.verbatim)
        self.block: _OpenElement = self if own or parent is None else parent.block

    def enter(self, node: LexborNode) -> _OpenElement:
        """Return the open child element, counted among those of its name and among all."""
        tag = node.tag or ""
        self._seen[tag] += 1
        self._children += 1
        step = f"{tag}:nth-of-type({self._seen[tag]})" if _NAME.fullmatch(tag) else f":nth-child({self._children})"
        cell = tag in CELLS and self.tag == "tr"
        self._cells += cell
        return _OpenElement(node, self, step, self._cells if cell else 0)

    def spans(self, name: str) -> int:
        """Return how many rows or columns a cell covers, as its attribute states; 1 where it states no number."""
        stated = (self._attributes.get(name) or "").strip()
        return int(stated) if _COUNT.fullmatch(stated) else 1

    def path(self) -> str:
        """Return the selector from the root."""
        steps, place = [self.step], self.parent
        while place is not None:
            steps.append(place.step)
            place = place.parent
        return " > ".join(reversed(steps))

    def begin(self, position: int) -> None:
        """Note where the text of this element and of those around it begins."""
        place: _OpenElement | None = self
        while place is not None and place.start < 0:
            place.start = position
            place = place.parent


class _TextBuilder:
    """The text so far, with the line breaks and the space that precede the next character."""

    def __init__(self) -> None:
        """Start with an empty text."""
        self._pieces: list[str] = []
        self._anchors: list[tuple[_OpenElement, int, int]] = []
        self._cells: list[CellText] = []
        self._rows: list[int] = [0]
        self._length = 0
        self._breaks = 0
        self._space = False
        self._fresh = True

    def open(self, place: _OpenElement) -> None:
        """Begin an element: a line for a block, a tab before every cell but the first of its row."""
        if place.cell > 1 and place.parent is not None:
            self._tab(place.parent)
        elif place.tag == "br":
            self._breaks += 1
        else:
            self._line(place)
        if place.tag == "table":
            place.table = len(self._rows)
            self._rows.append(0)
        elif place.tag == "tr":
            place.row = self._rows[place.table]
            self._rows[place.table] += 1

    def close(self, place: _OpenElement) -> None:
        """End an element; after a cell, even an empty one, the row goes on or another line begins."""
        self._line(place)
        if place.tag in CELLS:
            self._fresh = False
        if place.cell and place.table:
            self._cells.append(self._cell(place))

    def text(self, place: _OpenElement, text: str) -> None:
        """Write the characters of a text node."""
        if place.verbatim:
            self._verbatim(place, text)
            return
        collapsed = _SPACES.sub(" ", text)
        core = collapsed.strip(" ")
        self._space |= collapsed.startswith(" ")
        if core:
            self._put(place, core)
            self._space = collapsed.endswith(" ")

    def canonical(self) -> Canonical:
        """Return the text, without separators at its end."""
        anchors = (
            Anchor(start=start, end=end, path=block.path(), offset=start - block.start)
            for block, start, end in self._anchors
        )
        cells = sorted(self._cells, key=lambda cell: (cell.start, cell.table))
        return Canonical(text="".join(self._pieces), anchors=tuple(anchors), cells=tuple(cells))

    def _cell(self, place: _OpenElement) -> CellText:
        return CellText(
            table=place.table,
            row=place.parent.row if place.parent else 0,
            rowspan=place.spans("rowspan"),
            colspan=place.spans("colspan"),
            start=self._length if place.start < 0 else place.start,
            end=self._length,
        )

    def _line(self, place: _OpenElement) -> None:
        if place.tag in BLOCKS:
            self._breaks = max(self._breaks, 1)

    def _tab(self, row: _OpenElement) -> None:
        """Separate two cells; pending breaks belong to the start of the row, or to the inside of the cell before."""
        if row.start < 0:
            self._flush()
        row.begin(self._length)
        self._breaks, self._space, self._fresh = 0, False, True
        self._append("\t")

    def _verbatim(self, place: _OpenElement, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            self._breaks += number > 0
            if line:
                self._put(place, line)

    def _put(self, place: _OpenElement, text: str) -> None:
        self._flush()
        start, block = self._length, place.block
        place.begin(start)
        self._append(text)
        self._fresh = False
        if self._anchors and self._anchors[-1][0] is block:
            start = self._anchors.pop()[1]
        self._anchors.append((block, start, self._length))

    def _flush(self) -> None:
        if self._length and not self._fresh:
            self._append("\n" * self._breaks if self._breaks else " " * self._space)
        self._breaks, self._space = 0, False

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
