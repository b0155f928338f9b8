"""Each signature against the keys of the store and those that the caller trusts, and the keys against their dates.

A manifest names the keys that sign it, and the chain covers the manifest: a removed signature is missed. An unsigned
release misses nothing, unless an earlier one is signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infra.store import Store
from publish.bucket.layout import KEYS, RETIRED, SIGNATURES, key_public, key_record, key_retired, signature_file
from publish.bucket.version import parse_version
from publish.signing.keys import KeyRecord, key_name, public_file, read_key
from publish.signing.model import PublicKey, SignedPayload, comment_of
from publish.signing.schemes import SCHEMES
from publish.verify.context import VerifiedRelease, fault
from schemas.errors import StoreCorrupt, UsageError
from schemas.finding import Finding, FindingCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The valid keys of a store by name, and those that the caller trusts."""

    keys: Mapping[str, KeyRecord]
    pins: tuple[PublicKey, ...]


def load_keyring(store: Store, needed: set[str], pins: tuple[PublicKey, ...]) -> tuple[Keyring, tuple[Finding, ...]]:
    """Load the keys of a store, with the faults of `keys/`; `needed` are the keys that manifests name."""
    stored = {entry.key for entry in store.list(KEYS)}
    names, findings = _list_key_names(store, sorted(stored))
    damaged = {finding.where for finding in findings}
    keys, faults = _load_keys(store, sorted(name for name in names | needed if key_record(name) not in damaged))
    findings += faults
    if not findings:
        expected = {spell(name) for name in keys for spell in (key_record, key_public, key_retired)}
        message = "A file lies in keys/ that belongs to no key."
        findings = [fault(FindingCode.VERIFY_KEYS, key, message) for key in sorted(stored - expected)]
    return Keyring(keys=MappingProxyType(keys), pins=pins), tuple(findings)


def signature_error(verified: VerifiedRelease, name: str, data: bytes | None, keyring: Keyring) -> str:
    """Return what is wrong with the signature of a release by a key; "" for nothing, or where the key is at fault."""
    if data is None:
        return "The signature that the manifest names is missing."
    key, day = keyring.keys.get(name), parse_version(verified.listed.version)[0]
    if key is None:
        return ""
    if message := SCHEMES[key.public.kind].fault(key.public, _statement(verified), data):
        return message
    dates = f"{key.since} to {key.retired_on or 'now'}"
    return "" if key.dated(day) else f"The release is dated {day}, and its key may sign from {dates}."


def check_signatures(releases: tuple[VerifiedRelease, ...], keyring: Keyring) -> Iterator[Finding]:
    """Check that the signatures exist and are valid."""
    last_signed = ""
    for verified in reversed(releases):
        names = verified.manifest.release.signed_by
        faults = {
            signature_file(name): signature_error(verified, name, verified.place.read(signature_file(name)), keyring)
            for name in names
        }
        if last_signed and not names:
            faults[last_signed] = "The release is not signed, and one before it is."
        for kind in {pin.kind for pin in keyring.pins}:
            faults[SIGNATURES[kind]] = faults.get(SIGNATURES[kind]) or _untrusted(verified, kind, keyring.pins)
        for name, message in sorted(faults.items()):
            if message:
                yield fault(FindingCode.VERIFY_SIGNATURE, verified.place.folder + name, message)
        last_signed = signature_file(names[0]) if names else last_signed


def _untrusted(verified: VerifiedRelease, kind: str, pins: tuple[PublicKey, ...]) -> str:
    data = verified.place.read(SIGNATURES[kind]) or b""
    trusted = [pin for pin in pins if pin.kind == kind and not SCHEMES[kind].fault(pin, _statement(verified), data)]
    return "" if trusted else "The release is not signed by a key that is trusted."


def _statement(verified: VerifiedRelease) -> SignedPayload:
    return SignedPayload(sums=verified.sums, comment=comment_of(verified.manifest.release))


def _list_key_names(store: Store, keys: list[str]) -> tuple[set[str], list[Finding]]:
    """Return the names of the keys that have a record, and the records that cannot be read."""
    names, findings = set(), []
    for key in keys:
        if key.endswith(".json") and not key.endswith(RETIRED):
            try:
                names.add(key_name(store, key))
            except StoreCorrupt as error:
                findings.append(fault(FindingCode.VERIFY_KEYS, key, "The record of a key cannot be read.", str(error)))
    return names, findings


def _load_keys(store: Store, names: list[str]) -> tuple[dict[str, KeyRecord], list[Finding]]:
    """Return the keys of these names, and the faults of their files."""
    keys: dict[str, KeyRecord] = {}
    faults: list[tuple[str, ...]] = []
    for name in names:
        try:
            keys[name] = read_key(store, name)
        except StoreCorrupt as error:
            faults.append((error.where, "The record of a key cannot be read.", str(error)))
            continue
        except UsageError:
            faults.append((key_record(name), "The key that signs releases is missing."))
            continue
        stored = store.get(key_public(name))
        if stored is None or stored.data != public_file(keys[name]):
            faults.append((key_public(name), "The public key is missing or not that of its record."))
    return keys, [fault(FindingCode.VERIFY_KEYS, where, *rest) for where, *rest in faults]
