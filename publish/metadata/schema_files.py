"""The files under `schema/{semver}/`: each table as JSON Schema and as Table Schema, the codes, the contract.

Two folders of one version are the same, byte by byte, sentences included: `SHA256SUMS` tells them apart at a glance.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from publish.bucket.layout import CONTRACT, SUMS
from publish.bucket.manifest import sums, to_json
from schemas.contract.model import as_record, codelists, contract
from schemas.tables.columns import KEYS, ROWS, SCHEMA_VERSION, TABLES, Column

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
PROFILES = "https://datapackage.org/profiles/2.0"


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
