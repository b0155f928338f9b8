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
from publish.files import sha256
from publish.folders import Build, write_folder
from publish.keys import enrol
from publish.layout import MANIFEST, candidate_folder, headers, release_folder
from publish.manifest import to_json
from publish.merging import Record
from publish.pointer import Destination, swing
from publish.schema_shelf import lay_schema
from publish.shelves import stock
from publish.sign import signatures
from publish.signing import Signer
from publish.status import Held
from publish.version import day_of, first_version, parse_version
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


def hold(place: Destination, build: Build, inputs_sha256: str, held: Held | None) -> Held:
    """Lay a candidate down beside the releases, unless the one already held is made of the same.

    Nobody signs it: a signature says that this was published.
    """
    if held and held.inputs_sha256 == inputs_sha256:
        return held
    written = write_folder(place.store, partial(candidate_folder, place.dataset), _first(place), build)
    return Held(version=written.version, inputs_sha256=inputs_sha256)


def keep_run(store: Store, key: str, record: Record) -> bool:
    """Keep the record of a run, whatever became of it, under its `run_key`."""
    return store.put_new(key, to_json(record), headers(key))


def _first(place: Destination) -> str:
    return first_version(day_of(place.now), place.since.version if place.since else "")
