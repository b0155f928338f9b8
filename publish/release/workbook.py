"""`{dataset}.xlsx`: the tables for office programs, one sheet each.

What a source wrote is written as text and never as a formula, a link or a number. Office programs take less than CSV
and Parquet do: a text beyond their limit is cut, a character that they cannot hold becomes U+FFFD, a number keeps 16
digits, and a table with more rows than a sheet has says so in its first row. XlsxWriter is imported only here.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from publish.bucket.manifest import LICENCE, LICENCE_URL
from schemas.registry.sources import Source
from schemas.release import Release
from schemas.tables.columns import ROWS_ZH, SHEETS, TABLES, Column
from schemas.tables.frames import Tables

SHEET_ROWS: Final = 1_048_576
CELL_UNITS: Final = 32_767
"""The most rows of a sheet, and the most UTF-16 units of a cell."""
WIDEST: Final = 60
NARROWEST: Final = 8
FIRST_DAY: Final = date(1900, 3, 1)
"""Before this day the programs do not agree which number a date is."""

# Rows go to disk as they are written, so that a large table does not fill the memory.
_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
)
_UNHOLDABLE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
_ODD = f"\r|{_UNHOLDABLE}"
_RISKY = frozenset("=+-@＝＋－＠\t\n'")
# XlsxWriter takes such a text for markup of its own and would write it into the file as it stands.
_MARKUP = re.compile(r"<r>.*</r>", re.DOTALL)

Put = Callable[[int, int, Any], object]
ABOUT = "说明"
_TYPES: Mapping[str, str] = MappingProxyType({"string": "文本", "number": "数值", "integer": "整数", "date": "日期"})
Line = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _CellFormats:
    """The formats of cells; `guarded` keeps a text a text even after somebody edits the cell."""

    head: Format
    day: Format
    guarded: Format


def workbook(release: Release, source: Source, tables: Tables, *, sheet_rows: int = SHEET_ROWS) -> bytes:
    """Return the workbook of a release, the same bytes each time; `sheet_rows` is how many rows a sheet may have."""
    buffer = io.BytesIO()
    with Workbook(buffer, dict(_OPTIONS)) as book:
        created = datetime.combine(release.released_on, time(), UTC)
        book.set_properties({"title": f"{release.dataset} {release.version}", "created": created})
        formats = _CellFormats(
            head=book.add_format({"bold": True, "bottom": 1}),
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
            guarded=book.add_format({"num_format": "@", "quote_prefix": True}),
        )
        _cover(book.add_worksheet(ABOUT), cover(release, source), formats)
        for table, sheet in SHEETS.items():
            _table(book.add_worksheet(sheet), table, tables[table], formats, sheet_rows)
    return buffer.getvalue()


def _cover(sheet: Worksheet, lines: Iterable[tuple[str, ...]], formats: _CellFormats) -> None:
    sheet.set_column(0, 3, 18)
    sheet.set_column(4, 4, WIDEST)
    put = _text(sheet, formats, "")
    for row, line in enumerate(lines):
        for index, text in enumerate(line):
            put(row, index, text)


def _table(sheet: Worksheet, table: str, frame: pl.DataFrame, formats: _CellFormats, sheet_rows: int) -> None:
    """Headings and rows; a table that is too long for a sheet begins with a row that says so."""
    columns = TABLES[table]
    capacity = sheet_rows - 1
    head = 0
    if frame.height > capacity:
        capacity, head = capacity - 1, 1
        notice = f"本表共{frame.height}行，此处只有前{capacity}行；全部数据见 {table}.csv 和 {table}.parquet。"
        sheet.write_string(0, 0, notice, formats.head)
    shown = _sanitize(frame.head(capacity))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, _width(shown[column.name], column))
    for index, column in enumerate(columns):
        sheet.write_string(head, index, column.label_zh, formats.head)
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, head + shown.height, len(columns) - 1)
    _rows(shown, [_cell_writer(sheet, column, formats, table) for column in columns], head + 1)


def _rows(frame: pl.DataFrame, puts: list[Put], first: int) -> None:
    for row, cells in enumerate(frame.iter_rows(), start=first):
        for index, cell in enumerate(cells):
            if cell is not None and cell != "":
                puts[index](row, index, cell)


def _sanitize(frame: pl.DataFrame) -> pl.DataFrame:
    """End lines by LF and replace the characters that the file format cannot hold.

    Only columns with such characters are rebuilt: the text of a large table takes hundreds of megabytes.
    """
    texts = (column for column in frame.iter_columns() if column.dtype == pl.String)
    affected = [column.name for column in texts if column.str.contains(_ODD).any()]
    return frame.with_columns(pl.col(affected).str.replace_all("\r\n?", "\n").str.replace_all(_UNHOLDABLE, "\ufffd"))


def _width(cells: pl.Series, column: Column) -> int:
    """Wide enough for nine cells of ten; a Chinese character takes two places."""
    text = cells.cast(pl.String)
    widths = ((text.str.len_chars() + text.str.len_bytes()) / 2).quantile(0.9) or 0
    return int(min(WIDEST, max(NARROWEST, 2 * len(column.label_zh) + 3, widths + 2)))


def _cell_writer(sheet: Worksheet, column: Column, formats: _CellFormats, table: str) -> Put:
    puts: Mapping[str, Put] = {
        "string": _text(sheet, formats, f"…（已截断，全文见 {table}.csv）"),
        "number": _number(sheet),
        "integer": sheet.write_number,
        "date": _day(sheet, formats),
    }
    return puts[column.kind]


def _text(sheet: Worksheet, formats: _CellFormats, mark: str) -> Put:
    def put(row: int, place: int, text: str) -> None:
        if text[:1] in _RISKY:
            sheet.write_string(row, place, _truncate(text, mark), formats.guarded)
        else:
            sheet.write_string(row, place, _truncate(text, mark))

    return put


def _number(sheet: Worksheet) -> Put:
    def put(row: int, place: int, number: float) -> None:
        if isfinite(number):
            sheet.write_number(row, place, number)
        else:
            sheet.write_string(row, place, str(number))

    return put


def _day(sheet: Worksheet, formats: _CellFormats) -> Put:
    def put(row: int, place: int, day: date) -> None:
        if day < FIRST_DAY:
            sheet.write_string(row, place, day.isoformat())
        else:
            sheet.write_datetime(row, place, day, formats.day)

    return put


def _truncate(text: str, mark: str) -> str:
    """Cut a text to what a cell holds; one that is too long ends with a mark."""
    if _MARKUP.fullmatch(text):
        text = f"'{text}"
    if len(text) <= CELL_UNITS // 2 or _units(text) <= CELL_UNITS:
        return text
    size = 2 * (CELL_UNITS - _units(mark))
    return text.encode("utf-16-le")[:size].decode("utf-16-le", "ignore") + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cover(release: Release, source: Source) -> Iterator[Line]:
    """Return the lines of the sheet, each as its cells."""
    yield from _release(release, source)
    yield ()
    yield ("工作表", "数据表", "行数", "", "内容")
    rows = {entry.name: entry.rows for entry in release.tables}
    yield from ((SHEETS[table], table, str(rows[table]), "", ROWS_ZH[table]) for table in SHEETS)
    yield ()
    yield ("工作表", "列标题", "字段名", "类型", "含义")
    for table, sheet in SHEETS.items():
        yield from (_column(sheet, column) for column in TABLES[table])


def _release(release: Release, source: Source) -> Iterator[Line]:
    yield ("数据集", release.dataset)
    yield ("内容", f"{source.area_zh}政府工作报告中的数据，每个数字都标明其在存档网页中的位置。")
    yield ("版本", release.version)
    yield ("发布日期", release.released_on.isoformat())
    yield ("表结构版本", release.schema_version)
    yield ("许可", f"{LICENCE}（署名） {LICENCE_URL}")
    yield ("来源", source.publisher)
    yield ("提示", "空单元格表示没有内容；过长的文字会截断，完整内容见同一版本的CSV和Parquet文件。")


def _column(sheet: str, column: Column) -> Line:
    kind = _TYPES[column.kind] + ("，可为空" if column.nullable else "")
    return (sheet, column.label_zh, column.name, kind, column.description)
