"""A release folder: the same bytes for the same content, accepted by validators that others wrote."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from frictionless import Package
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped] # it ships no types
from support.drafts import VERSION, draft, first, second
from support.reports import DAY, NOW, READER, REGISTRY, corrected, recaptured, report_2023, report_2024, tables
from support.requires import program, shared

from publish.bucket.manifest import from_manifest, sums_of, to_manifest
from publish.bucket.serialize import sha256, to_csv
from publish.release.build_files import content_sha256, release_files
from publish.tables.inputs import inputs_sha256
from schemas.codelists import SourceState
from schemas.document import Labels
from schemas.errors import StoreCorrupt
from schemas.reading import Reading
from schemas.tables.columns import SCHEMA_VERSION, TABLES

FILES = first()(VERSION)


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


class TestFolder:
    def test_it_holds_each_table_twice_and_all_of_them_as_a_workbook_with_its_papers(self) -> None:
        tabular = {f"{table}.{kind}" for table in TABLES for kind in ("csv", "parquet")}
        papers = {"manifest.json", "quality.json", "CHANGES.md", "LICENSE", "CITATION.cff", "SHA256SUMS"}
        descriptions = {"datapackage.json", "csv-metadata.json", "croissant.json", "dcat.jsonld"}
        assert set(FILES) == tabular | papers | descriptions | {"torch.xlsx", "portal.zip"}

    def test_the_manifest_is_written_first_and_the_sums_last(self) -> None:
        assert (next(iter(FILES)), list(FILES)[-1]) == ("manifest.json", "SHA256SUMS")

    def test_the_same_draft_gives_the_same_bytes(self) -> None:
        assert release_files(draft(), VERSION) == FILES

    def test_another_version_changes_papers_and_footers_and_no_csv(self) -> None:
        other = release_files(draft(), "2026.11.23.2")
        same = {name for name in FILES if other[name] == FILES[name]}
        assert same == {f"{table}.csv" for table in TABLES} | {"quality.json", "LICENSE"}

    def test_nothing_in_it_tells_the_time_of_the_run(self) -> None:
        clock = f"{NOW:%H:%M}"
        captured = FILES["documents.csv"].decode().count(clock)
        assert captured == 2
        assert clock not in (FILES["CHANGES.md"] + FILES["quality.json"] + FILES["datapackage.json"]).decode()

    def test_the_parquet_footer_names_version_licence_and_content(self, tmp_path: Path) -> None:
        for table in TABLES:
            footer = pl.read_parquet_metadata(write(tmp_path, FILES) / f"{table}.parquet")
            assert footer["version"] == VERSION
            assert footer["licence"] == "CC-BY-4.0"
            assert footer["content_sha256"] == sha256(FILES[f"{table}.csv"])

    def test_sha256sum_accepts_it_and_names_a_flipped_byte(self, tmp_path: Path) -> None:
        write(tmp_path, FILES)
        check = [program("sha256sum"), "--strict", "-c", "SHA256SUMS"]
        assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
        spoilt = bytearray(FILES["numbers.csv"])
        spoilt[40] ^= 1
        (tmp_path / "numbers.csv").write_bytes(spoilt)
        failed = subprocess.run(check, cwd=tmp_path, check=False, capture_output=True, text=True)
        assert failed.returncode == 1
        assert "numbers.csv: FAILED" in failed.stdout

    def test_the_sums_name_every_other_file(self) -> None:
        named = {line.split("  ")[1] for line in FILES["SHA256SUMS"].decode().splitlines()}
        assert named == set(FILES) - {"SHA256SUMS"}


class TestManifest:
    def test_it_reads_back_as_what_was_written(self) -> None:
        manifest = from_manifest(FILES["manifest.json"])
        assert to_manifest(manifest) == FILES["manifest.json"]
        release = manifest.release
        assert (release.dataset, release.version, release.previous, release.released_on) == ("torch", VERSION, "", DAY)
        assert (release.schema_version, release.reader_version) == (SCHEMA_VERSION, READER)
        assert release.content_sha256 == content_sha256(tables())
        assert {entry.name: entry.rows for entry in release.tables}["observations"] == 8

    def test_it_lists_size_and_hash_of_each_file(self) -> None:
        listed = {entry.name: (entry.size, entry.sha256) for entry in from_manifest(FILES["manifest.json"]).files}
        rest = {name: data for name, data in FILES.items() if name not in {"manifest.json", "SHA256SUMS"}}
        assert listed == {name: (len(data), sha256(data)) for name, data in rest.items()}

    def test_it_says_which_capture_holds_each_document(self) -> None:
        first, _ = from_manifest(FILES["manifest.json"]).release.documents
        assert asdict(first) == {
            "document": "post-1",
            "url": report_2023().capture.url,
            "captured_at": "2026-11-23T04:00:00Z",
            "payload_sha256": report_2023().capture.sha256,
            "text_sha256": report_2023().text_sha256,
            "archive_key": report_2023().capture.key,
            "state": "ok",
        }

    @pytest.mark.parametrize(
        "data",
        [b"", b"{", b"[]", b"{}", b"\xff", FILES["manifest.json"].replace(b'"2026-11-23"', b'"today"')],
        ids=["empty", "cut", "list", "blank", "not utf-8", "no date"],
    )
    def test_what_is_no_manifest_is_an_error_that_names_the_file(self, data: bytes) -> None:
        with pytest.raises(StoreCorrupt, match=r"torch/v/x/manifest\.json"):
            from_manifest(data, "torch/v/x/manifest.json")


class TestChain:
    def test_the_sums_of_a_manifest_are_those_that_lie_beside_it(self) -> None:
        manifest = from_manifest(FILES["manifest.json"])
        assert sums_of(manifest, sha256(FILES["manifest.json"])) == FILES["SHA256SUMS"]

    def test_it_names_the_hash_of_the_sums_before_it_and_the_keys_that_sign(self) -> None:
        key = "ssh:SHA256:" + "aB+/" * 10 + "xyz"
        drafted = replace(draft(previous=VERSION, former=FILES), signed_by=(key, "minisign:0123456789ABCDEF"))
        release = from_manifest(release_files(drafted, "2026.11.23.2")["manifest.json"]).release
        assert release.previous_sums_sha256 == sha256(FILES["SHA256SUMS"])
        assert release.signed_by == (key, "minisign:0123456789ABCDEF")

    @pytest.mark.parametrize(
        "name", ["", "ssh:SHA256:short", "minisign:0123456789abcdef", "pgp:0123456789ABCDEF", "../x"]
    )
    def test_a_key_of_no_known_kind_is_refused(self, name: str) -> None:
        bad = FILES["manifest.json"].replace(b'"signed_by": []', f'"signed_by": ["{name}"]'.encode())
        with pytest.raises(StoreCorrupt, match="not the manifest of a release"):
            from_manifest(bad)

    def test_a_release_from_before_the_contract_is_told_with_what_to_do(self) -> None:
        record = json.loads(FILES["manifest.json"]) | {"schema_version": "0.1.0"}
        for name in ("previous_sums_sha256", "signed_by", "announced", "contract_sha256", "built_with"):
            del record[name]
        with pytest.raises(StoreCorrupt, match=r"torch/v/x: .* schema 0\.1\.0, .* first contract; .* empty store"):
            from_manifest(json.dumps(record).encode(), "torch/v/x")


class TestHashes:
    def inputs(self, *readings: Reading) -> str:
        return inputs_sha256(readings, READER, REGISTRY)

    def test_inputs_do_not_depend_on_the_order_nor_on_bytes_that_carry_the_same_text(self) -> None:
        base = self.inputs(report_2023(), report_2024())
        assert self.inputs(report_2024(), report_2023()) == base
        assert self.inputs(report_2023(), recaptured(report_2024(), b"viewed 2 times")) == base

    def test_inputs_change_with_everything_that_could_change_the_release(self) -> None:
        report = report_2024()
        relabelled = replace(report, document=replace(report.document, labels=Labels(keywords="工业")))
        retitled = replace(report, document=replace(report.document, title="x"))
        redated = replace(report, document=replace(report.document, published_on=None))
        changed = [
            self.inputs(report),
            self.inputs(),
            self.inputs(corrected()),
            self.inputs(relabelled),
            self.inputs(retitled),
            self.inputs(redated),
            self.inputs(replace(report, state=SourceState.GONE)),
            self.inputs(replace(report, index_note="invalid")),
            inputs_sha256([report], "reader-2", REGISTRY),
            inputs_sha256([report], READER, "registry-2"),
        ]
        assert len(set(changed)) == len(changed)

    def test_content_is_that_of_the_csv_files(self) -> None:
        hashes = {entry.name: entry.content_sha256 for entry in from_manifest(FILES["manifest.json"]).release.tables}
        assert hashes == {table: sha256(FILES[f"{table}.csv"]) for table in TABLES}

    def test_content_is_the_same_the_next_day_and_another_after_a_change(self) -> None:
        first, tomorrow = tables(), DAY + timedelta(days=1)
        assert content_sha256(tables(previous=first, released_on=tomorrow)) == content_sha256(first)
        changed = tables(report_2023(), corrected(), previous=first, released_on=tomorrow)
        assert content_sha256(changed) != content_sha256(first)


class TestDataPackage:
    def test_frictionless_accepts_it_after_a_look_at_every_row_of_every_csv(self, tmp_path: Path) -> None:
        command = [program("frictionless"), "validate", "--json", "datapackage.json"]
        folder = write(tmp_path, FILES)
        run = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        report = json.loads(run.stdout)
        assert report["valid"]
        rows = {task["name"]: task["stats"].get("rows") for task in report["tasks"]}
        assert {table: rows[table] or 0 for table in TABLES} == {table: tables()[table].height for table in TABLES}

    @pytest.mark.parametrize(
        ("name", "error", "fault"),
        [
            ("observations.csv", "type-error", lambda data: data.replace(b",573.72,", b",plenty,")),
            ("observations.csv", "primary-key", lambda data: data + data.splitlines(keepends=True)[-1]),
            ("documents.csv", "incorrect-label", lambda data: data.replace(b"document,", b"paper,", 1)),
            ("numbers.csv", "hash-count", lambda data: data.replace(b"510", b"511", 1)),
        ],
        ids=["text for a number", "a row twice", "another header", "another digit"],
    )
    def test_frictionless_rejects_a_seeded_fault(
        self, tmp_path: Path, name: str, error: str, fault: Callable[[bytes], bytes]
    ) -> None:
        folder = write(tmp_path, {**FILES, name: fault(FILES[name])})
        report = Package(str(folder / "datapackage.json")).validate()
        assert error in {found for (found,) in report.flatten(["type"])}

    def test_it_keeps_to_the_published_schema_of_the_standard(self) -> None:
        profile = json.loads(shared("standards", "datapackage", "2.0", "datapackage.json").read_text("utf-8"))
        descriptor = json.loads(FILES["datapackage.json"])
        Draft7Validator(profile).validate(descriptor)
        with pytest.raises(ValidationError):
            Draft7Validator(profile).validate({**descriptor, "resources": []})

    def test_every_column_is_described_and_typed(self) -> None:
        descriptor = json.loads(FILES["datapackage.json"])
        fields = {one["name"]: one["schema"]["fields"] for one in descriptor["resources"] if one.get("type") == "table"}
        for table, columns in TABLES.items():
            assert [field["name"] for field in fields[table]] == [column.name for column in columns]
            assert all(field["description"].endswith(".") and field["type"] for field in fields[table])

    def test_it_names_its_sources_and_its_licence(self) -> None:
        descriptor = json.loads(FILES["datapackage.json"])
        assert [source["path"] for source in descriptor["sources"]] == [
            report_2023().capture.url,
            report_2024().capture.url,
        ]
        assert descriptor["licenses"][0]["name"] == "CC-BY-4.0"
        assert descriptor["version"] == VERSION


def test_the_second_release_names_the_first(tmp_path: Path) -> None:
    files = second()("2026.11.23.2")
    assert from_manifest(files["manifest.json"]).release.previous == VERSION
    assert (
        pl.read_csv(write(tmp_path, files) / "observations.csv")["value"].to_list()
        != tables()["observations"]["value"].to_list()
    )
    assert to_csv(tables()["indicators"]) == files["indicators.csv"]
