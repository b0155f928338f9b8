"""Publishing a release: its folder, then the pointer, then what follows the pointer.

A kill at any point leaves the previous release whole: before the pointer moves nothing that consumers read has
changed, and after it has moved the release is complete. Of two runs at once one moves the pointer; the other yields
and writes neither `latest/` nor `index.json`.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from infra.store import Store
from publish.alerts.status import HeldCandidate
from publish.bucket.immutable_folder import FileBuilder, write_new_version
from publish.bucket.layout import MANIFEST, candidate_folder, file_key, headers, release_folder
from publish.bucket.manifest import Record, from_manifest, to_json
from publish.bucket.pointer import PublishTarget, compare_and_swap_pointer, iso_utc
from publish.bucket.serialize import sha256
from publish.bucket.version import day_of, first_version, next_version, parse_version
from publish.metadata.schema_files import publish_schema
from publish.release.after_publish import update_after_publish
from publish.signing.keys import register_keys
from publish.signing.model import Signer
from publish.signing.schemes import signatures, signer_names
from schemas.codelists import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """The outcome of publishing, and the version that was written."""

    outcome: Literal[Outcome.PUBLISHED, Outcome.YIELDED]
    version: str


def publish_release(target: PublishTarget, build: FileBuilder, signers: tuple[Signer, ...] = ()) -> PublishResult:
    """Publish what `build` makes of a version, signed as its manifest says, after the schema and the keys."""
    publish_schema(target.store)
    first, sign = _first_version(target), partial(signatures, signers)
    register_keys(target.store, signers, parse_version(first)[0])
    written = write_new_version(target.store, partial(release_folder, target.dataset), first, build, sign)
    pointer = compare_and_swap_pointer(target, written.version, sha256(written.files[MANIFEST]))
    if pointer is None:
        return PublishResult(outcome=Outcome.YIELDED, version=written.version)
    update_after_publish(target.store, target.dataset, pointer, written)
    return PublishResult(outcome=Outcome.PUBLISHED, version=written.version)


def store_candidate(
    target: PublishTarget,
    build: FileBuilder,
    inputs_sha256: str,
    held: HeldCandidate | None,
    signers: tuple[Signer, ...] = (),
) -> HeldCandidate:
    """Store a candidate, unless an acceptable candidate with the same inputs already exists.

    It names the keys that are to sign it, and these are published. Nobody signs it yet: a signature says that this was
    published.

    Returns:
        The candidate that is held now.
    """
    if held and held.inputs_sha256 == inputs_sha256 and _candidate_still_valid(target, held.version, signers):
        return held
    first = _first_version(target)
    while target.store.get(file_key(release_folder(target.dataset, first), MANIFEST)):
        first = next_version(first)  # a candidate keeps its version when it is accepted
    register_keys(target.store, signers, parse_version(first)[0])
    written = write_new_version(target.store, partial(candidate_folder, target.dataset), first, build)
    since, against = iso_utc(target.now), target.expected_version
    return HeldCandidate(version=written.version, inputs_sha256=inputs_sha256, since=since, against=against)


def write_run_record(store: Store, key: str, record: Record) -> bool:
    """Write the record of a run under its `run_key`; return False where there is one already."""
    return store.put_new(key, to_json(record), headers(key))


def _candidate_still_valid(target: PublishTarget, version: str, signers: tuple[Signer, ...]) -> bool:
    key = file_key(candidate_folder(target.dataset, version), MANIFEST)
    stored = target.store.get(key)
    if stored is None:
        return False
    release = from_manifest(stored.data, key).release
    taken = target.store.get(file_key(release_folder(target.dataset, version), MANIFEST))
    return (
        release.previous == target.expected_version
        and release.signed_by == signer_names(signers)
        and (taken is None or taken.data == stored.data)
    )


def _first_version(target: PublishTarget) -> str:
    return first_version(day_of(target.now), target.expected_version)
