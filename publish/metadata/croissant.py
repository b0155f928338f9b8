"""`croissant.json`: the release as Croissant 1.1, for programs that learn, and as the schema.org dataset it is.

A record set reads the Parquet file, which keeps types and empty cells apart; the CSV file and the workbook stand
beside it with their hashes.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.description import CREATOR, KEYWORDS, KINDS, DataFile, ReleaseDescription
from schemas.tables.columns import KEYS, ROWS, ROWS_ZH, SHEETS, TABLES, Column
from schemas.tables.foreign_keys import references

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"

# mlcroissant knows Parquet by the name that it had before it was registered.
_UNREGISTERED: Mapping[str, str] = MappingProxyType({"parquet": "application/x-parquet"})
_TYPES: Mapping[str, str] = MappingProxyType(
    {"string": "sc:Text", "number": "sc:Float", "integer": "sc:Integer", "date": "sc:Date"}
)


def croissant(about: ReleaseDescription) -> dict[str, Any]:
    """Return the dataset of a release folder with its files and its record sets."""
    release, day = about.release, about.release.released_on.isoformat()
    # The context that the standard gives is part of the file, so that no reader needs the network.
    context = json.loads(files("publish.metadata").joinpath("croissant_context.json").read_bytes())
    return {
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": dict(about.title),
        "description": dict(about.description),
        "identifier": about.urn,
        "url": "./",
        "license": LICENCE_URL,
        "creator": _organization(CREATOR),
        "publisher": _organization(CREATOR),
        "sourceOrganization": _organization(about.source.publisher),
        "datePublished": day,
        "version": release.version,
        "isAccessibleForFree": True,
        "inLanguage": ["zh", "en"],
        "keywords": list(KEYWORDS),
        "spatialCoverage": _place(about),
        **({"temporalCoverage": "/".join(about.years)} if about.years else {}),
        "isBasedOn": [cited.url for cited in about.documents],
        "citeAs": about.citation,
        "distribution": [_file_object(file) for file in about.data_files],
        "recordSet": [_record_set(table) for table in TABLES],
    }


def _organization(name: str) -> dict[str, str]:
    return {"@type": "sc:Organization", "name": name}


def _place(about: ReleaseDescription) -> dict[str, Any]:
    names = {"zh": about.source.area_zh, "en": about.source.area_en}
    return {"@type": "sc:Place", "name": names, "identifier": about.source.ref_area}


def _file_object(file: DataFile) -> dict[str, Any]:
    zh, en = (SHEETS[file.table], ROWS[file.table]) if file.table else ("全部表格", "All tables, a sheet each.")
    unregistered = [_UNREGISTERED[file.kind]] if file.kind in _UNREGISTERED else []
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": {"zh": zh, "en": f"{en} {KINDS[file.kind]}."},
        "contentUrl": file.name,
        "contentSize": f"{len(file.data)} B",
        "encodingFormat": [file.media_type, *unregistered],
        "sha256": sha256(file.data),
    }


def _record_set(table: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": {"zh": ROWS_ZH[table], "en": ROWS[table]},
        "key": [{"@id": f"{table}/{name}"} for name in KEYS[table]],
        "field": [_field(table, column) for column in TABLES[table]],
    }


def _field(table: str, column: Column) -> dict[str, Any]:
    # mlcroissant joins as it loads, and cannot join to a table that is joined to another itself: only those are named
    # that name nothing. The Data Package has all.
    other = references(table).get(column.name)
    other = other if other and not references(other[0]) else None
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": {"zh": column.label_zh, "en": column.description},
        "dataType": _TYPES[column.kind],
        **({"references": {"field": {"@id": "/".join(other)}}} if other else {}),
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    }
