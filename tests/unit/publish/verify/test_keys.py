"""The keys of a store: enrolled before they sign, read as their programs read them, retired for good."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from support.commands import environment, gongbao
from support.signed import Keys, run

from infra.store import Store, open_store
from publish.bucket.layout import headers, key_public, key_record, key_retired, signature_file
from publish.signing.keys import key_names, read_key, register_keys, retire
from publish.signing.schemes import read_keys, signer_names
from schemas.errors import SettingsError, StoreCorrupt, UsageError

if TYPE_CHECKING:
    from pathlib import Path

DAY, LATER = date(2026, 11, 23), date(2027, 3, 1)
MINISIGN, SSH = "minisign:0123456789ABCDEF", "ssh:SHA256:" + "aB+/" * 10 + "xyz"


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


@pytest.fixture
def store(empty: Store, keys: Keys) -> Store:
    """A store with both keys since DAY."""
    register_keys(empty, keys.signers, DAY)
    return empty


def loaded(store: Store, key: str) -> dict[str, str]:
    stored = store.get(key)
    assert stored, key
    return dict(json.loads(stored.data))


class TestLayout:
    def test_the_files_of_a_key_are_named_after_it_and_served_as_what_they_are(self) -> None:
        assert key_record(MINISIGN) == "keys/minisign-0123456789ABCDEF.json"
        assert key_public(MINISIGN) == "keys/minisign-0123456789ABCDEF.pub"
        assert key_retired(SSH) == f"keys/ssh-{'aB-_' * 10}xyz.retired.json"
        assert key_public(SSH) == f"keys/ssh-{'aB-_' * 10}xyz.allowed_signers"
        assert [signature_file(name) for name in (MINISIGN, SSH)] == ["SHA256SUMS.minisig", "SHA256SUMS.sshsig"]
        assert headers(key_record(SSH)).content_type == "application/json; charset=utf-8"
        assert headers(key_public(MINISIGN)).content_type == "text/plain; charset=utf-8"
        assert headers(key_public(SSH)).cache_control == "public, max-age=300"

    def test_no_hostile_name_becomes_a_key(self) -> None:
        more = ("ssh:SHA256:../../x", "ssh:MD5:00:11")
        for name in ("", "minisign:", MINISIGN.lower(), f"{MINISIGN}\n", f"{SSH}=", *more):
            for spell in (key_record, key_public, key_retired, signature_file):
                with pytest.raises(UsageError, match="not the name of a key"):
                    spell(name)


class TestEnrol:
    def test_a_key_is_published_with_the_day_of_its_first_release(self, store: Store, keys: Keys) -> None:
        for signer in keys.signers:
            record = loaded(store, key_record(signer.public.name))
            key = signer.public
            assert record == {"kind": key.kind, "id": key.id, "public_key": key.encoded, "since": "2026-11-23"}
        assert set(key_names(store)) == set(signer_names(keys.signers))
        stored = store.get(key_public(keys.signers[0].public.name))
        assert stored
        assert stored.data == keys.minisign_public.read_bytes()

    @pytest.mark.usefixtures("store")
    def test_ssh_keygen_takes_the_list_of_signers_from_the_first_day_on(self, keys: Keys, tmp_path: Path) -> None:
        signed = run("ssh-keygen", "-Y", "sign", "-n", "gongbao", "-f", keys.ssh, given=b"x").stdout
        (tmp_path / "x.sig").write_bytes(signed)
        allowed = tmp_path / "store" / key_public(keys.signers[1].public.name)
        assert read_keys(allowed.read_bytes(), "x") == (keys.signers[1].public,)

        def good(at: str, space: str = "gongbao", who: str = "gongbao") -> bool:
            options = ("-O", f"verify-time={at}", "-f", allowed, "-I", who, "-n", space, "-s", tmp_path / "x.sig")
            return run("ssh-keygen", "-Y", "verify", *options, given=b"x").returncode == 0

        assert [good(at) for at in ("20261121", "202611221201", "20261123", "20360101")] == [False, True, True, True]
        assert not good("20261124", space="file")
        assert not good("20261124", who="somebody")

    def test_to_enrol_again_adds_a_file_that_is_missing_and_no_more(
        self, store: Store, keys: Keys, tmp_path: Path
    ) -> None:
        before = {entry.key: entry.etag for entry in store.list("keys/")}
        (tmp_path / "store" / key_public(keys.signers[1].public.name)).unlink()
        register_keys(store, keys.signers, LATER)
        assert {entry.key: entry.etag for entry in store.list("keys/")} == before
        assert read_key(store, keys.signers[0].public.name).since == DAY

    @pytest.mark.parametrize("day", [date(2026, 11, 22), date(2027, 3, 2)])
    def test_outside_its_days_a_key_signs_nothing(self, store: Store, keys: Keys, day: date) -> None:
        retire(store, keys.signers[0].public.name, LATER)
        with pytest.raises(SettingsError, match=f"may not sign a release of {day}.* set another key"):
            register_keys(store, keys.signers, day)


class TestRetire:
    def test_a_key_stays_listed_with_its_last_day_which_is_set_once(self, store: Store, keys: Keys) -> None:
        name = keys.signers[1].public.name
        assert retire(store, name, LATER).retired_on == LATER
        assert loaded(store, key_retired(name))["retired_on"] == "2027-03-01"
        assert not read_key(store, name).dated(date(2027, 3, 2))
        assert len(key_names(store)) == 2
        assert retire(store, name, LATER).retired_on == LATER
        with pytest.raises(UsageError, match="it was retired on 2027-03-01"):
            retire(store, name, DAY)

    def test_a_day_before_its_first_release_is_refused(self, store: Store, keys: Keys) -> None:
        with pytest.raises(UsageError, match="has signed since 2026-11-23"):
            retire(store, keys.signers[0].public.name, date(2026, 11, 22))

    def test_a_key_that_is_not_there_is_an_error(self, store: Store) -> None:
        for name in (MINISIGN, "nonsense"):
            with pytest.raises(UsageError, match=r"no key is called|not the name of a key"):
                retire(store, name, DAY)


class TestBroken:
    def test_a_record_that_was_changed_is_named(self, store: Store, keys: Keys, tmp_path: Path) -> None:
        for change in (
            *({"since": "yesterday"}, {"since": "20261123"}, {"since": 5}, {"kind": "pgp"}, {"public_key": "AAAA"}),
            *({"public_key": None}, {"id": "0123456789ABCDEF"}, {"more": "x"}),
        ):
            for signer in keys.signers:
                key = key_record(signer.public.name)
                before = loaded(store, key)
                (tmp_path / "store" / key).write_text(json.dumps(before | change), "utf-8")
                with pytest.raises(StoreCorrupt, match="not a record of a public key") as caught:
                    read_key(store, signer.public.name)
                assert caught.value.where == key
                (tmp_path / "store" / key).write_text(json.dumps(before), "utf-8")

    def test_so_is_a_record_of_the_end(self, store: Store, keys: Keys, tmp_path: Path) -> None:
        name = keys.signers[0].public.name
        retire(store, name, LATER)
        for record in ({}, {"retired_on": "2030-01-01"}, loaded(store, key_retired(name)) | {"id": "x"}):
            (tmp_path / "store" / key_retired(name)).write_text(json.dumps(record), "utf-8")
            with pytest.raises(StoreCorrupt, match=r"retired\.json"):
                read_key(store, name)


class TestCommand:
    def test_it_lists_keys_and_retires_one(self, store: Store, keys: Keys, tmp_path: Path) -> None:
        environ, url = environment(tmp_path), store.url
        empty = gongbao("key", "list", str(tmp_path / "empty"), environ=environ)
        assert empty.out == "no key has signed there yet\n"
        first, second = (signer.public.name for signer in keys.signers)
        done = gongbao("key", "retire", url, second, "--on", "2027-03-01", environ=environ)
        assert (done.status, done.err) == (0, "")
        listed = json.loads(gongbao("key", "list", url, "--json", environ=environ).out)
        days = {row["key"]: (row["since"], row["retired_on"]) for row in listed}
        assert days == {first: ("2026-11-23", ""), second: ("2026-11-23", "2027-03-01")}
        assert (tmp_path / "store" / listed[0]["public_key"]).exists()

    def test_wrong_usage_ends_with_2(self, store: Store, tmp_path: Path) -> None:
        on = ["--on", "2027-03-01"]
        for arguments in ([*on, MINISIGN], ["--on", "tomorrow", MINISIGN], [MINISIGN], [*on, "x"]):
            done = gongbao("key", "retire", store.url, *arguments, environ=environment(tmp_path))
            assert (done.status, done.out) == (2, "")
            assert "Traceback" not in done.err
