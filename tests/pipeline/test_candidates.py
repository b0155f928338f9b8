"""Held releases as they lie in a store: what may be published of them, and that it is their very bytes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import report_releases
from support.report_readings import corrected, report_2023
from support.report_releases import VERSION, place, report_release
from support.signed import SECOND, Keys, text_of
from support.wrapped_stores import InterruptedStore, KilledStore

from infra.store import Store, open_store
from publish.bucket.layout import SIGNATURES, candidate_folder, headers, release_folder
from publish.bucket.pointer import read_pointer
from publish.bucket.serialize import sha256
from publish.release import candidates
from publish.release.build_files import release_files
from publish.release.candidates import Candidate, check_acceptable, load_candidate, publish_candidate
from publish.release.publish import publish_release, store_candidate
from publish.signing.keys import key_names, read_key, retire
from publish.signing.schemes import signer_names
from publish.verify.store import verify
from schemas.codelists import Severity
from schemas.errors import SettingsError, StoreCorrupt, UsageError
from schemas.finding import Finding, FindingCode

if TYPE_CHECKING:
    from publish.bucket.immutable_folder import FileBuilder
    from publish.signing.model import Signer

INPUTS = "c" * 64
first, second = partial(report_releases.first, portal=False), partial(report_releases.second, portal=False)


@cache
def build(*signed_by: str) -> FileBuilder:
    """Return the builder of the release after one number changed, which names these keys."""
    made = report_release(report_2023(), corrected(), previous=VERSION, former=first()(VERSION))
    return cache(partial(release_files, replace(made, signed_by=signed_by, portal=False)))


def store_second(store: Store, *signers: Signer) -> Candidate:
    """A published release, and a candidate that follows it."""
    publish_release(place(store), first())
    held = store_candidate(place(store), build(*signer_names(signers)), INPUTS, None, signers)
    return load_candidate(store, "torch", held.version)


def altered(candidate: Candidate, **fields: object) -> Candidate:
    """The candidate with another manifest."""
    release = replace(candidate.release, **fields)  # type: ignore[arg-type]  # any field of a release
    return replace(candidate, manifest=replace(candidate.manifest, release=release))


def files(store: Store, folder: str) -> dict[str, bytes]:
    return {entry.key.removeprefix(folder): got.data for entry in store.list(folder) if (got := store.get(entry.key))}


def published_version(store: Store) -> str:
    pointer = read_pointer(store, "torch")
    return pointer.version if pointer else ""


def refused(store: Store, candidate: Candidate, match: str, signers: tuple[Signer, ...] = ()) -> None:
    with pytest.raises(UsageError, match=match):
        check_acceptable(place(store), candidate, signers)


@pytest.fixture
def folder(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "folder"))


class TestLoading:
    @pytest.mark.parametrize("name", ["manifest.json", "SHA256SUMS", "numbers.csv", "quality.json"])
    @pytest.mark.parametrize("data", [None, b"", b"{}"])
    def test_a_file_that_is_gone_or_another_is_named(self, folder: Store, name: str, data: bytes | None) -> None:
        store_second(folder)
        path = Path(folder.url) / f"torch/candidate/{SECOND}/{name}"
        path.chmod(0o644)
        path.unlink() if data is None else path.write_bytes(data)
        with pytest.raises(StoreCorrupt, match=name):
            load_candidate(folder, "torch", SECOND)

    def test_a_folder_that_was_copied_to_another_version_is_no_candidate(self, folder: Store) -> None:
        store_second(folder)
        candidates_folder = Path(folder.url) / "torch" / "candidate"
        shutil.copytree(candidates_folder / SECOND, candidates_folder / "2026.11.24.1")
        with pytest.raises(StoreCorrupt, match="another release"):
            load_candidate(folder, "torch", "2026.11.24.1")


class TestPublishing:
    def test_what_is_published_are_its_bytes_and_everything_verifies(self, store_url: str) -> None:
        store = open_store(store_url)
        candidate = store_second(store)
        assert dict(candidate.files) == files(store, candidate_folder("torch", SECOND))
        assert (candidate.release.version, candidate.release.previous) == (SECOND, VERSION)
        assert candidate.manifest_sha256 == sha256(candidate.files["manifest.json"])
        assert candidate.findings == ()
        check_acceptable(place(KilledStore(within=store, writes=0), days=2), candidate, ())  # writes nothing
        pointer = publish_candidate(place(store, days=2), candidate, ())
        assert pointer
        assert (pointer.version, pointer.previous) == (SECOND, VERSION)
        assert pointer.released_at == "2026-11-25T04:00:00Z"
        assert files(store, release_folder("torch", SECOND)) == dict(candidate.files)
        assert files(store, "torch/latest/") == dict(candidate.files)
        assert verify(store, text_of) == ()

    def test_it_is_signed_by_the_keys_that_it_names_which_are_published_with_its_day_when_it_is_held(
        self, folder: Store, keys: Keys
    ) -> None:
        candidate = store_second(folder, *keys.signers)
        assert set(key_names(folder)) == set(signer_names(keys.signers))
        assert {f"{read_key(folder, name).since}" for name in key_names(folder)} == {"2026-11-23"}
        assert not set(SIGNATURES.values()) & set(candidate.files)
        check_acceptable(place(folder), candidate, keys.signers)
        assert publish_candidate(place(folder, days=2), candidate, keys.signers)
        beside = files(folder, release_folder("torch", SECOND))
        assert set(beside) - set(candidate.files) == set(SIGNATURES.values())
        found = verify(folder, text_of, pins=tuple(signer.public for signer in keys.signers))
        assert {finding.where for finding in found} <= {f"torch/v/{VERSION}/{name}" for name in SIGNATURES.values()}

    def test_the_first_release_of_all_can_be_one(self, folder: Store) -> None:
        held = store_candidate(place(folder), first(), INPUTS, None)
        assert held.against == ""
        candidate = load_candidate(folder, "torch", held.version)
        check_acceptable(place(folder), candidate, ())
        assert publish_candidate(place(folder), candidate, ())
        assert verify(folder, text_of) == ()

    def test_what_reads_back_otherwise_is_not_published(self, folder: Store) -> None:
        candidate = store_second(folder)
        rotten = Path(folder.url) / "torch" / "v" / SECOND / "numbers.csv"
        interrupted = InterruptedStore(
            within=folder,
            method="get",
            suffix=f"v/{SECOND}/manifest.json",
            interrupt=lambda: rotten.write_bytes(b"rotten"),
        )
        with pytest.raises(StoreCorrupt, match=r"numbers\.csv"):
            publish_candidate(place(interrupted), candidate, ())
        assert published_version(folder) == VERSION


class TestRefusal:
    def test_another_latest_release_than_it_was_compared_with(self, folder: Store) -> None:
        candidate = store_second(folder)
        refused(folder, altered(candidate, previous_sums_sha256="0" * 64), "it was compared with")
        publish_release(place(folder, days=1), build())
        refused(folder, candidate, rf"compared with {VERSION}, and the latest release is 2026\.11\.24\.1")

    def test_a_candidate_against_nothing_once_there_is_a_release(self, folder: Store) -> None:
        held = store_candidate(place(folder), first(), INPUTS, None)
        candidate = load_candidate(folder, "torch", held.version)
        publish_release(place(folder, days=1), first())
        refused(folder, candidate, "compared with nothing")

    def test_other_keys_than_it_names(self, folder: Store, keys: Keys, others: Keys) -> None:
        unsigned = store_second(folder)
        refused(folder, unsigned, "it names no key to sign it", keys.signers)
        signed = altered(unsigned, signed_by=signer_names(keys.signers))
        for given in ((), others.signers, keys.signers[:1]):
            refused(folder, signed, f"names {keys.signers[0].public.name}", given)

    def test_a_version_that_other_files_have_taken(self, folder: Store) -> None:
        candidate = store_second(folder)
        taken = f"torch/v/{SECOND}/manifest.json"
        folder.put_new(taken, b"{}", headers(taken))
        refused(folder, candidate, "its version holds other files")
        with pytest.raises(UsageError, match="its version holds other files"):
            publish_candidate(place(folder), candidate, ())
        assert published_version(folder) == VERSION

    def test_columns_of_another_gongbao_and_what_the_contract_refuses(
        self, folder: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        candidate = store_second(folder)
        refused(folder, altered(candidate, schema_version="1.0.7"), "another Gongbao")
        refused(folder, altered(candidate, contract_sha256="0" * 64), "another Gongbao")
        for severity in Severity:
            finding = Finding(
                code=FindingCode.CONTRACT_VERSION, severity=severity, where="schema", message="It went back."
            )
            monkeypatch.setattr(candidates, "contract_findings", lambda *_, found=finding: (found,))
            if severity is Severity.REJECT:
                refused(folder, candidate, r"the contract forbids it: It went back\.")
            else:
                check_acceptable(place(folder), candidate, ())

    def test_a_key_that_was_retired_before_its_day(self, folder: Store, keys: Keys) -> None:
        candidate = store_second(folder, *keys.signers)
        retire(folder, keys.signers[0].public.name, date(2026, 11, 23))
        assert publish_candidate(place(folder), candidate, keys.signers), "on its last day it may still sign"
        late = store_candidate(place(folder, days=3), build(*signer_names(keys.signers)), INPUTS, None)
        with pytest.raises(SettingsError, match="may not sign"):
            publish_candidate(place(folder), load_candidate(folder, "torch", late.version), keys.signers)


class TestHeldAnew:
    """The same inputs are not stored again, unless what lies there could not be accepted."""

    def test_where_another_release_was_published_since(self, folder: Store) -> None:
        publish_release(place(folder), first())
        held = store_candidate(place(folder), build(), INPUTS, None)
        publish_release(place(folder, days=1), build())
        again = store_candidate(place(folder, days=1), second(), INPUTS, held)
        assert (again.version, again.against) == ("2026.11.24.2", "2026.11.24.1")

    def test_where_the_keys_are_others_and_where_it_is_gone(self, folder: Store, keys: Keys) -> None:
        publish_release(place(folder), first())
        held = store_candidate(place(folder), build(), INPUTS, None)
        again = store_candidate(place(folder), build(*signer_names(keys.signers)), INPUTS, held, keys.signers)
        assert again.version != held.version
        assert load_candidate(folder, "torch", again.version).release.signed_by == signer_names(keys.signers)
        for entry in folder.list("torch/candidate/"):
            (Path(folder.url) / entry.key).unlink()
        assert store_candidate(place(folder, days=95), build(), INPUTS, held).version == "2027.02.26.1"

    @pytest.mark.parametrize("own", [True, False], ids=["its own acceptance", "another run"])
    def test_where_a_killed_run_took_its_version_but_not_where_its_own_acceptance_was_cut_short(
        self, folder: Store, *, own: bool
    ) -> None:
        publish_release(place(folder), first())
        held = store_candidate(place(folder), build(), INPUTS, None)
        taken = f"torch/v/{held.version}/manifest.json"
        manifest = load_candidate(folder, "torch", held.version).files["manifest.json"]
        folder.put_new(taken, manifest if own else b"{}", headers(taken))
        again = store_candidate(place(folder), build(), INPUTS, held)
        assert again is held if own else again.version == "2026.11.23.3"
        candidate = load_candidate(folder, "torch", again.version)
        check_acceptable(place(folder), candidate, ())
        assert publish_candidate(place(folder), candidate, ())
        assert verify(folder, text_of) == ()
