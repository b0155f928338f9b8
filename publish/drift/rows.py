"""The rows that the source itself changed since the release before, apart from those that our reader changed.

A number cannot have been changed by the source where the text of its document is what it was. Where another reader
read a text that changed too, what today's reader takes out of the former text stands for what was.
"""

from dataclasses import dataclass

import polars as pl

from publish.compare.pairs import paired
from schemas.codelists import Severity
from schemas.finding import MAX_EXAMPLES, Finding, FindingCode, examples
from schemas.tables.frames import Tables

SIDES = ("before", "after")
# A row's indicator without what tells two numbers of it apart.
PLAIN = r"^([^~]*)"
_TOLD = ("indicator", "measure", "scope", "period", "status", "document", "char_start", "char_end", "quote")
_STATED = ("value", "value_upper", "value_base", "unit", "unit_code", "unit_mult", "obs_text")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDelta:
    """The differences between two releases.

    Attributes:
        before: The previous observations, by this reader if both reader and texts changed.
        after: The observations now.
        moved: The documents that changed, are new or gone.
        edited: Those of them that are in both releases.
        rows: A row per number that the source added, removed or changed, with columns `before:value`, `after:value`.
        by_reader: The same for numbers that only our reader changed.
    """

    before: pl.DataFrame
    after: pl.DataFrame
    moved: pl.Series
    edited: pl.Series
    rows: pl.DataFrame
    by_reader: pl.DataFrame


def drift_of(previous: Tables, tables: Tables, reread: pl.DataFrame | None) -> ReleaseDelta:
    """Separate the changes of the source from those of the reader.

    `reread` is what this reader takes out of the previous texts, where both changed.
    """
    moved, edited = _moved(previous["documents"], tables["documents"])
    before = previous["observations"] if reread is None else _reread_or_released(reread, previous["observations"])
    after = tables["observations"]
    rows = _sides(before, after)
    source = pl.any_horizontal(pl.col(f"{side}:document").is_in(moved.implode()) for side in SIDES)
    by_source = source.fill_null(value=False)
    by_reader = rows.filter(~by_source) if reread is None else _sides(previous["observations"], reread)
    return ReleaseDelta(
        before=before, after=after, moved=moved, edited=edited, rows=rows.filter(by_source), by_reader=by_reader
    )


def _reread_or_released(reread: pl.DataFrame, previous: pl.DataFrame) -> pl.DataFrame:
    """Return what this reader takes out of the previous texts, and the released rows of texts that are lost."""
    lost = previous.filter(~pl.col("document").is_in(reread["document"].unique().implode()))
    return pl.concat([reread, lost.join(reread, on="obs_id", how="anti").select(reread.columns)])


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRule:
    """The finding that a kind of change yields; `line` is the evidence of a row, with its columns in braces.

    `table` is where the finding is, unless all rows are of one document.
    """

    code: FindingCode
    severity: Severity
    message: str
    line: str
    table: str = "observations"

    def found(self, rows: pl.DataFrame) -> tuple[Finding, ...]:
        """Return one finding for all rows, which name their `document`; none for no rows."""
        if rows.is_empty():
            return ()
        documents = rows["document"].unique()
        return (
            Finding(
                code=self.code,
                severity=self.severity,
                where=str(documents[0]) if documents.len() == 1 else self.table,
                message=self.message,
                count=rows.height,
                evidence=examples(self.line.format_map(row) for row in rows.head(MAX_EXAMPLES).iter_rows(named=True)),
            ),
        )


def _moved(was: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return the documents whose texts differ, and those of them that are on both sides."""
    texts = ("document", "text_sha256")
    both = was.select(texts).join(now.select(texts), on="document", how="full", coalesce=True)
    moved = both.filter(pl.col("text_sha256").ne_missing(pl.col("text_sha256_right"))).sort("document")
    edited = moved.filter(pl.col("text_sha256").is_not_null() & pl.col("text_sha256_right").is_not_null())
    return moved["document"], edited["document"]


def _sides(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Each key that the two sides do not state alike, in order, with the columns of either side."""
    pairs = paired(before, after).filter(~pl.col("same")).sort("obs_id")
    sides = [
        frame.select(pl.col(name).gather(pairs[f"{side}_row"]).alias(f"{side}:{name}") for name in (*_TOLD, *_STATED))
        for side, frame in zip(SIDES, (before, after), strict=True)
    ]
    return pl.concat([pairs.select("obs_id"), *sides], how="horizontal")
