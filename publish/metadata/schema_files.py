"""The files under `schema/{semver}/`: each table as JSON Schema and as Table Schema, the codes, the contract.

Two folders of one version are the same, byte by byte, sentences included: `SHA256SUMS` tells them apart at a glance.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from infra.store import Store
from publish.bucket.layout import CONTRACT, SUMS, file_key, headers, schema_folder
from publish.bucket.manifest import from_json, sums, to_json
from schemas.contract.model import Contract, as_record, codelists, contract, from_record
from schemas.errors import StoreCorrupt
from schemas.tables.columns import KEYS, ROWS, SCHEMA_VERSION, TABLES, Column

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
PROFILES = "https://datapackage.org/profiles/2.0"
REMEDY = (
    "raise SCHEMA_VERSION (its last number where only words changed)"
    " and describe the change in schemas/contract/CHANGES.md"
)


@cache
def schema_files() -> Mapping[str, bytes]:
    """Return every file of the folder of this schema version, `SHA256SUMS` last."""
    content = {f"{table}.schema.json": to_json(row_schema(table)) for table in TABLES}
    content |= {f"{table}.tableschema.json": to_json(table_schema(table)) for table in TABLES}
    content |= {
        "codelists.json": to_json(code_meanings()),
        CONTRACT: to_json({"schema_version": SCHEMA_VERSION, **as_record(contract())}),
        "CHANGES.md": files("schemas.contract").joinpath("CHANGES.md").read_bytes(),
    }
    whole = dict(sorted(content.items()))
    return MappingProxyType(whole | {SUMS: sums(whole)})


def row_schema(table: str) -> dict[str, Any]:
    """Return the JSON Schema of one row as an object; it allows columns that a later version appends."""
    return {
        "$schema": JSON_SCHEMA,
        "$id": f"urn:gongbao:schema:{SCHEMA_VERSION}:{table}",
        "title": table,
        "description": ROWS[table],
        "type": "object",
        "properties": {column.name: _property(column) for column in TABLES[table]},
        "required": [column.name for column in TABLES[table]],
    }


def table_schema(table: str) -> dict[str, Any]:
    """Return the Table Schema of a table as it is in CSV."""
    return {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(column) for column in TABLES[table]],
        "primaryKey": list(KEYS[table]),
    }


def code_meanings() -> dict[str, dict[str, str]]:
    """Return each code list with the meaning of each code."""
    return {codes.published_name(): {code.value: code.meaning for code in codes} for codes in codelists()}


def _property(column: Column) -> dict[str, Any]:
    kind = "string" if column.kind == "date" else column.kind
    described: dict[str, Any] = {
        "title": column.label_zh,
        "description": column.description,
        "type": [kind, "null"] if column.nullable else kind,
    }
    if column.kind == "date":
        described["format"] = "date"
    if column.codes:
        described["enum"] = [*(code.value for code in column.codes), *([None] if column.nullable else [])]
    return described


def _field(column: Column) -> dict[str, Any]:
    # Text may be empty without being unknown (the scope of what is no rank), and CSV cannot tell the two apart.
    needed = {"required": True} if not column.nullable and (column.kind != "string" or column.codes) else {}
    listed = {"enum": [code.value for code in column.codes]} if column.codes else {}
    return {
        "name": column.name,
        "title": column.label_zh,
        "type": column.kind,
        "description": column.description,
        **({"constraints": needed | listed} if needed | listed else {}),
    }


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
