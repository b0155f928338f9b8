"""Shipping with keys: keys first, signatures last, and a kill at any point leaves nothing half signed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from support.report_releases import VERSION, first, place
from support.shared_session import folder_once
from support.signed import SECOND, Keys, chain, shipped, text_of
from support.tampering import MINISIG, SIGNATURES, SSHSIG
from support.wrapped_stores import CountingStore, Killed, KilledStore

from infra.store import Store, open_store
from publish.bucket.catalog import load_index, load_manifest, sums_sha256
from publish.bucket.layout import headers
from publish.bucket.pointer import read_pointer
from publish.bucket.serialize import sha256
from publish.bucket.version import day_of
from publish.release.after_publish import repair_after_crash
from publish.release.publish import publish_release, store_candidate
from publish.signing.keys import retire
from publish.signing.schemes import signer_names
from publish.verify.store import verify
from schemas.errors import SettingsError, StoreCorrupt, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from publish.bucket.immutable_folder import FileBuilder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


@pytest.fixture
def released(tmp_path: Path, keys: Keys) -> Store:
    """A store with one signed release."""
    one = folder_once("one-signed-release", lambda folder: shipped(folder, keys.signers))
    return open_store(str(shutil.copytree(one, tmp_path / "released")))


def build(keys: Keys, count: int = 0) -> FileBuilder:
    files = chain(*[signer_names(keys.signers)] * 2)[count]
    return lambda _version: files


def assert_whole(store: Store) -> None:
    assert verify(store, text_of) == ()


def test_keys_come_before_the_release_signatures_after_all_its_files_were_read_back_and_copies_of_them_last(
    store: Store, keys: Keys
) -> None:
    counting = CountingStore(within=store)
    publish_release(place(counting), build(keys), keys.signers)
    calls, folder = counting.calls, f"torch/v/{VERSION}/"
    writes = [key for method, key in calls if method == "put_new" and not key.startswith("schema/")]
    assert all(key.startswith("keys/") for key in writes[:4])
    assert writes[4] == f"{folder}manifest.json"
    assert writes[-3:] == [f"{folder}SHA256SUMS", f"{folder}{MINISIG}", f"{folder}{SSHSIG}"]
    assert calls.index(("get", f"{folder}SHA256SUMS")) < calls.index(("put_new", f"{folder}{MINISIG}"))
    assert calls.index(("get", f"{folder}{SSHSIG}")) < calls.index(("swap", "torch/latest.json"))
    copied = [key for method, key in calls if method == "swap" and "latest/" in key]
    assert copied[-3:] == [f"torch/latest/{name}" for name in ("SHA256SUMS", MINISIG, SSHSIG)]
    assert_whole(store)
    publish_release(place(store), build(keys, 1), keys.signers)
    assert_whole(store)
    assert [listed.signatures for listed in load_index(store)["torch"]] == [signer_names(keys.signers)] * 2


def test_a_run_killed_at_any_write_leaves_the_former_release_and_the_next_run_completes(
    tmp_path: Path, keys: Keys
) -> None:
    mortal = KilledStore(within=open_store(str(tmp_path / "counted")), writes=999)
    publish_release(place(mortal), build(keys), keys.signers)
    files = len(chain(signer_names(keys.signers))[0])
    signed = mortal.done - files - 2 - 3
    for writes in (*range(signed - files - 6, signed - files), *range(signed - 4, signed + 5), mortal.done - 3):
        store = open_store(str(tmp_path / f"{writes}"))
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=store, writes=writes)), build(keys), keys.signers)
        pointer = read_pointer(store, "torch")
        if pointer:
            repair_after_crash(store, "torch", pointer)
        else:
            assert publish_release(place(store), build(keys), keys.signers).version == VERSION
        assert_whole(store)
        assert {entry.key for entry in store.list("torch/latest/SHA256SUMS")} == {
            f"torch/latest/{name}" for name in ("SHA256SUMS", *SIGNATURES)
        }


def test_a_signature_of_others_in_its_place_stops_the_release(store: Store, keys: Keys) -> None:
    foreign = f"torch/v/{VERSION}/{MINISIG}"
    store.put_new(foreign, b"untrusted", headers(foreign))
    with pytest.raises(StoreCorrupt, match=r"SHA256SUMS\.minisig"):
        publish_release(place(store), build(keys), keys.signers)
    assert read_pointer(store, "torch") is None


def test_a_retired_key_signs_nothing_more(released: Store, keys: Keys) -> None:
    target = place(released, days=1)
    retire(released, keys.signers[0].public.name, day_of(place(released).now))
    before = {entry.key: entry.etag for entry in released.list("")}
    with pytest.raises(SettingsError, match="may not sign a release of 2026-11-24"):
        publish_release(target, build(keys, 1), keys.signers)
    assert {entry.key: entry.etag for entry in released.list("")} == before


def test_a_release_is_not_signed_by_others_than_it_names(store: Store, keys: Keys) -> None:
    with pytest.raises(UsageError, match="other keys than those that sign"):
        publish_release(place(store), first(portal=False), keys.signers)
    assert read_pointer(store, "torch") is None


def test_a_candidate_is_unsigned(released: Store) -> None:
    held = store_candidate(place(released), first(portal=False), "c" * 64, None)
    names = {entry.key.rpartition("/")[2] for entry in released.list(f"torch/candidate/{held.version}/")}
    assert "SHA256SUMS" in names
    assert not names & set(SIGNATURES)
    stored = released.get(f"torch/candidate/{held.version}/manifest.json")
    assert stored is not None
    assert json.loads(stored.data)["signed_by"] == []
    assert_whole(released)


class TestChain:
    def test_the_hash_of_the_sums_before_is_that_of_the_file_signed_or_not(
        self, sound: Path, released: Store, tmp_path: Path
    ) -> None:
        publish_release(place(released), first(portal=False))
        for root in (sound, tmp_path / "released"):
            store = open_store(str(root))
            for listed in load_index(store)["torch"]:
                manifest = load_manifest(store, "torch", listed)
                sums = (root / "torch" / "v" / listed.version / "SHA256SUMS").read_bytes()
                assert sums_sha256(store, manifest) == sha256(sums)

    def test_nothing_is_chained_to_a_manifest_that_was_changed(self, released: Store, tmp_path: Path) -> None:
        (listed,) = load_index(released)["torch"]
        manifest = load_manifest(released, "torch", listed)
        file = tmp_path / "released" / "torch" / "v" / VERSION / "manifest.json"
        file.write_bytes(file.read_bytes().replace(b'"version": "2026.11.23.1"', f'"version": "{SECOND}"'.encode()))
        with pytest.raises(StoreCorrupt, match="changed after it was read"):
            sums_sha256(released, manifest)
