"""The published tables: their columns in the order in which they are written, their keys, their version.

Columns are a contract: one is only ever appended, and `SCHEMA_VERSION` counts that by the rules of semantic versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from schemas.column import Column
from schemas.compared_columns import COMPARISONS, REVISIONS, SILENCES, STATED, TARGETS, VINTAGES
from schemas.read_columns import DOCUMENTS, GLOSSARY, INDICATORS, NUMBERS, OBSERVATIONS

__all__ = ["KEYS", "SCHEMA_VERSION", "SHEETS", "STATED", "TABLES", "Column", "frame_schema", "names"]

SCHEMA_VERSION = "1.0.0"

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "observations": OBSERVATIONS,
        "vintages": VINTAGES,
        "comparisons": COMPARISONS,
        "targets": TARGETS,
        "silences": SILENCES,
        "revisions": REVISIONS,
        "indicators": INDICATORS,
        "documents": DOCUMENTS,
        "glossary": GLOSSARY,
        "numbers": NUMBERS,
    }
)
SHEETS: Mapping[str, str] = MappingProxyType(
    {
        "observations": "数据",
        "vintages": "历次版本",
        "comparisons": "年度比较",
        "targets": "目标与实绩",
        "silences": "不再公布",
        "revisions": "本次变动",
        "indicators": "指标",
        "documents": "文件",
        "glossary": "名词解释",
        "numbers": "全部数字",
    }
)
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "observations": ("obs_id",),
        "vintages": ("obs_id", "realtime_start"),
        "comparisons": ("obs_id", "base_obs_id"),
        "targets": ("obs_id",),
        "silences": ("document", "indicator"),
        "revisions": ("obs_id",),
        "indicators": ("id",),
        "documents": ("document",),
        "glossary": ("document", "term"),
        "numbers": ("document", "char_start", "char_end"),
    }
)


def names(table: str) -> tuple[str, ...]:
    """The columns of a table in their order."""
    return tuple(column.name for column in TABLES[table])


def frame_schema(table: str) -> dict[str, type[pl.DataType]]:
    """The columns of a table with their Polars types."""
    return {column.name: column.dtype for column in TABLES[table]}
