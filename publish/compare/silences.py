"""What an earlier report quantified and this one does not: the table `silences`.

A report is silent on a series of the registry that was quantified for the year before its own, read or entered by hand,
and for which no report states a number for its own year. A series that a report restates a year later counts as stated:
which of the two reports said it first is not known here. Where the report names the series looking back in clauses
without a number, the first of them stands in the number's place. Where nothing in the whole report resembles a name of
the series, the number is absent. Anything between claims nothing: a clause with a number may have one that the reader
missed, and a series outside the registry has only the words of one report, which the next one hardly repeats.
"""

from collections.abc import Mapping

import polars as pl

from publish.compare.claims import has_digits
from publish.compare.reported import actuals, prepare_text_search, reports
from publish.compare.wording import (
    Confidence,
    SearchableReport,
    best_mention,
    clause_at,
    find_mentions,
    resembles,
    whole_text,
)
from schemas.codelists import Measure, Origin, SilenceKind
from schemas.document import Document
from schemas.tables.columns import KEYS, frame_schema, names

_LAST = tuple(name for name in names("silences") if name.startswith("last_"))
_TAKEN = ("ref_area", "label_zh", "label_en", "theme", "origin")
_SERIES = ("ref_area", "series")
_SAID = ("words", "char_start", "char_end", "kind")
_NOTHING = (None, None, None, None)

Said = tuple[str | None, int | None, int | None, str | None]


def silences(observations: pl.DataFrame, documents: pl.DataFrame, corpus: Mapping[str, Document]) -> pl.DataFrame:
    """Return every silence of every report, in the order of reports and indicators."""
    actual_numbers = actuals(observations, documents)
    rows = _missing_series(actual_numbers, reports(documents))
    asked = rows.select("document", "series").unique().sort("document", "series")
    texts = prepare_text_search(observations, documents, corpus, asked["document"])
    whole = {name: whole_text(corpus[name]) for name in asked["document"].unique() if name in corpus}
    answers = [
        (name, series, *_find_wording(texts.get(name), whole.get(name), series, corpus.get(name)))
        for name, series in asked.iter_rows()
    ]
    schema = asked.schema | {name: frame_schema("silences")[name] for name in _SAID}
    answered = rows.join(pl.DataFrame(answers, schema=schema, orient="row"), on=["document", "series"])
    cells = [pl.col(name).cast(dtype) for name, dtype in frame_schema("silences").items()]
    return answered.filter(pl.col("kind").is_not_null()).select(cells).sort(KEYS["silences"])


def _missing_series(numbers: pl.DataFrame, on_years: pl.DataFrame) -> pl.DataFrame:
    """Return the series of the previous year for which no report gives a number of the year of a report."""
    previous_years = on_years.with_columns(year_before=(pl.col("year").cast(pl.Int64) - 1).cast(pl.String))
    stated = numbers.filter(pl.col("origin") == Origin.REPORT.value).select(*_SERIES, "year").unique()
    return (
        previous_years.join(_last_value_per_year(numbers), left_on="year_before", right_on="last_period")
        .with_columns(last_period="year_before")
        .filter(pl.col("last_document") != pl.col("document"), ~pl.col("series").str.starts_with("x:"))
        .join(stated, on=[*_SERIES, "year"], how="anti")
        .with_columns(indicator="series", period="year")
        .pipe(_with_years, numbers)
    )


def _last_value_per_year(numbers: pl.DataFrame) -> pl.DataFrame:
    """Return one number per series and year: level before growth before the rest, the first of the text."""
    order = pl.col("measure").replace_strict({code.value: place for place, code in enumerate(Measure)})
    cells = [pl.col(name.removeprefix("last_")).alias(name) for name in _LAST]
    return (
        numbers.filter(pl.col("period") == pl.col("year"))
        .sort(order, "scope", "indicator", "obs_id")
        .unique([*_SERIES, "period"], keep="first", maintain_order=True)
        .select("series", *_TAKEN, *cells)
    )


def _with_years(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Add for how many years before its own each series was quantified, the last of which is the year before."""
    years = numbers.select(*_SERIES, last_period="year").unique()
    counted = years.with_columns(years=pl.col("last_period").rank("dense").over(_SERIES).cast(pl.Int64))
    return rows.join(counted, on=[*_SERIES, "last_period"], how="left")


def _find_wording(
    text: SearchableReport | None, whole: SearchableReport | None, series: str, document: Document | None
) -> Said:
    """Return words, position and kind of a silence; no kind where the report may not be silent after all."""
    if text is None or whole is None or document is None:
        return _NOTHING
    mentions = [mention for mention in find_mentions(text, series) if mention.firmness is Confidence.SAID]
    best = best_mention(mentions)
    if best is None:
        return _NOTHING if resembles(whole, series) else (None, None, None, SilenceKind.ABSENT.value)
    if any(has_digits(clause_at(text, mention.span.start)) for mention in mentions):
        return _NOTHING
    return best.span.cut(document.text), best.span.start, best.span.end, SilenceKind.IN_WORDS.value
