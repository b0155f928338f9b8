"""Frames as files: the same bytes each time, read the same by others, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.report_readings import tables

from publish.bucket.serialize import combine_hashes, from_parquet, sha256, to_csv, to_parquet
from schemas.tables.columns import TABLES

FOOTER = {"version": "2026.11.23.1", "licence": "CC-BY-4.0", "content_sha256": "ab"}
FORMULAS = [
    *('=HYPERLINK("http://a.b","x")', "=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1"),
    *("＝1+1", "=\n1", "\x00=1+1", " =1+1", "\ufeff+1+1", "\u3000@SUM(A1)"),
]
HARMLESS = [
    *("=", ">=", "<", "-", "-3.5%", "+12", "-1,200.5", "573.72亿元", "a=b", "'x", "", "项目=1"),
    *(" a", "\u3000\u3000全年", " =", 'a"b', "a,b", "a\nb", "a\r\nb", "  a "),
]


def text_cells(*cells: str | None) -> pl.DataFrame:
    return pl.DataFrame({"text": cells, "value": [-1.5] * len(cells)}, schema={"text": pl.String, "value": pl.Float64})


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_one_changed_cell_changes_the_bytes_of_both_files() -> None:
    frame = tables()["observations"]
    changed = frame.with_columns(value=pl.col("value") + 0.01)
    assert sha256(to_csv(frame)) != sha256(to_csv(changed))
    assert sha256(to_parquet(frame, FOOTER)) != sha256(to_parquet(changed, FOOTER))


class TestParquet:
    def test_the_footer_says_what_the_file_is_and_the_columns_are_snappy(self, tmp_path: Path) -> None:
        file = tmp_path / "t.parquet"
        file.write_bytes(to_parquet(tables()["observations"], FOOTER))
        assert pl.read_parquet_metadata(file).items() >= FOOTER.items()
        with duckdb.connect() as connection:
            query = "select distinct compression from parquet_metadata(?)"
            assert connection.sql(query, params=[str(file)]).fetchall() == [("SNAPPY",)]

    def test_text_stays_as_the_source_wrote_it(self) -> None:
        frame = text_cells(*FORMULAS)
        assert from_parquet(to_parquet(frame, FOOTER))["text"].to_list() == FORMULAS


class TestCsv:
    def test_it_is_utf8_without_a_mark_and_with_bare_line_feeds(self) -> None:
        data = to_csv(tables()["documents"])
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
        assert "中山火炬开发区管理委员会" in data.decode()
        assert data.endswith(b"\n")

    def test_only_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(self) -> None:
        kept = [*(f"'{cell}" for cell in FORMULAS), *HARMLESS]
        assert read_csv(to_csv(text_cells(*FORMULAS, *HARMLESS)))[1:] == [[cell, "-1.5"] for cell in kept]

    def test_numbers_and_empty_cells_are_untouched(self) -> None:
        frame = pl.DataFrame({"text": [None, "x"], "value": [-1e-9, 5.7372e10]})
        assert read_csv(to_csv(frame)) == [["text", "value"], ["", "-1e-9"], ["x", "57372000000.0"]]


def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows without the difference between empty and absent, which CSV has not, and with dates as text."""
    dated = frame.with_columns(pl.selectors.date().cast(pl.String))
    return [{name: None if cell == "" else cell for name, cell in row.items()} for row in dated.iter_rows(named=True)]


def from_pandas(frame: pd.DataFrame) -> list[dict[str, Any]]:
    cells = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name): str(cell) if hasattr(cell, "isoformat") else cell for name, cell in row.items()}
        for row in cells.to_dict("records")
    ]


@pytest.mark.parametrize("table", TABLES)
def test_both_files_of_a_table_say_the_same_in_polars_and_pandas(table: str) -> None:
    frame = tables()[table]
    in_csv, in_parquet = to_csv(frame), to_parquet(frame, FOOTER)
    assert_frame_equal(from_parquet(in_parquet), frame)
    assert plain(pl.read_csv(in_csv, schema=dict(frame.schema))) == plain(frame)

    text = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    assert from_pandas(pd.read_csv(io.BytesIO(in_csv), dtype=dict.fromkeys(text, "str"))) == plain(frame)
    assert plain(pl.from_pandas(pd.read_parquet(io.BytesIO(in_parquet)), schema_overrides=frame.schema)) == plain(frame)


def test_a_combined_hash_depends_on_names_values_and_order() -> None:
    pairs = [("a", "1"), ("b", "2")]
    assert combine_hashes(pairs) == combine_hashes(list(pairs))
    assert len({combine_hashes(some) for some in (pairs, pairs[::-1], [("a", "2"), ("b", "1")], pairs[:1])}) == 4
