"""Each file of a release against its manifest, and the manifest against `index.json`."""

from collections.abc import Iterator

from publish.bucket.catalog import ReleaseIndexEntry
from publish.bucket.layout import INDEX, MANIFEST, SUMS, release_folder, signature_file
from publish.bucket.manifest import from_manifest
from publish.bucket.serialize import sha256
from publish.verify.context import DatasetUnderCheck, StoredFolder, VerifiedRelease, fault
from schemas.errors import StoreCorrupt
from schemas.finding import Finding, FindingCode


def load_verified(case: DatasetUnderCheck, listed: ReleaseIndexEntry) -> VerifiedRelease | Finding:
    """Return a release whose manifest is the listed one, or the fault."""
    folder = StoredFolder(store=case.store, folder=release_folder(case.dataset, listed.version))
    key, data = folder.folder + MANIFEST, folder.read(MANIFEST)
    if data is None or sha256(data) != listed.manifest_sha256:
        return fault(FindingCode.VERIFY_MANIFEST, key, "The manifest is missing or not the one that index.json lists.")
    try:
        manifest = from_manifest(data, key)
    except StoreCorrupt as error:
        return fault(FindingCode.VERIFY_MANIFEST, key, "The manifest cannot be read.", str(error))
    if (manifest.release.dataset, manifest.release.version) != (case.dataset, listed.version):
        return fault(FindingCode.VERIFY_MANIFEST, key, "The manifest is that of another release.")
    return VerifiedRelease(place=folder, listed=listed, manifest=manifest)


def check_files(verified: VerifiedRelease) -> Iterator[Finding]:
    """Check the files of a release against its manifest, and its entry in `index.json` against both."""
    if different := tuple(_different(verified)):
        message = f"The line of {verified.listed.version} does not say what its manifest says."
        yield fault(FindingCode.VERIFY_INDEX, INDEX, message, *different)
    for entry in verified.manifest.files:
        key, data = verified.place.folder + entry.name, verified.place.read(entry.name)
        if data is None:
            yield fault(FindingCode.VERIFY_MISSING, key, "A file of the release is missing.")
        elif (len(data), sha256(data)) != (entry.size, entry.sha256):
            yield fault(FindingCode.VERIFY_HASH, key, "A file is not the one that was published.")
    if verified.place.read(SUMS) != verified.sums:
        message = "SHA256SUMS is missing or does not say what the manifest says."
        yield fault(FindingCode.VERIFY_SUMS, verified.place.folder + SUMS, message)
    yield from _unexpected_files(verified)


def _different(verified: VerifiedRelease) -> Iterator[str]:
    """Return the fields of the entry in `index.json` that differ from the release."""
    listed, release = verified.listed, verified.manifest.release
    pairs = {
        "manifest": (listed.manifest, verified.manifest_key),
        "schema_version": (listed.schema_version, release.schema_version),
        "previous": (listed.previous, release.previous),
        "signatures": (listed.signatures, release.signed_by),
    }
    return (name for name, (stated, actual) in pairs.items() if stated != actual)


def _unexpected_files(verified: VerifiedRelease) -> Iterator[Finding]:
    names = {entry.name for entry in verified.manifest.files} | {MANIFEST, SUMS}
    expected = names | set(map(signature_file, verified.manifest.release.signed_by))
    for entry in verified.place.store.list(verified.place.folder):
        if entry.key.removeprefix(verified.place.folder) not in expected:
            message = "A file lies in the release that its manifest does not list."
            yield fault(FindingCode.VERIFY_STRANGER, entry.key, message)
