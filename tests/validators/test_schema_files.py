"""`schema/{semver}/`: other people's validators take the schemas, and with them real releases and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from subprocess import run
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from frictionless import Resource, Schema
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped] # it ships no types
from support.published import late
from support.requires import program, shared

from publish.bucket.serialize import from_parquet
from publish.metadata.schema_files import schema_files
from schemas.codelists import TargetVerdict
from schemas.contract.model import codelists, contract, from_record
from schemas.tables.columns import SCHEMA_VERSION, TABLES

Row = dict[str, Any]

FAULTS = (
    ("observations", "value", "plenty", "is not of type 'number'"),
    ("observations", "unit", None, "is not of type 'string'"),
    ("observations", "measure", "levels", "is not one of"),
    ("observations", "price_basis", "today's", "is not one of"),
    ("observations", "char_start", 1.5, "is not of type 'integer'"),
    ("observations", "realtime_start", "2026-13-01", "is not a 'date'"),
    ("observations", "realtime_start", 20261123, "is not of type 'string'"),
    ("documents", "state", "lost", "is not one of"),
    ("numbers", "fate", None, "is not one of"),
    ("indicators", "direction", "sideways", "is not one of"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the schema in a folder."""
    made = tmp_path_factory.mktemp("schema")
    for name, data in schema_files().items():
        (made / name).write_bytes(data)
    return made


def rows(release: Path, table: str) -> list[Row]:
    """The rows of a table as JSON objects."""
    frame = from_parquet((release / f"{table}.parquet").read_bytes())
    return frame.with_columns(pl.selectors.date().dt.to_string("iso")).to_dicts()


def checked(*arguments: str | Path) -> Result:
    """What check-jsonschema says."""
    return CliRunner().invoke(late("check_jsonschema").main, ["--no-cache", *map(str, arguments)])


def judged(folder: Path, table: str, row: Row) -> Result:
    """One row against the published file of its table."""
    (folder / "row.json").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return checked("--schemafile", folder / f"{table}.schema.json", folder / "row.json")


class TestFolder:
    def test_a_release_lies_beside_the_schema_that_it_names(self, published: Path) -> None:
        version = json.loads((published / "manifest.json").read_bytes())["schema_version"]
        lain = published.parents[2] / "schema" / version
        assert {file.name: file.read_bytes() for file in lain.iterdir()} == dict(schema_files())

    def test_sha256sum_accepts_it_and_names_a_changed_word(self, tmp_path: Path) -> None:
        for name, data in schema_files().items():
            (tmp_path / name).write_bytes(data)
        check = [program("sha256sum"), "--strict", "-c", "SHA256SUMS"]
        assert run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
        (tmp_path / "codelists.json").write_bytes(schema_files()["codelists.json"].replace(b"level", b"lever", 1))
        failed = run(check, cwd=tmp_path, check=False, capture_output=True)
        assert (failed.returncode, b"codelists.json: FAILED" in failed.stdout) == (1, True)

    def test_its_hashes_are_written_last_and_the_contract_in_it_is_the_one_that_is_kept(self) -> None:
        assert (list(schema_files())[-1], len(schema_files())) == ("SHA256SUMS", 2 * len(TABLES) + 4)
        record = json.loads(schema_files()["contract.json"])
        assert (record["schema_version"], from_record(record)) == (SCHEMA_VERSION, contract())

    def test_it_says_what_each_code_means(self) -> None:
        told = json.loads(schema_files()["codelists.json"])
        assert set(told) == {one.published_name() for one in codelists()}
        assert told["TargetVerdict"]["fell_silent"] == TargetVerdict.FELL_SILENT.meaning
        assert all(meaning.endswith(".") for meanings in told.values() for meaning in meanings.values())

    def test_its_notes_begin_with_this_version(self) -> None:
        versions = re.findall(r"(?m)^## (\d+\.\d+\.\d+)$", schema_files()["CHANGES.md"].decode())
        assert versions[0] == SCHEMA_VERSION
        assert versions == sorted(versions, key=lambda one: tuple(map(int, one.split("."))), reverse=True)


class TestJsonSchema:
    def test_the_metaschema_takes_every_schema(self, folder: Path) -> None:
        done = checked("--check-metaschema", *sorted(folder.glob("*.schema.json")))
        assert done.exit_code == 0, done.output

    def test_the_metaschema_refuses_a_planted_fault(self, folder: Path, tmp_path: Path) -> None:
        text = (folder / "observations.schema.json").read_text("utf-8")
        for old, new in (('"object"', '"objekt"'), ('"enum": [', '"enum": {"a": ['), ('"required"', '"type"')):
            assert old in text
            (tmp_path / "planted.json").write_text(text.replace(old, new, 1), encoding="utf-8")
            assert checked("--check-metaschema", tmp_path / "planted.json").exit_code == 1, new

    def test_it_takes_every_row_of_every_table(self, published: Path, folder: Path, tmp_path: Path) -> None:
        """All tables in one go: an object of arrays whose items are held against the published schemas."""
        kinds = {table: json.loads((folder / f"{table}.schema.json").read_bytes()) for table in TABLES}
        whole = {"properties": {table: {"type": "array", "items": kind} for table, kind in kinds.items()}}
        (tmp_path / "whole.json").write_text(json.dumps(whole | {"required": list(TABLES)}), encoding="utf-8")
        tables = {table: rows(published, table) for table in TABLES}
        assert len(tables["observations"]) > 50
        (tmp_path / "tables.json").write_text(json.dumps(tables), encoding="utf-8")
        done = checked("--schemafile", tmp_path / "whole.json", tmp_path / "tables.json")
        assert done.exit_code == 0, done.output

    def test_it_refuses_a_wrong_cell(self, published_seed: Path, folder: Path) -> None:
        for table, column, cell, fault in FAULTS:
            done = judged(folder, table, rows(published_seed, table)[0] | {column: cell})
            assert (done.exit_code, fault in done.output) == (1, True), done.output

    def test_it_refuses_a_row_that_lacks_a_column(self, published_seed: Path, folder: Path) -> None:
        for table in ("observations", "documents", "indicators"):
            *others, last = rows(published_seed, table)[0].items()
            done = judged(folder, table, dict(others))
            assert (done.exit_code, f"'{last[0]}' is a required property" in done.output) == (1, True), done.output

    def test_it_takes_a_column_that_a_later_version_appends(self, published_seed: Path, folder: Path) -> None:
        row = rows(published_seed, "observations")[0]
        assert judged(folder, "observations", row | {"appended": "later"}).exit_code == 0

    def test_it_describes_every_column_and_names_itself_by_version(self) -> None:
        for table, columns in TABLES.items():
            schema = json.loads(schema_files()[f"{table}.schema.json"])
            assert schema["$id"] == f"urn:gongbao:schema:{SCHEMA_VERSION}:{table}"
            assert list(schema["properties"]) == [column.name for column in columns]
            assert all(one["description"].endswith(".") and one["title"] for one in schema["properties"].values())


class TestTableSchema:
    def errors(self, csv: Path, table: str) -> set[str]:
        """The kinds of errors that frictionless finds in a CSV file by the published schema."""
        schema = Schema.from_descriptor(json.loads(schema_files()[f"{table}.tableschema.json"]))
        report = Resource(path=csv.name, basepath=str(csv.parent), schema=schema).validate()
        assert report.valid == (not report.flatten(["type"]))
        assert report.tasks[0].place == csv.name
        return {kind for (kind,) in report.flatten(["type"])}

    def test_frictionless_takes_the_csv_of_each_table(self, published: Path) -> None:
        errors = {table: self.errors(published / f"{table}.csv", table) for table in TABLES}
        assert not any(errors.values()), errors

    def test_frictionless_finds_what_is_wrong(self, published_seed: Path, tmp_path: Path) -> None:
        text, file = (published_seed / "observations.csv").read_text("utf-8"), tmp_path / "observations.csv"
        for old, new, error in [
            (",573.72,", ",plenty,", "type-error"),
            (",level,", ",level,x,", "extra-cell"),
            (",actual,", ",achieved,", "constraint-error"),
            ("obs_id,", "id,", "incorrect-label"),
            (",origin\n", "\n", "missing-label"),
            (line := text.splitlines(keepends=True)[-1], line * 2, "primary-key"),
        ]:
            assert old in text
            file.write_text(text.replace(old, new, 1), encoding="utf-8")
            assert error in self.errors(file, "observations"), new

    def test_it_keeps_to_the_published_schema_of_the_standard(self) -> None:
        profile = json.loads(shared("standards", "datapackage", "2.0", "tableschema.json").read_text("utf-8"))
        for table in TABLES:
            descriptor = json.loads(schema_files()[f"{table}.tableschema.json"])
            Draft7Validator(profile).validate(descriptor)
            with pytest.raises(ValidationError):
                Draft7Validator(profile).validate(descriptor | {"fields": []})
