"""`schema/{semver}/` in the store: written once for each schema version, before the first release that has it."""

from infra.store import Store
from publish.bucket.layout import CONTRACT, SUMS, file_key, headers, schema_folder
from publish.bucket.manifest import from_json
from publish.metadata.schema_files import schema_files
from schemas.contract.model import Contract, from_record
from schemas.errors import StoreCorrupt
from schemas.tables.columns import SCHEMA_VERSION

REMEDY = (
    "raise SCHEMA_VERSION (its last number where only words changed)"
    " and describe the change in schemas/contract/CHANGES.md"
)


def publish_schema(store: Store) -> None:
    """Write the folder of this schema version unless it exists; one request where it does.

    Raises:
        StoreCorrupt: The version is published with other descriptions.
    """
    if schema_published(store):
        return
    folder = schema_folder(SCHEMA_VERSION)
    for name, data in schema_files().items():
        key = file_key(folder, name)
        if not store.put_new(key, data, headers(key)) and _bytes(store, key) != data:
            raise StoreCorrupt(f"schema {SCHEMA_VERSION} is published with other words", where=key, remedy=REMEDY)


def schema_published(store: Store) -> bool:
    """Return whether the folder of this version exists with exactly these bytes; its `SHA256SUMS` was written last."""
    return _bytes(store, sums_key()) == schema_files()[SUMS]


def schema_differs(store: Store) -> bool:
    """Return whether the folder of this version exists, whole, with other content."""
    stored = _bytes(store, sums_key())
    return stored is not None and stored != schema_files()[SUMS]


def sums_key() -> str:
    """Return the key of the hashes of this version's files."""
    return file_key(schema_folder(SCHEMA_VERSION), SUMS)


def read_contract(store: Store, version: str, fingerprint: str) -> Contract:
    """Return the contract of a published schema version.

    Raises:
        StoreCorrupt: It is missing or damaged, or has another fingerprint than the release names.
    """
    key = file_key(schema_folder(version), CONTRACT)
    data = _bytes(store, key)
    if data is None:
        raise StoreCorrupt("the contract of a published release is missing", where=key, remedy="put the file back")
    record = from_json(data, key)
    try:
        promised = from_record(record)
    except (AttributeError, KeyError, TypeError) as error:
        raise StoreCorrupt(f"no contract: {error!r}", where=key, remedy="put the published file back") from error
    if promised.fingerprint() != fingerprint:
        raise StoreCorrupt("not the contract that the release names", where=key, remedy="put the published file back")
    return promised


def _bytes(store: Store, key: str) -> bytes | None:
    stored = store.get(key)
    return stored.data if stored else None
