"""The table `comparisons`: whether two published numbers fit what is stated of how they relate.

**Neighbours.** A number of a year beside that of the same series (area, indicator, measure, scope) in the year before,
of what was. Measures are level, share, rate, rank, multiple and ratio: a yearly average and a streak span several
years, a change is itself how two years relate, and the growth of two years says nothing of whether their numbers fit.
Numbers that only their place in a text tells apart are no series. **Parts.** A number beside the whole that it is
stated to be a part of, by the pairs of the registry.

**Implied base.** Every number is an interval (`intervals`). Level and growth imply a base between the least
level over the greatest factor and the greatest over the least; level and change the difference; part and ratio a whole.
The level, its growth and the base are each as last known, whichever report states them.

**Verdict**, by the first that applies. Units of two kinds: not_comparable. Nothing stated: unchecked. Nothing implied,
or intervals that meet where a bound leaves a side open: not_comparable. They meet: consistent. A part that does not
fit its whole: scope_break. A gap above `MOST_REVISED`: scope_break, if each of the two numbers fits another one that it
is held against, else not_comparable, since one of the two may be misread. Growth at constant prices, levels at current
ones, and a gap up to `MOST_BY_PRICES`: price_basis. Else: revised.

**Gap.** From the nearest end of the base's interval to the nearest end of the implied one, in per cent of the latter:
what has to be explained, after rounding and bounds have had their due. It is 0 exactly where the two are consistent.

No growth is computed here from two levels: across a revision it would be no growth.
"""

import polars as pl

from publish.compare.intervals import PARTS, high, is_bounded, low, overlap
from publish.compare.relations import STATED, growth_statements, key, ratios
from schemas.codelists import Bound, ComparisonKind, ComparisonVerdict, Measure, Origin, PriceBasis, Status
from schemas.tables.columns import KEYS, names
from schemas.tables.comparison_columns import LABELS

# Prices of what an area produces seldom move by more in a year, up or down; a larger gap was revised.
MOST_BY_PRICES = 3.0
# Censuses have moved the output of a province by up to about 30 per cent; what lies further off is another scope.
MOST_REVISED = 50.0

_COMPARED = ("level", "share", "rate", "rank", "multiple", "ratio")
_STATING = ("value", "bound", "unit", "unit_code", "unit_mult", "value_base", "decimals", "document")
_SIDE = ("obs_id", "period", *_STATING, "value_upper", "price_basis", "origin", "clause", "low", "high")
_SERIES = ("ref_area", "indicator", *LABELS, "measure", "scope")
_ONE_YEAR = r"^[0-9]{4}$"
_ONLY_ITS_PLACE = r"~[0-9]+$"
_SINGLE = (Bound.EXACT.value, Bound.ABOUT.value)
_INFINITE = float("inf")
_PER_CENT = 100.0
# Figures beyond these are the noise of binary fractions.
_DIGITS = 12


def comparisons(observations: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the table, sorted by its key, whatever order the rows come in."""
    numbers = _numbers(observations)
    pairs = pl.concat([_years(numbers), _parts(numbers, indicators)])
    return (
        pairs.join(indicators.select("growth_prices", registry_id="id"), on="registry_id", how="left")
        .with_columns(_implied())
        .with_columns(gap=_gap())
        .with_columns(verdict=_verdict())
        .pipe(_without_lone_breaks)
        .with_columns(_output_columns())
        .select(names("comparisons"))
        .sort(KEYS["comparisons"])
    )


def _numbers(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the actual numbers of single years, each with its interval and its clause."""
    one_year = pl.col("period").str.contains(_ONE_YEAR) & ~pl.col("indicator").str.contains(_ONLY_ITS_PLACE)
    columns = dict.fromkeys((*_SERIES, "status", "quote", *PARTS, *_SIDE))
    made = {"clause": pl.struct("document", "quote").hash(), "low": low(), "high": high()}
    is_actual = pl.col("status") == Status.ACTUAL.value
    return observations.filter(is_actual & one_year).with_columns(**made).select(*columns)


def _years(numbers: pl.DataFrame) -> pl.DataFrame:
    """Each number beside that of the year before, and what is stated of the two, where something is.

    Of two numbers in one clause (从3826.5亿元增长到4398.6亿元) the first is of an earlier year that only the reader
    concludes: it may be five years before, so that what is stated of one year is not held against it.
    """
    stated = growth_statements(numbers)
    pairs = _with_previous_year(numbers)
    related = pairs.join(stated, left_on="obs_id", right_on="of", how="left", maintain_order="left")
    apart = pl.col("clause") != pl.col("base_clause")
    comparable = (pl.when(apart).then(pl.col(name)).alias(name) for name in STATED)
    return _paired(related.with_columns(comparable), ComparisonKind.YEAR_ON_YEAR)


def _with_previous_year(numbers: pl.DataFrame) -> pl.DataFrame:
    """Each number with that of the year before in its series: in the order of the keys it is the row above."""
    last_year = (pl.col("period").cast(pl.Int64) - 1).cast(pl.String).str.zfill(4)
    above = (pl.col(name).shift().alias(f"base_{name}") for name in _SIDE)
    beside = pl.col("measure").is_in(_COMPARED) & (pl.col("base_obs_id") == key(period=last_year))
    return numbers.sort("obs_id").with_columns(above).filter(beside)


def _parts(numbers: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Each number beside the whole that a stated ratio makes it a part of."""
    stated = ratios(numbers, indicators).rename({"whole_of": "base_obs_id"})
    wholes = numbers.select(pl.col(name).alias(f"base_{name}") for name in _SIDE)
    pairs = numbers.join(stated, left_on="obs_id", right_on="of").join(wholes, on="base_obs_id")
    return _paired(pairs, ComparisonKind.PART_OF_WHOLE)


def _paired(pairs: pl.DataFrame, kind: ComparisonKind) -> pl.DataFrame:
    columns = (*_SERIES, *_SIDE, *(f"base_{name}" for name in _SIDE), *STATED)
    registry_id = pl.col("indicator").str.extract("^([^~]*)")
    return pairs.select(*columns, kind=pl.lit(kind.value), registry_id=registry_id)


def _implied() -> tuple[pl.Expr, ...]:
    """Return the ends of the base that a number and the statement on it imply; null where they imply none."""
    least, most, by_low, by_high = pl.col("low"), pl.col("high"), pl.col("stated_low"), pl.col("stated_high")
    divides = pl.col("stated_as") != Measure.CHANGE.value
    # What grew by at least so much may have grown from nothing.
    divided = pl.when(by_high.is_infinite()).then(-_INFINITE).otherwise(least / by_high)
    implied_low = pl.when(divides).then(divided).otherwise(least - by_high)
    implied_high = pl.when(divides).then(most / by_low).otherwise(most - by_low)
    # The growth of a loss is no growth.
    can_imply = _alike() & ~(divides & (pl.min_horizontal("value", "base_value") < 0))
    ends = {"implied_base_low": implied_low, "implied_base_high": implied_high}
    return tuple(pl.when(can_imply).then(end).fill_nan(None).alias(name) for name, end in ends.items())


def _alike() -> pl.Expr:
    """Whether both numbers are of one unit; one that no table knows is itself only."""
    code = pl.col("unit_code")
    same_unit = (code != "other") | (pl.col("unit") == pl.col("base_unit"))
    return (code == pl.col("base_unit_code")) & (code != "none") & same_unit


def _gap() -> pl.Expr:
    """How far the base lies outside of what is implied; null where nothing is, or where only a bound lets them meet."""
    base = pl.col("base_low"), pl.col("base_high")
    implied = pl.col("implied_base_low"), pl.col("implied_base_high")
    two_ended = is_bounded(*base) & is_bounded(*implied)
    below, above = base[1] - implied[0], base[0] - implied[1]
    return (
        pl.when(overlap(*base, *implied))
        .then(pl.when(two_ended).then(0.0))
        .when(below < 0)
        .then(below / implied[0].abs())
        .otherwise(above / implied[1].abs())
        * _PER_CENT
    )


def _verdict() -> pl.Expr:
    gap = pl.col("gap")
    of_whole = pl.col("kind") == ComparisonKind.PART_OF_WHOLE.value
    verdict = ComparisonVerdict
    return (
        pl.when(~_alike())
        .then(pl.lit(verdict.NOT_COMPARABLE.value))
        .when(pl.col("stated_obs_id").is_null())
        .then(pl.lit(verdict.UNCHECKED.value))
        .when(gap.is_null())
        .then(pl.lit(verdict.NOT_COMPARABLE.value))
        .when(gap == 0)
        .then(pl.lit(verdict.CONSISTENT.value))
        .when(of_whole | (gap.abs() > MOST_REVISED))
        .then(pl.lit(verdict.SCOPE_BREAK.value))
        .when(_prices_differ() & (gap.abs() <= MOST_BY_PRICES))
        .then(pl.lit(verdict.PRICE_BASIS.value))
        .otherwise(pl.lit(verdict.REVISED.value))
    )


def _without_lone_breaks(pairs: pl.DataFrame) -> pl.DataFrame:
    """Take back each `scope_break` between years of which a number has no other pair that it fits in.

    A part that does not fit its whole is contradicted by the share that the report states of the two.
    """
    fitting = pairs.filter(
        pl.col("verdict").is_in([ComparisonVerdict.CONSISTENT.value, ComparisonVerdict.REVISED.value])
    )
    known = pl.concat([fitting["obs_id"], fitting["base_obs_id"]]).unique().implode()
    both = pl.col("obs_id").is_in(known) & pl.col("base_obs_id").is_in(known)
    of_years = pl.col("kind") == ComparisonKind.YEAR_ON_YEAR.value
    is_lone = of_years & (pl.col("verdict") == ComparisonVerdict.SCOPE_BREAK.value) & ~both
    verdict = pl.when(is_lone).then(pl.lit(ComparisonVerdict.NOT_COMPARABLE.value)).otherwise("verdict")
    return pairs.with_columns(verdict=verdict)


def _prices_differ() -> pl.Expr:
    """Whether growth is at constant prices, by its own words or by convention, and both levels are at current ones."""
    constant = PriceBasis.CONSTANT.value
    growth = pl.coalesce("stated_prices", "growth_prices") == constant
    levels = pl.coalesce("price_basis", "base_price_basis", pl.lit("")) != constant
    return (pl.col("stated_as") == Measure.GROWTH.value) & growth.fill_null(value=False) & levels


def _output_columns() -> tuple[pl.Expr, ...]:
    """Return the published columns that explain the verdict; an open end is empty."""
    by_hand = [pl.col(f"{side}origin").eq_missing(pl.lit(Origin.REVIEWED.value)) for side in ("", "base_", "stated_")]
    stated = {f"stated_{as_}": pl.col("stated_as") == as_ for as_ in ("growth", "change", "share")}
    ends = [pl.col(name) for name in ("implied_base_low", "implied_base_high", "gap")]
    return (
        pl.when(pl.any_horizontal(by_hand)).then(pl.lit("reviewed")).otherwise(pl.lit("report")).alias("origin"),
        *(pl.when(so).then(pl.col("stated_value").round_sig_figs(_DIGITS)).alias(name) for name, so in stated.items()),
        *(pl.when(end.is_finite()).then(end.round_sig_figs(_DIGITS)).alias(end.meta.output_name()) for end in ends),
        _change().alias("change"),
    )


def _change() -> pl.Expr:
    """By how much two single numbers of neighbouring years differ, where nothing speaks against comparing them."""
    single = [pl.col(f"{side}bound").is_in(_SINGLE) & pl.col(f"{side}value_upper").is_null() for side in ("", "base_")]
    verdict = pl.col("verdict").is_in([ComparisonVerdict.CONSISTENT.value, ComparisonVerdict.UNCHECKED.value])
    years = pl.col("kind") == ComparisonKind.YEAR_ON_YEAR.value
    printed = [pl.col(f"{side}decimals") - pl.col(f"{side}unit_mult") for side in ("", "base_")]
    digits = pl.lit(10.0).pow(pl.max_horizontal(*printed, 0))
    change = ((pl.col("value_base") - pl.col("base_value_base")) * digits).round() / digits
    return pl.when(years & verdict & pl.all_horizontal(single)).then(change)
