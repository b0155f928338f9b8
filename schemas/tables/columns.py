"""The published tables: their columns in order, their keys, and the schema version.

Columns are a contract: they are only appended, and `SCHEMA_VERSION` follows semantic versioning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from schemas.tables.column import Column
from schemas.tables.comparison_columns import COMPARISONS, REVISIONS, SILENCES, STATED, TARGETS, VINTAGES
from schemas.tables.reading_columns import DOCUMENTS, GLOSSARY, INDICATORS, NUMBERS, OBSERVATIONS

__all__ = ["KEYS", "ROWS", "ROWS_ZH", "SCHEMA_VERSION", "SHEETS", "STATED", "TABLES", "Column", "frame_schema", "names"]

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
ROWS: Mapping[str, str] = MappingProxyType(
    {
        "observations": "One number as last known: a key and its value.",
        "vintages": "One number as it was known during an interval of days.",
        "comparisons": "Two published numbers held against what is stated of how they relate.",
        "targets": "One promise: what was planned for a year, and what came of it.",
        "silences": "One indicator that an earlier report quantified and this one does not.",
        "revisions": "One change against the release before, with its cause.",
        "indicators": "One indicator of the registry: its names, its definition, its usual unit.",
        "documents": "One source document: its labels, its address, the capture that holds its text.",
        "glossary": "One term that a document explains, with its explanation.",
        "numbers": "One number of a document, and what became of it.",
    }
)
ROWS_ZH: Mapping[str, str] = MappingProxyType(
    {
        "observations": "每行一条数据：最近一次公布的数值及其出处。",
        "vintages": "每行一条数据在一段时间内的已知状态，用于还原某一天所知的数值。",
        "comparisons": "每行一组可对照的数据：两个数值、文中所述关系和核对结论。",
        "targets": "每行一个目标：计划的数值、实际结果和完成情况。",
        "silences": "每行一个指标：以往报告给出数值，本报告没有给出。",
        "revisions": "每行一处变动：与上一版本相比新增、删除或改变的数据及原因。",
        "indicators": "每行一个指标：名称、定义、单位和主题。",
        "documents": "每行一份来源文件：标签、网址、采集时间和状态。",
        "glossary": "每行一个名词及文件中的解释。",
        "numbers": "每行文件中的一个数字及其处理结果。",
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
    """Return the names of the columns of a table, in order."""
    return tuple(column.name for column in TABLES[table])


def frame_schema(table: str) -> dict[str, type[pl.DataType]]:
    """Return the columns of a table with their Polars types."""
    return {column.name: column.dtype for column in TABLES[table]}
