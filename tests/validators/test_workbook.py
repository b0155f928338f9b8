"""The workbook: every table as it is, the same bytes wherever it is made, in openpyxl and in LibreOffice."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet
from support.report_readings import SOURCE, corrected, report_2023, tables
from support.report_releases import VERSION, first
from support.requires import ROOT
from support.spreadsheet import Sheets, formulas, opened

from publish.bucket.manifest import from_manifest
from publish.release.workbook import ABOUT, CELL_UNITS, workbook
from schemas.tables.columns import ROWS_ZH, SHEETS, TABLES, frame_schema
from schemas.tables.frames import Tables

FIRST = tables()
FILES = first(portal=False)(VERSION)
RELEASE = from_manifest(FILES["manifest.json"]).release
CHANGED = tables(report_2023(), corrected(), previous=FIRST, former=RELEASE)
BOOK = FILES["torch.xlsx"]
MARK = re.compile(r"…（已截断，全文见 observations\.csv）$")


def observed(**columns: list[Any]) -> Tables:
    """Tables in which only observations have rows: as many as the columns given, which replace those of a report."""
    rows = len(next(iter(columns.values())))
    row = FIRST["observations"].head(1)
    given_columns = [pl.Series(name, cells, frame_schema("observations")[name]) for name, cells in columns.items()]
    frame = (pl.concat([row] * rows) if rows else row.head(0)).with_columns(given_columns)
    return {table: frame if table == "observations" else frame_.head(0) for table, frame_ in FIRST.items()}


def made(of: Tables, **limits: int) -> bytes:
    return workbook(RELEASE, SOURCE, of, **limits)


@lru_cache(maxsize=2)
def in_openpyxl(book: bytes) -> Workbook:
    return load_workbook(io.BytesIO(book))


def sheet_of(book: bytes, table: str = "observations") -> Worksheet:
    """A sheet in openpyxl."""
    return in_openpyxl(book)[SHEETS[table]]


def rows(book: bytes, table: str = "observations") -> list[tuple[Any, ...]]:
    """The cells of a sheet as openpyxl reads them, text without the escapes of the file format."""
    return [tuple(map(plain, row)) for row in sheet_of(book, table).iter_rows(values_only=True)]


NAMES = [column.name for column in TABLES["observations"]]


def column(book: bytes, name: str) -> list[Any]:
    return [row[NAMES.index(name)] for row in rows(book)[1:]]


def plain(cell: Any) -> Any:  # noqa: ANN401 - a cell is anything
    if isinstance(cell, datetime):
        return cell.date()
    return unescape(cell) if isinstance(cell, str) else cell


def as_shown(cell: Any) -> Any:  # noqa: ANN401 - a cell is anything
    """What a workbook can hold of a cell: sixteen digits of a number, no empty text."""
    if isinstance(cell, float):
        return float(f"{cell:.16G}")
    return None if cell == "" else cell


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    """The workbook in LibreOffice."""
    return opened(tmp_path_factory.mktemp("book"), made(CHANGED))


class TestOpened:
    """Every cell of every table, by two readers that share no code with the writer."""

    def test_openpyxl_reads_what_the_tables_say(self) -> None:
        made_of_changes = made(CHANGED)
        for table, columns in TABLES.items():
            head, *found = rows(made_of_changes, table)
            assert list(head) == [column.label_zh for column in columns]
            assert found == [tuple(map(as_shown, row)) for row in CHANGED[table].iter_rows()], table

    def test_libreoffice_reads_what_the_tables_say_and_no_formula(self, book: Sheets) -> None:
        for table, columns in TABLES.items():
            head, *found = book[SHEETS[table]]
            assert [cell.value for cell in head] == [column.label_zh for column in columns]
            shown = [(*(cell.value for cell in row), *[None] * (len(columns) - len(row))) for row in found]
            assert shown == [tuple(map(as_shown, row)) for row in CHANGED[table].iter_rows()], table
        assert formulas(book) == []

    def test_the_tables_of_the_test_have_numbers_dates_gaps_and_changes(self) -> None:
        assert CHANGED["revisions"].height > 0
        assert CHANGED["vintages"]["realtime_end"].max() == date(9999, 12, 31)
        assert CHANGED["observations"]["value_upper"].null_count() > 0


class TestShape:
    def test_the_sheets_stand_in_the_order_of_the_tables_behind_the_one_that_explains_them(self) -> None:
        assert in_openpyxl(BOOK).sheetnames == [ABOUT, *(SHEETS[table] for table in TABLES)]

    def test_the_headings_stay_in_sight_and_filter_every_row(self) -> None:
        for table in TABLES:
            sheet = sheet_of(BOOK, table)
            assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
            assert all(8 <= sheet.column_dimensions[name].width <= 61 for name in sheet.column_dimensions)

    def test_long_texts_get_wide_columns_and_numbers_narrow_ones(self) -> None:
        widths = dict(zip(NAMES, sheet_of(BOOK).column_dimensions.values(), strict=False))
        assert widths["obs_id"].width > 30 > widths["value"].width

    def test_the_first_sheet_says_what_the_release_is(self) -> None:
        lines = list(in_openpyxl(BOOK)[ABOUT].iter_rows(values_only=True))
        told = {line[0]: line[1] for line in lines[:8]}
        assert (told["数据集"], told["版本"], told["发布日期"]) == ("torch", VERSION, "2026-11-23")
        assert told["许可"].startswith("CC-BY-4.0")

    def test_it_counts_the_rows_of_each_sheet_and_explains_each_column(self) -> None:
        lines = [line for line in in_openpyxl(BOOK)[ABOUT].iter_rows(values_only=True) if line[4]]
        counted = {line[1]: int(line[2]) for line in lines if line[4] in ROWS_ZH.values()}
        assert counted == {table: frame.height for table, frame in FIRST.items()}
        told = {(line[0], line[2], line[1], line[4]) for line in lines}
        columns = [(SHEETS[table], column) for table, columns in TABLES.items() for column in columns]
        assert {(sheet, one.name, one.label_zh, one.description) for sheet, one in columns} <= told


class TestSameBytes:
    def test_twice_in_another_process_another_zone_and_with_other_rights(self, tmp_path: Path) -> None:
        """Temporary files carry the time and the rights of whoever makes them."""
        program = (
            "import os, sys; os.umask(0o027); from support.report_releases import VERSION, report_release; "
            "from publish.release.build_files import release_files; "
            "sys.stdout.buffer.write(release_files(report_release(), VERSION)['torch.xlsx'])"
        )
        environ = {**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "TMPDIR": str(tmp_path)}
        environ["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
        done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, check=True, cwd=ROOT)
        assert done.stdout == BOOK == made(FIRST)
        assert list(tmp_path.iterdir()) == []

    def test_nothing_in_it_tells_the_time_of_the_run(self) -> None:
        with zipfile.ZipFile(io.BytesIO(BOOK)) as parts:
            assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 31)}
            core = parts.read("docProps/core.xml").decode()
        assert re.findall(r">(\d{4}-[^<]+)<", core) == ["2026-11-23T00:00:00Z"] * 2


class TestText:
    @settings(max_examples=12)
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=90))
    def test_any_text_is_the_same_text_and_no_formula(self, texts: list[str]) -> None:
        book = made(observed(quote=texts))
        kept = [re.sub("\r\n?", "\n", text) for text in texts]
        kept = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "\ufffd", text) for text in kept]
        assert column(book, "quote") == [text or None for text in kept]
        kinds = {cell.data_type for row in sheet_of(book) for cell in row}
        assert kinds <= {"s", "n", "d"}

    def test_what_looks_like_a_link_a_number_or_an_error_is_text(self) -> None:
        texts = ["http://a.example/b", "mailto:a@b.example", "internal:数据!A1", "1e5", "TRUE", "#REF!"]
        cells = [row[NAMES.index("unit")] for row in list(sheet_of(made(observed(unit=texts))))[1:]]
        assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None) for text in texts]

    @pytest.mark.parametrize("sign", ["火", "𠀀", "&", "\x07"])
    @pytest.mark.parametrize("more", [0, 1, 70_000])
    def test_a_text_beyond_the_limit_is_cut_with_a_mark(self, sign: str, more: int) -> None:
        units = len(sign.encode("utf-16-le")) // 2
        text = sign * (CELL_UNITS // units + more)
        shown = sign if sign.isprintable() else "\ufffd"
        (kept,) = column(made(observed(quote=[text])), "quote")
        assert len(kept.encode("utf-16-le")) // 2 <= CELL_UNITS
        assert bool(MARK.search(kept)) == (more > 0)
        assert set(MARK.sub("", kept)) == {shown}
        assert len(kept.encode("utf-16-le")) // 2 > CELL_UNITS - 3

    def test_both_programs_read_markup_long_texts_and_early_days_as_text(self, tmp_path: Path) -> None:
        """XlsxWriter writes markup of its own into the file as it stands, and so a page could plant a formula."""
        planted = '<r></r></is></c><c r="A9"><f>1+1</f></c><c t="inlineStr"><is><r></r>'
        markup, others, long = ["<r>x</r>", "<r>\n</r>", planted], ["_x0041_", " a  b ", "a\tb"], "火" * 40_000
        days = [date(1, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31), *[date(2026, 1, 1)] * 3]
        book = made(observed(quote=[*markup, *others, long], realtime_start=days))
        sheets = opened(tmp_path, book)
        by_libreoffice = [[cell.value for cell in row] for row in sheets[SHEETS["observations"]][1:]]
        assert formulas(sheets) == []
        for by_program in (rows(book)[1:], by_libreoffice):
            *short, cut = (row[NAMES.index("quote")] for row in by_program)
            assert short == [*(f"'{text}" for text in markup), *others]
            mark = MARK.search(str(cut))
            assert mark
            assert MARK.sub("", str(cut)) == long[: CELL_UNITS - len(mark[0])]
            shown = [row[NAMES.index("realtime_start")] for row in by_program]
            assert shown == ["0001-01-01", "1900-02-28", *days[2:]]


class TestNumbersAndDays:
    @settings(max_examples=12)
    @given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=90))
    def test_a_number_keeps_sixteen_digits(self, numbers: list[float]) -> None:
        assert column(made(observed(value=numbers)), "value") == [as_shown(number) for number in numbers]

    def test_what_is_no_number_is_text(self) -> None:
        cells = column(made(observed(value=[float("nan"), float("inf"), -float("inf")])), "value")
        assert cells == ["nan", "inf", "-inf"]

    @settings(max_examples=12)
    @given(st.lists(st.dates(min_value=date(1900, 3, 1)), min_size=1, max_size=90))
    def test_a_day_is_a_day(self, days: list[date]) -> None:
        assert column(made(observed(realtime_start=days)), "realtime_start") == days


class TestTooManyRows:
    NUMBERS = tuple(map(float, range(20)))

    def test_as_many_as_fit_are_whole(self) -> None:
        head, *found = rows(made(observed(value=list(self.NUMBERS)), sheet_rows=21))
        assert (head[0], len(found)) == ("数据编号", 20)

    def test_one_more_and_the_first_row_says_that_it_is_cut_and_where_the_rest_is(self) -> None:
        book = made(observed(value=list(self.NUMBERS)), sheet_rows=20)
        told, head, *found = rows(book)
        assert told[0] == "本表共20行，此处只有前18行；全部数据见 observations.csv 和 observations.parquet。"
        assert (head[0], len(found)) == ("数据编号", 18)
        assert [row[NAMES.index("value")] for row in found] == list(self.NUMBERS[:18])
        sheet = sheet_of(book)  # the headings are still those that stay and filter
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", f"A2:{get_column_letter(len(NAMES))}20")
        assert sheet_of(made(observed(value=list(self.NUMBERS)), sheet_rows=5)).max_row == 5
