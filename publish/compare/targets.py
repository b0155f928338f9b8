"""Every promise and its outcome: the table `targets`.

A promise (`promises`) is answered by a number of its period, as a report on that year or a later one states it or as it
was entered by hand (`outcomes`). Where none answers it for certain, the words of the reports on that year may: one says
that the target was changed, that it or its list was completed (`claims`), or speaks of the series without a number. A
report falls silent only on a series of the registry, and only if nothing in the whole of it resembles a name of the
series. Everything else is `untraced`: it says nothing about the government.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from publish.compare.claims import (
    PromiseList,
    ReportClaims,
    claims_completion,
    claims_of,
    clauses_with,
    has_digits,
    list_of,
    span_of,
)
from publish.compare.outcomes import Answer, Outcomes
from publish.compare.promises import Promise, promise_of, stretches
from publish.compare.quantities import Judgement, decimals_of, direction
from publish.compare.reported import actuals, is_of_whole_years, prepare_text_search, reports
from publish.compare.statements import is_comparable, statement_of
from publish.compare.wording import (
    Confidence,
    SearchableReport,
    best_mention,
    clause_at,
    find_mentions,
    is_vague,
    resembles,
    whole_text,
)
from schemas.codelists import Horizon, Origin, Status, TargetVerdict
from schemas.document import Document, Span
from schemas.tables.columns import KEYS, frame_schema, names
from schemas.tables.comparison_columns import PLACE

_OUTCOME = tuple(name for name in names("targets") if name.startswith("outcome_"))
_SHORTEST_NAMED = 5


def targets(observations: pl.DataFrame, documents: pl.DataFrame, corpus: Mapping[str, Document]) -> pl.DataFrame:
    """Return every promise with its outcome and its verdict, in the order of the keys."""
    made = dict(documents.select("document", "reference_period").rows())
    is_planned = (pl.col("status") == Status.TARGET.value) & is_of_whole_years()
    promises = [
        one
        for row in observations.filter(is_planned).sort("obs_id").iter_rows(named=True)
        if (one := promise_of(statement_of(row, corpus.get(row["document"])), _year(made.get(row["document"]))))
    ]
    judge = _Judge(observations=observations, documents=documents, corpus=corpus, promises=promises)
    ambitions = stretches(promises)
    rows = [{**judge.cells(one), "ambition": ambitions[one.statement.row["obs_id"]].value} for one in promises]
    return pl.DataFrame(rows, schema=frame_schema("targets"), orient="row").sort(KEYS["targets"])


def _year(stated: str | None) -> int | None:
    return int(stated) if stated else None


@dataclass(kw_only=True)
class _Judge:
    """The actual numbers and the reports that promises are held against."""

    observations: pl.DataFrame
    documents: pl.DataFrame
    corpus: Mapping[str, Document]
    promises: Sequence[Promise]
    outcomes: Outcomes = field(init=False)
    reports_on: Mapping[int, Sequence[str]] = field(init=False)
    kinds: Mapping[str, str] = field(init=False)
    whole: dict[str, SearchableReport] = field(init=False, default_factory=dict)
    claims: dict[str, ReportClaims] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        due = {str(one.due) for one in self.promises}
        read = actuals(self.observations, self.documents).filter(pl.col("year").is_in(list(due)))
        numbers = read.iter_rows(named=True)
        self.outcomes = Outcomes(statement_of(row, self.corpus.get(row["document"])) for row in numbers)
        on: dict[int, list[str]] = defaultdict(list)
        for document, year in reports(self.documents).iter_rows():
            on[int(year)].append(document)
        self.reports_on = on
        self.kinds = dict(self.documents.select("document", "kind").rows())

    @cached_property
    def texts(self) -> Mapping[str, SearchableReport]:
        """The reports on the years of the promises, prepared for the search of words."""
        asked = sorted({document for one in self.promises for document in self.reports_on.get(one.due, ())})
        return prepare_text_search(self.observations, self.documents, self.corpus, pl.Series(asked, dtype=pl.String))

    def cells(self, promise: Promise) -> dict[str, Any]:
        """Return the row of a promise."""
        row = promise.statement.row
        cells: dict[str, Any] = {name: row[name] for name in names("targets") if name in row}
        cells |= dict.fromkeys(_OUTCOME)
        cells |= {"horizon": promise.horizon.value, "wording": promise.wording, "direction": direction(row).value}
        cells["alternatives"] = 0
        return cells | self._answered(promise)

    def _answered(self, promise: Promise) -> dict[str, Any]:
        changed = next(self._changes(promise), None)
        if changed:
            return {"verdict": TargetVerdict.SUPERSEDED.value, **changed}
        answer = self.outcomes.answer(promise)
        if answer and answer.is_certain and answer.judgement:
            adjusted = None if answer.judgement.verdict is TargetVerdict.KEPT else self._adjusted(promise)
            if adjusted:
                return {"verdict": TargetVerdict.SUPERSEDED.value, **adjusted}
            return _by_number(promise, answer, answer.judgement)
        found = {"alternatives": answer.alternatives + 1} if answer else {}
        if promise.due not in self.reports_on:
            return found | {"verdict": TargetVerdict.OPEN.value}
        return found | self._by_words(promise, answer)

    def _by_words(self, promise: Promise, answer: Answer | None) -> dict[str, Any]:
        adjusted = self._adjusted(promise)
        if adjusted:
            return {"verdict": TargetVerdict.SUPERSEDED.value, **adjusted}
        for claim in self._claims(promise):
            return {"verdict": TargetVerdict.CLAIMED_DONE.value, **claim}
        if answer is None:
            for place in self._other_numbers(promise):
                return {"verdict": TargetVerdict.NOT_QUANTIFIED.value, **place}
            for place in self._mentions(promise):
                return {"verdict": TargetVerdict.NOT_QUANTIFIED.value, **place}
            if self._is_silent(promise):
                return {"verdict": TargetVerdict.FELL_SILENT.value}
        return {"verdict": TargetVerdict.UNTRACED.value}

    def _changes(self, promise: Promise) -> Iterator[dict[str, Any]]:
        """Yield where a report on the year says that the target of the series was changed."""
        for document in self._readable(promise):
            for clause in self._claims_of(document).changed:
                if promise.statement.core in clause.words:
                    yield self._place(document, span_of(clause))

    def _adjusted(self, promise: Promise) -> dict[str, Any] | None:
        """Return where a report on the year says that the main targets, of which the promise is one, were adjusted."""
        if self._list(promise) is PromiseList.MAIN:
            for document in self._readable(promise):
                span = self._claims_of(document).adjusted
                if span:
                    return self._place(document, span)
        return None

    def _list(self, promise: Promise) -> PromiseList | None:
        row = promise.statement.row
        source = self.corpus.get(row["document"])
        if row["indicator"] == "livelihood_projects":
            return PromiseList.PEOPLE
        return list_of(source, row["char_start"]) if source else None

    def _claims(self, promise: Promise) -> Iterator[dict[str, Any]]:
        """Yield where a report on the year says that the thing, or the list it belongs to, was completed."""
        if promise.horizon is not Horizon.YEAR:
            return
        listed = self._list(promise)
        core = promise.statement.core
        for document in self._readable(promise):
            clauses = clauses_with(self.texts[document], core) if len(core) >= _SHORTEST_NAMED else ()
            for clause in clauses:
                if claims_completion(clause) and not has_digits(clause):
                    yield self._place(document, span_of(clause))
            span = self._claims_of(document).completed.get(listed) if listed else None
            if span:
                yield self._place(document, span)

    def _other_numbers(self, promise: Promise) -> Iterator[dict[str, Any]]:
        """Yield where a report states another number of a series of the registry."""
        row = promise.statement.row
        if row["indicator"].startswith("x:"):
            return
        of_series = self.outcomes.of_series(promise)
        alike = (one for one in of_series if one.row["measure"] == row["measure"])
        if any(is_comparable(promise.statement, one) for one in alike):
            return
        for one in sorted(of_series, key=lambda one: one.row["measure"] != row["measure"]):
            if one.row["origin"] == Origin.REPORT.value:
                yield {f"outcome_{name}": one.row[name] for name in (*PLACE, "sentence")}

    def _mentions(self, promise: Promise) -> Iterator[dict[str, Any]]:
        """Yield where a report speaks of the series looking back, in clauses without a number."""
        series = promise.statement.row["indicator"].partition("~")[0]
        if series.startswith("x:"):
            series = f"x:{promise.statement.core}"
            if len(promise.statement.core) < _SHORTEST_NAMED:
                return
        for document in self._readable(promise):
            text = self.texts[document]
            mentions = [one for one in find_mentions(text, series) if one.firmness < Confidence.HINTED]
            best = best_mention(mentions)
            if best is None or best.firmness > Confidence.MENTIONED:
                continue
            if not any(has_digits(clause_at(text, one.span.start)) for one in mentions):
                yield self._place(document, best.span)

    def _is_silent(self, promise: Promise) -> bool:
        """Whether the reports on the year, one of them of the kind of the promise's, have nothing like the series."""
        row = promise.statement.row
        series = row["indicator"].partition("~")[0]
        on = self._readable(promise)
        same_kind = any(self.kinds.get(one) == self.kinds.get(row["document"]) for one in on)
        if series.startswith("x:") or is_vague(series) or not same_kind or promise.horizon is not Horizon.YEAR:
            return False
        core = f"x:{promise.statement.core}"
        return not any(resembles(self._whole(one), name) for one in on for name in (series, core))

    def _readable(self, promise: Promise) -> Sequence[str]:
        """Return the reports on the last year of a promise whose texts are at hand."""
        return [document for document in self.reports_on.get(promise.due, ()) if document in self.corpus]

    def _claims_of(self, document: str) -> ReportClaims:
        if document not in self.claims:
            self.claims[document] = claims_of(self.texts[document], self._whole(document))
        return self.claims[document]

    def _whole(self, document: str) -> SearchableReport:
        if document not in self.whole:
            self.whole[document] = whole_text(self.corpus[document])
        return self.whole[document]

    def _place(self, document: str, span: Span) -> dict[str, Any]:
        quote = span.cut(self.corpus[document].text)
        cells = {"document": document, "char_start": span.start, "char_end": span.end, "quote": quote}
        return {f"outcome_{name}": cell for name, cell in cells.items()}


def _by_number(promise: Promise, answer: Answer, judgement: Judgement) -> dict[str, Any]:
    row = answer.statement.row
    by_hand = Origin.REVIEWED.value in {row["origin"], promise.statement.row["origin"]}
    return {
        **{name: row[name.removeprefix("outcome_")] for name in _OUTCOME},
        "match": answer.match.value,
        "evidence": answer.evidence,
        "alternatives": answer.alternatives,
        "tolerance": float(judgement.tolerance),
        "tolerance_kind": judgement.tolerance_kind.value,
        "margin": float(judgement.margin),
        "margin_unit": judgement.margin_unit,
        "margin_kind": judgement.margin_kind.value,
        "margin_decimals": decimals_of(judgement.margin),
        "verdict": judgement.verdict,
        "origin": Origin.REVIEWED.value if by_hand else Origin.REPORT.value,
    }
