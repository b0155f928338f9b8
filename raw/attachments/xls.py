"""The text of an XLS workbook of the format before 2007, as `xlsx` gives it."""

from __future__ import annotations

import io

import xlrd
from xlrd.sheet import Sheet

from raw.attachments.decoder import MAX_CELLS, Decoded, Unreadable
from raw.attachments.number_format import shown


def decode_xls(body: bytes) -> Decoded:
    """Return the text of a workbook; hidden sheets are left out.

    Raises:
        Unreadable: If the file is encrypted, exceeds a limit or holds no text.
    """
    try:
        book = xlrd.open_workbook(file_contents=body, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise Unreadable(f"the workbook cannot be read ({error})", "save it as .xlsx, without a password") from error
    decoded = Decoded()
    for sheet in book.sheets():
        if sheet.visibility == 0:
            decoded.begin(f"sheet {sheet.name}")
            _add_sheet(book, sheet, decoded)
    if not decoded.text.strip():
        raise Unreadable("the workbook holds no text", "open it and see whether its cells are pictures")
    return decoded


def _add_sheet(book: xlrd.Book, sheet: Sheet, decoded: Decoded) -> None:
    if sheet.nrows * sheet.ncols > MAX_CELLS:
        what = f"the sheet {sheet.name} has {sheet.nrows * sheet.ncols} cells, the limit is {MAX_CELLS}"
        raise Unreadable(what, "save each sheet as a file of its own")
    headings: dict[tuple[int, int], str] = {}
    for top, bottom, left, right in sheet.merged_cells:
        first = sheet.cell_value(top, left)
        if isinstance(first, str) and (bottom - top) * (right - left) <= MAX_CELLS:
            headings |= {(row, column): first for row in range(top, bottom) for column in range(left, right)}
    for row in range(sheet.nrows):
        decoded.row(headings.get((row, column)) or _shown(book, sheet, row, column) for column in range(sheet.ncols))


def _shown(book: xlrd.Book, sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown(xlrd.xldate_as_datetime(cell.value, book.datemode), "")
    if cell.ctype in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER}:
        pattern = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return shown(cell.value, pattern)
    return ""
