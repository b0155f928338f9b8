"""The text of an XLSX workbook: a line for each row of its sheets, each cell as the program shows it."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from raw.attachments.decoder import MAX_CELLS, Decoded, Unreadable, check_container
from raw.attachments.number_format import shown

_TOO_LARGE = "delete empty rows and columns that are only formatted, or save each sheet as a file of its own"


def decode_xlsx(body: bytes) -> Decoded:
    """Return the text of a workbook; hidden sheets are left out, and of formulas the results that were saved.

    Raises:
        Unreadable: If the file has macros, exceeds a limit or holds no text.
    """
    check_container(body)
    book = openpyxl.load_workbook(io.BytesIO(body), data_only=True, keep_links=False)
    decoded = Decoded()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            decoded.begin(f"sheet {sheet.title}")
            _add_sheet(sheet, decoded)
    if not decoded.text.strip():
        remedy = "if it shows numbers, they are formulas without saved results: open it, save it, and give that file"
        raise Unreadable("the workbook holds no text", remedy)
    return decoded


def _add_sheet(sheet: Worksheet, decoded: Decoded) -> None:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        what = f"the sheet {sheet.title} has {sheet.max_row * sheet.max_column} cells, the limit is {MAX_CELLS}"
        raise Unreadable(what, _TOO_LARGE)
    headings: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        first = sheet.cell(area.min_row, area.min_col).value
        if isinstance(first, str) and area.size["rows"] * area.size["columns"] <= MAX_CELLS:
            headings |= dict.fromkeys(area.cells, first)  # a heading over several cells is that of each
    for row in sheet.iter_rows():
        decoded.row(headings.get((cell.row, cell.column)) or _shown(cell) for cell in row)


def _shown(cell: Cell) -> str:
    return shown(cell.value, cell.number_format)
