"""Held releases: what waits, and publishing one of them just as it lies there.

A candidate names the release that it follows and the keys that are to sign it. It can be published only while that
release is the latest, and its bytes are those that its `SHA256SUMS` names; the signatures come with the acceptance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from infra.store import Store
from publish.bucket.catalog import load_manifest, sums_sha256
from publish.bucket.immutable_folder import WrittenFolder, write_files
from publish.bucket.layout import MANIFEST, SUMS, candidate_folder, file_key, release_folder
from publish.bucket.manifest import from_json, from_manifest, sums_of
from publish.bucket.pointer import PublishTarget, compare_and_swap_pointer
from publish.bucket.serialize import sha256
from publish.bucket.version import parse_version
from publish.gate.contract import contract_findings
from publish.metadata.schema_folder import publish_schema
from publish.release.after_publish import update_after_publish
from publish.signing.keys import register_keys
from publish.signing.model import Signer
from publish.signing.schemes import signatures, signer_names
from schemas.codelists import Severity
from schemas.contract.model import contract
from schemas.errors import StoreCorrupt, UsageError
from schemas.release import Manifest, Pointer, Release
from schemas.tables.columns import SCHEMA_VERSION

AGAIN = "run the source again: it makes a candidate anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A held release, whole: each of its files is the one that its `SHA256SUMS` names."""

    manifest: Manifest
    files: Mapping[str, bytes]

    @property
    def release(self) -> Release:
        """The release that it would be."""
        return self.manifest.release

    @property
    def manifest_sha256(self) -> str:
        """What tells its bytes from any others."""
        return sha256(self.files[MANIFEST])

    @property
    def findings(self) -> tuple[Mapping[str, Any], ...]:
        """What the gate found in it, the heaviest first."""
        quality = from_json(self.files["quality.json"], "quality.json")
        return tuple(quality.get("findings", ()))


def load_candidate(store: Store, dataset: str, version: str) -> Candidate:
    """A held release with every file checked; `StoreCorrupt` names the first that is missing or another."""
    folder = candidate_folder(dataset, version)
    manifest_key = file_key(folder, MANIFEST)
    data = _read(store, manifest_key)
    manifest = from_manifest(data, manifest_key)
    if (manifest.release.dataset, manifest.release.version) != (dataset, version):
        raise StoreCorrupt("the manifest is that of another release", where=manifest_key, remedy=AGAIN)
    files = {MANIFEST: data}
    expected = {entry.name: entry.sha256 for entry in manifest.files} | {SUMS: sha256(sums_of(manifest, sha256(data)))}
    for name, digest in expected.items():
        files[name] = _require_hash(_read(store, file_key(folder, name)), digest, file_key(folder, name))
    return Candidate(manifest=manifest, files=files)


def check_acceptable(place: PublishTarget, candidate: Candidate, signers: tuple[Signer, ...]) -> None:
    """Raise what keeps a candidate from being published, if anything does; nothing is written."""
    release = candidate.release
    former = load_manifest(place.store, place.dataset, place.expected_pointer) if place.expected_pointer else None
    latest, chain = (former.release.version, sums_sha256(place.store, former)) if former else ("", "")
    if (release.previous, release.previous_sums_sha256) != (latest, chain):
        told = f"it was compared with {release.previous or 'nothing'}, and the latest release is {latest or 'none'}"
        raise _refusal_error(release, told, AGAIN)
    if release.signed_by != signer_names(signers):
        wanted, given = (", ".join(keys) or "no key" for keys in (release.signed_by, signer_names(signers)))
        remedy = f"set the keys that were set when it was held, or {AGAIN}"
        raise _refusal_error(release, f"it names {wanted} to sign it, and the settings give {given}", remedy)
    _check_contract(place.store, release, former.release if former else None)
    folder = release_folder(release.dataset, release.version)
    taken = place.store.get(file_key(folder, MANIFEST))
    if taken and taken.data != candidate.files[MANIFEST]:
        raise _version_taken_error(release)


def publish_candidate(place: PublishTarget, candidate: Candidate, signers: tuple[Signer, ...]) -> Pointer | None:
    """Publish the very bytes, signed; None, and nothing to see, where another release was published meanwhile."""
    release = candidate.release
    publish_schema(place.store)
    register_keys(place.store, signers, parse_version(release.version)[0])
    folder = release_folder(release.dataset, release.version)
    written = write_files(place.store, folder, candidate.files, partial(signatures, signers))
    if written is None:
        raise _version_taken_error(release)
    pointer = compare_and_swap_pointer(place, release.version, candidate.manifest_sha256)
    if pointer:
        update_after_publish(
            place.store, release.dataset, pointer, WrittenFolder(version=release.version, files=written)
        )
    return pointer


def _check_contract(store: Store, release: Release, former: Release | None) -> None:
    """Columns and codes must be those of this code, and such as may follow the latest release."""
    if (release.schema_version, release.contract_sha256) != (SCHEMA_VERSION, contract().fingerprint()):
        told = f"its columns are those of schema {release.schema_version} of another Gongbao"
        raise _refusal_error(release, told, AGAIN)
    for finding in contract_findings(store, former):
        if finding.severity is Severity.REJECT:
            raise _refusal_error(
                release, f"the contract forbids it: {finding.message}", "mend the schema, then run again"
            )


def _read(store: Store, key: str) -> bytes:
    stored = store.get(key)
    if stored is None:
        raise StoreCorrupt("the file is missing", where=key, remedy=AGAIN)
    return stored.data


def _require_hash(data: bytes, expected: str, key: str) -> bytes:
    if sha256(data) != expected:
        raise StoreCorrupt("the file is not the one that was held", where=key, remedy=f"reject it, or {AGAIN}")
    return data


def _version_taken_error(release: Release) -> UsageError:
    return _refusal_error(release, "other files lie under its version already", AGAIN)


def _refusal_error(release: Release, why: str, remedy: str) -> UsageError:
    """The error of a candidate that may not be published."""
    return UsageError(why, where=f"candidate {release.dataset} {release.version}", remedy=remedy)
