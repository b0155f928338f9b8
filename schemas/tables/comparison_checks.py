"""The row checks of the tables of comparisons, targets, silences, revisions and vintages."""

import polars as pl

from schemas import codelists
from schemas.tables.check import RowCheck, check, coded

_ROUNDING = 1e-9


def vintages() -> tuple[RowCheck, ...]:
    """Return the checks of `vintages`."""
    ordered = pl.col("realtime_start") <= pl.col("realtime_end")
    return (
        check("interval", "realtime_end is before realtime_start", ordered),
        *coded(origin=codelists.Origin),
    )


def comparisons() -> tuple[RowCheck, ...]:
    """Return the checks of `comparisons`."""
    low, high = pl.col("implied_base_low"), pl.col("implied_base_high")
    fits = pl.col("verdict") == codelists.ComparisonVerdict.CONSISTENT.value
    unchecked = pl.col("verdict") == codelists.ComparisonVerdict.UNCHECKED.value
    incomparable = pl.col("verdict") == codelists.ComparisonVerdict.NOT_COMPARABLE.value
    stated = pl.col("stated_obs_id").is_not_null()
    return (
        *coded(kind=codelists.ComparisonKind, verdict=codelists.ComparisonVerdict, origin=codelists.Origin),
        check("itself", "a number is compared with itself", pl.col("obs_id") != pl.col("base_obs_id")),
        check("implied", "implied_base_low is above implied_base_high", low <= high),
        check("change", "a change between numbers that do not fit", pl.col("change").is_null() | fits | unchecked),
        check("fits", "gap is 0 although the two do not fit, or not 0 although they do", (pl.col("gap") == 0) == fits),
        check("judged", "a verdict without a stated relation", unchecked | incomparable | stated),
    )


def targets() -> tuple[RowCheck, ...]:
    """Return the checks of `targets`."""
    kind = codelists.TargetVerdict
    verdict = pl.col("verdict")
    decided = verdict.is_in([kind.KEPT.value, kind.NEAR.value, kind.MISSED.value])
    shown = pl.col("outcome_obs_id", "match", "tolerance", "margin", "margin_unit", "margin_kind").is_not_null()
    within = pl.col("value_upper").is_not_null() | (pl.col("margin").abs() <= pl.col("tolerance") * (1 + _ROUNDING))
    near_words = pl.col("match").eq_missing(pl.lit(codelists.OutcomeMatch.NEAR_WORDS.value))
    unregistered = pl.col("indicator").str.starts_with("x:")
    return (
        *coded(
            verdict=kind,
            direction=codelists.Direction,
            horizon=codelists.Horizon,
            ambition=codelists.Ambition,
            origin=codelists.Origin,
        ),
        check("outcome", "a verdict by numbers without its evidence", ~decided | pl.all_horizontal(shown)),
        check("near", "near, and further off than the tolerance", (verdict != kind.NEAR.value) | within),
        check("blame", "missed by words that are only alike", (verdict != kind.MISSED.value) | ~near_words),
        check("silence", "silence on an unknown series", (verdict != kind.FELL_SILENT.value) | ~unregistered),
    )


def silences() -> tuple[RowCheck, ...]:
    """Return the checks of `silences`."""
    in_words = pl.col("kind") == codelists.SilenceKind.IN_WORDS.value
    return (
        *coded(kind=codelists.SilenceKind, origin=codelists.Origin),
        check("words", "in_words without words, or words without in_words", in_words == pl.col("words").is_not_null()),
    )


def revisions() -> tuple[RowCheck, ...]:
    """Return the checks of `revisions`."""
    before, after = pl.col("before_value").is_not_null(), pl.col("after_value").is_not_null()
    kind = pl.col("kind")
    return (
        *coded(kind=codelists.RevisionKind, cause=codelists.RevisionCause),
        check("before", "before is filled for a new number, or empty for another", before == (kind != "added")),
        check("after", "after is filled for a removed number, or empty for another", after == (kind != "removed")),
    )
