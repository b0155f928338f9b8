"""Held releases: loading one, checking whether it can be accepted, and publishing its bytes unchanged.

A candidate names the release that it follows and the keys that are to sign it. It can be published only while that
release is the latest, and its bytes are those that its `SHA256SUMS` names; it is signed when it is accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from infra.store import Store
from publish.bucket.catalog import load_manifest, read_file, sums_sha256
from publish.bucket.immutable_folder import WrittenFolder, write_files
from publish.bucket.layout import MANIFEST, SUMS, candidate_folder, file_key, release_folder
from publish.bucket.manifest import from_json, from_manifest, sums_of
from publish.bucket.pointer import PublishTarget, compare_and_swap_pointer
from publish.bucket.serialize import sha256
from publish.bucket.version import parse_version
from publish.gate.contract import contract_findings
from publish.metadata.schema_files import publish_schema
from publish.release.after_publish import update_after_publish
from publish.signing.keys import register_keys
from publish.signing.model import Signer
from publish.signing.schemes import signatures, signer_names
from schemas.codelists import Severity
from schemas.contract.model import contract
from schemas.errors import StoreCorrupt, UsageError
from schemas.release import Manifest, Pointer, Release
from schemas.tables.columns import SCHEMA_VERSION

AGAIN = "run the source again: it makes a new candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A whole held release: each of its files is the one that its `SHA256SUMS` names."""

    manifest: Manifest
    files: Mapping[str, bytes]

    @property
    def release(self) -> Release:
        """The release that it would be."""
        return self.manifest.release

    @property
    def manifest_sha256(self) -> str:
        """The hash that identifies its bytes."""
        return sha256(self.files[MANIFEST])

    @property
    def findings(self) -> tuple[Mapping[str, Any], ...]:
        """The findings of the gate, the most severe first."""
        quality = from_json(self.files["quality.json"], "quality.json")
        return tuple(quality.get("findings", ()))


def load_candidate(store: Store, dataset: str, version: str) -> Candidate:
    """Return a held release with every file checked.

    Raises:
        StoreCorrupt: A file is missing or is not the one that was held.
    """
    folder = candidate_folder(dataset, version)
    manifest_key = file_key(folder, MANIFEST)
    data = read_file(store, manifest_key, remedy=AGAIN)
    manifest = from_manifest(data, manifest_key)
    if (manifest.release.dataset, manifest.release.version) != (dataset, version):
        raise StoreCorrupt("the manifest is that of another release", where=manifest_key, remedy=AGAIN)
    files = {MANIFEST: data}
    expected = {entry.name: entry.sha256 for entry in manifest.files} | {SUMS: sha256(sums_of(manifest, sha256(data)))}
    for name, digest in expected.items():
        files[name] = read_file(store, file_key(folder, name), digest, remedy=f"reject it, or {AGAIN}")
    return Candidate(manifest=manifest, files=files)


def check_acceptable(target: PublishTarget, candidate: Candidate, signers: tuple[Signer, ...]) -> None:
    """Check that a candidate can be published; nothing is written.

    Raises:
        UsageError: Another release is the latest, other keys sign, the contract forbids it, or its version is taken.
    """
    release = candidate.release
    former = load_manifest(target.store, target.dataset, target.expected_pointer) if target.expected_pointer else None
    latest, chain = (former.release.version, sums_sha256(target.store, former)) if former else ("", "")
    if (release.previous, release.previous_sums_sha256) != (latest, chain):
        what = f"it was compared with {release.previous or 'nothing'}, and the latest release is {latest or 'none'}"
        raise _refusal(release, what, AGAIN)
    if release.signed_by != signer_names(signers):
        wanted, given = (", ".join(keys) or "no key" for keys in (release.signed_by, signer_names(signers)))
        remedy = f"set the keys that were set when it was held, or {AGAIN}"
        raise _refusal(release, f"it names {wanted} to sign it, and the settings give {given}", remedy)
    _check_contract(target.store, release, former.release if former else None)
    folder = release_folder(release.dataset, release.version)
    taken = target.store.get(file_key(folder, MANIFEST))
    if taken and taken.data != candidate.files[MANIFEST]:
        raise _version_taken(release)


def publish_candidate(target: PublishTarget, candidate: Candidate, signers: tuple[Signer, ...]) -> Pointer | None:
    """Publish the bytes of a candidate, signed.

    Returns:
        The new pointer, or None where another release was published meanwhile.
    """
    release = candidate.release
    publish_schema(target.store)
    register_keys(target.store, signers, parse_version(release.version)[0])
    folder = release_folder(release.dataset, release.version)
    written = write_files(target.store, folder, candidate.files, partial(signatures, signers))
    if written is None:
        raise _version_taken(release)
    pointer = compare_and_swap_pointer(target, release.version, candidate.manifest_sha256)
    if pointer:
        whole = WrittenFolder(version=release.version, files=written)
        update_after_publish(target.store, release.dataset, pointer, whole)
    return pointer


def _check_contract(store: Store, release: Release, former: Release | None) -> None:
    if (release.schema_version, release.contract_sha256) != (SCHEMA_VERSION, contract().fingerprint()):
        raise _refusal(release, f"its columns are those of schema {release.schema_version} of another Gongbao", AGAIN)
    for finding in contract_findings(store, former):
        if finding.severity is Severity.REJECT:
            raise _refusal(release, f"the contract forbids it: {finding.message}", "fix the schema, then run again")


def _version_taken(release: Release) -> UsageError:
    return _refusal(release, "its version holds other files already", AGAIN)


def _refusal(release: Release, why: str, remedy: str) -> UsageError:
    return UsageError(why, where=f"candidate {release.dataset} {release.version}", remedy=remedy)
