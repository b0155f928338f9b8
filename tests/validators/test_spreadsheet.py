"""What is published as CSV, opened by a real spreadsheet program: nothing is lost, and nothing runs."""

from __future__ import annotations

from typing import TypeAlias

import polars as pl
import pytest
from openpyxl import load_workbook
from support.report_readings import whole
from support.spreadsheet import convert

from publish.bucket.serialize import to_csv
from schemas.tables.columns import TABLES

Sheet: TypeAlias = list[tuple[object, ...]]

COMMA_QUOTE_UTF8 = "CSV:44,34,76,1"
RUNS = ['=HYPERLINK("http://a.example","x")', "=1+1", "+1+1", "-2+3", "@SUM(A1)", "=A1", "\t=1+1", "＝1+1"]
FILES = {table: to_csv(frame) for table, frame in whole().items()} | {
    "harmless": to_csv(pl.DataFrame({"quote": RUNS, "value": [-1.5] * len(RUNS)})),
    "planted": b"quote\n=1+1\n",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheet]:
    """The cells as LibreOffice has them after opening each file; a formula would stand there as a formula."""
    folder = tmp_path_factory.mktemp("sheets")
    for name, data in FILES.items():
        (folder / f"{name}.csv").write_bytes(data)
    convert(folder, *(f"{name}.csv" for name in FILES), to="xlsx", infilter=COMMA_QUOTE_UTF8)
    return {name: list(load_workbook(folder / f"{name}.xlsx").active.iter_rows(values_only=True)) for name in FILES}


def test_every_table_opens_with_all_its_rows_and_columns(opened: dict[str, Sheet]) -> None:
    for table in TABLES:
        header, *rows = opened[table]
        assert list(header) == whole()[table].columns
        assert len(rows) == whole()[table].height > 0, table
    header, *rows = opened["observations"]
    for name in ("value", "char_start", "unit", "quote", "label_zh", "document"):
        assert [row[header.index(name)] for row in rows] == whole()["observations"][name].to_list()


def test_a_cell_that_begins_like_a_formula_is_text(opened: dict[str, Sheet]) -> None:
    _, *rows = opened["harmless"]
    assert rows == [(f"'{text}", -1.5) for text in RUNS]


def test_the_program_would_run_a_formula_that_is_not_made_harmless(opened: dict[str, Sheet]) -> None:
    assert opened["planted"][1] == ("=1+1",)
