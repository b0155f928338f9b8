"""`latest.json` against the newest release, and the copies under `latest/` and the pages against that release."""

from collections.abc import Iterator

from publish.bucket.layout import MANIFEST, SUMS, file_key, latest_folder, pointer_key, release_folder, signature_file
from publish.bucket.pointer import read_pointer
from publish.bucket.serialize import sha256
from publish.bucket.version import parse_version
from publish.portal.html.bundle import BUNDLE
from publish.release.after_publish import page_copies
from publish.verify.context import DatasetUnderCheck, StoredFolder, VerifiedRelease, fault
from publish.verify.signatures import Keyring, signature_error
from schemas.errors import StoreCorrupt, UsageError
from schemas.finding import Finding, FindingCode
from schemas.release import Pointer


def check_pointer(
    case: DatasetUnderCheck, releases: tuple[VerifiedRelease, ...], keyring: Keyring
) -> Iterator[Finding]:
    """Check that the pointer names the newest listed release, and that the copies are its files."""
    key = pointer_key(case.dataset)
    try:
        pointer = read_pointer(case.store, case.dataset)
    except StoreCorrupt as error:
        yield fault(FindingCode.VERIFY_POINTER, key, "The pointer cannot be read.", str(error))
        return
    newest = next((verified for verified in releases if verified.listed.version == case.versions[0]), None)
    if message := _pointer_error(case, pointer, newest):
        yield fault(FindingCode.VERIFY_POINTER, key, message)
    elif newest:
        yield from _copies(case, newest, keyring)


def _pointer_error(case: DatasetUnderCheck, pointer: Pointer | None, verified: VerifiedRelease | None) -> str:
    """Return what is wrong with a pointer, "" for nothing; a verified manifest outweighs an entry of the index."""
    if pointer is None:
        return "The pointer is missing."
    newest = next(iter(case.releases), None)
    if newest is None or pointer.version not in case.versions:
        return f"The pointer names {pointer.version}, which index.json does not list."
    if pointer.version != newest.version:
        return f"The pointer names {pointer.version}, and index.json knows the later {newest.version}."
    if _later(case.last_published_version, pointer.version):
        return f"The pointer names {pointer.version}, and status.json knows the later {case.last_published_version}."
    previous = verified.manifest.release.previous if verified else newest.previous
    manifest = file_key(release_folder(case.dataset, newest.version), MANIFEST)
    stated = (pointer.manifest_sha256, pointer.manifest, pointer.previous, pointer.released_at)
    if stated != (newest.manifest_sha256, manifest, previous, newest.released_at):
        return f"The pointer does not say of {pointer.version} what is listed of it."
    return ""


def _later(published: str, version: str) -> bool:
    try:
        return bool(published) and parse_version(published) > parse_version(version)
    except UsageError:
        return False


def _copies(case: DatasetUnderCheck, verified: VerifiedRelease, keyring: Keyring) -> Iterator[Finding]:
    """Check the copies against the hashes of the release, so that no fault of the release is reported twice."""
    copies = StoredFolder(store=case.store, folder=latest_folder(case.dataset))
    hashes = {MANIFEST: verified.listed.manifest_sha256, SUMS: sha256(verified.sums)}
    for name, digest in (hashes | {entry.name: entry.sha256 for entry in verified.manifest.files}).items():
        data = copies.read(name)
        if data is None or sha256(data) != digest:
            message = "The copy is not that of the release that the pointer names."
            yield fault(FindingCode.VERIFY_LATEST, copies.folder + name, message)
    yield from _pages(case, verified)
    for name in verified.manifest.release.signed_by:
        if message := signature_error(verified, name, copies.read(signature_file(name)), keyring):
            yield fault(FindingCode.VERIFY_LATEST, copies.folder + signature_file(name), message)


def _pages(case: DatasetUnderCheck, verified: VerifiedRelease) -> Iterator[Finding]:
    """Check the pages against the bundle of the release; `check_files` reports a bundle that is damaged itself."""
    bundle = verified.place.read(BUNDLE)
    hashes = {entry.name: entry.sha256 for entry in verified.manifest.files}
    if bundle is None or sha256(bundle) != hashes.get(BUNDLE):
        return
    for key, data in page_copies(case.dataset, {BUNDLE: bundle}).items():
        stored = case.store.get(key)
        if stored is None or stored.data != data:
            yield fault(FindingCode.VERIFY_LATEST, key, "The page is not that of the release that the pointer names.")
