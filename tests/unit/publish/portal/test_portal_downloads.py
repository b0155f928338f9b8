"""The files that a front page offers, and the lines that read them: tried by the programs that they are for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import duckdb
from support.browsing import shown
from support.portal_pages import PUBLIC, attribute, in_store, one, plain_site, sample_pages, sample_site, seen, texts

from publish.portal.pages.dataset_home import dataset_home
from publish.portal.pages.downloads import download_rows, human_size, recipes
from schemas.tables.columns import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def test_every_file_is_offered_with_its_size_and_its_hash() -> None:
    site = sample_site()
    rows = seen(site, dataset_home(site)).css(".downloads tbody tr")
    found = {attribute(row, "a", "href"): row for row in rows}
    assert found.keys() == {site.folder + file.name for file in site.about.data_files}
    for href, row in found.items():
        data = site.about.files[href.removeprefix(site.folder)]
        assert texts(row, ".hash") == [hashlib.sha256(data).hexdigest()]
        assert human_size(len(data)) in texts(row, "td")


def test_all_tables_in_one_file_come_first_then_each_table_in_its_order() -> None:
    site = sample_site()
    found = download_rows(site.about)
    assert [offer["rows"] for offer in found] == [None, *(site.about.tables[table].height for table in TABLES)]
    assert [[file["format"] for file in offer["files"]] for offer in found] == [
        ["XLSX"],
        *[["CSV", "Parquet"]] * len(TABLES),
    ]


def test_a_size_is_said_as_people_say_it() -> None:
    sizes = {0: "0 B", 999: "999 B", 1000: "1.0 kB", 45_678: "46 kB", 1_234_567: "1.2 MB"}
    assert {size: human_size(size) for size in sizes} == sizes


def test_lines_name_the_public_address_where_there_is_one() -> None:
    site = plain_site(PUBLIC)
    lines = texts(seen(site, dataset_home(site)), "#recipes ~ .copy code")
    assert len(lines) == len(recipes(site.about)) + 1
    assert all(f"{PUBLIC}/torch/{site.folder}" in line for line in lines[:-1])


def test_the_lines_of_python_read_the_data() -> None:
    site = sample_site()
    expected = site.about.tables["observations"].height
    with shown(in_store(site, sample_pages())) as base:
        lines = {
            one["program"]: one["code"].replace("{address}", f"{base}/seed/{site.folder}{one['file']}")
            for one in recipes(site.about)
        }
        for program in ("pandas", "Polars"):
            space: dict[str, Any] = {}
            exec(lines[program], space)  # noqa: S102 - the line that a reader copies
            assert len(space["df"]) == expected


def test_the_line_of_sql_is_sql(tmp_path: Path) -> None:
    site = sample_site()
    (recipe,) = [one for one in recipes(site.about) if one["program"] == "DuckDB"]
    file = tmp_path / recipe["file"]
    file.write_bytes(site.about.files[recipe["file"]])
    rows = duckdb.sql(recipe["code"].replace("{address}", str(file))).fetchall()
    assert len(rows) == site.about.tables["observations"].filter(indicator="gdp").height > 0


def test_a_line_for_each_program_that_people_use() -> None:
    page = seen(plain_site(), dataset_home(plain_site()))
    assert texts(page, "#recipes ~ h3") == ["pandas", "Polars", "DuckDB", "R", "Excel"]
    assert "torch.xlsx" in texts(page, "#recipes ~ .copy code")[4]
    assert attribute(page, "#cite ~ .copy pre", "tabindex") == "0"
    assert plain_site().about.citation in one(page, "#cite ~ .copy code").text()
