"""What must hold in each row of the tables that compare."""

from __future__ import annotations

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
    """An interval of at least a day."""
    known = pl.col("realtime_start") <= pl.col("realtime_end")
    return (
        check("interval", "realtime_end lies before realtime_start", known),
        check("origin", "origin is no code", among("origin", Origin)),
    )


def comparisons() -> tuple[RowCheck, ...]:
    """Codes, another number on the other side, and an implied base that is an interval."""
    low, high = pl.col("implied_base_low"), pl.col("implied_base_high")
    fits = pl.col("verdict") == ComparisonVerdict.CONSISTENT.value
    return (
        check("kind", "kind is no code", among("kind", ComparisonKind)),
        check("verdict", "verdict is no code", among("verdict", ComparisonVerdict)),
        check("origin", "origin is no code", among("origin", Origin)),
        check("itself", "a number is held against itself", pl.col("obs_id") != pl.col("base_obs_id")),
        check("implied", "implied_base_low lies above implied_base_high", low <= high),
        check(
            "change",
            "a change between numbers that do not fit",
            pl.col("change").is_null()
            | pl.col("verdict").is_in([ComparisonVerdict.CONSISTENT.value, ComparisonVerdict.UNCHECKED.value]),
        ),
        check("fits", "gap is 0 where the two do not fit, or another where they do", (pl.col("gap") == 0) == fits),
        check(
            "judged",
            "a verdict on how two numbers relate without anything stated of it",
            (pl.col("verdict") == ComparisonVerdict.UNCHECKED.value)
            | (pl.col("verdict") == ComparisonVerdict.NOT_COMPARABLE.value)
            | pl.col("stated_obs_id").is_not_null(),
        ),
    )


def targets() -> tuple[RowCheck, ...]:
    """Codes, and an outcome where the verdict speaks of one."""
    decided = pl.col("verdict").is_in([TargetVerdict.KEPT.value, TargetVerdict.MISSED.value])
    return (
        check("verdict", "verdict is no code", among("verdict", TargetVerdict)),
        check("direction", "direction is no code", among("direction", Direction)),
        check("origin", "origin is no code", among("origin", Origin)),
        check("outcome", "kept or missed without an outcome", ~decided | pl.col("outcome_obs_id").is_not_null()),
    )


def silences() -> tuple[RowCheck, ...]:
    """Codes, and words where they are said to stand."""
    said = pl.col("kind") == SilenceKind.IN_WORDS.value
    return (
        check("kind", "kind is no code", among("kind", SilenceKind)),
        check("origin", "origin is no code", among("origin", Origin)),
        check("words", "in_words without words, or words without in_words", said == pl.col("words").is_not_null()),
    )


def revisions() -> tuple[RowCheck, ...]:
    """Codes, and a number on the sides where the kind says there is one."""
    before, after = pl.col("before_value").is_not_null(), pl.col("after_value").is_not_null()
    kind = pl.col("kind")
    return (
        check("kind", "kind is no code", among("kind", RevisionKind)),
        check("cause", "cause is no code", among("cause", RevisionCause)),
        check(
            "before", "before is filled where the number is new, or empty where it is not", before == (kind != "added")
        ),
        check(
            "after", "after is filled where the number is gone, or empty where it is not", after == (kind != "removed")
        ),
    )
