"""`datapackage.json` before frictionless and the published schemas, and what neither of them sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.published import Json, data_files, digest, drop, edit, late, loaded, schema_accepts, swap, twice

from schemas.tables.columns import KEYS, TABLES
from schemas.tables.foreign_keys import REFERENCES, references

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType


@pytest.fixture(scope="module")
def frictionless() -> ModuleType:
    """The validator, which takes a second to import."""
    module: ModuleType = late("frictionless")
    return module


def errors(frictionless: ModuleType, release: Path) -> set[str]:
    """The kinds of faults that frictionless finds in a release folder."""
    package = frictionless.Package.from_descriptor(loaded(release / "datapackage.json"), basepath=str(release))
    report = package.validate()
    found = {error.type for task in report.tasks for error in task.errors} | {error.type for error in report.errors}
    assert report.valid == (not found)
    return found


def resource(card: Json, name: str) -> Json:
    """A resource by name."""
    found: Json = next(entry for entry in card["resources"] if entry["name"] == name)
    return found


def test_frictionless_finds_nothing_in_any_file(frictionless: ModuleType, offline: Path) -> None:
    assert errors(frictionless, offline) == set()
    card = loaded(offline / "datapackage.json")
    assert {entry["path"] for entry in card["resources"]} == data_files(offline)
    assert [entry["name"] for entry in card["resources"] if entry["format"] == "csv"] == list(TABLES)
    for entry in card["resources"]:
        assert entry["hash"] == f"sha256:{digest(offline / entry['path'])}"
        assert entry.get("bytes", (offline / entry["path"]).stat().st_size) == (offline / entry["path"]).stat().st_size


def accepted(file: Path, version: str) -> bool:
    return schema_accepts(file, "datapackage", version, "datapackage.json")


def test_the_published_schemas_accept_the_descriptor(damaged: Path) -> None:
    file = damaged / "datapackage.json"
    assert accepted(file, "2.0")
    edit(file, lambda card: resource(card, "workbook").pop("dialect"))  # 1.0's is that of CSV and knows no sheets
    assert accepted(file, "1.0")


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_the_schema_finds_what_is_missing(damaged: Path) -> None:
    faults: dict[str, Callable[[Json], object]] = {
        "no resources": lambda card: card.pop("resources"),
        "a nameless resource": lambda card: card["resources"][0].pop("name"),
        "a resource without data": lambda card: card["resources"][0].pop("path"),
        "a path out of the folder": lambda card: card["resources"][0].update({"path": "../observations.csv"}),
        "a nameless field": lambda card: card["resources"][0]["schema"]["fields"][0].pop("name"),
        "keys that are none": lambda card: card["resources"][0]["schema"].update({"foreignKeys": []}),
    }
    file = damaged / "datapackage.json"
    before = file.read_bytes()
    for name, fault in faults.items():
        edit(file, fault)
        assert not accepted(file, "2.0"), name
        file.write_bytes(before)


FAULTS: list[tuple[str, Callable[[Path], object], str]] = [
    ("a word for a number", lambda release: swap(release / "observations.csv", ",573.72,", ",plenty,"), "type-error"),
    ("another heading", lambda release: swap(release / "observations.csv", "obs_id,", "id,"), "incorrect-label"),
    ("a code of no list", lambda release: swap(release / "numbers.csv", "claimed", "guessed"), "constraint-error"),
    ("a lost document", lambda release: swap(release / "numbers.csv", "post-", "lost-"), "foreign-key"),
    ("a missing column", lambda release: drop(release, "quote"), "missing-label"),
    ("a row twice", lambda release: twice(release / "documents.csv"), "primary-key"),
    ("another hash", lambda release: swap(release / "datapackage.json", "sha256:", "sha256:0"), "hash-count"),
    ("another hash of the workbook", lambda release: unhashed(release, "workbook"), "hash-count"),
    ("a word in the workbook's schema", lambda release: retyped(release, "workbook"), "type-error"),
    ("a word in Parquet's schema", lambda release: retyped(release, "observations-parquet"), "type-error"),
]


def unhashed(release: Path, name: str) -> None:
    """Say another hash of a resource."""
    edit(release / "datapackage.json", lambda card: resource(card, name).update({"hash": f"sha256:{'0' * 64}"}))


def retyped(release: Path, name: str) -> None:
    """Say of every text of a resource that it is a number."""

    def change(card: Json) -> None:
        for field in resource(card, name)["schema"]["fields"]:
            field["type"] = "integer"

    edit(release / "datapackage.json", change)


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@pytest.mark.parametrize(("fault", "kind"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_frictionless_finds_a_planted_fault(
    fault: Callable[[Path], object], kind: str, frictionless: ModuleType, damaged: Path
) -> None:
    fault(damaged)
    assert kind in errors(frictionless, damaged)


def test_references_name_keys_and_hold(offline: Path) -> None:
    for table in REFERENCES:
        rows = pl.read_parquet(offline / f"{table}.parquet")
        for column, (other, key) in references(table).items():
            assert KEYS[other] == (key,)
            known = pl.read_parquet(offline / f"{other}.parquet", columns=[key])[key]
            assert rows[column].drop_nulls().is_in(known.implode()).all(), (table, column)
    assert dict(references("indicators")) == {}
