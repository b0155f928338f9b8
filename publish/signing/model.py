"""What all signature schemes share: a public key, what is signed, and who signs."""

from dataclasses import dataclass
from typing import Protocol

from schemas.release import Release

IDENTITY = "gongbao"
"""Whom the lists of allowed signers name, and the namespace of every SSH signature: for this purpose and no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key: its kind, its id in its own program, and the one line that this program reads."""

    kind: str
    id: str
    encoded: str

    @property
    def name(self) -> str:
        """Its name in manifests and `index.json`: `minisign:ID` or `ssh:SHA256:...`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPayload:
    """What is signed: a `SHA256SUMS`, and the comment where the scheme signs one."""

    sums: bytes
    comment: str


class Signer(Protocol):
    """The holder of a secret key; the same key makes the same signature of the same payload."""

    @property
    def public(self) -> PublicKey:
        """The key that checks its signatures."""

    def sign(self, statement: SignedPayload) -> bytes:
        """Return the signature file that is stored beside `SHA256SUMS`."""


def comment_of(release: Release) -> str:
    """Return the signed comment: the release, and the hash of the previous `SHA256SUMS`: the chain."""
    return f"gongbao {release.dataset} {release.version} previous:{release.previous_sums_sha256 or 'none'}"
