"""Rebuild each release out of the archive: the same reader, registry and libraries give the same bytes.

A release of another reader, registry, schema or library cannot be rebuilt by this code: that is a note, not a fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

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
from raw.archive.warc_archive import Archive
from raw.extract.version import reader_version, registry_fingerprint
from raw.reading import read_capture
from schemas.codelists import Severity
from schemas.contract.model import contract
from schemas.errors import GongbaoError, StoreCorrupt
from schemas.finding import Finding, FindingCode, examples
from schemas.registry.sources import Source
from schemas.release import Manifest, Release

QUALITY = "quality.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildContext:
    """The history and archive of a dataset; no source if the registry has none of that name."""

    history: ReleaseHistory
    source: Source | None
    archive: Archive


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
    site = RebuildContext(history=history, source=source, archive=archive)
    return tuple(finding for listed in history.releases for finding in _release(site, listed))


def _release(site: RebuildContext, listed: ReleaseIndexEntry) -> Iterator[Finding]:
    folder = release_folder(site.history.dataset, listed.version)
    try:
        manifest = load_manifest(site.history.store, site.history.dataset, listed)
        if site.source is None:
            yield _impossible(folder, ["no source of this name is in the registry"])
        elif reasons := _reasons(manifest.release, site.source):
            yield _impossible(folder, reasons)
        else:
            yield from _differences(folder, _published(manifest, listed), _built(site, site.source, manifest))
    except GongbaoError as error:
        yield _finding(
            FindingCode.REBUILD_FAILED, folder, "The release cannot be built again out of the archive.", str(error)
        )


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


def _built(site: RebuildContext, source: Source, manifest: Manifest) -> Mapping[str, bytes]:
    """Build the files of a release again, of its captures and the previous release."""
    release = manifest.release
    store = site.history.store
    previous = site.history.version(release.previous) if release.previous else None
    readings = tuple(read_capture(load_captured(site.archive, entry), source) for entry in release.documents)
    quality = from_json(load_file(store, manifest, QUALITY), QUALITY)
    inputs = load_inputs(store, source, previous, readings, release.released_on)
    candidate = replace(
        create_candidate(store, site.archive, inputs, GateLimits.of_record(quality["limits"])),
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
            yield _finding(
                FindingCode.REBUILD_DIFFERS,
                file_key(folder, name),
                "A file built again is not the one published.",
                hashes,
            )


def _impossible(folder: str, reasons: list[str]) -> Finding:
    return replace(
        _finding(FindingCode.REBUILD_IMPOSSIBLE, folder, "The release is not built again.", *reasons),
        severity=Severity.NOTE,
    )


def _finding(code: FindingCode, where: str, message: str, *evidence: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.REJECT,
        where=where,
        message=message,
        count=max(1, len(evidence)),
        evidence=examples(evidence),
    )
