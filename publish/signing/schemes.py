"""Signing releases: the signers of the settings, the files beside `SHA256SUMS`, and how a signature is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from infra.settings import Settings
from publish.bucket.layout import MANIFEST, SIGNATURES, SUMS
from publish.bucket.manifest import from_manifest
from publish.signing import minisign, ssh
from publish.signing.model import PublicKey, SignedPayload, Signer, comment_of
from schemas.errors import SettingsError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One kind of signature: how a line becomes a key, and what is wrong with a signature, "" for nothing."""

    read_public: Callable[[str], PublicKey]
    fault: Callable[[PublicKey, SignedPayload, bytes], str]


SCHEMES = MappingProxyType(
    {
        minisign.KIND: Scheme(read_public=minisign.read_public, fault=minisign.fault),
        ssh.KIND: Scheme(read_public=ssh.read_public, fault=ssh.fault),
    }
)


def load_signers(settings: Settings) -> tuple[Signer, ...]:
    """Return the signers of the settings: none, one or two.

    Raises:
        SettingsError: A key cannot be read.
    """
    signers: list[Signer] = []
    if settings.minisign_key:
        data = _secret_file("GONGBAO_MINISIGN_KEY", settings.minisign_key)
        signers.append(minisign.load(data, settings.minisign_password))
    if settings.ssh_key:
        data = _secret_file("GONGBAO_SSH_KEY", settings.ssh_key)
        signers.append(ssh.load(data, settings.ssh_passphrase))
    return tuple(signers)


def signer_names(signers: tuple[Signer, ...]) -> tuple[str, ...]:
    """Return the names of signers in a manifest."""
    return tuple(signer.public.name for signer in signers)


def signatures(signers: tuple[Signer, ...], files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the signatures of a release, by the names of their files.

    Raises:
        UsageError: The manifest names other keys.
    """
    release = from_manifest(files[MANIFEST]).release
    if release.signed_by != signer_names(signers):
        where, remedy = f"{release.dataset} {release.version}", "build the release with the names of its signers"
        raise UsageError("the manifest names other keys than those that sign", where=where, remedy=remedy)
    statement = SignedPayload(sums=files[SUMS], comment=comment_of(release))
    return {SIGNATURES[signer.public.kind]: signer.sign(statement) for signer in signers}


def read_keys(data: bytes, where: str) -> tuple[PublicKey, ...]:
    """Return the keys of a trusted file: a `.pub` of minisign or OpenSSH, or a list of allowed signers.

    Raises:
        UsageError: It holds no public key.
    """
    lines = [line for line in data.decode("utf-8", "replace").splitlines() if line.strip() and line[0] != "#"]
    is_minisign = bool(lines) and lines[0].startswith("untrusted comment:")
    scheme, lines = (SCHEMES[minisign.KIND], lines[1:]) if is_minisign else (SCHEMES[ssh.KIND], lines)
    try:
        keys = tuple(scheme.read_public(line.strip()) for line in lines)
    except UsageError:
        keys = ()
    if not keys:
        remedy = "give a .pub of minisign, or Ed25519 keys of OpenSSH: a .pub or a list of allowed signers"
        raise UsageError("no public key", where=where, remedy=remedy)
    return keys


def _secret_file(setting: str, path: str) -> bytes:
    """No error repeats the path, which may be the secret itself, put there by mistake."""
    try:
        return Path(path).expanduser().read_bytes()
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no path"
    what, remedy = f"the file that it names cannot be read: {why}", "set the path of the secret key, not the key"
    raise SettingsError(what, where=setting, remedy=remedy)
