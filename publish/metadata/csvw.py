"""`csv-metadata.json`: the CSV files as CSV on the Web describes them, found by those who are given one of them."""

import re
from collections.abc import Mapping
from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.metadata.description import CREATOR, KEYWORDS, ReleaseDescription
from schemas.tables.columns import KEYS, ROWS, ROWS_ZH, TABLES, Column
from schemas.tables.foreign_keys import references

CSVW = "http://www.w3.org/ns/csvw"


def csvw(about: ReleaseDescription) -> dict[str, Any]:
    """Return the table group of a release folder."""
    release = about.release
    return {
        "@context": [CSVW, {"@language": "en"}],
        "dc:title": _language_map(about.title),
        "dc:description": _language_map(about.description),
        "dc:creator": CREATOR,
        "dc:identifier": about.urn,
        "dc:issued": {"@value": release.released_on.isoformat(), "@type": "xsd:date"},
        "dc:license": {"@id": LICENCE_URL},
        "dcat:keyword": list(KEYWORDS),
        "schema:version": release.version,
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "lineTerminators": ["\n"]},
        "tables": [_table(name) for name in TABLES],
    }


def _table(table: str) -> dict[str, Any]:
    return {
        "url": f"{table}.csv",
        "dc:description": _language_map({"zh": ROWS_ZH[table], "en": ROWS[table]}),
        "tableSchema": {
            "columns": [_column(column) for column in TABLES[table]],
            "primaryKey": list(KEYS[table]),
            "foreignKeys": _foreign_keys(table),
        },
    }


def _foreign_keys(table: str) -> list[dict[str, Any]]:
    # Validators differ about a key without a value; the Data Package names those that may be empty.
    nullable = {column.name for column in TABLES[table] if column.nullable}
    return [
        {"columnReference": [column], "reference": {"resource": f"{other}.csv", "columnReference": [key]}}
        for column, (other, key) in references(table).items()
        if column not in nullable
    ]


def _column(column: Column) -> dict[str, Any]:
    # Where a column has no nulls, an empty cell is an empty text.
    always = {"required": True, "null": []} if not column.nullable else {}
    return {
        "name": column.name,
        "titles": {"en": [column.name], "zh": [column.label_zh]},
        "dc:description": column.description,
        "datatype": _datatype(column),
        **always,
    }


def _datatype(column: Column) -> str | dict[str, str]:
    if not column.codes:
        return column.kind
    return {"base": "string", "format": "|".join(re.escape(code.value) for code in column.codes)}


def _language_map(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in by_language.items()]
