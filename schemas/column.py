"""A published column: its name in both languages, its type and its meaning."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, its Chinese heading, its type, whether a cell may be empty, and one sentence."""

    name: str
    label_zh: str
    dtype: type[pl.DataType]
    description: str
    nullable: bool = False


def text(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of text."""
    return Column(name=name, label_zh=label_zh, dtype=pl.String, description=description, nullable=nullable)


def number(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of floating numbers."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Float64, description=description, nullable=nullable)


def count(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Int64, description=description, nullable=nullable)


def day(name: str, label_zh: str, description: str, *, nullable: bool = False) -> Column:
    """A column of days."""
    return Column(name=name, label_zh=label_zh, dtype=pl.Date, description=description, nullable=nullable)
