"""The contract with those who download: tables, columns, types, keys and codes, and what a change of it means.

Names, order, types, keys and codes count; headings and sentences do not. The order of tables and that of codes mean
nothing and are sorted away, so that equal contracts have equal fingerprints.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.codelists import CodeList
from schemas.tables.columns import KEYS, TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContract:
    """What is promised of one column: name, type, whether a cell may be empty, and the code list, "" for none."""

    name: str
    type: str
    nullable: bool
    codes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContract:
    """What is promised of one table: its columns in their order, and which of them are its key."""

    columns: tuple[ColumnContract, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Everything that a consumer may rely on: the tables and the codes of each code list."""

    tables: Mapping[str, TableContract]
    codelists: Mapping[str, tuple[str, ...]]

    def fingerprint(self) -> str:
        """The SHA-256 of the contract's canonical JSON."""
        text = json.dumps(as_record(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def contract() -> Contract:
    """The contract that this code keeps."""
    tables = {
        table: TableContract(
            columns=tuple(
                ColumnContract(
                    name=column.name,
                    type=column.kind,
                    nullable=column.nullable,
                    codes=column.codes.__name__ if column.codes else "",
                )
                for column in TABLES[table]
            ),
            key=KEYS[table],
        )
        for table in sorted(TABLES)
    }
    return Contract(tables=tables, codelists={one.__name__: _codes(one) for one in codelists()})


def codelists() -> tuple[type[CodeList], ...]:
    """Every code list that a column is taken from, by name."""
    used = {column.codes.__name__: column.codes for columns in TABLES.values() for column in columns if column.codes}
    return tuple(used[name] for name in sorted(used))


def as_record(promised: Contract) -> dict[str, Any]:
    """The contract as a JSON object."""
    return {
        "tables": {
            name: {"columns": [_column(column) for column in table.columns], "key": list(table.key)}
            for name, table in promised.tables.items()
        },
        "codelists": {name: list(codes) for name, codes in promised.codelists.items()},
    }


def from_record(record: Mapping[str, Any]) -> Contract:
    """The contract that a JSON object holds; a `KeyError` or `TypeError` where it holds none."""
    tables = {
        name: TableContract(
            columns=tuple(ColumnContract(**column) for column in table["columns"]), key=tuple(table["key"])
        )
        for name, table in record["tables"].items()
    }
    return Contract(tables=tables, codelists={name: tuple(codes) for name, codes in record["codelists"].items()})


def _codes(one: type[CodeList]) -> tuple[str, ...]:
    return tuple(sorted(code.value for code in one))


def _column(column: ColumnContract) -> dict[str, Any]:
    return {"name": column.name, "type": column.type, "nullable": column.nullable, "codes": column.codes}
