"""What reports state of how two numbers relate: growth on the year before, change in the unit itself, part of a whole.

A growth or share says by what the base is multiplied, a change what is added to it. A growth at or below -100 per cent
(a profit that became a loss) says nothing of the base. A change has no other name than its series: it speaks of the
one number of that series, year and unit, and of none where there are two (a rank in the province and in the nation).
Not used is what is stated against others (高于全国0.3个百分点) or against another year than the one before
(较2020年提高14个百分点).
"""

from types import MappingProxyType

import polars as pl

from schemas.codelists import Measure
from schemas.observation import DIMENSIONS

ALL = 100.0
RATIOS = (Measure.SHARE.value, Measure.RATE.value)
# The columns that say how a number relates to its base; `stated_low` and `stated_high` are the interval of the factor
# or of the difference, `stated_as` the measure that it is stated as.
STATED = ("stated_obs_id", "stated_as", "stated_value", "stated_low", "stated_high", "stated_prices", "stated_origin")

_PARTS_OF_ONE = MappingProxyType({"percent": 1e-2, "permille": 1e-3, "permyriad": 1e-4, "times": 1.0})
_MOVES_BY_POINTS = MappingProxyType({"percentage_point": "percent"})
_OTHERS = (
    "高于|低于|快于|慢于|好于|优于|高出|低出|超出|超过|领先|落后|跑赢|多于|少于|大于|小于|平均|[比较]全[国省市区县]"
)
_YEARS = "近[0-9两三四五六七八九十]+年"
_SINCE = r"[比较]((?:19|20)[0-9]{2})年"


def key(**other: pl.Expr) -> pl.Expr:
    """Return the key of a row with other dimensions: the same number in another year, measure or indicator."""
    return pl.concat_str(*(other.get(name, pl.col(name)) for name in DIMENSIONS), separator="|")


def growth_statements(numbers: pl.DataFrame) -> pl.DataFrame:
    """Return what is stated of numbers and the year before them, a row per number (`of`); growth comes first."""
    on_last_year = numbers.filter(pl.col("measure").is_in(["growth", "change"]) & _on_the_year_before())
    growths, changes = _growths(on_last_year), _changes(on_last_year, numbers)
    return pl.concat([growths, changes.join(growths, on="of", how="anti")])


def ratios(numbers: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the stated ratios whose part (`of`) and whole (`whole_of`) are in the registry; a share before a rate."""
    known = indicators.filter(pl.col("part").is_not_null()).select("part", "whole", indicator="id")
    stated = numbers.filter(pl.col("measure").is_in(RATIOS)).join(known, on="indicator")
    fraction = _fraction()
    ends = ((pl.col(end) * fraction).clip(0) for end in ("low", "high"))
    return (
        stated.filter(fraction.is_not_null() & (pl.col("value") > 0))
        .sort("measure", "obs_id", descending=[True, False])
        .select(
            *_stated("share", pl.col("value") * fraction * ALL, *ends),
            of=_level(indicator=pl.col("part")),
            whole_of=_level(indicator=pl.col("whole")),
        )
        .unique(["of", "whole_of"], keep="first", maintain_order=True)
    )


def _growths(stated: pl.DataFrame) -> pl.DataFrame:
    """Return what each growth states of the level of its series and year."""
    fraction = _fraction()
    grown = pl.col("value") * fraction
    factors = [pl.when(grown > -1).then((1 + pl.col(end) * fraction).clip(0)) for end in ("low", "high")]
    growths = stated.filter((pl.col("measure") == Measure.GROWTH.value) & fraction.is_not_null())
    return growths.select(*_stated("growth", grown * ALL, *factors), of=_level())


def _changes(stated: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return what each change states of the one number that it can refer to; a rank that rises by 4 is less by 4."""
    against_none = ~pl.col("quote").str.contains(_OTHERS)
    changes = stated.filter((pl.col("measure") == Measure.CHANGE.value) & against_none)
    places = pl.col("unit_code") == "rank"
    ends = (pl.when(places).then(-pl.col(a)).otherwise(pl.col(b)) for a, b in (("high", "low"), ("low", "high")))
    unit_code = pl.col("unit_code").replace(_MOVES_BY_POINTS)
    stated_change = _stated("change", pl.col("value_base"), *ends)
    moved = changes.select("ref_area", "indicator", "period", *stated_change, unit_code=unit_code)
    sizes = numbers.filter(pl.col("measure").is_in([Measure.LEVEL.value, Measure.RANK.value, *RATIOS]))
    spoken_of = moved.join(sizes, on=["ref_area", "indicator", "period", "unit_code"])
    alone = pl.len().over("stated_obs_id") == 1
    return spoken_of.filter(alone).select(*STATED, of="obs_id")


def _level(**other: pl.Expr) -> pl.Expr:
    return key(measure=pl.lit(Measure.LEVEL.value), scope=pl.lit(""), **other)


def _stated(as_: str, value: pl.Expr, low: pl.Expr, high: pl.Expr) -> tuple[pl.Expr, ...]:
    columns = (pl.col("obs_id"), pl.lit(as_), value, low, high, pl.col("price_basis"), pl.col("origin"))
    return tuple(column.alias(name) for name, column in zip(STATED, columns, strict=True))


def _fraction() -> pl.Expr:
    """Return the factor that turns a per cent, a per mille or 倍 into parts of one; null for any other unit."""
    return pl.col("unit_code").replace_strict(_PARTS_OF_ONE, default=None, return_dtype=pl.Float64)


def _on_the_year_before() -> pl.Expr:
    """Whether nothing in the words says that the change is on another year than the one before."""
    since = pl.col("quote").str.extract(_SINCE).cast(pl.Int64)
    last = pl.col("period").cast(pl.Int64) - 1
    return ~pl.col("quote").str.contains(_YEARS) & since.eq(last).fill_null(value=True)
