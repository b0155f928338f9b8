"""Release against release: which numbers are new, gone or changed, and why.

Only what a row states counts (`schemas.columns.STATED`): a number that moved in the text, or is quoted in other
words, is the same number. The cause is told by evidence: whose text changed, and which version of the reader read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from publish.material import Material, Tables
from schemas.codelists import Origin, RevisionCause, RevisionKind
from schemas.columns import STATED, names
from schemas.compared_columns import LABELS, PLACE
from schemas.observation import DIMENSIONS

SIDE = (*STATED, *PLACE, "origin")
_SHARED = (*DIMENSIONS, *LABELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What tells the causes apart.

    `moved` are the documents whose text is new, changed or gone; `reread` is what today's reader takes out of the
    former texts, given where the reader and a text changed at once.
    """

    moved: frozenset[str]
    same_reader: bool
    reread: pl.DataFrame | None = None


def evidence(before: Tables, after: Tables, material: Material) -> Evidence:
    """Compare what went into two releases."""
    was, now = _texts(before), _texts(after)
    moved = frozenset(document for document in was.keys() | now.keys() if was.get(document) != now.get(document))
    former = material.former.reader_version if material.former else material.reader_version
    return Evidence(moved=moved, same_reader=former == material.reader_version, reread=material.reread)


def revisions(before: pl.DataFrame, after: pl.DataFrame, seen: Evidence) -> pl.DataFrame:
    """Every change between two tables of observations, in the order of the keys: the table `revisions`."""
    return (
        _sides(before, after)
        .with_columns(kind=_kind())
        .filter(pl.col("kind").is_not_null())
        .pipe(_with_reread, seen.reread)
        .with_columns(cause=_cause(seen))
        .select(names("revisions"))
        .sort("obs_id")
    )


def _sides(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Both rows of each key side by side; the shared columns are those of the new row, else of the old one."""
    old, new = _side(before, "before"), _side(after, "after")
    joined = old.join(new, on="obs_id", how="full", coalesce=True)
    shared = [pl.coalesce(f"after:{name}", f"before:{name}").alias(name) for name in _SHARED]
    return joined.with_columns(shared)


def _side(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    return frame.select(
        "obs_id",
        *(pl.col(name).alias(f"{prefix}_{name}") for name in SIDE),
        *(pl.col(name).alias(f"{prefix}:{name}") for name in _SHARED),
    )


def _kind() -> pl.Expr:
    differs = pl.any_horizontal(pl.col(f"before_{name}").ne_missing(pl.col(f"after_{name}")) for name in STATED)
    return (
        pl.when(pl.col("before_value").is_null())
        .then(pl.lit(RevisionKind.ADDED.value))
        .when(pl.col("after_value").is_null())
        .then(pl.lit(RevisionKind.REMOVED.value))
        .when(differs)
        .then(pl.lit(RevisionKind.CHANGED.value))
    )


def _with_reread(rows: pl.DataFrame, reread: pl.DataFrame | None) -> pl.DataFrame:
    """A column that says whether today's reader takes the new statement out of the former text too."""
    if reread is None:
        return rows.with_columns(by_reader=pl.lit(value=False))
    former = reread.select("obs_id", *(pl.col(name).alias(f"reread_{name}") for name in STATED))
    same = pl.all_horizontal(pl.col(f"reread_{name}").eq_missing(pl.col(f"after_{name}")) for name in STATED)
    return rows.join(former, on="obs_id", how="left").with_columns(by_reader=same)


def _cause(seen: Evidence) -> pl.Expr:
    moved = pl.any_horizontal(pl.col(f"{side}_document").is_in(list(seen.moved)) for side in ("before", "after"))
    origin = pl.coalesce("after_origin", "before_origin")
    ours = RevisionCause.REGISTRY if seen.same_reader else RevisionCause.READER
    return (
        pl.when(origin == Origin.REVIEWED.value)
        .then(pl.lit(RevisionCause.CORRECTION.value))
        .when(moved.fill_null(value=False) & ~pl.col("by_reader"))
        .then(pl.lit(RevisionCause.SOURCE.value))
        .otherwise(pl.lit(ours.value))
    )


def _texts(tables: Tables) -> Mapping[str, str]:
    return dict(tables["documents"].select("document", "text_sha256").iter_rows())
