"""What every scheme of signatures shares: a public key, what is signed, and who signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from schemas.release import Release

IDENTITY = "gongbao"
"""Whom the lists of allowed signers name, and the namespace of every SSH signature: for this purpose and no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key: its kind, the id by which its own program calls it, and the one line that this program reads."""

    kind: str
    id: str
    encoded: str

    @property
    def name(self) -> str:
        """What manifests and `index.json` call it: `minisign:ID` or `ssh:SHA256:...`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPayload:
    """What is signed: a `SHA256SUMS`, and the comment that goes with it where the scheme signs one."""

    sums: bytes
    comment: str


class Signer(Protocol):
    """Somebody who holds a secret key; the same key makes the same signature of the same statement."""

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""

    def sign(self, statement: SignedPayload) -> bytes:
        """The file to lie beside `SHA256SUMS`."""


def comment_of(release: Release) -> str:
    """The signed comment: which release it is, and the hash of the `SHA256SUMS` before it: the chain."""
    return f"gongbao {release.dataset} {release.version} previous:{release.previous_sums_sha256 or 'none'}"
