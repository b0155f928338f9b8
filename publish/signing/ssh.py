"""Signatures of OpenSSH with Ed25519 keys, in the format of `ssh-keygen -Y sign`.

PROTOCOL.sshsig: a string is its length in four bytes, then its bytes; the message enters as its SHA-512.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

from publish.signing.model import PublicKey, SignedPayload
from schemas.errors import SettingsError, UsageError

KIND = "ssh"

_SETTING, _PASSPHRASE = "GONGBAO_SSH_KEY", "GONGBAO_SSH_PASSPHRASE"
_NAMESPACE = b"gongbao"
KEY_TYPE = b"ssh-ed25519"
KEY_BYTES = 32
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = b"sha512"
_WIDTH = 70
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshSigner:
    """An opened private key of OpenSSH."""

    public: PublicKey
    private: Ed25519PrivateKey = field(repr=False)

    def sign(self, statement: SignedPayload) -> bytes:
        """Return the `.sshsig` file; the scheme signs no comment, but the sums name the manifest and so the chain."""
        signature = self.private.sign(signed_bytes(_NAMESPACE, statement.sums))
        return encode(SshSignature(key=_raw(self.private.public_key()), namespace=_NAMESPACE, signature=signature))


def load(data: bytes, passphrase: str) -> SshSigner:
    """Return the signer of a private key file; no error quotes the file or the passphrase.

    Raises:
        SettingsError: The file is not an Ed25519 key, or the passphrase does not open it.
    """
    try:
        private = _open(data, passphrase)
    except UnsupportedAlgorithm:
        private = None
    except ValueError:
        raise _no_key(data, passphrase) from None
    if not isinstance(private, Ed25519PrivateKey):
        what = "the key is not of the kind Ed25519, the only one that signs releases"
        raise SettingsError(what, where=_SETTING, remedy="make one with `ssh-keygen -t ed25519`")
    return SshSigner(public=_public(_raw(private.public_key())), private=private)


def read_public(line: str) -> PublicKey:
    """Parse a line that holds `ssh-ed25519 AAAA...`.

    Raises:
        UsageError: It holds no such key.
    """
    words = line.split()
    at = words.index(KEY_TYPE.decode()) + 1 if KEY_TYPE.decode() in words[:-1] else len(words)
    try:
        blob = base64.b64decode("".join(words[at : at + 1]), validate=True)
    except ValueError:
        blob = b""
    return _public(raw_key(blob))


def fault(key: PublicKey, statement: SignedPayload, signature: bytes) -> str:
    """Return what is wrong with a signature that this key should have made of the payload, "" for nothing."""
    try:
        parsed = decode(signature)
    except UsageError:
        return "The signature cannot be read."
    made_by = _public(parsed.key)
    if made_by != key:
        return f"The signature was made by another key: {made_by.id}."
    if parsed.namespace != _NAMESPACE:
        return "The signature was made for another purpose."
    try:
        public = Ed25519PublicKey.from_public_bytes(parsed.key)
        public.verify(parsed.signature, signed_bytes(_NAMESPACE, statement.sums))
    except InvalidSignature:
        return "The signature does not fit SHA256SUMS."
    return ""


def _open(data: bytes, passphrase: str) -> object:
    """Open the private key; a passphrase that the key does not need is ignored."""
    try:
        return load_ssh_private_key(data, None)
    except TypeError:  # it needs one
        if not passphrase:
            raise _no_key(data, passphrase) from None
        return load_ssh_private_key(data, passphrase.encode())


def _no_key(data: bytes, passphrase: str) -> SettingsError:
    if not data.startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----"):
        what, remedy = "the file holds no private key of OpenSSH", "name the file that ssh-keygen wrote"
        return SettingsError(what, where=_SETTING, remedy=remedy)
    why = "the passphrase does not open the key" if passphrase else "the key needs a passphrase and none is set"
    what = f"{why}, or its file is damaged"
    return SettingsError(what, where=_PASSPHRASE, remedy=f"set the passphrase of the key in {_SETTING}")


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _public(raw: bytes) -> PublicKey:
    blob = key_blob(raw)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(kind=KIND, id=f"SHA256:{digest}", encoded=f"{KEY_TYPE.decode()} {base64.b64encode(blob).decode()}")


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
