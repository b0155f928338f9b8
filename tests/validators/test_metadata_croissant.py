"""`croissant.json` in the hands of mlcroissant: validated, its records loaded, and its planted faults found."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from rdflib import RDF, SDO, Graph, URIRef
from support.published import Json, data_files, digest, edit, late, loaded

from publish.bucket.manifest import LICENCE_URL
from schemas.tables.columns import KEYS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CR = "http://mlcommons.org/croissant/"
HOME = "https://data.example/seed/v/2026.11.23.1/"


@pytest.fixture(scope="module")
def mlc() -> Any:  # noqa: ANN401 - mlcroissant ships no types
    """The validator, which takes seconds to import."""
    return late("mlcroissant")


def records(dataset: Any, table: str) -> list[Json]:  # noqa: ANN401 - as above
    """The rows of a record set as mlcroissant loads them, under the names of the columns."""
    return [{key.partition("/")[2]: plain(value) for key, value in row.items()} for row in dataset.records(table)]


def plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    """A cell as Python has it: text out of bytes, a day out of a timestamp."""
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime().date()
    return value


def test_mlcroissant_finds_nothing_but_that_a_version_is_no_semver(mlc: Any, offline: Path) -> None:  # noqa: ANN401 - as above
    issues = mlc.Dataset(offline / "croissant.json").metadata.ctx.issues
    (warning,) = issues.warnings
    assert not issues.errors
    assert "Version doesn't follow MAJOR.MINOR.PATCH: 2026." in warning


def test_each_record_set_loads_as_its_table(mlc: Any, offline: Path) -> None:  # noqa: ANN401 - as above
    dataset = mlc.Dataset(offline / "croissant.json")
    for table in TABLES:
        rows = pl.read_parquet(offline / f"{table}.parquet").rows(named=True)
        assert records(dataset, table) == rows, table
        assert not [cell for row in rows for cell in row.values() if isinstance(cell, float) and math.isnan(cell)]


def test_types_survive_the_way_through_a_record_set(mlc: Any, offline: Path) -> None:  # noqa: ANN401 - as above
    row = records(mlc.Dataset(offline / "croissant.json"), "observations")[0]
    kinds = [type(row[name]) for name in ("value", "unit_mult", "quote", "realtime_start")]
    assert kinds == [float, int, str, date]


def test_every_data_file_is_listed_with_its_size_and_hash_beside_the_description(offline: Path) -> None:
    files = {entry["contentUrl"]: entry for entry in loaded(offline / "croissant.json")["distribution"]}
    assert set(files) == data_files(offline)
    for name, entry in files.items():
        assert entry["sha256"] == digest(offline / name)
        assert entry["contentSize"] == f"{(offline / name).stat().st_size} B"


def test_it_is_the_dataset_of_schema_org_in_two_languages(offline: Path) -> None:
    graph = Graph().parse(offline / "croissant.json", format="json-ld", publicID=f"{HOME}croissant.json")
    (dataset,) = graph.subjects(RDF.type, SDO.Dataset)
    for term in (SDO.name, SDO.description):
        assert {getattr(value, "language", "") for value in graph.objects(dataset, term)} == {"zh", "en"}
    manifest = loaded(offline / "manifest.json")
    facts = (SDO.license, SDO.version, SDO.datePublished)
    expected = [LICENCE_URL, manifest["version"], manifest["released_on"]]
    assert [str(graph.value(dataset, term)) for term in facts] == expected
    assert str(graph.value(dataset, SDO.identifier)).startswith("urn:uuid:")
    pages = {entry["url"] for entry in manifest["documents"]}
    assert {str(page) for page in graph.objects(dataset, SDO.isBasedOn)} == pages
    assert {str(tag) for tag in graph.objects(dataset, SDO.inLanguage)} == {"zh", "en"}
    first, _, final = str(graph.value(dataset, SDO.temporalCoverage)).partition("/")
    assert 2000 < int(first) < int(final) < 2040
    cited = str(graph.value(dataset, URIRef(f"{CR}citeAs")))
    assert manifest["version"] in cited


def test_keys_and_references_are_named(offline: Path) -> None:
    sets = {entry["@id"]: entry for entry in loaded(offline / "croissant.json")["recordSet"]}
    for table, names in KEYS.items():
        assert [key["@id"] for key in sets[table]["key"]] == [f"{table}/{name}" for name in names]
    fields = {field["name"]: field for field in sets["observations"]["field"]}
    assert fields["document"]["references"] == {"field": {"@id": "documents/document"}}
    assert fields["value"]["dataType"] == "sc:Float"


def file_entry(card: Json, name: str) -> Json:
    """The entry of one file."""
    found: Json = next(entry for entry in card["distribution"] if entry["@id"] == name)
    return found


def field(card: Json, table: str, column: str) -> Json:
    """The entry of one field."""
    fields = next(entry for entry in card["recordSet"] if entry["@id"] == table)["field"]
    found: Json = next(entry for entry in fields if entry["name"] == column)
    return found


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_validation_finds_a_planted_fault(mlc: Any, damaged: Path) -> None:  # noqa: ANN401 - as above
    faults: dict[str, Callable[[Json], object]] = {
        "nothing at all": lambda card: card.clear(),
        "another type": lambda card: card.update({"@type": "sc:Thing"}),
        "no address": lambda card: file_entry(card, "documents.parquet").pop("contentUrl"),
        "no hash": lambda card: file_entry(card, "documents.parquet").pop("sha256"),
        "no such file": lambda card: field(card, "glossary", "term")["source"]["fileObject"].update({"@id": "x"}),
        "no such key": lambda card: field(card, "glossary", "document")["references"]["field"].update({"@id": "x/y"}),
        "a day in words": lambda card: card.update({"datePublished": "yesterday"}),
    }
    file = damaged / "croissant.json"
    before = file.read_bytes()
    for name, fault in faults.items():
        edit(file, fault)
        with pytest.raises((mlc.ValidationError, ValueError, AssertionError)):
            pytest.fail(f"{name}: {mlc.Dataset(file)}")
        file.write_bytes(before)


def wrong_hash(release: Path) -> None:
    edit(release / "croissant.json", lambda card: file_entry(card, "documents.parquet").update({"sha256": "0" * 64}))


def another_file(release: Path) -> None:
    (release / "documents.parquet").write_bytes((release / "glossary.parquet").read_bytes())


def missing_file(release: Path) -> None:
    (release / "documents.parquet").unlink()


def missing_column(release: Path) -> None:
    file = release / "documents.parquet"
    pl.read_parquet(file).drop("title").write_parquet(file)
    edit(release / "croissant.json", lambda card: file_entry(card, file.name).update({"sha256": digest(file)}))


def wrong_type(release: Path) -> None:
    edit(release / "croissant.json", lambda card: field(card, "documents", "title").update({"dataType": "sc:Integer"}))


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@pytest.mark.parametrize("fault", [wrong_hash, another_file, missing_file, missing_column, wrong_type])
def test_what_validation_lets_pass_loading_finds(fault: Callable[[Path], None], mlc: Any, damaged: Path) -> None:  # noqa: ANN401 - as above
    fault(damaged)
    dataset = mlc.Dataset(damaged / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    # What a hash, a column and a type each die of is mlcroissant's own affair: that none gets through is ours.
    with pytest.raises((mlc.GenerationError, ValueError, AssertionError)):
        list(dataset.records("documents"))
