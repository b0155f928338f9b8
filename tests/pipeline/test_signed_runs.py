"""Runs with keys: what is published is signed and chained, and no record, log or error holds a secret."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.commands import environment, gongbao
from support.june_runs import INVESTMENT, SiteStore
from support.runs import data, run_records
from support.signed import PASSPHRASE, Keys, ssh_key
from support.wrapped_stores import CountingStore

from flows.run.context import RunResult, run_record
from publish.bucket.catalog import load_index
from publish.signing.schemes import signer_names
from schemas.codelists import Outcome


@pytest.fixture
def signing(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """The settings of a service that signs, its SSH key behind a passphrase."""
    private, _ = ssh_key(tmp_path, "locked", PASSPHRASE)
    monkeypatch.setenv("GONGBAO_MINISIGN_KEY", str(keys.minisign))
    monkeypatch.setenv("GONGBAO_SSH_KEY", str(private))
    monkeypatch.setenv("GONGBAO_SSH_PASSPHRASE", PASSPHRASE)
    return keys


@pytest.fixture
def signed(site: SiteStore, signing: Keys) -> SiteStore:  # noqa: ARG001 - keys are in the environment
    """A store after two runs, with a corrected number between them."""
    site.publish(1)
    site.editor.correct(*INVESTMENT)
    site.publish(2)
    return site


def test_two_runs_leave_two_signed_releases_and_verify_names_what_is_wrong(
    signed: SiteStore, signing: Keys, tmp_path: Path, environ: dict[str, str]
) -> None:
    signers = signed.context(3).signers
    assert [release.signatures for release in load_index(signed.store)["seed"]] == [signer_names(signers)] * 2
    for pin, status in ((signing.minisign_public, 0), (tmp_path / "locked.pub", 0), (signing.ssh_public, 4)):
        done = gongbao("verify", signed.url, "--key", str(pin), environ=environ)
        assert done.status == status, done.out
    assert done.out.count("SHA256SUMS.sshsig") == 2
    for file in (tmp_path / "locked", tmp_path / "nowhere.pub"):  # neither holds a public key
        assert str(file) in gongbao("verify", signed.url, "--key", str(file), environ=environ).usage_error()
    (folder, _) = sorted((Path(signed.url) / "seed" / "v").iterdir())
    (folder / "SHA256SUMS.minisig").unlink()
    done = gongbao("verify", signed.url, "--json", environ=environ)
    assert done.status == 4
    assert [finding["where"] for finding in json.loads(done.out)] == [f"seed/v/{folder.name}/SHA256SUMS.minisig"]


def test_an_unchanged_run_asks_the_store_no_more_for_being_signed(signed: SiteStore) -> None:
    counting = CountingStore(within=signed.store)
    assert signed.run(3, counting).outcome is Outcome.UNCHANGED
    assert len(signed.context(3).signers) == 2
    assert counting.total <= 12, counting.calls
    assert not [key for _, key in counting.calls if "keys/" in key or "SHA256SUMS" in key]


def test_no_record_and_no_published_file_holds_a_secret(signed: SiteStore, signing: Keys) -> None:
    run = signed.context(3)
    record = run_record(run, RunResult(outcome=Outcome.UNCHANGED))
    assert [record["settings"][name] for name in ("minisign_key", "ssh_key", "ssh_passphrase")] == ["set"] * 3
    assert record["settings"]["minisign_password"] == ""
    assert len(run_records(signed.store)) == 2
    hidden = [PASSPHRASE, signing.settings.minisign_key, signing.minisign.read_text("utf-8").split()[-1]]
    stored = {entry.key: data(signed.store, entry.key) for entry in signed.store.list("")}
    assert [key for key, bytes_ in stored.items() for secret in hidden if secret.encode() in bytes_] == []
    assert [secret for secret in hidden if secret in f"{run!r} {record}"] == []


@pytest.mark.usefixtures("signing")
def test_a_run_whose_key_does_not_open_does_not_begin(site: SiteStore, tmp_path: Path) -> None:
    names = ("GONGBAO_MINISIGN_KEY", "GONGBAO_SSH_KEY", "GONGBAO_SSH_PASSPHRASE")
    given = {name: os.environ[name] for name in names} | {"GONGBAO_SSH_PASSPHRASE": "a guess"}
    command = ("run", "--engine", "local", "--source", "seed", "--store", site.url, "--sources", site.sources)
    error = gongbao(*command, environ=environment(tmp_path, **given)).usage_error()
    assert "GONGBAO_SSH_PASSPHRASE: the passphrase does not open the key" in error
    assert "a guess" not in error
    assert not Path(site.url).exists()
