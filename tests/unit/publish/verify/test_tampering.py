"""Tampering: whatever is done to signed releases, `verify` names the key.

What sha256sum, minisign and ssh-keygen see of it: `tests/validators/test_verify_page.py`.
"""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from support.report_releases import VERSION
from support.signed import SECOND, THIRD, VERSIONS, Keys, chain, run, text_of
from support.tampering import SIGNATURES, edit, faults, flip, know, point, releases, remember, swap, take_back, unlist

from infra.store import open_store
from publish.bucket.serialize import sha256
from publish.verify.store import verify
from schemas.tables.columns import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPECIAL = ("manifest.json", "SHA256SUMS", *SIGNATURES)
"""What the others are checked by; each of these is damaged alone."""

ORDINARY = tuple(sorted(set(chain(())[0]) - {*SPECIAL}))


@contextmanager
def flipped(file: Path, at: int = -2) -> Iterator[Path]:
    """A file with one bit turned over for a while."""
    before = file.read_bytes()
    flip(file, at)
    yield file
    file.write_bytes(before)


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound store, to be spoilt."""
    return shutil.copytree(sound, tmp_path / "store")


class TestSound:
    def test_nothing_is_found_with_and_without_pinned_keys(self, sound: Path, keys: Keys) -> None:
        assert faults(sound) == []
        assert faults(sound, *(signer.public for signer in keys.signers)) == []

    def test_each_release_names_the_hash_of_the_one_before_in_the_signed_comment(self, sound: Path, keys: Keys) -> None:
        previous = "none"
        for version in VERSIONS:
            sums = sound / "torch" / "v" / version / "SHA256SUMS"
            said = run("minisign", "-VQm", sums, "-p", keys.minisign_public).stdout.decode().strip()
            assert said == f"gongbao torch {version} previous:{previous}"
            previous = run("sha256sum", sums).stdout.decode().split()[0]


class TestFlippedByte:
    @pytest.mark.parametrize("folder", [f"v/{version}" for version in VERSIONS] + ["latest"])
    def test_in_any_file_of_any_release_it_is_named_once(self, root: Path, folder: str) -> None:
        for name in SPECIAL:
            with flipped(root / "torch" / folder / name):
                assert [where for _, where in faults(root)] == [f"torch/{folder}/{name}"]
        for name in ORDINARY:
            flip(root / "torch" / folder / name)
        assert sorted(where for _, where in faults(root)) == [f"torch/{folder}/{name}" for name in ORDINARY]

    def test_the_sums_list_every_file_but_themselves_and_the_signatures(self, sound: Path) -> None:
        sums = (sound / "torch" / "v" / SECOND / "SHA256SUMS").read_text("utf-8")
        assert {entry.split()[1] for entry in sums.splitlines()} == {*ORDINARY, "manifest.json"}

    @pytest.mark.parametrize("name", SIGNATURES)
    def test_anywhere_in_a_signature_it_is_named(self, root: Path, name: str) -> None:
        file = root / "torch" / "v" / VERSION / name
        for at in (0, file.stat().st_size // 3, file.stat().st_size - 1):
            with flipped(file, at):
                assert faults(root) == [("signature", f"torch/v/{VERSION}/{name}")], at

    def test_in_keys_it_is_named(self, root: Path) -> None:
        for file in (file for form in ("json", "pub", "allowed_signers") for file in (root / "keys").glob(f"*.{form}")):
            for at in (10, file.stat().st_size // 2, file.stat().st_size - 1):
                with flipped(file, at):
                    assert faults(root) == [("keys", f"keys/{file.name}")], at

    def test_a_missing_file_is_named_once(self, root: Path) -> None:
        folder = root / "torch" / "v" / SECOND
        for name in SPECIAL:
            before = (folder / name).read_bytes()
            (folder / name).unlink()
            assert [where for _, where in faults(root)] == [f"torch/v/{SECOND}/{name}"]
            (folder / name).write_bytes(before)
        for name in ORDINARY:
            (folder / name).unlink()
        assert sorted(where for _, where in faults(root)) == [f"torch/v/{SECOND}/{name}" for name in ORDINARY]


class TestSchema:
    def test_a_flipped_byte_in_any_file_of_the_schema_is_named(self, root: Path) -> None:
        for file in sorted((root / "schema" / SCHEMA_VERSION).iterdir()):
            with flipped(file):
                named = {where.rpartition("/")[2] for code, where in faults(root) if code == "schema"}
            assert named if file.name == "SHA256SUMS" else file.name in named  # a line of sums speaks of its own file
        assert faults(root) == []

    def test_a_file_of_the_schema_that_is_missing_or_too_many_is_named(self, root: Path) -> None:
        folder = root / "schema" / SCHEMA_VERSION
        (folder / "more.json").write_text("{}")
        assert faults(root) == [("schema", f"schema/{SCHEMA_VERSION}/more.json")]
        (folder / "more.json").unlink()
        for name in ("contract.json", "SHA256SUMS"):
            (folder / name).unlink()
            assert ("schema", f"schema/{SCHEMA_VERSION}/{name}") in faults(root)

    def test_another_contract_with_sums_that_fit_is_named(self, root: Path) -> None:
        folder = root / "schema" / SCHEMA_VERSION
        edit(folder / "contract.json", lambda contract: contract["tables"].pop("silences"))
        lines = (f"{sha256((folder / file.name).read_bytes())}  {file.name}" for file in sorted(folder.glob("[!S]*")))
        (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")
        assert ("schema", f"schema/{SCHEMA_VERSION}/contract.json") in faults(root)


def test_a_page_that_says_something_else_or_is_missing_is_named(root: Path) -> None:
    page = root / "torch" / "index.html"
    with flipped(page, page.stat().st_size // 2):
        assert faults(root) == [("latest", "torch/index.html")]
    (root / "torch" / "index.en.html").unlink()
    assert faults(root) == [("latest", "torch/index.en.html")]


class TestReleases:
    def test_two_releases_that_were_swapped_are_named_and_with_their_lines_too(self, root: Path) -> None:
        folder = root / "torch" / "v"
        swap(folder / VERSION, folder / SECOND)
        named = [("manifest", f"torch/v/{version}/manifest.json") for version in (SECOND, VERSION)]
        assert faults(root) == named

        def follow(index: Any) -> None:  # noqa: ANN401 - JSON
            _, second, first = releases(index)
            first["manifest_sha256"], second["manifest_sha256"] = second["manifest_sha256"], first["manifest_sha256"]

        edit(root / "index.json", follow)
        assert faults(root) == named

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_release_that_was_removed_and_taken_out_of_the_list_is_named(self, root: Path, version: str) -> None:
        shutil.rmtree(root / "torch" / "v" / version)
        assert faults(root) == [("manifest", f"torch/v/{version}/manifest.json")]
        if version != THIRD:
            unlist(root, version)
            assert faults(root) == [("lost", f"torch/v/{version}/")]

    @pytest.mark.parametrize("version", [VERSION, SECOND])
    def test_a_release_that_was_taken_out_of_the_list_alone_is_named(self, root: Path, version: str) -> None:
        unlist(root, version)
        assert faults(root) == [("lost", f"torch/v/{version}/")]

    def test_a_newest_release_that_was_taken_back_everywhere_is_named_by_what_knows_of_it(self, root: Path) -> None:
        take_back(root)
        assert faults(root) == []
        know(root)
        assert faults(root) == [("lost", f"torch/v/{THIRD}/"), ("pointer", "torch/latest.json")]
        (root / "status.json").unlink()
        remember(root, THIRD)
        assert faults(root) == [("lost", f"torch/v/{THIRD}/")]

    def test_a_folder_that_a_killed_run_left_is_no_fault(self, root: Path) -> None:
        shutil.copytree(root / "torch" / "v" / THIRD, root / "torch" / "v" / "2026.11.23.4")
        assert faults(root) == []


class TestPointerAndIndex:
    def test_a_pointer_to_an_old_release_is_named(self, root: Path) -> None:
        point(root, SECOND)
        (found,) = verify(open_store(str(root)), text_of)
        assert (found.code, found.where) == ("verify_pointer", "torch/latest.json")
        assert found.message == f"The pointer names {SECOND}, and index.json knows the later {THIRD}."

    def test_a_pointer_that_is_garbage_forged_or_missing_is_named(self, root: Path) -> None:
        pointer = root / "torch" / "latest.json"
        sound = pointer.read_bytes()
        fields = ("version", "manifest", "manifest_sha256", "released_at", "previous")
        forged = [json.dumps(json.loads(sound) | {field: "2026.11.30.1"}).encode() for field in fields]
        for data in (b"", b"\xff", b"[]", b"{}", b'{"version": "../../etc"}', *forged):
            pointer.write_bytes(data)
            assert faults(root) == [("pointer", "torch/latest.json")], data
        pointer.unlink()
        assert faults(root) == [("pointer", "torch/latest.json")]

    def test_each_forged_field_of_a_line_of_the_index_is_named(self, root: Path) -> None:
        before = (root / "index.json").read_bytes()
        for field in ("manifest", "schema_version", "previous", "signatures"):
            for which in (0, 2):
                index = json.loads(before)
                releases(index)[which][field] = []
                (root / "index.json").write_text(json.dumps(index), "utf-8")
                assert ("index", "index.json") in faults(root), field

    def test_a_forged_hash_in_the_index_is_named_with_the_manifest_that_it_belies(self, root: Path) -> None:
        edit(root / "index.json", lambda index: releases(index)[1].update(manifest_sha256="0" * 64))
        assert faults(root) == [("manifest", f"torch/v/{SECOND}/manifest.json")]

    def test_a_time_that_no_run_knows_is_named(self, root: Path) -> None:
        remember(root, VERSION)
        assert faults(root) == []
        edit(root / "index.json", lambda index: releases(index)[2].update(released_at="2020-01-01T00:00:00Z"))
        assert faults(root) == [("index", "index.json")]

    def test_a_list_out_of_order_and_another_latest_are_named(self, root: Path) -> None:
        edit(root / "index.json", lambda index: index["datasets"]["torch"].update(latest=SECOND))
        assert faults(root) == [("index", "index.json")]
        edit(root / "index.json", lambda index: releases(index).reverse())
        assert ("index", "index.json") in faults(root)

    def test_an_invented_release_is_named(self, root: Path) -> None:
        edit(
            root / "index.json", lambda index: releases(index).append(releases(index)[-1] | {"version": "2020.01.01.1"})
        )
        assert ("manifest", "torch/v/2020.01.01.1/manifest.json") in faults(root)

    def test_a_dataset_that_was_taken_out_of_the_index_is_named_by_the_status(self, root: Path) -> None:
        know(root)
        assert faults(root) == []
        edit(root / "index.json", lambda index: index["datasets"].clear())
        assert faults(root) == [("lost", f"torch/v/{THIRD}/"), ("pointer", "torch/latest.json")]

    def test_a_list_or_a_record_of_a_run_that_cannot_be_read_is_named(self, root: Path) -> None:
        key = remember(root, VERSION)
        for data in (b"{", b"{}", b'{"version": 3}'):
            (root / key).write_bytes(data)
            assert faults(root) == [("run", key)]
        (root / key).unlink()
        before = (root / "index.json").read_bytes()
        for name in ("index.json", "status.json"):
            (root / name).write_bytes(b"{")
            assert [where for _, where in faults(root)] == [name]
            (root / "index.json").write_bytes(before)
