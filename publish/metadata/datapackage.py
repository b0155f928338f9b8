"""`datapackage.json`: the release by the Data Package standard, version 2."""

from typing import Any

from publish.bucket.manifest import LICENCE, LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.description import CREATOR, KEYWORDS, DataFile, ReleaseDescription
from publish.metadata.schema_files import PROFILES, table_schema
from schemas.tables.columns import ROWS, SHEETS, TABLES
from schemas.tables.foreign_keys import references


def datapackage(about: ReleaseDescription) -> dict[str, Any]:
    """Return the descriptor of a release folder: a tabular resource for each CSV file and each Parquet file."""
    release, describe = about.release, {"csv": _csv, "parquet": _parquet, "xlsx": _workbook}
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": release.dataset,
        "id": about.urn,
        "title": " / ".join(about.title.values()),
        "description": "\n\n".join(about.description.values()),
        "version": release.version,
        "created": f"{release.released_on.isoformat()}T00:00:00Z",
        "keywords": list(KEYWORDS),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "contributors": [{"title": CREATOR, "roles": ["creator"]}],
        "sources": [{"title": cited.title, "path": cited.url} for cited in about.documents],
        "resources": [describe[file.kind](file) for file in about.data_files],
    }


def _csv(file: DataFile) -> dict[str, Any]:
    return {
        "name": file.table,
        "type": "table",
        "path": file.name,
        "description": ROWS[file.table],
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": len(file.data),
        "hash": f"sha256:{sha256(file.data)}",
        "schema": _schema(file.table),
    }


def _parquet(file: DataFile) -> dict[str, Any]:
    # The types stand in the file; said again, no reader has to guess them from the first rows. To frictionless, which
    # reads it by pandas, whole numbers with gaps are numbers.
    fields = [
        {"name": column.name, "type": "number" if column.nullable and column.kind == "integer" else column.kind}
        for column in TABLES[file.table]
    ]
    return _parquet_resource(f"{file.table}-parquet", file) | {"schema": {"fields": fields}}


def _workbook(file: DataFile) -> dict[str, Any]:
    sheet = SHEETS["observations"]
    fields = [{"name": column.label_zh, "type": column.kind} for column in TABLES["observations"]]
    return _parquet_resource("workbook", file) | {
        "bytes": len(file.data),
        "description": f"All tables, a sheet each, with Chinese headings; described is the sheet {sheet}.",
        # The standard says sheetName, frictionless excel.
        "dialect": {"sheetName": sheet, "excel": {"sheet": sheet}},
        "schema": {"fields": fields},
    }


def _parquet_resource(name: str, file: DataFile) -> dict[str, Any]:
    # No `bytes`: frictionless reads Parquet without counting them and then reports the right count as wrong.
    return {
        "name": name,
        "type": "table",
        "path": file.name,
        "format": file.kind,
        "mediatype": file.media_type,
        "hash": f"sha256:{sha256(file.data)}",
    }


def _schema(table: str) -> dict[str, Any]:
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [key]}}
        for column, (other, key) in references(table).items()
    ]
    return table_schema(table) | ({"foreignKeys": keys} if keys else {})
