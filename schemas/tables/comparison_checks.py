"""The row checks of the tables of comparisons, targets, silences, revisions and vintages."""

import polars as pl

from schemas.codelists import (
    ComparisonKind,
    ComparisonVerdict,
    Direction,
    Origin,
    RevisionCause,
    RevisionKind,
    SilenceKind,
    TargetVerdict,
)
from schemas.tables.check import RowCheck, among, check


def vintages() -> tuple[RowCheck, ...]:
    """Return the checks of `vintages`."""
    ordered = pl.col("realtime_start") <= pl.col("realtime_end")
    return (
        check("interval", "realtime_end is before realtime_start", ordered),
        check("origin", "origin is not a code of its list", among("origin", Origin)),
    )


def comparisons() -> tuple[RowCheck, ...]:
    """Return the checks of `comparisons`."""
    low, high = pl.col("implied_base_low"), pl.col("implied_base_high")
    fits = pl.col("verdict") == ComparisonVerdict.CONSISTENT.value
    return (
        check("kind", "kind is not a code of its list", among("kind", ComparisonKind)),
        check("verdict", "verdict is not a code of its list", among("verdict", ComparisonVerdict)),
        check("origin", "origin is not a code of its list", among("origin", Origin)),
        check("itself", "a number is compared with itself", pl.col("obs_id") != pl.col("base_obs_id")),
        check("implied", "implied_base_low is above implied_base_high", low <= high),
        check(
            "change",
            "a change between numbers that do not fit",
            pl.col("change").is_null()
            | pl.col("verdict").is_in([ComparisonVerdict.CONSISTENT.value, ComparisonVerdict.UNCHECKED.value]),
        ),
        check("fits", "gap is 0 although the two do not fit, or not 0 although they do", (pl.col("gap") == 0) == fits),
        check(
            "judged",
            "a verdict without a stated relation",
            (pl.col("verdict") == ComparisonVerdict.UNCHECKED.value)
            | (pl.col("verdict") == ComparisonVerdict.NOT_COMPARABLE.value)
            | pl.col("stated_obs_id").is_not_null(),
        ),
    )


def targets() -> tuple[RowCheck, ...]:
    """Return the checks of `targets`."""
    decided = pl.col("verdict").is_in([TargetVerdict.KEPT.value, TargetVerdict.MISSED.value])
    return (
        check("verdict", "verdict is not a code of its list", among("verdict", TargetVerdict)),
        check("direction", "direction is not a code of its list", among("direction", Direction)),
        check("origin", "origin is not a code of its list", among("origin", Origin)),
        check("outcome", "kept or missed without an outcome", ~decided | pl.col("outcome_obs_id").is_not_null()),
    )


def silences() -> tuple[RowCheck, ...]:
    """Return the checks of `silences`."""
    in_words = pl.col("kind") == SilenceKind.IN_WORDS.value
    return (
        check("kind", "kind is not a code of its list", among("kind", SilenceKind)),
        check("origin", "origin is not a code of its list", among("origin", Origin)),
        check("words", "in_words without words, or words without in_words", in_words == pl.col("words").is_not_null()),
    )


def revisions() -> tuple[RowCheck, ...]:
    """Return the checks of `revisions`."""
    before, after = pl.col("before_value").is_not_null(), pl.col("after_value").is_not_null()
    kind = pl.col("kind")
    return (
        check("kind", "kind is not a code of its list", among("kind", RevisionKind)),
        check("cause", "cause is not a code of its list", among("cause", RevisionCause)),
        check("before", "before is filled for a new number, or empty for another", before == (kind != "added")),
        check("after", "after is filled for a removed number, or empty for another", after == (kind != "removed")),
    )
