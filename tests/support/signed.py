"""Keys made by minisign and ssh-keygen themselves, and stores of three releases that are signed with them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from support.report_readings import corrected, report_2023, report_2024, texts
from support.report_releases import VERSION, place, report_release
from support.requires import program
from support.shared_session import built_once

from infra.settings import Settings
from infra.store import open_store
from publish.bucket.serialize import sha256
from publish.release.build_files import release_files
from publish.release.publish import publish_release
from publish.signing.schemes import load_signers, signer_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publish.signing.model import Signer
    from schemas.release import DocumentEntry

SECOND, THIRD = "2026.11.23.2", "2026.11.23.3"
VERSIONS = (VERSION, SECOND, THIRD)
PASSPHRASE = "correct horse 电池"
"""The passphrase of keys that have one, and the password of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A key of each kind, as files."""

    minisign: Path
    minisign_public: Path
    ssh: Path
    ssh_public: Path

    @property
    def settings(self) -> Settings:
        return Settings(minisign_key=str(self.minisign), ssh_key=str(self.ssh))

    @property
    def signers(self) -> tuple[Signer, ...]:
        return load_signers(self.settings)


def run(*command: object, given: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """A program of the machine, run to its end."""
    first, *rest = map(str, command)
    return subprocess.run([program(first), *rest], input=given, cwd=cwd, capture_output=True, check=False)


def made(*command: object, given: bytes = b"") -> None:
    """The same, for what must not fail."""
    done = run(*command, given=given)
    assert done.returncode == 0, done.stderr


def minisign_key(folder: Path, name: str, password: str = "") -> tuple[Path, Path]:
    """A secret and a public key by minisign."""
    secret, public = folder / f"{name}.key", folder / f"{name}.pub"
    given = f"{password}\n{password}\n".encode()
    made("minisign", "-G", *([] if password else ["-W"]), "-f", "-s", secret, "-p", public, given=given)
    return secret, public


def ssh_key(folder: Path, name: str, passphrase: str = "", kind: str = "ed25519") -> tuple[Path, Path]:
    """A private and a public key by ssh-keygen."""
    private = folder / name
    made("ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "gongbao", "-f", private)
    return private, folder / f"{name}.pub"


def both_keys(folder: Path) -> Keys:
    """Make a key of each kind, without a password."""
    minisign_key(folder, "release-minisign")
    ssh_key(folder, "release-ssh")
    return keys_in(folder)


def keys_in(folder: Path) -> Keys:
    """Return the keys that `both_keys` has made."""
    names = ("release-minisign.key", "release-minisign.pub", "release-ssh", "release-ssh.pub")
    secret, public, private, ssh_public = (folder / name for name in names)
    return Keys(minisign=secret, minisign_public=public, ssh=private, ssh_public=ssh_public)


@cache
def chain(*signed_by: tuple[str, ...]) -> tuple[Mapping[str, bytes], ...]:
    """The files of up to three releases, each after the one before: a number is changed, and changed back."""
    return built_once(f"chain-{sha256(repr(signed_by).encode())}", partial(_chain, signed_by))


def _chain(signed_by: tuple[tuple[str, ...], ...]) -> tuple[Mapping[str, bytes], ...]:
    found: list[Mapping[str, bytes]] = []
    for count, group in enumerate(signed_by):
        reports = (report_2023(), corrected() if count == 1 else report_2024())
        previous, former = (VERSIONS[count - 1], found[-1]) if count else ("", None)
        built = replace(report_release(*reports, previous=previous, former=former), signed_by=group)
        found.append(release_files(built, VERSIONS[count]))
    return tuple(found)


def shipped(root: Path, *signers: tuple[Signer, ...]) -> Path:
    """A folder with as many releases as there are groups of signers, each signed by its group."""
    store = open_store(str(root))
    for count, files in enumerate(chain(*map(signer_names, signers))):
        assert publish_release(place(store), partial(_as, files), signers[count]).version == VERSIONS[count]
    return root


def text_of(_dataset: str, document: DocumentEntry) -> str:
    """The archive of these releases."""
    changed = corrected()
    return changed.document.text if document.text_sha256 == changed.text_sha256 else texts()[document.document]


def _as(files: Mapping[str, bytes], version: str) -> Mapping[str, bytes]:
    assert f'"version": "{version}"'.encode() in files["manifest.json"]
    return files
