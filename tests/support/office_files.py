"""Files of office programs for tests: DOCX, XLSX and PDF with our own text, and hostile ones."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document
    from docx.table import Table, _Cell


def docx_of(lines: Iterable[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A document with a paragraph for each line, then a table."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        _fill(document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid"), rows)
    return saved(document)


def nested_docx(depth: int) -> bytes:
    """A document with tables in tables."""
    document = docx.Document()
    place: Document | _Cell = document
    for _ in range(depth):
        table = place.add_table(1, 1)
        place = table.cell(0, 0)
    place.add_paragraph("全区生产总值412.6亿元。")
    return saved(document)


def xlsx_of(
    rows: Sequence[Sequence[object]], merged: Sequence[str] = (), formats: dict[str, str] | None = None
) -> bytes:
    """A workbook of one sheet, with merged cells and formats of numbers."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    for cell, pattern in (formats or {}).items():
        book.active[cell].number_format = pattern
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf_of(pages: Iterable[str], *, password: str = "", picture: bool = False) -> bytes:
    """A PDF with a line on each page, or a drawing without text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=StandardEncryption(password) if password else None)
    for line in pages:
        if picture:
            canvas.rect(100, 100, 300, 300, fill=1)
        else:
            canvas.drawString(72, 700, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def with_part(container: bytes, name: str, data: bytes) -> bytes:
    """A container with one more part."""
    out = io.BytesIO(container)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return out.getvalue()


def zip_bomb(container: bytes) -> bytes:
    """A container whose document unpacks to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(container)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            file.writestr(name, b" " * (300 * 2**20) if name == "word/document.xml" else source.read(name))
    return out.getvalue()


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fill(table: Table, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
