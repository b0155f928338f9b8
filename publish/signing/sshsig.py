"""The signature format of OpenSSH, `ssh-keygen -Y sign`: what is signed, and how the signature is written.

PROTOCOL.sshsig: a string is its length in four bytes, then its bytes; the message enters as its SHA-512.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass

from schemas.errors import UsageError

KEY_TYPE = b"ssh-ed25519"
KEY_BYTES = 32

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = b"sha512"
_WIDTH = 70
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshSignature:
    """A signature and the Ed25519 key that claims to have made it, both raw."""

    key: bytes
    namespace: bytes
    signature: bytes


def signed_bytes(namespace: bytes, message: bytes) -> bytes:
    """Return the bytes that the key signs."""
    return _MAGIC + b"".join(map(_string, (namespace, b"", _HASH, hashlib.sha512(message).digest())))


def key_blob(key: bytes) -> bytes:
    """Return a raw public key as OpenSSH writes and fingerprints it."""
    return _string(KEY_TYPE) + _string(key)


def raw_key(blob: bytes) -> bytes:
    """Return the raw public key of such a blob.

    Raises:
        UsageError: It is of another type.
    """
    key = blob[-KEY_BYTES:]
    if blob != key_blob(key):
        raise UsageError("no Ed25519 key of OpenSSH", remedy="give a key that `ssh-keygen -t ed25519` made")
    return key


def encode(parts: SshSignature) -> bytes:
    """Return the file that `ssh-keygen -Y verify -s` reads, as `ssh-keygen -Y sign` writes it."""
    fields = (key_blob(parts.key), parts.namespace, b"", _HASH, _string(KEY_TYPE) + _string(parts.signature))
    text = base64.b64encode(_MAGIC + struct.pack(">I", _VERSION) + b"".join(map(_string, fields)))
    lines = [text[at : at + _WIDTH] + b"\n" for at in range(0, len(text), _WIDTH)]
    return _BEGIN + b"".join(lines) + _END


def decode(data: bytes) -> SshSignature:
    """Parse such a file.

    Raises:
        UsageError: A byte is not as `encode` writes it.
    """
    text = data.removeprefix(_BEGIN).removesuffix(_END).replace(b"\n", b"")
    try:
        reader = _Reader(base64.b64decode(text, validate=True)[len(_MAGIC) + 4 :])
    except ValueError:
        raise _unreadable("not base64") from None
    blob, namespace, _, _, wrapped = (reader.string() for _ in range(5))
    inner = _Reader(wrapped)
    inner.string()
    parsed = SshSignature(key=raw_key(blob), namespace=namespace, signature=inner.string())
    if encode(parsed) != data:
        raise _unreadable("not written as OpenSSH writes it")
    return parsed


def _unreadable(why: str) -> UsageError:
    return UsageError(f"no signature of OpenSSH: {why}", remedy="give what `ssh-keygen -Y sign` writes")


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


class _Reader:
    """Takes strings from the front of some bytes."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._rest = data

    def string(self) -> bytes:
        """Return the next string."""
        if len(self._rest) < 4:  # noqa: PLR2004 - the four bytes of a length
            raise _unreadable("cut short")
        (size,) = struct.unpack(">I", self._rest[:4])
        text, self._rest = self._rest[4 : 4 + size], self._rest[4 + size :]
        return text
