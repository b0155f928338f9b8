"""A page written to attack: what reaches a spreadsheet program of it is text, in CSV and in the workbook."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from openpyxl import load_workbook
from support.hostile import DDE, LINK, PAYLOADS, page, put_report
from support.nights import plain
from support.spreadsheet import TABLE, Sheets, convert, formulas, opened
from support.website import serve
from xlsxwriter import Workbook

from flows.run.context import create_context
from publish.bucket.serialize import from_parquet
from raw.page.parse import parse_html
from schemas.codelists import Outcome
from schemas.tables.columns import SHEETS, TABLES

COMMA_QUOTE_UTF8 = "CSV:44,34,76,1"
OPENS = re.compile(r"[=+\-@＝＋－＠\t][^=+\-@]")
REACHED: Final = {
    "observations": ("subject", "label_zh", "quote"),
    "vintages": ("first_quote",),
    "targets": ("label_zh", "quote"),
    "documents": (
        "title",
        "name",
        "index_number",
        "category",
        "publisher",
        "written_on",
        "document_number",
        "keywords",
    ),
    "glossary": ("term", "explanation"),
}
SIGN_AND_DIGITS = re.compile(r"[+\-][\d.,]+[%‰]?")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the page, by the real stages of a night."""
    folder = tmp_path_factory.mktemp("hostile")
    with serve() as site, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_PACE", "0")
        run = create_context("seed", str(folder / "store"), put_report(site, folder), None)
        assert plain(run) is Outcome.PUBLISHED
    (version,) = (folder / "store" / "seed" / "v").iterdir()
    return version


@pytest.fixture(scope="module")
def book(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    """The workbook of the release in LibreOffice."""
    return opened(tmp_path_factory.mktemp("book"), (release / "seed.xlsx").read_bytes())


@pytest.fixture(scope="module")
def sheets_of_csv(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ET.Element]:
    """Each CSV file of the release in LibreOffice, and under `raw-` the same cells without any care."""
    folder = tmp_path_factory.mktemp("csv")
    names = [f"{table}.csv" for table in TABLES]
    for name in names:
        (folder / name).write_bytes((release / name).read_bytes())
        careless = tables(release)[name.removesuffix(".csv")].write_csv()
        (folder / f"raw-{name}").write_text(careless, encoding="utf-8")
    convert(folder, *names, *(f"raw-{name}" for name in names), to="fods", infilter=COMMA_QUOTE_UTF8)
    files = [name.replace(".csv", ".fods") for name in names]
    return {name: ET.parse(folder / name).getroot() for name in [*files, *(f"raw-{name}" for name in files)]}  # noqa: S314 - written by the program just started


def tables(release: Path) -> dict[str, pl.DataFrame]:
    """The tables as they are, out of Parquet, which runs nothing."""
    return {table: from_parquet((release / f"{table}.parquet").read_bytes()) for table in TABLES}


def opening(frame: pl.DataFrame, column: str) -> list[str]:
    """The cells of a column that open like a formula."""
    cells = frame[column].drop_nulls().to_list() if frame[column].dtype == pl.String else []
    return [cell for cell in cells if OPENS.match(cell) and not SIGN_AND_DIGITS.fullmatch(cell)]


def run_by(sheet: ET.Element) -> list[str]:
    """The formulas that the program found."""
    return [found for cell in sheet.iter(f"{TABLE}table-cell") if (found := cell.get(f"{TABLE}formula"))]


class TestAttack:
    """The attack arrives: without it none of the tests below could fail."""

    def test_the_page_carries_every_payload(self) -> None:
        text = parse_html(page(), content_type="text/html; charset=utf-8").text
        assert [payload for payload in PAYLOADS if payload.strip() not in text] == []

    @pytest.mark.parametrize(("table", "column"), [(table, column) for table in REACHED for column in REACHED[table]])
    def test_it_reaches_the_tables(self, table: str, column: str, release: Path) -> None:
        assert opening(tables(release)[table], column)

    def test_the_command_and_the_link_are_among_it(self, release: Path) -> None:
        (document,) = tables(release)["documents"].iter_rows(named=True)
        assert document["title"].startswith(DDE)
        assert LINK in document["keywords"]
        assert any(cell.startswith(DDE) for cell in tables(release)["glossary"]["term"])


class TestCsv:
    @pytest.mark.parametrize("table", TABLES)
    def test_the_program_runs_nothing(self, table: str, sheets_of_csv: dict[str, ET.Element]) -> None:
        assert run_by(sheets_of_csv[f"{table}.fods"]) == []

    @pytest.mark.parametrize("table", ["observations", "documents", "glossary"])
    def test_it_would_run_the_same_cells_without_care(self, table: str, sheets_of_csv: dict[str, ET.Element]) -> None:
        assert run_by(sheets_of_csv[f"raw-{table}.fods"])

    @pytest.mark.parametrize("table", TABLES)
    def test_no_cell_opens_like_a_formula(self, table: str, release: Path) -> None:
        cells = pl.read_csv(release / f"{table}.csv", infer_schema=False)
        assert {name: opening(cells, name) for name in cells.columns if opening(cells, name)} == {}


class TestWorkbook:
    def test_openpyxl_finds_no_formula_and_no_link(self, release: Path) -> None:
        found = load_workbook(release / "seed.xlsx")
        cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert [cell.coordinate for cell in cells if cell.hyperlink] == []

    def test_libreoffice_finds_no_formula(self, book: Sheets) -> None:
        assert formulas(book) == []

    @pytest.mark.parametrize("table", ["observations", "targets", "documents", "glossary"])
    def test_it_shows_the_text_as_the_source_wrote_it(self, table: str, release: Path, book: Sheets) -> None:
        head, *rows = book[SHEETS[table]]
        frame = tables(release)[table]
        for place, column in enumerate(TABLES[table]):
            assert head[place].value == column.label_zh
            if frame[column.name].dtype == pl.String:
                shown = [row[place].value if place < len(row) else None for row in rows]
                assert shown == [cell or None for cell in frame[column.name]], column.name

    def test_a_cell_that_is_edited_stays_text(self, release: Path) -> None:
        """A spreadsheet program reads a cell anew after an edit, unless the cell says that it is text."""
        sheet = load_workbook(release / "seed.xlsx")[SHEETS["documents"]]
        title = sheet.cell(row=2, column=[column.name for column in TABLES["documents"]].index("title") + 1)
        assert (title.value[:1], title.number_format, title.quotePrefix) == ("=", "@", True)

    def test_both_programs_would_name_a_formula(self, tmp_path: Path) -> None:
        data = io.BytesIO()
        with Workbook(data) as planted:
            planted.add_worksheet("planted").write(0, 0, "=1+1")
        sheet = load_workbook(io.BytesIO(data.getvalue())).active
        assert sheet["A1"].data_type == "f"
        assert formulas(opened(tmp_path, data.getvalue())) == ["of:=1+1"]
