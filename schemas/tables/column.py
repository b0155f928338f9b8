"""A published column: its names in both languages, its type and its description."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from schemas.codelists import CodeList

_KINDS: Mapping[type[pl.DataType], str] = MappingProxyType(
    {pl.String: "string", pl.Float64: "number", pl.Int64: "integer", pl.Date: "date"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, its Chinese heading, its type, its description, and whether a cell may be empty.

    `codes` is the code list of its cells, if it has one.
    """

    name: str
    label_zh: str
    dtype: type[pl.DataType]
    description: str
    nullable: bool = False
    codes: type[CodeList] | None = None

    @property
    def kind(self) -> str:
        """The type as JSON Schema, Table Schema and the contract call it: string, number, integer or date."""
        return _KINDS[self.dtype]


def text(
    name: str, label_zh: str, description: str, *, nullable: bool = False, codes: type[CodeList] | None = None
) -> Column:
    """Return a column of text."""
    return Column(
        name=name, label_zh=label_zh, dtype=pl.String, description=description, nullable=nullable, codes=codes
    )


def number(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """Return a column of floating-point numbers."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Float64, description=description, nullable=nullable)


def count(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """Return a column of integers."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Int64, description=description, nullable=nullable)


def day(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """Return a column of dates."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Date, description=description, nullable=nullable)
