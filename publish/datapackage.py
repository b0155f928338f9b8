"""`datapackage.json`: the release by the Data Package standard, version 2."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import polars as pl

from publish.files import sha256
from publish.manifest import LICENCE, LICENCE_URL
from schemas.columns import KEYS, TABLES, Column
from schemas.release import Release
from schemas.sources import Source

PROFILES = "https://datapackage.org/profiles/2.0"

_TYPES: Mapping[type[pl.DataType], str] = MappingProxyType(
    {pl.String: "string", pl.Float64: "number", pl.Int64: "integer", pl.Date: "date"}
)


def datapackage(release: Release, source: Source, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The descriptor of a release folder: a tabular resource for each CSV file, its Parquet twin beside it."""
    resources = [resource for table in TABLES for resource in (_csv(table, files), _parquet(table, files))]
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": release.dataset,
        "title": f"{source.area_en}: the numbers of its government reports",
        "description": f"{source.area_zh}政府工作报告中的数据，每个数字都标明其在存档网页中的位置。",
        "version": release.version,
        "created": f"{release.released_on.isoformat()}T00:00:00Z",
        "keywords": ["China", "government work reports", "statistics", "vintages"],
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "sources": [{"title": entry.document, "path": entry.url} for entry in release.documents],
        "resources": resources,
    }


def _csv(table: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    data = files[f"{table}.csv"]
    return {
        "name": table,
        "type": "table",
        "path": f"{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data)}",
        "schema": {
            "$schema": f"{PROFILES}/tableschema.json",
            "fields": [_field(column) for column in TABLES[table]],
            "primaryKey": list(KEYS[table]),
        },
    }


def _parquet(table: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    # No `bytes`: frictionless reads Parquet without counting them and then reports the right count as wrong.
    return {
        "name": f"{table}-parquet",
        "path": f"{table}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{sha256(files[f'{table}.parquet'])}",
    }


def _field(column: Column) -> dict[str, Any]:
    # Text may be empty without being unknown (the scope of what is no rank), and CSV cannot tell the two apart.
    needed = not column.nullable and column.dtype is not pl.String
    constraints = {"constraints": {"required": True}} if needed else {}
    return {"name": column.name, "type": _TYPES[column.dtype], "description": column.description, **constraints}
