"""Tampering: whatever is done to signed releases, `verify` names the key, and the standard tools see what they can."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from support.drafts import VERSION
from support.signed import SECOND, THIRD, VERSIONS, Keys, chain, run, text_of
from support.tampering import (
    MINISIG,
    SIGNATURES,
    SSHSIG,
    edit,
    faults,
    flip,
    know,
    line,
    point,
    releases,
    remember,
    swap,
    take_back,
    tools,
    unlist,
)

from infra.store import open_store
from publish.bucket.serialize import sha256
from publish.signing.schemes import signer_names
from publish.verify.store import verify
from schemas.tables.columns import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

FILES = (*sorted(chain(())[0]), *SIGNATURES)


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound store, to be spoilt."""
    return shutil.copytree(sound, tmp_path / "store")


class TestSound:
    def test_nothing_is_found_with_and_without_pinned_keys(self, sound: Path, keys: Keys) -> None:
        assert faults(sound) == []
        assert faults(sound, *(signer.public for signer in keys.signers)) == []

    @pytest.mark.parametrize("version", VERSIONS)
    def test_the_standard_tools_alone_accept_each_release(self, sound: Path, keys: Keys, version: str) -> None:
        assert tools(sound, version, keys) == (True, True, True)

    def test_each_release_names_the_hash_of_the_one_before_in_the_signed_comment(self, sound: Path, keys: Keys) -> None:
        previous = "none"
        for version in VERSIONS:
            sums = sound / "torch" / "v" / version / "SHA256SUMS"
            said = run("minisign", "-VQm", sums, "-p", keys.minisign_public).stdout.decode().strip()
            assert said == f"gongbao torch {version} previous:{previous}"
            previous = run("sha256sum", sums).stdout.decode().split()[0]

    def test_the_index_says_who_signed(self, sound: Path, keys: Keys) -> None:
        index = json.loads((sound / "index.json").read_bytes())
        assert [one["signatures"] for one in releases(index)] == [list(signer_names(keys.signers))] * 3

    def test_the_copies_under_latest_verify_too(self, sound: Path, keys: Keys) -> None:
        latest = sound / "torch" / "latest"
        assert run("minisign", "-Vm", latest / "SHA256SUMS", "-p", keys.minisign_public).returncode == 0
        assert run("sha256sum", "--strict", "-c", "SHA256SUMS", cwd=latest).returncode == 0


class TestFlippedByte:
    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize("folder", [f"v/{version}" for version in VERSIONS] + ["latest"])
    def test_in_any_file_of_any_release_it_is_named_once(self, root: Path, folder: str, name: str) -> None:
        flip(root / "torch" / folder / name)
        assert [where for _, where in faults(root)] == [f"torch/{folder}/{name}"]

    @pytest.mark.parametrize("name", FILES)
    def test_sha256sum_minisign_or_ssh_keygen_sees_it_too(self, root: Path, keys: Keys, name: str) -> None:
        flip(root / "torch" / "v" / SECOND / name)
        special = {"SHA256SUMS": (False, False, False), MINISIG: (True, False, True), SSHSIG: (True, True, False)}
        assert tools(root, SECOND, keys) == special.get(name, (False, True, True))

    @pytest.mark.parametrize("share", [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1])
    @pytest.mark.parametrize("name", SIGNATURES)
    def test_anywhere_in_a_signature_it_is_named(self, root: Path, name: str, share: float) -> None:
        file = root / "torch" / "v" / VERSION / name
        flip(file, int((len(file.read_bytes()) - 1) * share))
        assert faults(root) == [("signature", f"torch/v/{VERSION}/{name}")]

    @pytest.mark.parametrize("form", ["json", "pub", "allowed_signers"])
    def test_in_keys_it_is_named(self, root: Path, form: str) -> None:
        for file in sorted((root / "keys").glob(f"*.{form}")):
            before = file.read_bytes()
            for at in (10, len(before) // 2, len(before) - 1):
                flip(file, at)
                assert faults(root) == [("keys", f"keys/{file.name}")], at
                file.write_bytes(before)

    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_file_is_named_once(self, root: Path, name: str) -> None:
        (root / "torch" / "v" / SECOND / name).unlink()
        assert [where for _, where in faults(root)] == [f"torch/v/{SECOND}/{name}"]


class TestSchema:
    def test_a_flipped_byte_in_any_file_of_the_schema_is_named(self, root: Path) -> None:
        for file in sorted((root / "schema" / SCHEMA_VERSION).iterdir()):
            before = file.read_bytes()
            flip(file)
            named = {where.rpartition("/")[2] for code, where in faults(root) if code == "schema"}
            assert named if file.name == "SHA256SUMS" else file.name in named  # a line of sums speaks of its own file
            file.write_bytes(before)
        assert faults(root) == []

    @pytest.mark.parametrize("name", ["contract.json", "SHA256SUMS"])
    def test_a_missing_file_of_the_schema_is_named(self, root: Path, name: str) -> None:
        (root / "schema" / SCHEMA_VERSION / name).unlink()
        assert ("schema", f"schema/{SCHEMA_VERSION}/{name}") in faults(root)

    def test_a_file_that_was_put_beside_the_schema_is_named(self, root: Path) -> None:
        (root / "schema" / SCHEMA_VERSION / "more.json").write_text("{}")
        assert faults(root) == [("schema", f"schema/{SCHEMA_VERSION}/more.json")]

    def test_another_contract_with_sums_that_fit_is_named(self, root: Path) -> None:
        folder = root / "schema" / SCHEMA_VERSION
        edit(folder / "contract.json", lambda contract: contract["tables"].pop("silences"))
        lines = (f"{sha256((folder / file.name).read_bytes())}  {file.name}" for file in sorted(folder.glob("[!S]*")))
        (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")
        assert ("schema", f"schema/{SCHEMA_VERSION}/contract.json") in faults(root)


class TestPages:
    def test_a_page_that_says_something_else_is_named(self, root: Path) -> None:
        page = root / "torch" / "index.html"
        flip(page, len(page.read_bytes()) // 2)
        assert faults(root) == [("latest", "torch/index.html")]

    def test_a_page_that_is_missing_is_named(self, root: Path) -> None:
        (root / "torch" / "index.en.html").unlink()
        assert faults(root) == [("latest", "torch/index.en.html")]


class TestReleases:
    def test_two_releases_that_were_swapped_are_both_named(self, root: Path, keys: Keys) -> None:
        v = root / "torch" / "v"
        swap(v / VERSION, v / SECOND)
        assert faults(root) == [("manifest", f"torch/v/{one}/manifest.json") for one in (SECOND, VERSION)]
        assert tools(root, VERSION, keys) == (True, True, True)
        said = run("minisign", "-VQm", v / VERSION / "SHA256SUMS", "-p", keys.minisign_public).stdout.decode()
        assert f"torch {SECOND} " in said

    def test_swapped_with_their_lines_they_are_named_too(self, root: Path) -> None:
        swap(root / "torch" / "v" / VERSION, root / "torch" / "v" / SECOND)

        def follow(index: Any) -> None:  # noqa: ANN401 - JSON
            first, second = line(index, VERSION), line(index, SECOND)
            first["manifest_sha256"], second["manifest_sha256"] = second["manifest_sha256"], first["manifest_sha256"]

        edit(root / "index.json", follow)
        assert faults(root) == [("manifest", f"torch/v/{one}/manifest.json") for one in (SECOND, VERSION)]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_removed_release_is_named(self, root: Path, version: str) -> None:
        shutil.rmtree(root / "torch" / "v" / version)
        assert faults(root) == [("manifest", f"torch/v/{version}/manifest.json")]

    @pytest.mark.parametrize("version", [VERSION, SECOND])
    @pytest.mark.parametrize("folder_too", [True, False])
    def test_a_release_that_was_taken_out_of_the_list_is_named(
        self,
        root: Path,
        version: str,
        folder_too: bool,  # noqa: FBT001 - pytest passes it
    ) -> None:
        if folder_too:
            shutil.rmtree(root / "torch" / "v" / version)
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

    @pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b'{"version": "../../etc"}'])
    def test_a_pointer_of_garbage_is_named(self, root: Path, data: bytes) -> None:
        (root / "torch" / "latest.json").write_bytes(data)
        assert faults(root) == [("pointer", "torch/latest.json")]

    @pytest.mark.parametrize("field", ["version", "manifest", "manifest_sha256", "released_at", "previous"])
    def test_each_forged_field_of_the_pointer_is_named(self, root: Path, field: str) -> None:
        edit(root / "torch" / "latest.json", lambda pointer: pointer.update({field: "2026.11.30.1"}))
        assert faults(root) == [("pointer", "torch/latest.json")]

    def test_a_missing_pointer_is_named(self, root: Path) -> None:
        (root / "torch" / "latest.json").unlink()
        assert faults(root) == [("pointer", "torch/latest.json")]

    @pytest.mark.parametrize("field", ["manifest", "schema_version", "previous", "signatures"])
    @pytest.mark.parametrize("which", [0, 2])
    def test_each_forged_field_of_a_line_of_the_index_is_named(self, root: Path, field: str, which: int) -> None:
        edit(root / "index.json", lambda index: releases(index)[which].update({field: []}))
        assert ("index", "index.json") in faults(root)

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
        def invent(index: Any) -> None:  # noqa: ANN401 - JSON
            releases(index).append({**releases(index)[-1], "version": "2020.01.01.1"})

        edit(root / "index.json", invent)
        assert ("manifest", "torch/v/2020.01.01.1/manifest.json") in faults(root)

    def test_a_dataset_that_was_taken_out_of_the_index_is_named_by_the_status(self, root: Path) -> None:
        know(root)
        assert faults(root) == []
        edit(root / "index.json", lambda index: index["datasets"].clear())
        assert faults(root) == [("lost", f"torch/v/{THIRD}/"), ("pointer", "torch/latest.json")]

    @pytest.mark.parametrize("name", ["index.json", "status.json"])
    def test_a_list_that_cannot_be_read_is_named(self, root: Path, name: str) -> None:
        (root / name).write_bytes(b"{")
        assert [where for _, where in faults(root)] == [name]

    @pytest.mark.parametrize("data", [b"{", b"{}", b'{"version": 3}'])
    def test_a_record_of_a_run_that_cannot_be_read_is_named(self, root: Path, data: bytes) -> None:
        key = remember(root, VERSION)
        (root / key).write_bytes(data)
        assert faults(root) == [("run", key)]
