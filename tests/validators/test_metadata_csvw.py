"""`csv-metadata.json` in the hands of csvw: every cell read by it, every planted fault found by it."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from csvw import CSVW
from support.published import Json, drop, edit, loaded, swap, twice

from publish.bucket.serialize import FORMULA, NUMERAL
from schemas.tables.columns import KEYS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAILURES = (ValueError, AttributeError, KeyError, TypeError, OSError)


def opened(release: Path) -> Any:  # noqa: ANN401 - csvw ships no types
    """The table group, its metadata validated."""
    return CSVW(str(release / "csv-metadata.json"), validate=True)


def sound(release: Path) -> bool:
    """Whether csvw finds nothing; what it dies of counts as found."""
    try:
        return bool(opened(release).is_valid)
    except FAILURES:
        return False


def harmless(value: object) -> object:
    """A cell of text as it stands in CSV: one that a program would run has an apostrophe in front."""
    if not isinstance(value, str):
        return value
    cell = pl.Series([value])
    runs = cell.str.contains(FORMULA) & ~cell.str.contains(NUMERAL)
    return f"'{value}" if runs[0] else value


def test_csvw_accepts_metadata_and_data_and_reads_the_rows_of_each_table(offline: Path) -> None:
    group = opened(offline)
    assert (group.warnings, group.is_valid) == ([], True)
    tables = {str(table.url): table for table in group.tables}
    assert set(tables) == {f"{table}.csv" for table in TABLES}
    for name in TABLES:
        rows = pl.read_parquet(offline / f"{name}.parquet").rows(named=True)
        wanted = [{column: harmless(cell) for column, cell in row.items()} for row in rows]
        # To csvw a day is a moment.
        found = [
            {column: value.date() if isinstance(value, datetime) else value for column, value in row.items()}
            for row in tables[f"{name}.csv"].iterdicts()
        ]
        assert found == wanted, name


def test_keys_headings_and_languages_are_those_of_the_tables(offline: Path) -> None:
    card = loaded(offline / "csv-metadata.json")
    for table, (name, columns) in zip(card["tables"], TABLES.items(), strict=True):
        schema = table["tableSchema"]
        assert schema["primaryKey"] == list(KEYS[name])
        header = (offline / table["url"]).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == [column["name"] for column in schema["columns"]]
        headings = [column["titles"] for column in schema["columns"]]
        assert headings == [{"en": [column.name], "zh": [column.label_zh]} for column in columns]
    assert {said["@language"] for said in card["dc:title"]} == {"zh", "en"}


def table_of(card: Json, table: str) -> Json:
    """The description of one table."""
    found: Json = next(entry for entry in card["tables"] if entry["url"] == f"{table}.csv")
    return found


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_csvw_finds_a_fault_in_the_data(damaged: Path, tmp_path: Path) -> None:
    faults: dict[str, Callable[[Path], None]] = {
        "a word for a number": lambda release: swap(release / "observations.csv", ",573.72,", ",plenty,"),
        "no day": lambda release: swap(release / "vintages.csv", "9999-12-31", "for ever"),
        "a code of no list": lambda release: swap(release / "numbers.csv", "claimed", "guessed"),
        "a document that is not there": lambda release: swap(release / "numbers.csv", "post-", "lost-"),
        "a missing column": lambda release: drop(release, "quote"),
        "a missing key": lambda release: drop(release, "obs_id"),
        "a row twice": lambda release: twice(release / "documents.csv"),
        "a missing file": lambda release: (release / "glossary.csv").unlink(),
    }
    for name, fault in faults.items():
        release = shutil.copytree(damaged, tmp_path / name)
        fault(release)
        assert not sound(release), name


def retyped(card: Json, name: str, kind: str) -> None:
    columns = table_of(card, "observations")["tableSchema"]["columns"]
    next(column for column in columns if column["name"] == name)["datatype"] = kind


def pointed(card: Json, resource: str, column: str = "document") -> None:
    (key,) = table_of(card, "numbers")["tableSchema"]["foreignKeys"]
    key["reference"] = {"resource": resource, "columnReference": [column]}


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_csvw_finds_a_fault_in_the_metadata(damaged: Path) -> None:
    faults: dict[str, Callable[[Json], object]] = {
        "nothing at all": lambda card: card.clear(),
        "no tables": lambda card: card.update({"tables": []}),
        "another context": lambda card: card.update({"@context": "https://schema.org"}),
        "a table without address": lambda card: card["tables"][0].pop("url"),
        "a type of its own": lambda card: retyped(card, "value", "quantity"),
        "another type": lambda card: retyped(card, "quote", "integer"),
        "a key to nowhere": lambda card: pointed(card, "nowhere.csv"),
        "a key to another table": lambda card: pointed(card, "indicators.csv", "id"),
    }
    file = damaged / "csv-metadata.json"
    before = file.read_bytes()
    for name, fault in faults.items():
        edit(file, fault)
        assert not sound(damaged), name
        file.write_bytes(before)
