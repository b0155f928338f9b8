"""Release against release: which numbers are new, gone or changed, and why.

Only what a row states counts (`schemas.tables.columns.STATED`): a number that moved in the text, or is quoted in other
words, is the same number. The cause is told by evidence: whose page says something else, and which version of the
reader read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from publish.compare.pairs import paired
from schemas.codelists import Origin, RevisionCause, RevisionKind
from schemas.observation import DIMENSIONS
from schemas.tables.columns import STATED, names
from schemas.tables.comparison_columns import LABELS, PLACE
from schemas.tables.frames import Tables

SIDE = (*STATED, *PLACE, "origin")
_SIDES = ("before", "after")
_SHARED = (*DIMENSIONS, *LABELS)
_SAID = ("title", "category", "publisher", "written_on", "name", "document_number", "published_on", "keywords")
_NAMED: Mapping[str, Sequence[pl.Expr]] = MappingProxyType(
    {side: (pl.col(SIDE).name.prefix(f"{side}_"), pl.col(_SHARED).name.prefix(f"{side}:")) for side in _SIDES}
)
_KIND: Final = (
    pl.when(pl.col("before_row").is_null())
    .then(pl.lit(RevisionKind.ADDED.value))
    .when(pl.col("after_row").is_null())
    .then(pl.lit(RevisionKind.REMOVED.value))
    .otherwise(pl.lit(RevisionKind.CHANGED.value))
)
_CELLS: Sequence[pl.Expr] = (
    _KIND.alias("kind"),
    *(pl.coalesce(f"after:{name}", f"before:{name}").alias(name) for name in _SHARED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseEvidence:
    """The evidence that distinguishes the causes of revisions.

    `moved` are the documents that changed, are new or gone; `reread` is what this reader takes out of the previous
    texts, given where both the reader and a text changed.
    """

    moved: frozenset[str]
    same_reader: bool
    reread: pl.DataFrame | None = None


def evidence(before: Tables, after: Tables, *, same_reader: bool, reread: pl.DataFrame | None = None) -> CauseEvidence:
    """Compare the inputs of two releases, which need not follow each other.

    A text is identified by its hash. Title and labels are what the reader makes of the page: they are evidence of the
    page only where the same reader read both.
    """
    columns = ("document", "text_sha256", *(_SAID if same_reader else ()))
    was, now = (set(tables["documents"].select(columns).rows()) for tables in (before, after))
    return CauseEvidence(
        moved=frozenset(document for document, *_ in was ^ now), same_reader=same_reader, reread=reread
    )


def revisions(before: pl.DataFrame, after: pl.DataFrame, cause_evidence: CauseEvidence) -> pl.DataFrame:
    """Return every change between two tables of observations, in the order of the keys: the table `revisions`."""
    pairs = paired(before, after).filter(~pl.col("same"))
    frames = zip(_SIDES, (before, after), strict=True)
    sides = [frame.select(_NAMED[side])[pairs[f"{side}_row"]] for side, frame in frames]
    rows = _with_reread(pl.concat([pairs, *sides], how="horizontal"), cause_evidence.reread)
    return rows.with_columns(*_CELLS, cause=_cause(cause_evidence))[list(names("revisions"))]


def _with_reread(rows: pl.DataFrame, reread: pl.DataFrame | None) -> pl.DataFrame:
    """Add what this reader takes out of the previous texts."""
    if reread is None:
        return rows
    previous = reread.select("obs_id", *(pl.col(name).alias(f"reread_{name}") for name in STATED))
    return rows.join(previous, on="obs_id", how="left", maintain_order="left")


def _by_reader(reread: pl.DataFrame | None) -> pl.Expr:
    """Whether this reader takes the new statement, or its absence, out of the previous text too.

    The absence is evidence only where the document that stated the number could be read again.
    """
    if reread is None:
        return pl.lit(value=False)
    same = pl.all_horizontal(pl.col(f"reread_{name}").eq_missing(pl.col(f"after_{name}")) for name in STATED)
    read = pl.col("before_document").is_in(reread["document"].unique().implode())
    return same & (pl.col("after_row").is_not_null() | read)


def _cause(evidence: CauseEvidence) -> pl.Expr:
    """Attribute to a report that changed; facts entered by hand decide only where no report states the number."""
    documents = pl.Series(sorted(evidence.moved), dtype=pl.String).implode()
    moved = [pl.col(f"{side}_document").is_in(documents).fill_null(value=False) for side in _SIDES]
    reported = [pl.col(f"{side}_origin").eq_missing(pl.lit(Origin.REPORT.value)) for side in _SIDES]
    by_source = pl.any_horizontal(changed & is_report for changed, is_report in zip(moved, reported, strict=True))
    by_hand = pl.any_horizontal(moved) & ~pl.any_horizontal(reported)
    of_page = ~_by_reader(evidence.reread)
    own_cause = RevisionCause.REGISTRY if evidence.same_reader else RevisionCause.READER
    return (
        pl.when(by_source & of_page)
        .then(pl.lit(RevisionCause.SOURCE.value))
        .when(by_hand & of_page)
        .then(pl.lit(RevisionCause.CORRECTION.value))
        .otherwise(pl.lit(own_cause.value))
    )
