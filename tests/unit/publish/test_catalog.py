"""Reading releases back: what is not as it was published is named. Tampering has tests of its own, in `verify`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.report_readings import report_2023, tables
from support.report_releases import VERSION, place, report_release
from support.signed import SECOND, THIRD, text_of
from support.tampering import flip

from infra.store import Store, open_store
from publish.bucket.catalog import load_index, load_manifest, load_table, load_tables
from publish.bucket.manifest import from_manifest
from publish.bucket.pointer import read_pointer
from publish.release.build_files import release_files
from publish.release.publish import publish_release
from publish.verify.store import verify
from schemas.errors import ArticleError, StoreCorrupt
from schemas.release import DocumentEntry, Manifest
from schemas.tables.columns import TABLES


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    """A copy of a folder with three releases, to be spoilt."""
    return Path(shutil.copytree(sound, tmp_path / "store"))


@pytest.fixture
def store(sound: Path) -> Store:
    """The same three releases, to be read only."""
    return open_store(str(sound))


def manifest_of(store: Store) -> Manifest:
    pointer = read_pointer(store, "torch")
    assert pointer is not None
    return load_manifest(store, "torch", pointer)


class TestReadingBack:
    def test_the_manifest_is_that_of_the_pointer_and_the_tables_come_back_as_they_were_built(
        self, store: Store
    ) -> None:
        manifest = manifest_of(store)
        assert manifest.release.version == THIRD
        for name, frame in load_tables(store, manifest).items():
            assert_frame_equal(frame, tables()[name])

    def test_the_index_lists_every_release_newest_first(self, store: Store) -> None:
        listed = [(release.version, release.previous) for release in load_index(store)["torch"]]
        assert listed == [(THIRD, SECOND), (SECOND, VERSION), (VERSION, "")]

    def test_the_manifest_lists_the_files_that_lie_there(self, sound: Path) -> None:
        folder = sound / "torch" / "v" / VERSION
        listed = {entry.name for entry in from_manifest((folder / "manifest.json").read_bytes()).files}
        unlisted = {"manifest.json", "SHA256SUMS", "SHA256SUMS.minisig", "SHA256SUMS.sshsig"}
        assert {file.name for file in folder.iterdir()} == listed | unlisted

    def test_a_store_without_releases_has_no_pointer_and_an_empty_index(self, tmp_path: Path) -> None:
        empty = open_store(str(tmp_path / "empty"))
        assert read_pointer(empty, "torch") is None
        assert dict(load_index(empty)) == {}

    def test_a_file_with_a_flipped_byte_or_none_is_not_read_and_named(self, root: Path) -> None:
        folder, store = root / "torch" / "v" / THIRD, open_store(str(root))
        manifest = manifest_of(store)
        for table in TABLES:
            flip(folder / f"{table}.parquet", at=100)
            with pytest.raises(StoreCorrupt, match=rf"{table}\.parquet"):
                load_table(store, manifest, table)
        (folder / "numbers.parquet").unlink()
        with pytest.raises(StoreCorrupt, match=r"numbers\.parquet: the file is missing"):
            load_table(store, manifest, "numbers")
        flip(folder / "manifest.json")
        with pytest.raises(StoreCorrupt, match=rf"torch/v/{THIRD}/manifest\.json"):
            manifest_of(store)

    def test_a_broken_pointer_is_an_error_that_names_it(self, tmp_path: Path) -> None:
        (tmp_path / "torch").mkdir()
        for data in (b"", b"{}", b"[1]", b'{"version": "../../etc"}', b"\xff\xfe"):
            (tmp_path / "torch" / "latest.json").write_bytes(data)
            with pytest.raises(StoreCorrupt, match=r"torch/latest\.json"):
                read_pointer(open_store(str(tmp_path)), "torch")

    def test_a_pointer_to_a_hostile_version_is_refused(self, root: Path) -> None:
        pointer = root / "torch" / "latest.json"
        pointer.write_text(pointer.read_text("utf-8").replace(f'"{THIRD}"', '"../../../etc"'), "utf-8")
        with pytest.raises(StoreCorrupt, match="invalid version"):
            read_pointer(open_store(str(root)), "torch")

    def test_a_broken_index_is_an_error_that_names_it(self, tmp_path: Path) -> None:
        for data in (b"{", b'{"datasets": {"a": {}}}', b'{"datasets": []}', b'{"datasets": {"a": 1}}'):
            (tmp_path / "index.json").write_bytes(data)
            with pytest.raises(StoreCorrupt, match=r"index\.json"):
                load_index(open_store(str(tmp_path)))


class TestVerify:
    @pytest.mark.parametrize(
        ("damage", "code", "where"),
        [
            (lambda torch: (torch / "v" / VERSION / "extra.csv").touch(), "stranger", f"torch/v/{VERSION}/extra.csv"),
            (lambda torch: (torch / "latest" / "LICENSE").unlink(), "latest", "torch/latest/LICENSE"),
            (lambda torch: (torch.parent / "index.json").write_bytes(b"{"), "index", "index.json"),
        ],
        ids=["stranger", "copy", "index"],
    )
    def test_a_strange_file_a_missing_copy_and_an_unreadable_index_are_named(
        self, root: Path, damage: Callable[[Path], object], code: str, where: str
    ) -> None:
        damage(root / "torch")
        found = verify(open_store(str(root)), text_of, ("torch",))
        assert [(finding.code, finding.where) for finding in found] == [(f"verify_{code}", where)]

    def test_a_dataset_that_was_never_published_has_no_pointer(self, store: Store) -> None:
        assert [finding.where for finding in verify(store, text_of, ("cuiheng",))] == ["cuiheng/latest.json"]


class TestSpans:
    def test_a_page_that_gives_another_text_is_named_with_its_document(self, store: Store) -> None:
        found = verify(store, lambda dataset, entry: text_of(dataset, entry) + "。")
        assert {finding.code for finding in found} == {"verify_text"}
        assert len(found) == 6
        assert found[0].where == f"torch/v/{THIRD}/ post-1"

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
        built = report_release(report_2023())
        shifted = pl.col("char_start") + 1, pl.col("char_end") + 1
        observations = built.tables["observations"].with_columns(*shifted)
        wrong = replace(built, tables={**built.tables, "observations": observations}, portal=False)
        publish_release(place(store), partial(release_files, wrong))
        (found,) = verify(store, text_of)
        assert (found.code, found.count) == ("verify_spans", 3)
        assert found.evidence[0] == "CN-442000-torch|gdp|growth||2023|actual"
