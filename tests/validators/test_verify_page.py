"""The page for strangers: its commands run as they stand, accept what is sound, and stop at what is not."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from support.report_releases import VERSION
from support.requires import ROOT, program
from support.signed import SECOND, THIRD, VERSIONS, Keys, shipped
from support.tampering import MINISIG, SSHSIG, flip, forge, swap

from infra.settings import Settings
from publish.signing.schemes import load_signers, signer_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "verify.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SETTING, FETCH, HASHES, BY_MINISIGN, BY_SSH, CHAIN, OWN = BLOCKS
STEPS = {"fetch": FETCH, "hashes": HASHES, "minisign": BY_MINISIGN, "ssh": BY_SSH, "chain": CHAIN}


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "store")


@pytest.fixture
def address(root: Path) -> Iterator[str]:
    """Where a stranger finds the store."""
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def failing(address: str, folder: Path) -> str:
    """The step at which the commands of the page stop, "" for none."""
    for name in ("curl", "minisign", "ssh-keygen", "sha256sum"):
        program(name)
    folder.mkdir()
    setting = SETTING.replace("https://data.example.org", address)
    script = "set -euo pipefail\n" + setting + "".join(f"echo at {name}\n{block}" for name, block in STEPS.items())
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    steps = re.findall(r"^at (\w+)$", done.stdout, re.MULTILINE)
    return str(steps[-1]) if done.returncode else ""


def test_a_sound_store_passes_every_step(address: str, tmp_path: Path) -> None:
    assert failing(address, tmp_path / "here") == ""
    fetched = {file.name for file in (tmp_path / "here" / THIRD).iterdir()}
    assert fetched >= {"observations.parquet", "manifest.json", "SHA256SUMS", MINISIG, SSHSIG}


def release(root: Path, version: str) -> Path:
    return root / "torch" / "v" / version


def with_other_sums(root: Path) -> None:
    file = release(root, THIRD) / "CHANGES.md"
    file.write_bytes(file.read_bytes() + b"\n")
    forge(root, THIRD)


def old_for_new(root: Path) -> None:
    shutil.rmtree(release(root, THIRD))
    shutil.copytree(release(root, VERSION), release(root, THIRD))


TAMPERING: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a byte of a file": ("hashes", lambda root: flip(release(root, THIRD) / "observations.parquet")),
    "another release with its hashes": ("minisign", with_other_sums),
    "a byte of minisig": ("minisign", lambda root: flip(release(root, THIRD) / MINISIG, 80)),
    "a byte of sshsig": ("ssh", lambda root: flip(release(root, THIRD) / SSHSIG, 80)),
    "no signature": ("fetch", lambda root: (release(root, THIRD) / MINISIG).unlink()),
    "an old release under a new name": ("chain", old_for_new),
    "the past rewritten": ("chain", lambda root: forge(root, VERSION, reader_version="another")),
    "a release taken out": ("chain", lambda root: shutil.rmtree(release(root, SECOND))),
    "two releases swapped": ("chain", lambda root: swap(release(root, VERSION), release(root, SECOND))),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_it_stops_where_something_was_tampered_with(root: Path, address: str, tmp_path: Path, name: str) -> None:
    step, tamper = TAMPERING[name]
    tamper(root)
    assert failing(address, tmp_path / "here") == step


def test_the_keys_made_as_the_page_says_sign_releases_that_the_page_verifies(tmp_path: Path) -> None:
    subprocess.run(["bash", "-euo", "pipefail", "-c", OWN], cwd=tmp_path, check=True, capture_output=True)
    settings = Settings(minisign_key=str(tmp_path / "gongbao.key"), ssh_key=str(tmp_path / "gongbao-ssh"))
    signers = load_signers(settings)
    root = shipped(tmp_path / "store", signers)
    published = {file.name: file.read_text("utf-8") for file in (root / "keys").iterdir()}
    minisign, _ = signer_names(signers)
    assert published[f"{minisign.replace(':', '-')}.pub"] == (tmp_path / "gongbao.pub").read_text("utf-8")


def test_the_page_names_settings_and_commands_that_are_there(keys: Keys) -> None:
    given = {name: str(keys.minisign) for name in re.findall(r"GONGBAO_[A-Z_]+", PAGE)}
    assert len(given) == 4
    assert Settings.from_env(given) != Settings()
    assert set(Settings.from_env(given).as_record().values()) >= {"set"}
    assert len(VERSIONS) == 3
