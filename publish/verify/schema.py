"""`schema/{semver}/` of each schema version in use: its files against its sums, its contract against the releases."""

from collections.abc import Iterator

from infra.store import Store
from publish.bucket.layout import CONTRACT, SUMS, schema_folder
from publish.bucket.serialize import sha256
from publish.metadata.schema_files import read_contract
from publish.verify.context import StoredFolder, VerifiedRelease, fault
from schemas.errors import StoreCorrupt
from schemas.finding import Finding, FindingCode


def check_schema_folders(store: Store, releases: tuple[VerifiedRelease, ...]) -> Iterator[Finding]:
    """Check that the folder of each schema version is whole and has the contract that the releases name."""
    manifests = (verified.manifest.release for verified in releases)
    contracts = {release.schema_version: release.contract_sha256 for release in manifests}
    for version, fingerprint in sorted(contracts.items()):
        folder = schema_folder(version)
        try:
            read_contract(store, version, fingerprint)
        except StoreCorrupt as error:
            yield fault(FindingCode.VERIFY_SCHEMA, folder + CONTRACT, "The contract cannot be relied on.", str(error))
        yield from _folder(StoredFolder(store=store, folder=folder))


def _folder(folder: StoredFolder) -> Iterator[Finding]:
    data = folder.read(SUMS)
    if data is None:
        yield fault(FindingCode.VERIFY_SCHEMA, folder.folder + SUMS, "The hashes of the schema's files are missing.")
        return
    lines = (line.partition("  ") for line in data.decode(errors="replace").splitlines())
    hashes = {name: digest for digest, _, name in lines}
    stored = {entry.key.removeprefix(folder.folder) for entry in folder.store.list(folder.folder)} - {SUMS}
    for name in sorted(hashes.keys() | stored):
        key, file = folder.folder + name, folder.store.get(folder.folder + name)
        if name not in hashes:
            yield fault(FindingCode.VERIFY_SCHEMA, key, "The SHA256SUMS of the schema does not list this file.")
        elif file is None or sha256(file.data) != hashes[name]:
            yield fault(FindingCode.VERIFY_SCHEMA, key, "A file of the schema is missing or not the one published.")
