"""Signatures of minisign: the only place that knows its library."""

import base64
from dataclasses import dataclass, field

import minisign

from publish.bucket.layout import key_public
from publish.signing.model import PublicKey, SignedPayload
from schemas.errors import SettingsError, UsageError

KIND = "minisign"

_SETTING, _PASSWORD = "GONGBAO_MINISIGN_KEY", "GONGBAO_MINISIGN_PASSWORD"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinisignSigner:
    """A secret key of minisign, open."""

    public: PublicKey
    secret: minisign.SecretKey = field(repr=False)

    def sign(self, statement: SignedPayload) -> bytes:
        """Return the `.minisig` file: prehashed, as minisign signs by default."""
        made = self.secret.sign(statement.sums, untrusted_comment=_hint(self.public), trusted_comment=statement.comment)
        return bytes(made) + b"\n"


def load(data: bytes, password: str) -> MinisignSigner:
    """Return the signer of a secret key file; no error quotes the file or the password.

    Raises:
        SettingsError: The file is not a key, or the password does not open it.
    """
    try:
        secret = minisign.SecretKey.from_bytes(data)
    except minisign.Error:
        what, remedy = "the file holds no secret key of minisign", "name the file that `minisign -G -s` wrote"
        raise SettingsError(what, where=_SETTING, remedy=remedy) from None
    _open(secret, password)
    signer = MinisignSigner(public=_public(secret.get_public_key()), secret=secret)
    probe = SignedPayload(sums=b"", comment="probe")
    if fault(signer.public, probe, signer.sign(probe)):
        raise SettingsError("the secret key is damaged", where=_SETTING, remedy="restore the file from its backup")
    return signer


def read_public(line: str) -> PublicKey:
    """Parse the second line of a `.pub` file.

    Raises:
        UsageError: It is not a public key of minisign.
    """
    try:
        return _public(minisign.PublicKey.from_base64(line))
    except minisign.Error:
        raise UsageError("no public key of minisign", remedy="give the second line of a .pub file") from None


def published(key: PublicKey) -> bytes:
    """Return the `.pub` file, as minisign writes it."""
    shown = key.id.lstrip("0")  # as minisign prints it
    return f"untrusted comment: minisign public key {shown}\n{key.encoded}\n".encode()


def fault(key: PublicKey, statement: SignedPayload, signature: bytes) -> str:
    """Return what is wrong with a signature that this key should have made of the payload, "" for nothing."""
    try:
        parsed = minisign.Signature.from_bytes(signature)
        made_by = _id(base64.b64decode(signature.splitlines()[1]))
    except ValueError:
        return "The signature cannot be read."
    if made_by != key.id:
        return f"The signature was made by another key: {made_by}."
    try:
        minisign.PublicKey.from_base64(key.encoded).verify(statement.sums, parsed)
    except minisign.VerifyError:
        return "The signature does not fit SHA256SUMS."
    if parsed.trusted_comment != statement.comment:
        return f"The signature is that of another release: {parsed.trusted_comment}."
    parsed.untrusted_comment = _hint(key)
    return "" if bytes(parsed) + b"\n" == signature else "The signature is good, the rest of the file was changed."


def _open(secret: minisign.SecretKey, password: str) -> None:
    if not secret.is_encrypted():
        return
    try:
        secret.decrypt(password)
    except minisign.Error:
        what = "the password does not open the key" if password else "the key needs a password, and none is set"
        raise SettingsError(what, where=_PASSWORD, remedy=f"set the password of the key in {_SETTING}") from None


def _public(key: minisign.PublicKey) -> PublicKey:
    encoded = key.to_base64()
    return PublicKey(kind=KIND, id=_id(base64.b64decode(encoded)), encoded=encoded.decode())


def _id(raw: bytes) -> str:
    """Return the id as minisign prints it, out of a key or a signature: eight bytes after the two of the algorithm."""
    return f"{int.from_bytes(raw[2:10], 'little'):016X}"


def _hint(key: PublicKey) -> str:
    """Return the untrusted comment: no signature covers it, so that `fault` expects exactly this one."""
    return f"check with {key_public(key.name)}"
