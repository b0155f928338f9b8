"""Stated numbers as intervals: what the printed decimals, the bound and the words 约 and 左右 leave open.

A printed number stands for all that round to it: 573.72亿元 is anything from 573.715 to 573.725. A bound opens one
side (超100亿元 is 100 and all above), about widens both, a range has its own ends. Places of a rank are counted and not
measured: the sixth is the sixth. Expressions over the columns of `observations`, in base units, without magnitude.
"""

import polars as pl

from schemas.codelists import Bound

# 约, 近 and 左右 say no figure; a twentieth is what reports still call about when the exact number is known later.
ABOUT = 0.05
# Two ends that differ by less than this part of their size are the same end, computed in two ways.
ROUNDING = 1e-9

_INFINITE = float("inf")
_COUNTED = "rank"
# The columns that an interval is made of.
PARTS = ("value", "value_upper", "bound", "unit_code", "unit_mult", "decimals")


def low(prefix: str = "") -> pl.Expr:
    """Return the least true number that a row's statement allows, minus infinity where nothing bounds it below."""
    value = pl.col(f"{prefix}value")
    open_ended = pl.col(f"{prefix}bound").is_in([Bound.BELOW.value, Bound.AT_MOST.value])
    return pl.when(open_ended).then(-_INFINITE).otherwise(_scaled(value - _tolerance(value, prefix), prefix))


def high(prefix: str = "") -> pl.Expr:
    """Return the greatest true number that a row's statement allows, infinity where nothing bounds it above."""
    value = pl.coalesce(f"{prefix}value_upper", f"{prefix}value")
    open_ended = pl.col(f"{prefix}bound").is_in([Bound.ABOVE.value, Bound.AT_LEAST.value])
    return pl.when(open_ended).then(_INFINITE).otherwise(_scaled(value + _tolerance(value, prefix), prefix))


def is_bounded(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Return whether an interval has two ends."""
    return low.is_finite() & high.is_finite()


def overlap(low: pl.Expr, high: pl.Expr, other_low: pl.Expr, other_high: pl.Expr) -> pl.Expr:
    """Return whether two intervals have a number in common; ends that meet count."""
    return _at_least(high, other_low) & _at_least(other_high, low)


def _tolerance(value: pl.Expr, prefix: str) -> pl.Expr:
    """How far the true number may lie from a printed one, in the unit as stated; a bound is meant as it stands."""
    bound = pl.col(f"{prefix}bound")
    half_last_digit = 0.5 / pl.lit(10.0).pow(pl.col(f"{prefix}decimals"))
    printed = pl.when(pl.col(f"{prefix}unit_code") == _COUNTED).then(0.0).otherwise(half_last_digit)
    return (
        pl.when(bound == Bound.EXACT.value)
        .then(printed)
        .when(bound == Bound.ABOUT.value)
        .then(pl.max_horizontal(printed, value.abs() * ABOUT))
        .otherwise(0.0)
    )


def _scaled(value: pl.Expr, prefix: str) -> pl.Expr:
    return value * pl.lit(10.0).pow(pl.col(f"{prefix}unit_mult"))


def _at_least(high: pl.Expr, low: pl.Expr) -> pl.Expr:
    """Whether an upper end lies at or above a lower one, but for the last binary digits."""
    slack = pl.when(high.is_finite() & low.is_finite()).then(pl.max_horizontal(high.abs(), low.abs()) * ROUNDING)
    return high + slack.fill_null(0.0) >= low
