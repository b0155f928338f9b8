"""Which report is on which year, and which actual numbers of a year are known: the basis of targets and silences."""

from collections.abc import Mapping

import polars as pl

from publish.compare.wording import UNREAD, NumberPositions, SearchableReport, wording
from schemas.codelists import Origin, Status
from schemas.document import Document


def with_series(observations: pl.DataFrame) -> pl.DataFrame:
    """Add what observations are of.

    `series` is the indicator without the suffix that separates two numbers, `kin` joins a stock and its additions,
    `year` is the last year that a number holds for.
    """
    series = pl.col("indicator").str.split("~").list.first()
    return observations.with_columns(
        series=series, kin=series.str.strip_suffix("_new"), year=pl.col("year").cast(pl.String)
    )


def is_of_whole_years() -> pl.Expr:
    """Return whether a number holds for whole years: what months say answers nothing of a year."""
    return ~pl.col("period").str.contains("-", literal=True)


def reports(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the reports that state the year they are on: `document` and `year`."""
    states_its_year = (pl.col("origin") == Origin.REPORT.value) & pl.col("reference_period").is_not_null()
    return documents.filter(states_its_year).select("document", year="reference_period").sort("document")


def actuals(observations: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Return the actual numbers with their `series` and `year`.

    A report on an earlier year cannot know the outcome of a later one: what it says of it holds for a part of it.
    """
    on = documents.select("document", on="reference_period")
    can_know = pl.col("on").is_null() | (pl.col("on") >= pl.col("year"))
    numbers = with_series(observations.filter((pl.col("status") == Status.ACTUAL.value) & is_of_whole_years()))
    return numbers.join(on, on="document", how="left").filter(can_know).drop("on")


def prepare_text_search(
    observations: pl.DataFrame, documents: pl.DataFrame, corpus: Mapping[str, Document], chosen: pl.Series
) -> Mapping[str, SearchableReport]:
    """Prepare the chosen documents for searches of their words.

    What a report states of a later year than its own counts as a target.
    """
    on = documents.select("document", on="reference_period")
    read = with_series(observations.filter(pl.col("document").is_in(chosen.implode()))).join(on, on="document")
    later = (pl.col("status") == Status.TARGET.value) | (pl.col("year") > pl.col("on")).fill_null(value=False)
    unknown = pl.col("series").str.starts_with("x:")
    kinds = (later, ~later & ~unknown, ~later & unknown)
    starts = read.group_by("document").agg(
        pl.col("char_start").filter(kind).sort().alias(str(number)) for number, kind in enumerate(kinds)
    )
    positions = {
        name: NumberPositions(promised=tuple(promised), known=tuple(known), unknown=tuple(other))
        for name, promised, known, other in starts.iter_rows()
    }
    return {
        name: wording(corpus[name], positions.get(name, UNREAD)) for name in chosen.unique().sort() if name in corpus
    }
