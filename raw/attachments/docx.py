"""The text of a DOCX file: its paragraphs and tables in their order, as Word shows them with all changes accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from raw.attachments.decoder import MAX_CELLS, Decoded, Unreadable, check_container

MAX_NESTING = 5

_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), frozenset({qn("w:br"), qn("w:cr")})
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_BOX = qn("w:txbxContent")
# What was deleted or moved away, and a second rendering of the same for older programs.
_LEFT_OUT = frozenset(
    {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_MERGED, _SPAN, _VALUE = qn("w:vMerge"), qn("w:gridSpan"), qn("w:val")
_PROPERTIES = qn("w:tcPr")
_AROUND = frozenset({qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")})


def decode_docx(body: bytes) -> Decoded:
    """Return the text of a document; a table inside a table is flattened.

    Raises:
        Unreadable: If the file has macros, exceeds a limit or holds no text.
    """
    check_container(body)
    decoded = Decoded()
    _add_blocks(docx.Document(io.BytesIO(body)).element.body, decoded, 0)
    if not decoded.text.strip():
        remedy = "its pages are probably pictures: recognise their text first (OCR)"
        raise Unreadable("the document holds no text", remedy)
    return decoded


def _add_blocks(element: BaseOxmlElement, decoded: Decoded, depth: int) -> None:
    for child in element:
        if child.tag == _PARAGRAPH:
            decoded.lines += _paragraph(child).split("\n")
            for box in child.iter(_BOX):
                if not _is_left_out(box, child):
                    _add_blocks(box, decoded, depth + 1)
        elif child.tag == _TABLE:
            _add_table(child, decoded, depth + 1)
        elif child.tag in _AROUND:
            _add_blocks(child, decoded, depth)


def _add_table(table: BaseOxmlElement, decoded: Decoded, depth: int) -> None:
    """Add the rows of a table; one that only arranges other tables is left out, and they follow one another."""
    if depth > MAX_NESTING:
        raise Unreadable(f"tables are nested more than {MAX_NESTING} deep", "save the text without them, or as .txt")
    above: dict[int, str] = {}
    for row in _children(table, _ROW):
        cells: list[str] = []
        for cell in _children(row, _CELL):
            if next(cell.iter(_TABLE), None) is not None:
                decoded.row(cells)
                cells = []
                _add_blocks(cell, decoded, depth)
                continue
            column, text = len(cells), _cell(cell)
            properties = cell.find(_PROPERTIES)
            merged = None if properties is None else properties.find(_MERGED)
            if merged is not None and merged.get(_VALUE) != "restart":
                text = above.get(column, "")
            above[column] = text
            span = None if properties is None else properties.find(_SPAN)
            width = min(int(span.get(_VALUE) or 1), MAX_CELLS) if span is not None else 1
            # A heading over several columns is that of each; a number is stated once.
            cells += [text, *[text if _is_heading(text) else ""] * (width - 1)]
        decoded.row(cells)


def _is_heading(text: str) -> bool:
    return bool(text) and not text.strip("%％‰+-－.,").replace(".", "").replace(",", "").isdecimal()


def _cell(cell: BaseOxmlElement) -> str:
    return " ".join(filter(None, (_paragraph(paragraph) for paragraph in cell.iter(_PARAGRAPH))))


def _children(element: BaseOxmlElement, tag: str) -> Iterator[BaseOxmlElement]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND:
            yield from _children(child, tag)


def _paragraph(paragraph: BaseOxmlElement) -> str:
    pieces: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag == _TEXT:
            pieces.append(element.text or "")
        elif element.tag == _TAB:
            pieces.append("\t")
        elif element.tag in _BREAKS:
            pieces.append("\n")
        elif element.tag != _BOX and element.tag not in _LEFT_OUT:
            stack += reversed(element)
    return "".join(pieces)


def _is_left_out(element: BaseOxmlElement, within: BaseOxmlElement) -> bool:
    place = element
    while place is not None and place is not within:
        if place.tag in _LEFT_OUT:
            return True
        place = place.getparent()
    return False
