"""Released documents that became others: under another title or date, or with numbers that they did not state.

A publisher corrects a document by changing numbers in it. One that states more of them has been added to, and so is a
page that somebody broke into; and what bears another title or date is another document under the same address.
"""

import polars as pl

from publish.drift.rows import DriftRule, ReleaseDelta
from schemas.codelists import IgnoreReason, Origin, Severity
from schemas.finding import Finding, FindingCode
from schemas.tables.frames import Tables

_REPLACED = DriftRule(
    code=FindingCode.DOCUMENT_REPLACED,
    severity=Severity.HOLD,
    message="A document has another title or date than in the last release: it may be another document.",
    line="{document}: was {was} | is {now}",
    table="documents",
)
_STATED = DriftRule(
    code=FindingCode.NUMBERS_ADDED,
    severity=Severity.HOLD,
    message="A document of the last release states more than it did: something was added to it.",
    line="{obs_id}: was nothing | is {obs_text}, {quote} ({document}:{char_start})",
)
_PRINTED = DriftRule(
    code=FindingCode.NUMBERS_ADDED,
    severity=Severity.WARN,
    message="A document of the last release holds more numbers than it did; none of them would be published anew.",
    line="{document}: was {was} numbers | is {now}",
    table="numbers",
)


def counted(numbers: pl.DataFrame, documents: pl.Series) -> pl.DataFrame:
    """How many numbers each of some documents has; what stands over the article is no part of it."""
    inside = pl.col("reason").ne_missing(pl.lit(IgnoreReason.HEADER.value))
    chosen = numbers.filter(pl.col("document").is_in(documents.implode()) & inside)
    return chosen.group_by("document").len()


def documents_moved(
    previous: Tables, tables: Tables, drift: ReleaseDelta, *, same_reader: bool, most_added: int
) -> tuple[Finding, ...]:
    """Return findings on changed documents; facts entered by hand may be added to by those who enter them."""
    written = tables["documents"].filter(pl.col("origin") == Origin.REPORT.value)["document"]
    edited = drift.edited.filter(drift.edited.is_in(written.implode()))
    added = _added(drift.rows, edited, most_added)
    printed = _documents_with_more_numbers(previous["numbers"], tables["numbers"], edited) if same_reader else None
    more = _PRINTED.found(printed) if printed is not None and added.is_empty() else ()
    return (*_REPLACED.found(_replaced(previous, tables, edited)), *_STATED.found(added), *more)


def _replaced(previous: Tables, tables: Tables, edited: pl.Series) -> pl.DataFrame:
    """Documents under another title or date."""
    dated = pl.col("published_on").fill_null("")
    shown = pl.when(dated == "").then(pl.lit("no date")).otherwise(dated)
    told = {"told": pl.concat_str("title", shown, separator=", "), "same": pl.concat_str("title", _day(dated))}
    was, now = (one["documents"].select("document", **told) for one in (previous, tables))
    both = was.join(now, on="document", suffix=":now").filter(pl.col("document").is_in(edited.implode()))
    moved = both.filter(pl.col("same") != pl.col("same:now")).sort("document")
    return moved.rename({"told": "was", "told:now": "now"})


def _day(dated: pl.Expr) -> pl.Expr:
    """Year, month and day of a printed date without leading zeros."""
    return dated.str.extract_all(r"[1-9]\d*").list.head(3).list.join("-")


def _added(rows: pl.DataFrame, edited: pl.Series, most: int) -> pl.DataFrame:
    """Return new rows of documents with this many more new than lost ones: a corrected number is one of each."""
    new = rows.filter(pl.col("before:document").is_null() & pl.col("after:document").is_in(edited.implode()))
    lost = rows.filter(pl.col("after:document").is_null())["before:document"].value_counts(name="lost")
    told = ("document", "char_start", "obs_text", "quote")
    shown = new.select("obs_id", **{name: f"after:{name}" for name in told})
    weighed = shown.join(lost, left_on="document", right_on="before:document", how="left")
    grown = pl.len().over("document") > pl.col("lost").fill_null(0) + most
    return weighed.filter(grown).sort("document", "char_start")


def _documents_with_more_numbers(previous: pl.DataFrame, numbers: pl.DataFrame, edited: pl.Series) -> pl.DataFrame:
    """Documents with more numbers than before, whatever became of these."""
    was, now = counted(previous, edited), counted(numbers, edited)
    both = now.join(was, on="document", how="left", suffix=":was").fill_null(0).sort("document")
    return both.filter(pl.col("len") > pl.col("len:was")).rename({"len": "now", "len:was": "was"})
