"""Reading back and verifying: whatever is not as it was published is named."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.drafts import VERSION, draft, first, place, second
from support.reports import corrected, report_2023, tables, texts

from infra.store import Store, open_store
from publish.bucket.catalog import load_index, load_manifest, load_table, load_tables
from publish.bucket.layout import headers
from publish.bucket.manifest import from_manifest
from publish.bucket.pointer import read_pointer
from publish.release.build_files import release_files
from publish.release.publish import publish_release
from publish.verify.store import verify
from schemas.errors import ArticleError, StoreCorrupt
from schemas.release import DocumentEntry, Manifest
from schemas.tables.columns import TABLES

LATER = "2026.11.23.2"


def text_of(_dataset: str, document: DocumentEntry) -> str:
    changed = corrected()
    return changed.document.text if document.text_sha256 == changed.text_sha256 else texts()[document.document]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two releases."""
    folder = tmp_path / "store"
    publish_release(place(open_store(str(folder))), first())
    publish_release(place(open_store(str(folder))), second())
    return folder


@pytest.fixture
def store(root: Path) -> Store:
    return open_store(str(root))


def manifest_of(store: Store) -> Manifest:
    pointer = read_pointer(store, "torch")
    assert pointer is not None
    return load_manifest(store, "torch", pointer)


def flip(file: Path, at: int = -2) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


class TestReadingBack:
    def test_the_tables_come_back_as_they_were_built(self, store: Store) -> None:
        publish_release(place(store, days=1), first())
        for name, frame in load_tables(store, manifest_of(store)).items():
            assert_frame_equal(frame, tables()[name])

    def test_the_manifest_is_that_of_the_pointer(self, store: Store) -> None:
        assert manifest_of(store).release.version == LATER

    def test_the_index_lists_every_release_newest_first(self, store: Store) -> None:
        assert [(one.version, one.previous) for one in load_index(store)["torch"]] == [(LATER, VERSION), (VERSION, "")]

    def test_a_store_without_releases_has_no_pointer_and_an_empty_index(self, tmp_path: Path) -> None:
        empty = open_store(str(tmp_path / "empty"))
        assert read_pointer(empty, "torch") is None
        assert dict(load_index(empty)) == {}

    def test_a_manifest_with_a_flipped_byte_is_not_read(self, root: Path, store: Store) -> None:
        flip(root / "torch" / "v" / LATER / "manifest.json")
        with pytest.raises(StoreCorrupt, match=rf"torch/v/{LATER}/manifest\.json"):
            manifest_of(store)

    @pytest.mark.parametrize("table", TABLES)
    def test_a_table_with_a_flipped_byte_is_not_read(self, root: Path, store: Store, table: str) -> None:
        flip(root / "torch" / "v" / LATER / f"{table}.parquet", at=100)
        with pytest.raises(StoreCorrupt, match=rf"{table}\.parquet"):
            load_table(store, manifest_of(store), table)

    def test_a_missing_file_is_named(self, root: Path, store: Store) -> None:
        (root / "torch" / "v" / LATER / "numbers.parquet").unlink()
        with pytest.raises(StoreCorrupt, match=r"numbers\.parquet: the file is missing"):
            load_table(store, manifest_of(store), "numbers")

    @pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"version": "../../etc"}', b"\xff\xfe"])
    def test_a_broken_pointer_is_an_error_that_names_it(self, store: Store, root: Path, data: bytes) -> None:
        (root / "torch" / "latest.json").write_bytes(data)
        with pytest.raises(StoreCorrupt, match=r"torch/latest\.json"):
            read_pointer(store, "torch")

    def test_a_pointer_to_a_hostile_version_is_refused(self, store: Store, root: Path) -> None:
        pointer = root / "torch" / "latest.json"
        pointer.write_text(pointer.read_text("utf-8").replace(f'"{LATER}"', '"../../../etc"'), "utf-8")
        with pytest.raises(StoreCorrupt, match="invalid version"):
            read_pointer(store, "torch")

    @pytest.mark.parametrize("data", [b"{", b'{"datasets": {"a": {}}}', b'{"datasets": []}', b'{"datasets": {"a": 1}}'])
    def test_a_broken_index_is_an_error_that_names_it(self, store: Store, root: Path, data: bytes) -> None:
        (root / "index.json").write_bytes(data)
        with pytest.raises(StoreCorrupt, match=r"index\.json"):
            load_index(store)


def names() -> list[str]:
    return sorted(first()(VERSION))


class TestVerify:
    def test_sound_releases_have_no_finding(self, store: Store) -> None:
        assert verify(store, text_of) == ()

    @pytest.mark.parametrize("name", names())
    @pytest.mark.parametrize("folder", [f"v/{VERSION}", f"v/{LATER}", "latest"])
    def test_a_flipped_byte_is_named(self, root: Path, store: Store, folder: str, name: str) -> None:
        flip(root / "torch" / folder / name)
        assert [finding.where for finding in verify(store, text_of)] == [f"torch/{folder}/{name}"]

    @pytest.mark.parametrize("name", names())
    def test_a_missing_file_is_named(self, root: Path, store: Store, name: str) -> None:
        (root / "torch" / "v" / VERSION / name).unlink()
        assert [finding.where for finding in verify(store, text_of)] == [f"torch/v/{VERSION}/{name}"]

    def test_a_missing_copy_is_named(self, root: Path, store: Store) -> None:
        (root / "torch" / "latest" / "LICENSE").unlink()
        (found,) = verify(store, text_of)
        assert (found.code, found.where) == ("verify_latest", "torch/latest/LICENSE")

    def test_a_file_that_nobody_listed_is_named(self, store: Store) -> None:
        stranger = f"torch/v/{VERSION}/extra.csv"
        store.put_new(stranger, b"x", headers(stranger))
        (found,) = verify(store, text_of)
        assert (found.code, found.where) == ("verify_stranger", stranger)

    def test_sums_that_say_something_else_are_named(self, root: Path, store: Store) -> None:
        sums = root / "torch" / "v" / VERSION / "SHA256SUMS"
        sums.write_bytes(b"".join(sums.read_bytes().splitlines(keepends=True)[1:]))
        (found,) = verify(store, text_of)
        assert (found.code, found.where) == ("verify_sums", f"torch/v/{VERSION}/SHA256SUMS")

    def test_a_pointer_to_an_older_release_is_named(self, root: Path, store: Store) -> None:
        older = load_index(store)["torch"][1]
        pointer = root / "torch" / "latest.json"
        record = json.loads(pointer.read_bytes()) | {"version": older.version, "manifest_sha256": older.manifest_sha256}
        pointer.write_text(json.dumps(record), "utf-8")
        assert [finding.code for finding in verify(store, text_of)] == ["verify_pointer"]

    @pytest.mark.parametrize("data", [b"", b"{}"])
    def test_a_pointer_that_cannot_be_read_is_named(self, root: Path, store: Store, data: bytes) -> None:
        (root / "torch" / "latest.json").write_bytes(data)
        (found,) = verify(store, text_of)
        assert (found.code, found.where) == ("verify_pointer", "torch/latest.json")

    def test_a_missing_pointer_is_named(self, root: Path, store: Store) -> None:
        (root / "torch" / "latest.json").unlink()
        assert [finding.where for finding in verify(store, text_of)] == ["torch/latest.json"]

    def test_an_index_that_cannot_be_read_is_named(self, root: Path, store: Store) -> None:
        (root / "index.json").write_bytes(b"{")
        assert [finding.where for finding in verify(store, text_of)] == ["index.json"]

    def test_an_index_that_says_another_version_before_is_named(self, root: Path, store: Store) -> None:
        index = root / "index.json"
        index.write_text(index.read_text("utf-8").replace(f'"previous": "{VERSION}"', '"previous": ""'), "utf-8")
        assert [finding.code for finding in verify(store, text_of)] == ["verify_index"]

    def test_only_the_named_datasets_are_looked_at(self, root: Path, store: Store) -> None:
        flip(root / "torch" / "v" / VERSION / "LICENSE")
        assert [finding.where for finding in verify(store, text_of, ("torch",))] == [f"torch/v/{VERSION}/LICENSE"]

    def test_a_dataset_that_was_never_published_has_no_pointer(self, store: Store) -> None:
        assert [finding.where for finding in verify(store, text_of, ("cuiheng",))] == ["cuiheng/latest.json"]


class TestSpans:
    def test_a_page_that_gives_another_text_is_named_with_its_document(self, store: Store) -> None:
        found = verify(store, lambda dataset, entry: text_of(dataset, entry) + "。")
        assert {finding.code for finding in found} == {"verify_text"}
        assert len(found) == 4
        assert found[0].where == f"torch/v/{LATER}/ post-1"

    def test_a_document_that_cannot_be_read_again_is_named_with_the_reason(self, store: Store) -> None:
        def lost(_dataset: str, _entry: DocumentEntry) -> str:
            raise ArticleError("no article in the page", where="raw/torch/x", remedy="look at the capture")

        found = verify(store, lost)
        assert {finding.code for finding in found} == {"verify_text"}
        assert found[0].evidence == ("raw/torch/x: no article in the page; look at the capture",)

    def test_each_document_is_read_once_for_all_releases(self, store: Store) -> None:
        asked: list[str] = []

        def counted(dataset: str, entry: DocumentEntry) -> str:
            asked.append(entry.text_sha256)
            return text_of(dataset, entry)

        assert verify(store, counted) == ()
        assert len(asked) == len(set(asked)) == 3

    def test_a_span_beside_its_number_is_named(self, tmp_path: Path) -> None:
        store = open_store(str(tmp_path / "spans"))
        built = draft(report_2023())
        shifted = pl.col("char_start") + 1, pl.col("char_end") + 1
        observations = built.tables["observations"].with_columns(*shifted)
        wrong = replace(built, tables={**built.tables, "observations": observations})
        publish_release(place(store), partial(release_files, wrong))
        (found,) = verify(store, text_of)
        assert (found.code, found.count) == ("verify_spans", 3)
        assert found.evidence[0] == "CN-442000-torch|gdp|growth||2023|actual"


def test_the_manifest_lists_the_files_that_lie_there(store: Store) -> None:
    keys = {entry.key.rpartition("/")[2] for entry in store.list(f"torch/v/{VERSION}/")}
    stored = store.get(f"torch/v/{VERSION}/manifest.json")
    assert stored is not None
    assert keys == {entry.name for entry in from_manifest(stored.data).files} | {"manifest.json", "SHA256SUMS"}
