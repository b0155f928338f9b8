"""Every target and its outcome: the table `targets`.

The outcome of a target is the actual number under the same key, as a report on that year or a later one states it, or
as it was entered by hand. Where there is none, a report on that year either mentions the series without a number that
could be compared, or falls silent; the last year of a target for several years counts. Where the numbers leave it open
whether the target was met (at least 300 targeted, more than 250 reached), or are of different kinds, nothing is
claimed: the verdict is `not_quantified`.
"""

from collections.abc import Mapping

import polars as pl

from publish.compare.promises import direction, is_promised, verdict
from publish.compare.reported import actuals, is_of_whole_years, prepare_text_search, reports, with_series
from publish.compare.wording import Confidence, SearchableReport, best_mention, find_mentions, is_vague
from schemas.codelists import Origin, TargetVerdict
from schemas.document import Document
from schemas.observation import DIMENSIONS
from schemas.tables.columns import KEYS, frame_schema, names
from schemas.tables.comparison_columns import PLACE

_KEY = tuple(name for name in DIMENSIONS if name != "status")
_OUTCOME = tuple(name for name in names("targets") if name.startswith("outcome_"))
_PLACE = tuple(f"outcome_{name}" for name in PLACE)
_NUMBER = tuple(name for name in _OUTCOME if name not in _PLACE)
_SERIES = ("ref_area", "kin", "year")
_MEASURE = (*_SERIES, "measure")
_ASKED = ("series", "year")


def targets(observations: pl.DataFrame, documents: pl.DataFrame, corpus: Mapping[str, Document]) -> pl.DataFrame:
    """Return every target with its outcome and its verdict, in the order of the keys."""
    planned = with_series(observations.filter(is_promised() & is_of_whole_years())).with_columns(direction=direction())
    actual_numbers = actuals(observations, documents)
    years = reports(documents).select("year", is_reported=True).unique()
    rows = _with_outcome(planned, actual_numbers).with_columns(verdict=_by_numbers())
    by_numbers, others = rows.filter(pl.col("verdict").is_not_null()), rows.filter(pl.col("verdict").is_null())
    others = _with_place(others, actual_numbers).join(years, on="year", how="left")
    others = _with_words(others, observations, documents, corpus).with_columns(verdict=_by_words())
    parts = [part.with_columns(_margin(), _origin()).select(_cells()) for part in (by_numbers, others)]
    return pl.concat(parts).sort(KEYS["targets"])


def _with_outcome(planned: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Add the actual number under the same key, and its document."""
    cells = [pl.col(name.removeprefix("outcome_")).alias(name) for name in (*_OUTCOME, "outcome_origin")]
    return planned.join(numbers.select(*_KEY, *cells), on=_KEY, how="left")


def _by_numbers() -> pl.Expr:
    """Return the verdict on two numbers of one kind, null where there are none."""
    comparable = pl.col("outcome_unit_code") == pl.col("unit_code")
    return pl.when(comparable).then(verdict().fill_null(TargetVerdict.NOT_QUANTIFIED.value))


def _with_place(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Add where a report gives another number of the series for that year: of the same measure, else of any.

    A number under the same key has a unit of another kind here: its position stays, its value is dropped.
    """
    read = numbers.filter(pl.col("origin") == Origin.REPORT.value).join(rows, on=_SERIES, how="semi")
    ordered = read.sort(pl.col("period").str.len_chars(), "indicator", "scope", "measure", "period")
    for key in (_MEASURE, _SERIES):
        cells = [pl.col(name.removeprefix("outcome_")).alias(f"{name}:near") for name in _PLACE]
        near = ordered.unique(key, keep="first", maintain_order=True).select(*key, *cells)
        rows = (
            rows.join(near, on=key, how="left")
            .with_columns(pl.coalesce(name, f"{name}:near").alias(name) for name in _PLACE)
            .drop(f"{name}:near" for name in _PLACE)
        )
    return rows.with_columns(pl.lit(None).alias(name) for name in (*_NUMBER, "outcome_origin"))


def _with_words(
    rows: pl.DataFrame, observations: pl.DataFrame, documents: pl.DataFrame, corpus: Mapping[str, Document]
) -> pl.DataFrame:
    """Add what reports on that year say in words of targets that no number answers; `said` where they say anything."""
    unanswered = rows.filter(pl.col("outcome_quote").is_null() & pl.col("is_reported"))
    asked = unanswered.select(_ASKED).unique().join(reports(documents), on="year").sort("series", "year", "document")
    texts = prepare_text_search(observations, documents, corpus, asked["document"])
    answers_by_question: dict[tuple[str, str], tuple[object, ...]] = {}
    for series, year, document in asked.iter_rows():
        wording = _find_wording(texts[document], series, document, corpus) if document in texts else None
        previous = answers_by_question.get((series, year))
        if wording and (previous is None or previous[3] is None):
            answers_by_question[series, year] = (series, year, *wording)
    schema = {name: rows.schema[name] for name in (*_ASKED, *_PLACE)}
    answers = pl.DataFrame([*answers_by_question.values()], schema=schema, orient="row").with_columns(said=True)
    joined = rows.join(answers, on=_ASKED, how="left", suffix=":said")
    shown = pl.col("is_reported").is_not_null()
    return joined.with_columns(pl.when(shown).then(pl.coalesce(name, f"{name}:said")).alias(name) for name in _PLACE)


def _find_wording(
    text: SearchableReport, series: str, document: str, corpus: Mapping[str, Document]
) -> tuple[object, ...] | None:
    """Return where a report names a series; empty cells where it may do so, None where it does not."""
    mention = None if is_vague(series) else best_mention(find_mentions(text, series))
    if mention and mention.firmness < Confidence.HINTED:
        return document, mention.span.start, mention.span.end, mention.span.cut(corpus[document].text)
    return (None,) * len(_PLACE) if mention or is_vague(series) else None


def _by_words() -> pl.Expr:
    """Return the verdict on a target that no number answers."""
    return (
        pl.when(pl.col("is_reported").is_null())
        .then(pl.lit(TargetVerdict.OPEN.value))
        .when(pl.col("outcome_quote").is_not_null() | pl.col("said"))
        .then(pl.lit(TargetVerdict.NOT_QUANTIFIED.value))
        .otherwise(pl.lit(TargetVerdict.FELL_SILENT.value))
    )


def _cells() -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in frame_schema("targets").items()]


def _margin() -> pl.Expr:
    decided = pl.col("verdict").is_in([TargetVerdict.KEPT.value, TargetVerdict.MISSED.value])
    return pl.when(decided).then(pl.col("outcome_value_base") - pl.col("value_base")).alias("margin")


def _origin() -> pl.Expr:
    """By hand where one of the two numbers is."""
    by_hand = (pl.col("outcome_origin") == Origin.REVIEWED.value).fill_null(value=False)
    return pl.when(by_hand).then(pl.lit(Origin.REVIEWED.value)).otherwise("origin").alias("origin")
