"""Nights with keys: what is published is signed and chained, and no record, log or error holds a secret."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.cms import SiteEditor, short_article
from support.commands import environment, gongbao
from support.counting import CountingStore
from support.nights import plain, run_records
from support.signed import WORDS, Keys, ssh_key

from flows.run.context import RunResult, create_context, run_record
from infra.store import open_store
from publish.bucket.catalog import load_index
from publish.signing.schemes import signer_names
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "2024年,完成地区生产总值573.72亿元,增长3.5%。"


@pytest.fixture
def signing(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """The settings of a service that signs, its SSH key behind a passphrase."""
    private, _ = ssh_key(tmp_path, "locked", WORDS)
    monkeypatch.setenv("GONGBAO_MINISIGN_KEY", str(keys.minisign))
    monkeypatch.setenv("GONGBAO_SSH_KEY", str(private))
    monkeypatch.setenv("GONGBAO_SSH_PASSPHRASE", WORDS)
    return keys


@pytest.fixture
def nights(tmp_path: Path, sources: str, editor: SiteEditor, signing: Keys) -> str:  # noqa: ARG001 - keys are in the environment
    """A store after two nights, with a corrected number between them."""
    store = str(tmp_path / "store")
    editor.articles[:] = [short_article(TEXT)]
    assert plain(create_context("seed", store, sources, None)) is Outcome.PUBLISHED
    editor.correct("573.72", "575.8")
    assert plain(create_context("seed", store, sources, None)) is Outcome.PUBLISHED
    return store


def test_two_runs_leave_two_signed_releases_that_verify(
    nights: str, signing: Keys, tmp_path: Path, sources: str
) -> None:
    signers = create_context("seed", nights, sources, None).signers
    assert [one.signatures for one in load_index(open_store(nights))["seed"]] == [signer_names(signers)] * 2
    environ = environment(tmp_path)
    for pin, status in ((signing.minisign_public, 0), (tmp_path / "locked.pub", 0), (signing.ssh_public, 4)):
        done = gongbao("verify", nights, "--key", str(pin), environ=environ)
        assert done.status == status, done.out
    assert done.out.count("SHA256SUMS.sshsig") == 2


def test_a_fault_ends_verify_with_4_and_its_key(nights: str, tmp_path: Path) -> None:
    (folder, _) = sorted((tmp_path / "store" / "seed" / "v").iterdir())
    (folder / "SHA256SUMS.minisig").unlink()
    done = gongbao("verify", nights, "--json", environ=environment(tmp_path))
    assert done.status == 4
    (found,) = json.loads(done.out)
    assert found["where"] == f"seed/v/{folder.name}/SHA256SUMS.minisig"


def test_a_file_that_holds_no_key_is_wrong_usage(nights: str, tmp_path: Path) -> None:
    for file in (tmp_path / "locked", tmp_path / "nowhere.pub"):
        done = gongbao("verify", nights, "--key", str(file), environ=environment(tmp_path))
        assert (done.status, done.out) == (2, "")
        assert str(file) in done.err


def test_an_unchanged_run_asks_the_store_no_more_for_being_signed(nights: str, sources: str) -> None:
    run = create_context("seed", nights, sources, None)
    assert len(run.signers) == 2
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.UNCHANGED
    assert counting.total <= 12, counting.calls
    assert not [key for _, key in counting.calls if "keys/" in key or "SHA256SUMS" in key]


def test_no_record_and_no_published_file_holds_a_secret(nights: str, signing: Keys, sources: str) -> None:
    run = create_context("seed", nights, sources, None)
    told = run_record(run, RunResult(outcome=Outcome.UNCHANGED))
    assert [told["settings"][name] for name in ("minisign_key", "ssh_key", "ssh_passphrase")] == ["set"] * 3
    assert told["settings"]["minisign_password"] == ""
    store = open_store(nights)
    assert len(run_records(store)) == 2
    hidden = [WORDS, signing.settings.minisign_key, signing.minisign.read_text("utf-8").split()[-1]]
    for entry in store.list(""):
        stored = store.get(entry.key)
        assert stored is not None
        assert not [word for word in hidden if word.encode() in stored.data], entry.key
    assert not [word for word in hidden if word in f"{run!r} {told}"]


def test_a_run_whose_key_does_not_open_does_not_begin(
    sources: str, signing: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGBAO_SSH_PASSPHRASE", "a guess")
    given = {name: os.environ[name] for name in ("GONGBAO_MINISIGN_KEY", "GONGBAO_SSH_KEY", "GONGBAO_SSH_PASSPHRASE")}
    assert given["GONGBAO_MINISIGN_KEY"] == str(signing.minisign)
    command = ("run", "--source", "seed", "--store", str(tmp_path / "store"), "--sources", sources)
    done = gongbao(*command, environ=environment(tmp_path, **given))
    assert done.status == 2
    assert "GONGBAO_SSH_PASSPHRASE: the passphrase does not open the key" in done.err
    assert "a guess" not in done.out + done.err
    assert not (tmp_path / "store").exists()
