"""Histories of as many observations as asked for, made without chance: reports of four hundred numbers, one a year.

The longer the history, the more reports: beyond what any office has written, so that the years are but numbers. Each
report has four numbers of a hundred series: a level, its growth, its share of the whole, and the growth promised for
the next year; of one series in fifty it says nothing. Between two releases one number in a hundred is corrected, and
one in two hundred is missing from a release and back in the next. Every other series is one of the registry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from publish.compare.vintages import vintages
from publish.tables.inputs import TableInputs
from schemas.codelists import NumberStatus, SourceState
from schemas.document import Document, Span
from schemas.reading import Capture, Reading
from schemas.registry.indicators import load_indicators
from schemas.registry.sources import Source
from schemas.release import Release
from schemas.tables.columns import frame_schema
from schemas.tables.frames import Tables

KINDS = (("level", "actual"), ("growth", "actual"), ("share", "actual"), ("growth", "target"))
SERIES = 100
FIRST_YEAR = 1500
FIRST_DAY = date(2026, 1, 1)
PRIME = 104_729
# Of a thousand, in each release: the first ones drawn are corrected, the last ones missing.
CORRECTED, PRESENT = 10, 995
# A report gives no number for one series in so many.
SILENT = 50
SOURCE = Source(
    id="synthetic",
    platform="gkmlpt",
    base="http://example.gov.cn/site",
    title="工作总结",
    publisher="园区管理委员会",
    uscc="11442000007333422Y",
    ref_area="CN-442000-torch",
    area_zh="园区",
    area_en="Park",
)


def released(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    """Choose the observations of a release, counted from 1, out of all that there are."""
    lots = [(pl.col("row") * 7919 + turn * PRIME) % 1000 for turn in range(number + 1)]
    corrected, missing = [lot < CORRECTED for lot in lots], [lot >= PRESENT for lot in lots]
    since = pl.lit(FIRST_DAY)
    for turn in range(1, number + 1):
        since = pl.when(corrected[turn] | missing[turn - 1]).then(pl.lit(_day(turn))).otherwise(since)
    hundredths = (pl.col("value") * 100).round() + pl.sum_horizontal(corrected[1:])
    shown = rows.filter(~missing[number]).with_columns(value=hundredths / 100, realtime_start=since)
    scaled = shown.with_columns(value_base=pl.col("value") * 10 ** pl.col("unit_mult"))
    scaled = scaled.with_columns(year=pl.col("period").cast(pl.Int64))
    return scaled.select(pl.col(name).cast(dtype) for name, dtype in frame_schema("observations").items())


def all_rows(size: int) -> pl.DataFrame:
    """Every observation of a history, sorted by its key and numbered in that order."""
    registry = [indicator.id for indicator in load_indicators()]
    series = [f"x:{_name(place)}" if place % 2 else registry[place] for place in range(SERIES)]
    years = range(FIRST_YEAR, FIRST_YEAR + size // (SERIES * len(KINDS)))
    kinds = pl.DataFrame([*KINDS], schema=["measure", "status"], orient="row").with_row_index("kind")
    grid = pl.DataFrame({"year": years}).join(pl.DataFrame({"indicator": series}).with_row_index("place"), how="cross")
    spoken = grid.filter(pl.col("place").cast(pl.Int64) % SILENT != pl.col("year") % SILENT)
    shaped = spoken.join(kinds, how="cross").with_columns(**_dimensions())
    rows = shaped.with_columns(**_number()).with_columns(**_words())
    spans = pl.col("quote").str.len_chars().cast(pl.Int64) + 1
    start = spans.cum_sum().over("document") - spans + pl.col("before").str.len_chars()
    placed = rows.with_columns(char_start=start, char_end=start + pl.col("obs_text").str.len_chars())
    return placed.sort("obs_id").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def _name(place: int) -> str:
    """Four characters, found in no other name at the same places."""
    return "".join(chr(0x4E00 + (place + turn * 4999) % 20_000) for turn in range(4)) + "产值"


def _dimensions() -> Mapping[str, pl.Expr]:
    planned = pl.col("status") == "target"
    return {
        "ref_area": pl.lit(SOURCE.ref_area),
        "scope": pl.lit(""),
        "period": (pl.col("year") + planned).cast(pl.String),
        "document": pl.format("post-{}", "year"),
        "label_zh": pl.col("indicator").str.strip_prefix("x:"),
        "label_en": pl.lit(None),
        "theme": pl.lit(None),
        "section": pl.lit("一/(二)"),
        "published_on": pl.date(pl.col("year") + 1, 1, 20),
        "origin": pl.lit("report"),
        "price_basis": pl.lit(None),
        "rank_of": pl.lit(""),
    }


def _number() -> Mapping[str, pl.Expr]:
    level, planned = pl.col("measure") == "level", pl.col("status") == "target"
    cents = (pl.col("place").cast(pl.Int64) * 7919 + pl.col("year") * PRIME + pl.col("kind") * 31) % 100_000
    return {
        "value": pl.when(level).then(cents + 100).otherwise(cents % 1000) / 100,
        "value_upper": pl.lit(None),
        "bound": pl.when(planned).then(pl.lit(">=")).otherwise(pl.lit("=")),
        "unit": pl.when(level).then(pl.lit("亿元")).otherwise(pl.lit("%")),
        "unit_code": pl.when(level).then(pl.lit("CNY")).otherwise(pl.lit("percent")),
        "unit_mult": pl.when(level).then(8).otherwise(0),
        "decimals": pl.lit(2),
        "obs_status": pl.when(planned).then(pl.lit("F")).otherwise(pl.lit("P")),
        "subject": pl.col("label_zh"),
        "obs_id": pl.concat_str("ref_area", "indicator", "measure", "scope", "period", "status", separator="|"),
    }


def _words() -> Mapping[str, pl.Expr]:
    verb = pl.when(pl.col("status") == "target").then(pl.lit("预计增长")).otherwise(pl.lit("为"))
    before = pl.format("{}年{}{}", "period", "label_zh", verb)
    printed = pl.format("{}{}", "value", "unit")
    return {
        "before": before,
        "obs_text": printed,
        "quote": (clause := pl.concat_str(before, printed)),
        "sentence": clause,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A release to be built: what was read for it, and what it is built of."""

    read: Tables
    material: TableInputs


def prepared(size: int) -> Mapping[str, pl.DataFrame]:
    """Build the frames of a release of so many observations, ready to be written to files."""
    rows = all_rows(size)
    first, second, third = (released(rows, number) for number in (1, 2, 3))
    texts = rows.sort("document", "char_start").group_by("document", maintain_order=True).agg(pl.col("quote"))
    texts = texts.select("document", text=pl.col("quote").list.join("。"))
    return {
        "before": second,
        "vintages": vintages(second, vintages(first, None, _day(1)), _day(2)),
        "after": third,
        "texts": texts,
    }


def case(frames: Mapping[str, pl.DataFrame]) -> Case:
    """Build the inputs of the third release of a history."""
    readings = [_reading(name, text) for name, text in frames["texts"].iter_rows()]
    previous = _read(frames["before"], readings, 2) | {"vintages": frames["vintages"]}
    material = TableInputs(
        source=SOURCE,
        readings=readings,
        indicators=load_indicators(),
        released_on=_day(3),
        reader_version="reader-1",
        registry_fingerprint="registry-1",
        previous_release=_former(),
        previous_tables={name: pl.DataFrame(schema=frame_schema(name)) for name in ("targets", "silences")} | previous,
    )
    return Case(read=_read(frames["after"], readings, 3), material=material)


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=30 * number)


def _read(observations: pl.DataFrame, readings: Sequence[Reading], number: int) -> dict[str, pl.DataFrame]:
    """Build the tables of what was read: each page has another text in each release."""
    documents = [
        {
            "document": reading.document_id,
            "title": reading.document.title,
            "url": reading.capture.url,
            "text_sha256": f"{number:064}",
            "state": reading.state.value,
            "origin": reading.origin.value,
            "reference_period": str(reading.reference_year),
        }
        for reading in readings
    ]
    numbers = observations.select(
        *("document", "char_start", "char_end", "obs_text", "obs_id"),
        fate=pl.lit(NumberStatus.CLAIMED.value),
        reason=pl.lit(None),
    )
    indicators = [{name: getattr(one, name) for name in frame_schema("indicators")} for one in load_indicators()]
    return {
        "observations": observations,
        "documents": _frame("documents", pl.DataFrame(documents)),
        "numbers": _frame("numbers", numbers).sort("document", "char_start"),
        "indicators": pl.DataFrame(indicators, schema=frame_schema("indicators")),
        "glossary": pl.DataFrame(schema=frame_schema("glossary")),
    }


def _frame(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Complete the rows with every column of the table, empty where they have none."""
    schema = frame_schema(table)
    cells = {name: pl.col(name) if name in rows.columns else pl.lit(None) for name in schema}
    return rows.select(cell.cast(schema[name]).alias(name) for name, cell in cells.items())


def _reading(document: str, text: str) -> Reading:
    year = int(document.removeprefix("post-"))
    return Reading(
        document_id=document,
        document=Document(
            title=f"{year}年工作总结",
            published_on=date(year + 1, 1, 20),
            text=text,
            body=Span(start=0, end=len(text)),
            sections=(),
        ),
        capture=Capture(url=document, captured_at=datetime(2026, 1, 1, tzinfo=UTC), sha256="", key=""),
        text_sha256="",
        index_number="",
        index_note="absent",
        state=SourceState.OK,
        observations=(),
        numbers=(),
        findings=(),
        reference_year=year,
    )


def _former() -> Release:
    return Release(
        dataset=SOURCE.id,
        version="2026.03.02.1",
        previous="",
        previous_sums_sha256="",
        released_on=_day(2),
        schema_version="",
        contract_sha256="",
        announced=(),
        built_with="",
        reader_version="reader-1",
        registry_fingerprint="registry-1",
        inputs_sha256="",
        content_sha256="",
        tables=(),
        documents=(),
    )
