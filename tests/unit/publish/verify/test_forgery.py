"""Somebody who may write everything in the bucket, and holds no key or the wrong one."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.report_releases import VERSION
from support.signed import SECOND, THIRD, VERSIONS, Keys, shipped
from support.tampering import MINISIG, SIGNATURES, faults, flip, forge

from infra.store import open_store
from publish.bucket.manifest import from_manifest
from publish.bucket.serialize import from_parquet, sha256, to_parquet
from publish.signing.keys import register_keys, retire
from publish.signing.model import SignedPayload, comment_of
from publish.signing.schemes import read_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound store, to be spoilt."""
    return shutil.copytree(sound, tmp_path / "store")


def strip(root: Path, *folders: str) -> None:
    """Take the signatures out of some folders of the dataset."""
    for folder in folders:
        for name in SIGNATURES:
            (root / "torch" / folder / name).unlink()


class TestForgery:
    def test_a_stripped_signature_is_named(self, root: Path) -> None:
        for name in SIGNATURES:
            before = (root / "torch" / "v" / VERSION / name).read_bytes()
            (root / "torch" / "v" / VERSION / name).unlink()
            assert faults(root) == [("signature", f"torch/v/{VERSION}/{name}")]
            (root / "torch" / "v" / VERSION / name).write_bytes(before)

    def test_stripped_in_index_and_manifest_too_it_breaks_the_chain(self, root: Path) -> None:
        forge(root, VERSION, signed_by=[])
        strip(root, f"v/{VERSION}")
        assert faults(root) == [("chain", f"torch/v/{SECOND}/manifest.json")]

    def test_stripped_from_the_newest_it_is_missed_because_the_one_before_is_signed(self, root: Path) -> None:
        forge(root, THIRD, signed_by=[])
        strip(root, f"v/{THIRD}", "latest")
        assert faults(root) == [("signature", f"torch/v/{THIRD}/{SIGNATURES[0]}")]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_number_changed_with_all_hashes_is_named_by_the_signatures(self, root: Path, version: str) -> None:
        changed = root / "torch" / "v" / version / "CHANGES.md"
        changed.write_bytes(changed.read_bytes() + b"\nAll is well.\n")
        forge(root, version)
        found = faults(root)
        assert set(found) >= {("signature", f"torch/v/{version}/{name}") for name in SIGNATURES}
        assert {code for code, _ in found} <= {"signature", "chain", "latest"}

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: data[::-1],
            lambda data: data[:4] + b"\xff" * 400 + data[404:],
            lambda data: data[: len(data) // 2] + data[-400:],
            lambda data: to_parquet(from_parquet(data).drop("char_end"), {}),
            lambda data: to_parquet(from_parquet(data).with_columns(char_start=pl.lit("here")), {}),
        ],
        ids=["backwards", "damaged pages", "cut", "a column less", "a column of another type"],
    )
    def test_a_table_that_cannot_be_read_but_fits_its_hashes_is_named(
        self, root: Path, damage: Callable[[bytes], bytes]
    ) -> None:
        table = root / "torch" / "v" / SECOND / "observations.parquet"
        table.write_bytes(damage(table.read_bytes()))
        forge(root, SECOND)
        assert ("spans", f"torch/v/{SECOND}/observations.parquet") in faults(root)

    def test_sums_that_were_rewritten_for_a_changed_file_are_named_beside_it(self, root: Path) -> None:
        folder = root / "torch" / "v" / SECOND
        before = (folder / "numbers.csv").read_bytes()
        flip(folder / "numbers.csv")
        after = (folder / "numbers.csv").read_bytes()
        sums = (folder / "SHA256SUMS").read_text("utf-8").replace(sha256(before), sha256(after))
        (folder / "SHA256SUMS").write_text(sums, "utf-8")
        assert faults(root) == [("hash", f"torch/v/{SECOND}/numbers.csv"), ("sums", f"torch/v/{SECOND}/SHA256SUMS")]

    def test_signed_again_by_another_key_it_is_named(self, root: Path, others: Keys) -> None:
        folder = root / "torch" / "v" / SECOND
        release = from_manifest((folder / "manifest.json").read_bytes()).release
        statement = SignedPayload(sums=(folder / "SHA256SUMS").read_bytes(), comment=comment_of(release))
        for signer, name in zip(others.signers, SIGNATURES, strict=True):
            (folder / name).write_bytes(signer.sign(statement))
        assert faults(root) == [("signature", f"torch/v/{SECOND}/{name}") for name in SIGNATURES]

    def test_a_store_of_another_key_is_sound_but_for_who_pins_the_right_one(
        self, tmp_path: Path, keys: Keys, others: Keys
    ) -> None:
        root = shipped(tmp_path / "store", *[others.signers] * 3)
        assert faults(root) == []
        for pin, name in zip((signer.public for signer in keys.signers), SIGNATURES, strict=True):
            assert faults(root, pin) == [("signature", f"torch/v/{version}/{name}") for version in VERSIONS]
        trusted = read_keys(others.ssh_public.read_bytes(), "x")
        assert faults(root, *trusted, keys.signers[1].public) == []

    def test_a_store_without_signatures_satisfies_nobody_who_pins_a_key(self, tmp_path: Path, keys: Keys) -> None:
        root = shipped(tmp_path / "store", (), ())
        assert faults(root) == []
        assert len(faults(root, keys.signers[0].public)) == 2


class TestKeyDates:
    def test_a_store_may_begin_unsigned_and_change_its_keys(self, tmp_path: Path, keys: Keys, others: Keys) -> None:
        root = shipped(tmp_path / "store", (), keys.signers[:1], others.signers)
        assert faults(root) == []
        pins = (keys.signers[0].public, others.signers[0].public)
        assert faults(root, *pins) == [("signature", f"torch/v/{VERSION}/{MINISIG}")]

    @pytest.mark.parametrize("name", SIGNATURES)
    def test_a_signature_outside_the_days_of_its_key_is_named(self, root: Path, keys: Keys, name: str) -> None:
        signer = keys.signers[SIGNATURES.index(name)]
        store = open_store(str(root))
        for file in (root / "keys").iterdir():
            file.unlink()
        register_keys(store, keys.signers, date(2026, 11, 1))
        retire(store, signer.public.name, date(2026, 11, 22))
        places = [*(f"v/{version}" for version in VERSIONS), "latest"]
        assert [where for _, where in faults(root)] == [f"torch/{place}/{name}" for place in places]
        for file in (root / "keys").iterdir():
            file.unlink()
        register_keys(store, keys.signers, date(2026, 11, 24))
        assert ("signature", f"torch/v/{THIRD}/{name}") in faults(root)

    def test_a_key_that_was_taken_away_and_a_stranger_are_named_once(self, root: Path, keys: Keys) -> None:
        stranger = root / "keys" / "mine.pub"
        stranger.write_bytes(b"x")
        assert faults(root) == [("keys", "keys/mine.pub")]
        stranger.unlink()
        stem = f"minisign-{keys.signers[0].public.id}"
        for file in (root / "keys").glob(f"{stem}*"):
            file.unlink()
        assert faults(root) == [("keys", f"keys/{stem}.json")]
