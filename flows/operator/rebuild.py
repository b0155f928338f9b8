"""Rebuild each release out of the archive: the same reader, registry and libraries give the same bytes.

A release of another reader, registry, schema or library cannot be rebuilt by this code: that is a note, not a fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flows.operator.history import ReleaseHistory, datasets, open_history
from flows.stages.candidate import create_candidate, load_inputs
from flows.stages.reread import load_captured
from publish.bucket.catalog import ReleaseIndexEntry, load_file, load_manifest
from publish.bucket.layout import MANIFEST, SUMS, file_key, release_folder
from publish.bucket.manifest import from_json, sums_of
from publish.bucket.serialize import sha256
from publish.gate.verdict import GateLimits
from publish.portal.html.bundle import BUNDLE
from publish.release.build_files import built_with, release_files
from publish.verify.context import fault
from raw.archive.warc_archive import Archive
from raw.extract.version import reader_version, registry_fingerprint
from raw.reading import read_capture
from schemas.codelists import Severity
from schemas.contract.model import contract
from schemas.errors import GongbaoError, StoreCorrupt
from schemas.finding import Finding, FindingCode
from schemas.registry.sources import Source
from schemas.release import Manifest, Release

QUALITY = "quality.json"


def rebuild_all(url: str, wanted: tuple[str, ...], registry: tuple[Source, ...]) -> tuple[Finding, ...]:
    """Rebuild the releases of these datasets of a store, of all if none is named."""
    sources = {source.id: source for source in registry}
    try:
        names = datasets(url, wanted)
    except StoreCorrupt:  # reported by `verify`
        return ()
    return tuple(finding for name in names for finding in rebuild(open_history(url, name), sources.get(name)))


def rebuild(history: ReleaseHistory, source: Source | None) -> tuple[Finding, ...]:
    """Return what differs from what was published, and which releases cannot be rebuilt."""
    archive = Archive.open(history.store, history.dataset)
    return tuple(finding for listed in history.releases for finding in _release(history, archive, source, listed))


def _release(
    history: ReleaseHistory, archive: Archive, source: Source | None, listed: ReleaseIndexEntry
) -> Iterator[Finding]:
    folder = release_folder(history.dataset, listed.version)
    try:
        manifest = load_manifest(history.store, history.dataset, listed)
        if source is None:
            yield _impossible(folder, ["no source of this name is in the registry"])
        elif reasons := _reasons(manifest.release, source):
            yield _impossible(folder, reasons)
        else:
            yield from _differences(folder, _published(manifest, listed), _built(history, archive, source, manifest))
    except GongbaoError as error:
        message = "The release cannot be built again out of the archive."
        yield fault(FindingCode.REBUILD_FAILED, folder, message, str(error))


def _reasons(release: Release, source: Source) -> list[str]:
    """Return why this code cannot rebuild a release, nothing if it can."""
    today = {
        "reader_version": reader_version(),
        "registry_fingerprint": registry_fingerprint(source),
        "built_with": built_with(),
        "contract_sha256": contract().fingerprint(),
    }
    return [
        f"{name}: {getattr(release, name) or 'none'} then, {value} now"
        for name, value in today.items()
        if getattr(release, name) != value
    ]


def _built(history: ReleaseHistory, archive: Archive, source: Source, manifest: Manifest) -> Mapping[str, bytes]:
    """Build the files of a release again, of its captures and the previous release."""
    release, store = manifest.release, history.store
    previous = history.version(release.previous) if release.previous else None
    readings = tuple(read_capture(load_captured(archive, entry), source) for entry in release.documents)
    quality = from_json(load_file(store, manifest, QUALITY), QUALITY)
    inputs = load_inputs(store, source, previous, readings, release.released_on)
    candidate = replace(
        create_candidate(store, archive, inputs, GateLimits.of_record(quality["limits"])),
        signed_by=release.signed_by,
        announced=release.announced,
        contact=release.contact,
        site=release.site,
        archive=release.archive,
        portal=any(entry.name == BUNDLE for entry in manifest.files),
    )
    return release_files(candidate, release.version)


def _published(manifest: Manifest, listed: ReleaseIndexEntry) -> Mapping[str, str]:
    """Return the hash of each published file but the signatures, by name."""
    files = {entry.name: entry.sha256 for entry in manifest.files}
    return {**files, MANIFEST: listed.manifest_sha256, SUMS: sha256(sums_of(manifest, listed.manifest_sha256))}


def _differences(folder: str, published: Mapping[str, str], built: Mapping[str, bytes]) -> Iterator[Finding]:
    now = {name: sha256(data) for name, data in built.items()}
    for name in sorted(published.keys() | now.keys()):
        if published.get(name) != now.get(name):
            hashes = f"{published.get(name, 'no such file')} published, {now.get(name, 'no such file')} built"
            message = "A file built again is not the one published."
            yield fault(FindingCode.REBUILD_DIFFERS, file_key(folder, name), message, hashes)


def _impossible(folder: str, reasons: list[str]) -> Finding:
    finding = fault(FindingCode.REBUILD_IMPOSSIBLE, folder, "The release is not built again.", *reasons)
    return replace(finding, severity=Severity.NOTE)
