"""A release folder: the same bytes for the same content, accepted by validators that others wrote."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.report_readings import DAY, NOW, READER, REGISTRY, corrected, recaptured, report_2023, report_2024, tables
from support.report_releases import VERSION, first, report_release, second
from support.requires import program

from publish.bucket.manifest import from_manifest, sums_of, to_manifest
from publish.bucket.serialize import sha256
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
        papers = {
            "manifest.json",
            "quality.json",
            "validation.json",
            "CHANGES.md",
            "LICENSE",
            "CITATION.cff",
            "SHA256SUMS",
        }
        descriptions = {"datapackage.json", "csv-metadata.json", "croissant.json", "dcat.jsonld"}
        assert set(FILES) == tabular | papers | descriptions | {"torch.xlsx", "portal.zip"}

        assert (next(iter(FILES)), list(FILES)[-1]) == ("manifest.json", "SHA256SUMS")

    def test_another_version_changes_papers_and_footers_and_no_csv(self) -> None:
        one, other = (first(portal=False)(version) for version in (VERSION, "2026.11.23.2"))
        same = {name for name in one if other[name] == one[name]}
        assert same == {f"{table}.csv" for table in TABLES} | {"quality.json", "validation.json", "LICENSE"}

    def test_nothing_in_it_tells_the_time_of_the_run(self) -> None:
        clock = f"{NOW:%H:%M}"
        assert FILES["documents.csv"].decode().count(clock) == 2
        assert clock not in (FILES["CHANGES.md"] + FILES["quality.json"] + FILES["datapackage.json"]).decode()

    def test_the_parquet_footer_names_version_licence_and_content(self, tmp_path: Path) -> None:
        write(tmp_path, FILES)
        for table in TABLES:
            said = {"version": VERSION, "licence": "CC-BY-4.0", "content_sha256": sha256(FILES[f"{table}.csv"])}
            assert pl.read_parquet_metadata(tmp_path / f"{table}.parquet").items() >= said.items()

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
        hashes = {entry.name: entry.content_sha256 for entry in release.tables}
        assert hashes == {table: sha256(FILES[f"{table}.csv"]) for table in TABLES}

    def test_it_lists_size_and_hash_of_each_file(self) -> None:
        listed = {entry.name: (entry.size, entry.sha256) for entry in from_manifest(FILES["manifest.json"]).files}
        rest = {name: data for name, data in FILES.items() if name not in {"manifest.json", "SHA256SUMS"}}
        assert listed == {name: (len(data), sha256(data)) for name, data in rest.items()}

    def test_it_says_which_capture_holds_each_document(self) -> None:
        entry, _ = from_manifest(FILES["manifest.json"]).release.documents
        capture = report_2023().capture
        assert (entry.document, entry.url, entry.state) == ("post-1", capture.url, "ok")
        assert (entry.captured_at, entry.archive_key) == ("2026-11-23T04:00:00Z", capture.key)
        assert (entry.payload_sha256, entry.text_sha256) == (capture.sha256, report_2023().text_sha256)

    def test_what_is_no_manifest_is_an_error_that_names_the_file(self) -> None:
        no_date = FILES["manifest.json"].replace(b'"2026-11-23"', b'"today"')
        for data in (b"", b"{", b"[]", b"{}", b"\xff", no_date):
            with pytest.raises(StoreCorrupt, match=r"torch/v/x/manifest\.json"):
                from_manifest(data, "torch/v/x/manifest.json")


class TestChain:
    def test_the_sums_of_a_manifest_are_those_that_lie_beside_it(self) -> None:
        manifest = from_manifest(FILES["manifest.json"])
        assert sums_of(manifest, sha256(FILES["manifest.json"])) == FILES["SHA256SUMS"]

    def test_it_names_the_hash_of_the_sums_before_it_and_the_keys_that_sign(self) -> None:
        key = "ssh:SHA256:" + "aB+/" * 10 + "xyz"
        signed_by = (key, "minisign:0123456789ABCDEF")
        drafted = replace(report_release(previous=VERSION, former=FILES), portal=False, signed_by=signed_by)
        release = from_manifest(release_files(drafted, "2026.11.23.2")["manifest.json"]).release
        assert release.previous_sums_sha256 == sha256(FILES["SHA256SUMS"])
        assert release.signed_by == signed_by

    def test_a_key_of_no_known_kind_is_refused(self) -> None:
        for name in ("", "ssh:SHA256:short", "minisign:0123456789abcdef", "pgp:0123456789ABCDEF", "../x"):
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
        edits: tuple[dict[str, Any], ...] = (
            {"labels": Labels(keywords="工业")},
            {"title": "x"},
            {"published_on": None},
        )
        edited = [replace(report, document=replace(report.document, **edit)) for edit in edits]
        restated = replace(report, state=SourceState.GONE), replace(report, index_note="invalid")
        hashes = [self.inputs(one) for one in (report, corrected(), *edited, *restated)]
        hashes += [inputs_sha256([report], "reader-2", REGISTRY), inputs_sha256([report], READER, "registry-2")]
        assert len({*hashes, self.inputs()}) == len(hashes) + 1

    def test_content_is_the_same_the_next_day_and_another_after_a_change(self) -> None:
        first, tomorrow = tables(), DAY + timedelta(days=1)
        assert content_sha256(tables(previous=first, released_on=tomorrow)) == content_sha256(first)
        changed = tables(report_2023(), corrected(), previous=first, released_on=tomorrow)
        assert content_sha256(changed) != content_sha256(first)


def test_the_data_package_describes_every_column_and_names_its_sources_and_its_licence() -> None:
    descriptor = json.loads(FILES["datapackage.json"])
    fields = {one["name"]: one["schema"]["fields"] for one in descriptor["resources"] if one.get("type") == "table"}
    for table, columns in TABLES.items():
        assert [field["name"] for field in fields[table]] == [column.name for column in columns]
        assert all(field["description"].endswith(".") and field["type"] for field in fields[table])
    urls = [report.capture.url for report in (report_2023(), report_2024())]
    assert [source["path"] for source in descriptor["sources"]] == urls
    assert (descriptor["licenses"][0]["name"], descriptor["version"]) == ("CC-BY-4.0", VERSION)


def test_the_second_release_names_the_first_and_has_its_own_numbers() -> None:
    files = second(portal=False)("2026.11.23.2")
    assert from_manifest(files["manifest.json"]).release.previous == VERSION
    assert files["observations.csv"] != FILES["observations.csv"]
    assert files["indicators.csv"] == FILES["indicators.csv"]
