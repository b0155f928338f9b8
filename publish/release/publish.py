"""Shipping a release: its folder, then the pointer, then what follows the pointer.

A kill at any point leaves the former release whole: before the pointer moves nothing that consumers look at has
changed, and after it has moved the release is complete. Of two runs at once one moves the pointer; the other yields
and touches neither `latest/` nor `index.json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from infra.store import Store
from publish.alerts.status import HeldCandidate
from publish.bucket.immutable_folder import FileBuilder, write_new_version
from publish.bucket.json_file import Record
from publish.bucket.layout import MANIFEST, candidate_folder, file_key, headers, release_folder
from publish.bucket.manifest import from_manifest, to_json
from publish.bucket.pointer import PublishTarget, compare_and_swap_pointer, iso_utc
from publish.bucket.serialize import sha256
from publish.bucket.version import day_of, first_version, next_version, parse_version
from publish.metadata.schema_folder import publish_schema
from publish.release.after_publish import update_after_publish
from publish.signing.keys import register_keys
from publish.signing.model import Signer
from publish.signing.schemes import signatures, signer_names
from schemas.codelists import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """How shipping ended, and the version that was written."""

    outcome: Literal[Outcome.PUBLISHED, Outcome.YIELDED]
    version: str


def publish_release(place: PublishTarget, build: FileBuilder, signers: tuple[Signer, ...] = ()) -> PublishResult:
    """Publish what `build` makes of a version, signed as its manifest says; the schema and the keys come before it."""
    publish_schema(place.store)
    first, seal = _first(place), partial(signatures, signers)
    register_keys(place.store, signers, parse_version(first)[0])
    written = write_new_version(place.store, partial(release_folder, place.dataset), first, build, seal)
    pointer = compare_and_swap_pointer(place, written.version, sha256(written.files[MANIFEST]))
    if pointer is None:
        return PublishResult(outcome=Outcome.YIELDED, version=written.version)
    update_after_publish(place.store, place.dataset, pointer, written)
    return PublishResult(outcome=Outcome.PUBLISHED, version=written.version)


def store_candidate(
    place: PublishTarget,
    build: FileBuilder,
    inputs_sha256: str,
    held: HeldCandidate | None,
    signers: tuple[Signer, ...] = (),
) -> HeldCandidate:
    """Lay a candidate down beside the releases, unless the one already held is made of the same and can be accepted.

    It names who is to sign it, whose keys are published. Nobody signs it yet: a signature says that this was published.
    """
    if held and held.inputs_sha256 == inputs_sha256 and _candidate_still_valid(place, held.version, signers):
        return held
    first = _next_free_version(place, _first(place))
    register_keys(place.store, signers, parse_version(first)[0])
    written = write_new_version(place.store, partial(candidate_folder, place.dataset), first, build)
    return HeldCandidate(
        version=written.version,
        inputs_sha256=inputs_sha256,
        since=iso_utc(place.now),
        against=place.expected_pointer.version if place.expected_pointer else "",
    )


def write_run_record(store: Store, key: str, record: Record) -> bool:
    """Keep the record of a run, whatever became of it, under its `run_key`."""
    return store.put_new(key, to_json(record), headers(key))


def _candidate_still_valid(place: PublishTarget, version: str, signers: tuple[Signer, ...]) -> bool:
    """Whether the candidate is still there, follows the latest release, names who signs, and its version is its own."""
    key = file_key(candidate_folder(place.dataset, version), MANIFEST)
    stored = place.store.get(key)
    if stored is None:
        return False
    release = from_manifest(stored.data, key).release
    taken = place.store.get(file_key(release_folder(place.dataset, version), MANIFEST))
    follows = release.previous == (place.expected_pointer.version if place.expected_pointer else "")
    return follows and release.signed_by == signer_names(signers) and (taken is None or taken.data == stored.data)


def _next_free_version(place: PublishTarget, version: str) -> str:
    """The first version under which no run has begun a release: a candidate keeps its version when it is accepted."""
    while place.store.get(file_key(release_folder(place.dataset, version), MANIFEST)):
        version = next_version(version)
    return version


def _first(place: PublishTarget) -> str:
    return first_version(day_of(place.now), place.expected_pointer.version if place.expected_pointer else "")
