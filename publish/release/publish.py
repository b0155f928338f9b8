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
from publish.alerts.status import Held
from publish.bucket.immutable_folder import Build, write_folder
from publish.bucket.json_file import Record
from publish.bucket.layout import MANIFEST, candidate_folder, file_key, headers, release_folder
from publish.bucket.manifest import from_manifest, to_json
from publish.bucket.pointer import Destination, instant, swing
from publish.bucket.serialize import sha256
from publish.bucket.version import day_of, first_version, following, parse_version
from publish.metadata.schema_folder import lay_schema
from publish.release.after_publish import stock
from publish.signing.keys import enrol
from publish.signing.model import Signer
from publish.signing.schemes import names, signatures
from schemas.codelists import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """How shipping ended, and the version that was written."""

    outcome: Literal[Outcome.PUBLISHED, Outcome.YIELDED]
    version: str


def ship(place: Destination, build: Build, signers: tuple[Signer, ...] = ()) -> Shipped:
    """Publish what `build` makes of a version, signed as its manifest says; the schema and the keys come before it."""
    lay_schema(place.store)
    first, seal = _first(place), partial(signatures, signers)
    enrol(place.store, signers, parse_version(first)[0])
    written = write_folder(place.store, partial(release_folder, place.dataset), first, build, seal)
    pointer = swing(place, written.version, sha256(written.files[MANIFEST]))
    if pointer is None:
        return Shipped(outcome=Outcome.YIELDED, version=written.version)
    stock(place.store, place.dataset, pointer, written)
    return Shipped(outcome=Outcome.PUBLISHED, version=written.version)


def hold(
    place: Destination, build: Build, inputs_sha256: str, held: Held | None, signers: tuple[Signer, ...] = ()
) -> Held:
    """Lay a candidate down beside the releases, unless the one already held is made of the same and can be accepted.

    It names who is to sign it, whose keys are published. Nobody signs it yet: a signature says that this was published.
    """
    if held and held.inputs_sha256 == inputs_sha256 and _acceptable(place, held.version, signers):
        return held
    first = _free(place, _first(place))
    enrol(place.store, signers, parse_version(first)[0])
    written = write_folder(place.store, partial(candidate_folder, place.dataset), first, build)
    return Held(
        version=written.version,
        inputs_sha256=inputs_sha256,
        since=instant(place.now),
        against=place.since.version if place.since else "",
    )


def keep_run(store: Store, key: str, record: Record) -> bool:
    """Keep the record of a run, whatever became of it, under its `run_key`."""
    return store.put_new(key, to_json(record), headers(key))


def _acceptable(place: Destination, version: str, signers: tuple[Signer, ...]) -> bool:
    """Whether the candidate is still there, follows the latest release, names who signs, and its version is its own."""
    key = file_key(candidate_folder(place.dataset, version), MANIFEST)
    stored = place.store.get(key)
    if stored is None:
        return False
    release = from_manifest(stored.data, key).release
    taken = place.store.get(file_key(release_folder(place.dataset, version), MANIFEST))
    follows = release.previous == (place.since.version if place.since else "")
    return follows and release.signed_by == names(signers) and (taken is None or taken.data == stored.data)


def _free(place: Destination, version: str) -> str:
    """The first version under which no run has begun a release: a candidate keeps its version when it is accepted."""
    while place.store.get(file_key(release_folder(place.dataset, version), MANIFEST)):
        version = following(version)
    return version


def _first(place: Destination) -> str:
    return first_version(day_of(place.now), place.since.version if place.since else "")
