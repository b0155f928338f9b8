"""Checking what is published, file by file: every fault is a finding that names the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from infra.store import Store
from publish.catalog import Listed, load_index, load_manifest
from publish.files import from_parquet, sha256
from publish.layout import INDEX, MANIFEST, SUMS, file_key, latest_folder, pointer_key, release_folder
from publish.manifest import from_manifest
from publish.pointer import read_pointer
from publish.spans import misplaced
from schemas.codelists import Severity
from schemas.errors import GongbaoError, StoreCorrupt
from schemas.finding import Finding, examples
from schemas.release import DocumentEntry, Manifest, Pointer

TextOf = Callable[[str, DocumentEntry], str]
"""The canonical text of a document of a dataset, read again out of the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A folder with its files, and the store that holds them."""

    store: Store
    folder: str

    def read(self, name: str) -> bytes | None:
        """A file, None where it is missing."""
        stored = self.store.get(file_key(self.folder, name))
        return stored.data if stored else None


def verify(store: Store, text_of: TextOf, datasets: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Everything that is wrong with the releases of these datasets, of all where none is named."""
    try:
        index = load_index(store)
    except StoreCorrupt as error:
        return (_fault("index", INDEX, "The list of releases cannot be read.", str(error)),)
    once = cache(text_of)
    return tuple(
        finding
        for dataset in datasets or tuple(index)
        for finding in _dataset(store, dataset, index.get(dataset, ()), once)
    )


def _dataset(store: Store, dataset: str, releases: tuple[Listed, ...], text_of: TextOf) -> Iterator[Finding]:
    for listed in releases:
        place = _Place(store=store, folder=release_folder(dataset, listed.version))
        yield from _release(place, listed, text_of)
    yield from _pointer(store, dataset, releases)


def _release(place: _Place, listed: Listed, text_of: TextOf) -> Iterator[Finding]:
    data = place.read(MANIFEST)
    if data is None or sha256(data) != listed.manifest_sha256:
        yield _fault(
            "manifest", place.folder + MANIFEST, "The manifest is missing or not the one that index.json lists."
        )
        return
    manifest = from_manifest(data)
    if (manifest.release.version, manifest.release.previous) != (listed.version, listed.previous):
        yield _fault("index", INDEX, f"The line of {listed.version} does not say what its manifest says.")
    yield from _files(place, manifest)
    yield from _sums(place, manifest, listed.manifest_sha256)
    yield from _texts(place, manifest, text_of)


def _files(place: _Place, manifest: Manifest) -> Iterator[Finding]:
    for entry in manifest.files:
        data = place.read(entry.name)
        if data is None:
            yield _fault("missing", place.folder + entry.name, "A file of the release is missing.")
        elif (len(data), sha256(data)) != (entry.size, entry.sha256):
            yield _fault("hash", place.folder + entry.name, "A file is not the one that was published.")
    known = {place.folder + entry.name for entry in manifest.files} | {place.folder + MANIFEST, place.folder + SUMS}
    for found in place.store.list(place.folder):
        if found.key not in known:
            yield _fault("stranger", found.key, "A file lies in the release that its manifest does not list.")


def _sums(place: _Place, manifest: Manifest, manifest_sha256: str) -> Iterator[Finding]:
    if place.read(SUMS) != _sum_lines(manifest, manifest_sha256):
        yield _fault("sums", place.folder + SUMS, "SHA256SUMS is missing or does not say what the manifest says.")


def _sum_lines(manifest: Manifest, manifest_sha256: str) -> bytes:
    hashes = {entry.name: entry.sha256 for entry in manifest.files} | {MANIFEST: manifest_sha256}
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()


def _pointer(store: Store, dataset: str, releases: tuple[Listed, ...]) -> Iterator[Finding]:
    try:
        pointer = read_pointer(store, dataset)
    except StoreCorrupt as error:
        yield _fault("pointer", pointer_key(dataset), "The pointer cannot be read.", str(error))
        return
    listed = {one.version: one.manifest_sha256 for one in releases[:1]}
    if pointer is None or listed.get(pointer.version) != pointer.manifest_sha256:
        yield _fault("pointer", pointer_key(dataset), "The pointer does not name the newest release of index.json.")
        return
    yield from _latest(store, dataset, pointer)


def _latest(store: Store, dataset: str, pointer: Pointer) -> Iterator[Finding]:
    """The copies against the hashes of the release, so that a fault of the release is not named twice."""
    try:
        manifest = load_manifest(store, dataset, pointer)
    except StoreCorrupt:
        return
    copies = _Place(store=store, folder=latest_folder(dataset))
    hashes = {MANIFEST: pointer.manifest_sha256, SUMS: sha256(_sum_lines(manifest, pointer.manifest_sha256))}
    for name, digest in (hashes | {entry.name: entry.sha256 for entry in manifest.files}).items():
        data = copies.read(name)
        if data is None or sha256(data) != digest:
            yield _fault("latest", copies.folder + name, "The copy is not that of the release that the pointer names.")


def _texts(place: _Place, manifest: Manifest, text_of: TextOf) -> Iterator[Finding]:
    data = place.read("observations.parquet")
    hashes = {entry.name: entry.sha256 for entry in manifest.files}
    if data is None or sha256(data) != hashes.get("observations.parquet"):
        return
    observations = from_parquet(data)
    for document in manifest.release.documents:
        rows = observations.filter(pl.col("document") == document.document)
        yield from _text(place, manifest.release.dataset, document, rows, text_of)


def _text(
    place: _Place, dataset: str, document: DocumentEntry, rows: pl.DataFrame, text_of: TextOf
) -> Iterator[Finding]:
    where = f"{place.folder} {document.document}"
    try:
        text = text_of(dataset, document)
    except GongbaoError as error:
        yield _fault("text", where, "The document cannot be read out of the archive.", str(error))
        return
    if sha256(text.encode()) != document.text_sha256:
        yield _fault("text", where, "The archived page does not give the text that was published from.")
    elif wrong := misplaced(rows, {document.document: text}):
        yield _fault("spans", where, "char_start and char_end do not cut obs_text out of the text.", *wrong)


def _fault(code: str, where: str, message: str, *evidence: str) -> Finding:
    return Finding(
        code=f"verify_{code}",
        severity=Severity.REJECT,
        where=where,
        message=message,
        count=max(1, len(evidence)),
        evidence=examples(evidence),
    )
