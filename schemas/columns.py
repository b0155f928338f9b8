"""The published columns: each table's names, types and meanings, in the order in which they are written.

Columns are a contract: one is only ever appended, and `SCHEMA_VERSION` counts that by the rules of semantic versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

SCHEMA_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, its type, whether a cell may be empty, and one sentence."""

    name: str
    dtype: type[pl.DataType]
    description: str
    nullable: bool = False


def _text(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name=name, dtype=pl.String, description=description, nullable=nullable)


def _number(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name=name, dtype=pl.Float64, description=description, nullable=nullable)


def _count(name: str, description: str) -> Column:
    return Column(name=name, dtype=pl.Int64, description=description)


def _day(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name=name, dtype=pl.Date, description=description, nullable=nullable)


OBSERVATIONS = (
    _text("obs_id", "The six dimensions joined by a vertical bar: the row's key."),
    _text("ref_area", "The area that the number speaks of, a division code with the zone's slug."),
    _text("indicator", "Id of the indicator, or x: and a slug of the subject; ~ adds what tells two numbers apart."),
    _text("measure", "What the number says about its subject: level, growth, share and so on."),
    _text("scope", "Among whom a rank holds; empty for every other measure."),
    _text("period", "The year, or the first and last year joined by a slash."),
    _text("status", "actual for what was, target for what is planned or promised."),
    _number("value", "The number as stated, in the unit as stated; a fall is negative."),
    _number("value_upper", "The upper end where the source states a range.", nullable=True),
    _text("bound", "How the stated number limits the true one: =, >, >=, ~, <= or <."),
    _text("unit", "The unit as stated; empty where the source lost it."),
    _text("unit_code", "The unit as a code without its magnitude, such as CNY for 亿元."),
    _count("unit_mult", "The power of ten in the unit: 8 for 亿."),
    _number("value_base", "The value times ten to the power of unit_mult."),
    _text("obs_text", "The number as printed, with its unit."),
    _count("decimals", "How many decimals the source printed."),
    _text("obs_status", "SDMX CL_OBS_STATUS: A normal, P provisional, B break, F planned."),
    _text("price_basis", "current or constant prices, where the source says so.", nullable=True),
    _text("subject", "What is measured, in the source's words."),
    _text("label_zh", "The indicator's name in Chinese."),
    _text("label_en", "The indicator's name in English.", nullable=True),
    _text("theme", "The indicator's theme.", nullable=True),
    _text("document", "Id of the document that states the number."),
    _text("section", "Labels of the document's sections around the number, from the outermost, joined by slashes."),
    _count("char_start", "Where obs_text starts in the document's text, in characters from 0."),
    _count("char_end", "Where obs_text ends in the document's text, exclusive."),
    _text("quote", "The clause that holds the number."),
    _day("published_on", "When the document was published, by its own date.", nullable=True),
    _day("realtime_start", "Since when the releases state this value."),
)

DOCUMENTS = (
    _text("document", "Id of the document, stable for its source."),
    _text("title", "Title of the document."),
    _text("index_number", "索引号 as printed.", nullable=True),
    _text(
        "index_number_repaired",
        "索引号 with a lost character put back where the check character allows.",
        nullable=True,
    ),
    _text("index_note", "valid, repaired, invalid or absent: what is known of the printed 索引号."),
    _text("category", "分类 as printed.", nullable=True),
    _text("publisher", "发布机构 as printed.", nullable=True),
    _text("written_on", "成文日期 as printed.", nullable=True),
    _text("name", "名称 as printed.", nullable=True),
    _text("document_number", "文号 as printed.", nullable=True),
    _text("published_on", "发布日期 as printed.", nullable=True),
    _text("keywords", "主题词 as printed.", nullable=True),
    _text("url", "Address of the page."),
    _text("captured_at", "When the bytes that carry this text were first captured, ISO 8601, UTC."),
    _text("payload_sha256", "SHA-256 of these bytes."),
    _text("text_sha256", "SHA-256 of the canonical text in UTF-8, in which every char_start counts."),
    _text("archive_key", "Where the archive keeps these bytes."),
    _text("state", "ok, gone or drifted: how the page stood at the last visit that changed anything."),
    _count("characters", "Length of the canonical text in characters."),
    _count("claimed", "How many of its numbers were read as observations."),
    _count("ignored", "How many of its numbers are no observation, for a stated reason."),
    _count("unread", "How many of its numbers the reader could not place."),
)

NUMBERS = (
    _text("document", "Id of the document."),
    _count("char_start", "Where the number starts in the document's text, in characters from 0."),
    _count("char_end", "Where it ends, exclusive."),
    _text("obs_text", "The number as printed."),
    _text("fate", "claimed, ignored or unread."),
    _text("reason", "Why the number is no observation, where it is ignored.", nullable=True),
    _text("obs_id", "The observation that it states; several are separated by a blank.", nullable=True),
)

INDICATORS = (
    _text("id", "Id of the indicator."),
    _text("label_zh", "Name in Chinese."),
    _text("label_en", "Name in English."),
    _text("definition", "What it measures, in one sentence."),
    _text("unit", "Code of its usual unit."),
    _text("theme", "The theme it belongs to."),
    _text("direction", "Whether more of it is better."),
    _number("range_min", "Below this a value is not plausible.", nullable=True),
    _number("range_max", "Above this a value is not plausible.", nullable=True),
    _text("nbs_code", "Code of the National Bureau of Statistics, where one corresponds.", nullable=True),
)

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {"observations": OBSERVATIONS, "documents": DOCUMENTS, "numbers": NUMBERS, "indicators": INDICATORS}
)

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "observations": ("obs_id",),
        "documents": ("document",),
        "numbers": ("document", "char_start", "char_end"),
        "indicators": ("id",),
    }
)

# What a row states, beside the key: two rows that agree in these state the same, wherever they stand in the text.
STATED = (
    "value",
    "value_upper",
    "bound",
    "unit",
    "unit_code",
    "unit_mult",
    "value_base",
    "decimals",
    "obs_status",
    "price_basis",
)


def names(table: str) -> tuple[str, ...]:
    """The columns of a table in their order."""
    return tuple(column.name for column in TABLES[table])


def frame_schema(table: str) -> dict[str, type[pl.DataType]]:
    """The columns of a table with their Polars types."""
    return {column.name: column.dtype for column in TABLES[table]}
