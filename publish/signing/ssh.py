"""Signatures of OpenSSH with Ed25519 keys."""

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

from publish.signing.model import PublicKey, SignedPayload
from publish.signing.sshsig import KEY_TYPE, SshSignature, decode, encode, key_blob, raw_key, signed_bytes
from schemas.errors import SettingsError, UsageError

KIND = "ssh"

_SETTING, _PASSPHRASE = "GONGBAO_SSH_KEY", "GONGBAO_SSH_PASSPHRASE"
_NAMESPACE = b"gongbao"


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
        raise SettingsError(
            "the key is not of the kind Ed25519, the only one that signs releases",
            where=_SETTING,
            remedy="make one with `ssh-keygen -t ed25519`",
        )
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
        Ed25519PublicKey.from_public_bytes(parsed.key).verify(
            parsed.signature, signed_bytes(_NAMESPACE, statement.sums)
        )
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
        return SettingsError(
            "the file holds no private key of OpenSSH", where=_SETTING, remedy="name the file that ssh-keygen wrote"
        )
    if passphrase:
        what = "the passphrase does not open the key, or its file is damaged"
    else:
        what = "the key needs a passphrase and none is set, or its file is damaged"
    return SettingsError(what, where=_PASSPHRASE, remedy=f"set the passphrase of the key in {_SETTING}")


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _public(raw: bytes) -> PublicKey:
    blob = key_blob(raw)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(kind=KIND, id=f"SHA256:{digest}", encoded=f"{KEY_TYPE.decode()} {base64.b64encode(blob).decode()}")
