"""A published column: its name in both languages, its type and its meaning."""

from __future__ import annotations

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
    """One column: its name, its Chinese heading, its type, whether a cell may be empty, and one sentence.

    `codes` is the closed list that its cells are taken from, where there is one.
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
    """A column of text."""
    return Column(
        name=name, label_zh=label_zh, dtype=pl.String, description=description, nullable=nullable, codes=codes
    )


def number(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of floating numbers."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Float64, description=description, nullable=nullable)


def count(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Int64, description=description, nullable=nullable)


def day(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of days."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Date, description=description, nullable=nullable)
