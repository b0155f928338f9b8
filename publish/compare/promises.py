"""Whether what came of a promise keeps it: expressions over the numbers as they were stated.

A promise accepts a range of numbers: its bound says from which side, and where it states none the direction of its
series does. An outcome is a range too, where it is stated with a bound or as one. A promise is kept if all of that
range is accepted, missed if none of it is; anything between is not decided here. Figures count as they are printed,
and what a source calls about is within a twentieth of it.
"""

from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from publish.compare.intervals import ABOUT, ROUNDING
from schemas.codelists import Bound, Direction, Measure, Status, TargetVerdict
from schemas.registry.indicators import by_id

_LEAST, _MOST = (Bound.AT_LEAST.value, Bound.ABOVE.value), (Bound.AT_MOST.value, Bound.BELOW.value)
_MIRROR = MappingProxyType({">=": "<=", ">": "<", "<=": ">=", "<": ">"})
_ADDED = "新增|净增|新登记|新注册|新设立|新认定"
_MOVES = (Measure.GROWTH.value, Measure.CAGR.value, Measure.CHANGE.value, Measure.GAP.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Numbers between two ends, an end that is null being none; an open end does not belong to it."""

    low: pl.Expr
    high: pl.Expr
    low_open: pl.Expr
    high_open: pl.Expr


def direction() -> pl.Expr:
    """Return the direction in which a target is met: that of its bound, else that of its series.

    A smaller number is the better rank. An unknown series is met by more, or by less where it is targeted to fall.
    """
    registry = {entry.id: entry.direction.value for entry in by_id().values()}
    known = pl.col("indicator").str.split("~").list.first().replace_strict(registry, default=None)
    ranked = pl.col("unit_code") == "rank"
    up, down = pl.lit(Direction.UP.value), pl.lit(Direction.DOWN.value)
    return (
        pl.when(_bound("").is_in(_LEAST))
        .then(up)
        .when(_bound("").is_in(_MOST) | (pl.col("measure") == Measure.RANK.value))
        .then(down)
        .when(ranked & (pl.col("measure") == Measure.CHANGE.value))
        .then(up)
        .otherwise(pl.coalesce(known, pl.when(_falls("")).then(down).otherwise(up)))
    )


def verdict() -> pl.Expr:
    """`kept` or `missed` where the two numbers decide it, else null; the columns of the outcome are `outcome_*`."""
    accepted, stated = _accepted(), _stated("outcome_")
    return (
        pl.when(_adds("") != _adds("outcome_"))
        .then(None)
        .when(_lies_within(stated, accepted))
        .then(pl.lit(TargetVerdict.KEPT.value))
        .when(_lies_apart(stated, accepted))
        .then(pl.lit(TargetVerdict.MISSED.value))
    )


def _adds(prefix: str) -> pl.Expr:
    """Whether a number counts additions to an amount: what was added is not held against what there is.

    The clause tells, unless the series itself is one of additions, however a clause words it.
    """
    added = pl.col(f"{prefix}quote").str.contains(_ADDED) | pl.col("label_zh").str.contains(_ADDED)
    return ((pl.col("measure") == Measure.LEVEL.value) & added).fill_null(value=False)


def is_promised() -> pl.Expr:
    """Return whether a row of observations is a target."""
    return pl.col("status") == Status.TARGET.value


def _falls(prefix: str) -> pl.Expr:
    return (pl.col(f"{prefix}value") < 0) & pl.col("measure").is_in(_MOVES)


def _bound(prefix: str) -> pl.Expr:
    """Return the bound of the number itself: a fall of 3 per cent or more (-3 and `>=`) is at most -3."""
    stated = pl.col(f"{prefix}bound")
    return pl.when(_falls(prefix)).then(stated.replace(dict(_MIRROR))).otherwise(stated)


def _stated(prefix: str, slack: pl.Expr | None = None) -> Range:
    """Return the range that a number states: itself, or what its bound allows; `slack` widens one without bound."""
    base = pl.col(f"{prefix}value_base")
    upper = pl.col(f"{prefix}value_upper") * pl.lit(10.0).pow(pl.col(f"{prefix}unit_mult"))
    least, most = (of(base, pl.coalesce(upper, base)) for of in (pl.min_horizontal, pl.max_horizontal))
    bound = _bound(prefix)
    about = bound == Bound.ABOUT.value
    wide = pl.lit(0.0) if slack is None else pl.when(bound == Bound.EXACT.value).then(slack).otherwise(0.0)
    return Range(
        low=pl.when(~bound.is_in(_MOST)).then(least - wide - pl.when(about).then(least.abs() * ABOUT).otherwise(0.0)),
        high=pl.when(~bound.is_in(_LEAST)).then(most + wide + pl.when(about).then(most.abs() * ABOUT).otherwise(0.0)),
        low_open=bound == Bound.ABOVE.value,
        high_open=bound == Bound.BELOW.value,
    )


def _accepted() -> Range:
    """Return the range that meets a target; one without a direction is met by what rounds to it."""
    way = pl.col("direction")
    half_a_step = 0.5 * pl.lit(10.0).pow(pl.col("unit_mult") - pl.col("decimals"))
    planned = _stated("", pl.when(way == Direction.NONE.value).then(half_a_step).otherwise(0.0))
    return Range(
        low=pl.when(way != Direction.DOWN.value).then(planned.low),
        high=pl.when(way != Direction.UP.value).then(planned.high),
        low_open=planned.low_open,
        high_open=planned.high_open,
    )


def _lies_within(inner: Range, outer: Range) -> pl.Expr:
    """Whether all of one range lies in another; false where an end of the inner one is missing and the other has it."""
    above = inner.low > outer.low + _tolerance(outer.low)
    below = inner.high < outer.high - _tolerance(outer.high)
    from_low = above | (_meets(inner.low, outer.low) & (inner.low_open | ~outer.low_open))
    to_high = below | (_meets(inner.high, outer.high) & (inner.high_open | ~outer.high_open))
    above_low = outer.low.is_null() | from_low.fill_null(value=False)
    below_high = outer.high.is_null() | to_high.fill_null(value=False)
    return above_low & below_high & pl.col("outcome_value_base").is_not_null()


def _lies_apart(stated: Range, accepted: Range) -> pl.Expr:
    """Whether an outcome is none that keeps the promise.

    One that just meets the accepted numbers is left open where more than that was promised, for figures are rounded: a
    promise to exceed 1.8 and an outcome of 1.8.
    """
    short = _meets(stated.high, accepted.low) & stated.high_open
    beyond = _meets(stated.low, accepted.high) & stated.low_open
    apart = _ends_before(stated, accepted) | _ends_before(accepted, stated)
    return apart | short.fill_null(value=False) | beyond.fill_null(value=False)


def _ends_before(one: Range, other: Range) -> pl.Expr:
    return (one.high < other.low - _tolerance(other.low)).fill_null(value=False)


def _meets(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return (one - other).abs() <= _tolerance(other)


def _tolerance(of: pl.Expr) -> pl.Expr:
    """By how much two numbers may differ that are the same, computed in two ways."""
    return of.abs() * ROUNDING
