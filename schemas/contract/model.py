"""The contract with those who download: tables, columns, types, keys and codes.

Names, order, types, keys and codes count; headings and sentences do not. The order of tables and of codes has no
meaning and is sorted, so that equal contracts have equal fingerprints.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from schemas.codelists import CodeList
from schemas.tables.columns import KEYS, TABLES, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContract:
    """What is promised about a column: name, type, whether a cell may be empty, and the code list or ""."""

    name: str
    type: str
    nullable: bool
    codes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContract:
    """What is promised about a table: its columns in their order, and its key."""

    columns: tuple[ColumnContract, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Everything that a consumer may rely on: the tables and the codes of each code list."""

    tables: Mapping[str, TableContract]
    codelists: Mapping[str, tuple[str, ...]]

    def fingerprint(self) -> str:
        """Return the SHA-256 of the contract's canonical JSON."""
        text = json.dumps(as_record(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def contract() -> Contract:
    """Return the contract of this code."""
    tables = {
        table: TableContract(columns=tuple(map(_column, TABLES[table])), key=KEYS[table]) for table in sorted(TABLES)
    }
    return Contract(tables=tables, codelists={codes.published_name(): tuple(sorted(codes)) for codes in codelists()})


def _column(column: Column) -> ColumnContract:
    codes = column.codes.published_name() if column.codes else ""
    return ColumnContract(name=column.name, type=column.kind, nullable=column.nullable, codes=codes)


def codelists() -> tuple[type[CodeList], ...]:
    """Return every code list that a column uses, by name."""
    used = {column.codes for columns in TABLES.values() for column in columns if column.codes}
    return tuple(sorted(used, key=lambda codes: codes.published_name()))


def as_record(promised: Contract) -> dict[str, Any]:
    """Return the contract as a JSON object."""
    return {
        "tables": {
            name: {"columns": [asdict(column) for column in table.columns], "key": list(table.key)}
            for name, table in promised.tables.items()
        },
        "codelists": {name: list(codes) for name, codes in promised.codelists.items()},
    }


def from_record(record: Mapping[str, Any]) -> Contract:
    """Return the contract in a JSON object.

    Raises:
        KeyError: A key is missing.
        TypeError: A value has another type.
    """
    tables = {}
    for name, table in record["tables"].items():
        columns = tuple(ColumnContract(**column) for column in table["columns"])
        tables[name] = TableContract(columns=columns, key=tuple(table["key"]))
    return Contract(tables=tables, codelists={name: tuple(codes) for name, codes in record["codelists"].items()})
