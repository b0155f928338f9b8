"""What the gate checks: the published tables with the figures that its expectations are about.

Each is measured here from the texts and the tables alone, not taken from the reader that made them. A figure is a
count, a share or an amount; whether it is too large is for the expectation to say.
"""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from infra.settings import YEARS_AROUND
from publish.compare.intervals import ROUNDING, high, low
from schemas.codelists import Bound, Measure, NumberStatus, Status
from schemas.observation import DIMENSIONS
from schemas.registry.units import resolve
from schemas.tables.frames import Tables
from schemas.tables.reading_checks import WHOLE

MACRO_CORE = (
    *("gdp", "va_primary", "va_secondary", "va_tertiary", "va_industry_scale", "investment_fixed", "retail_sales"),
    *("trade_total", "exports", "budget_revenue", "budget_expenditure", "income_disposable", "income_urban"),
    *("income_rural", "population_resident", "grain_output"),
)
"""Series that every government states, and that no year moves by much."""

_DIGIT = re.compile(r"\d")
# Words that a text uses for what it plans and hardly for what it did.
_PLANS = re.compile(r"力争|(?:预期|奋斗|工作|主要)目标|总体要求|新的一年|(?:今年|明年|我们|必须)[，,]?(?:要|将)")
_UNLIMITED = float("inf")
_ONE_YEAR = r"^\d{4}$"
_NO_UNIT = "none"


def check_columns(tables: Tables, texts: Mapping[str, str]) -> Mapping[str, pl.DataFrame]:
    """Return the frames that the expectations are checked against, rows in the order of the tables."""
    rows = _observations(tables, texts)
    return {
        "observations": rows,
        "numbers": tables["numbers"].select(
            "document", "char_start", "char_end", unpublished_rows=_unpublished_rows(tables)
        ),
        "documents": _documents(tables, rows, texts),
    }


def _observations(tables: Tables, texts: Mapping[str, str]) -> pl.DataFrame:
    """Return the observations with their document's kind, their distance from its year, and what they fit with."""
    rows = tables["observations"]
    documents = tables["documents"].select("document", "kind", year_reported="reference_period")
    plain = pl.col("indicator").str.split("~").list.first()
    stated = tables["numbers"].select(obs_id=pl.col("obs_id").str.split(" ")).explode("obs_id").drop_nulls()
    return (
        rows.with_columns(
            cut=cut_spans(rows, texts),
            series=pl.when(~plain.str.starts_with("x:")).then(plain),
            low=low(),
            high=high(),
        )
        .join(documents, on="document", how="left", maintain_order="left")
        .join(stated.group_by("obs_id").len("numbers_stating"), on="obs_id", how="left", maintain_order="left")
        .join(_ranges(tables["indicators"]), on="series", how="left", maintain_order="left")
        .with_columns(
            pl.col("numbers_stating").fill_null(0),
            years_off=pl.col("year") - pl.col("year_reported").cast(pl.Int64, strict=False),
            **_range_of_row(),
            **_range_of_key(),
        )
        .join(_moves(rows), on="obs_id", how="left", maintain_order="left")
        .select(
            *("obs_id", "document", "kind", *DIMENSIONS, "series", "theme", "subject", "unit_code", "value_base"),
            *("obs_text", "cut", "numbers_stating", "range_min", "range_max", "years_off", "key_low", "key_high"),
            "moved",
        )
    )


def _ranges(indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the range of each indicator in base units, an open end infinite, with the code of its unit."""
    units = [resolve(unit) for unit in indicators["unit"]]
    scale = pl.Series([10.0**unit.mult for unit in units], dtype=pl.Float64)
    return indicators.select(
        series="id",
        range_unit=pl.Series([unit.code for unit in units], dtype=pl.String),
        least=(pl.col("range_min") * scale).fill_null(-_UNLIMITED),
        most=(pl.col("range_max") * scale).fill_null(_UNLIMITED),
    )


def _range_of_row() -> Mapping[str, pl.Expr]:
    """Return the ends of the range that bounds a row: only a level that is stated in the unit of its series has one."""
    bounded = (pl.col("measure") == Measure.LEVEL.value) & (pl.col("unit_code") == pl.col("range_unit"))
    return {
        "range_min": pl.when(bounded).then("least").otherwise(-_UNLIMITED),
        "range_max": pl.when(bounded).then("most").otherwise(_UNLIMITED),
    }


def _range_of_key() -> Mapping[str, pl.Expr]:
    """Return what all rows of a document under one key of a registry series allow together; null for other rows.

    The key is the plain one: the words behind `~` only tell rows apart that would otherwise be one. Rounding is allowed
    for, so that 573.72 and 574 agree; the least upper end is below the greatest lower end where two numbers differ.
    """
    key = ["document", "series", *(name for name in DIMENSIONS if name != "indicator"), "rank_of", "unit_code"]
    exact = pl.col("series").is_not_null() & (pl.col("bound") == Bound.EXACT.value)
    slack = 1 + ROUNDING * pl.col("high").sign()
    key_low = pl.when(exact).then("low").max().over(key)
    key_high = pl.when(exact).then(pl.col("high") * slack).min().over(key)
    return {"key_low": pl.when(exact).then(key_low), "key_high": pl.when(exact).then(key_high)}


def _moves(rows: pl.DataFrame) -> pl.DataFrame:
    """Return by how much levels of the macro core moved a year, as a share of the base, by `obs_id`.

    The base is the level of the year before in the same document, or of any earlier year in the same clause (from A to
    B); the nearest year counts. Where the document states the growth of that year, the move is what growth leaves.
    """
    one_year = pl.col("period").str.contains(_ONE_YEAR) & (pl.col("status") == Status.ACTUAL.value)
    core = rows.filter(pl.col("indicator").is_in(MACRO_CORE) & one_year & (pl.col("bound") == Bound.EXACT.value))
    series = ["document", "indicator", "scope"]
    levels = core.filter((pl.col("measure") == Measure.LEVEL.value) & (pl.col("value_base") > 0))
    growth = core.filter(
        (pl.col("measure") == Measure.GROWTH.value) & (pl.col("unit_code") == "percent") & (pl.col("value") > -WHOLE)
    )
    bases = levels.select(*series, "unit_code", base="value_base", base_year="year", base_quote="quote")
    years = pl.col("year") - pl.col("base_year")
    near = (years == 1) | ((years > 1) & (pl.col("quote") == pl.col("base_quote")))
    yearly = (pl.col("value_base") / pl.col("base")).pow(1 / years)
    stated = pl.when(years == 1).then(1 + pl.col("stated_growth") / 100)
    return (
        levels.join(bases, on=[*series, "unit_code"])
        .filter(near)
        .sort("obs_id", "base_year", descending=[False, True])
        .unique("obs_id", keep="first", maintain_order=True)
        .join(growth.select(*series, "year", stated_growth="value"), on=[*series, "year"], how="left")
        .select("obs_id", moved=(yearly / stated.fill_null(1.0) - 1).round(6))
    )


def _unpublished_rows(tables: Tables) -> pl.Expr:
    """Count the observations that a number states and that are not published."""
    published = tables["observations"]["obs_id"].to_list()
    missing = pl.col("obs_id").str.split(" ").list.eval((~pl.element().is_in(published)).cast(pl.Int64))
    return missing.list.sum().fill_null(0)


def _documents(tables: Tables, rows: pl.DataFrame, texts: Mapping[str, str]) -> pl.DataFrame:
    """Return the documents with their numbers that are not accounted for, and the shares of doubtful rows."""
    numbers = tables["numbers"]
    spans = {
        str(document): rows.select("char_start", "char_end").rows()
        for (document,), rows in numbers.group_by("document")
    }
    names = tables["documents"]["document"].to_list()
    uncounted = [_uncounted_digits(texts.get(name, ""), spans.get(name, ())) for name in names]
    planning = [len(_PLANS.findall(texts.get(name, ""))) for name in names]
    counted = pl.sum_horizontal(*(fate.value for fate in NumberStatus))
    shares = rows.group_by("document").agg(
        rows=pl.len(),
        target_share=(pl.col("status") == Status.TARGET.value).mean(),
        misdated_share=_misdated().fill_null(value=False).mean(),
        colliding_share=(pl.col("key_low") > pl.col("key_high")).fill_null(value=False).mean(),
        incomplete_share=(
            (pl.col("subject").str.len_chars() == 1)
            | ((pl.col("measure") == Measure.LEVEL.value) & (pl.col("unit_code") == _NO_UNIT))
        ).mean(),
    )
    return (
        tables["documents"]
        .select(
            *("document", "kind"),
            uncounted_digits=pl.Series(uncounted, dtype=pl.Int64),
            planning_words=pl.Series(planning, dtype=pl.Int64),
            unread_share=pl.col("unread") / pl.max_horizontal(counted, 1),
        )
        .join(shares, on="document", how="left", maintain_order="left")
        .with_columns(pl.col("rows").fill_null(0))
    )


def _misdated() -> pl.Expr:
    """Return whether the year of a row is outside those that the kind of its document speaks of."""
    outside = [
        (pl.col("kind") == kind) & (pl.col("status") == status) & ~pl.col("years_off").is_between(first, last)
        for kind, statuses in YEARS_AROUND.items()
        for status, (first, last) in statuses.items()
    ]
    return pl.any_horizontal(outside)


def _uncounted_digits(text: str, spans: Iterable[tuple[int, int]]) -> int:
    """Count the digits of a text that are inside no number of the account."""
    counted = {position for start, end in spans for position in range(start, end)}
    return sum(digit.start() not in counted for digit in _DIGIT.finditer(text))


def cut_spans(rows: pl.DataFrame, texts: Mapping[str, str]) -> pl.Series:
    """Cut `char_start` to `char_end` of each row out of its document; null where there is no text."""
    spans = rows.select("document", "char_start", "char_end").iter_rows()
    cuts = [texts[document][start:end] if document in texts else None for document, start, end in spans]
    return pl.Series("cut", cuts, dtype=pl.String)


def mismatched_spans(observations: pl.DataFrame, texts: Mapping[str, str]) -> list[str]:
    """Return the keys of the rows whose span cuts something else than `obs_text`."""
    cut = cut_spans(observations, texts)
    return observations.filter(~cut.eq_missing(observations["obs_text"]))["obs_id"].to_list()
