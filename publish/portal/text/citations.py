"""The clauses of a document that have an address, from the tables of a release, with their notes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from publish.compare.vintages import FOREVER
from publish.portal.html.page import SiteContext
from publish.portal.html.urls import former_anchor, observation_anchor, vintage_anchor, words_anchor
from publish.portal.text.clause_layout import Clause, locate_clause
from publish.portal.text.margin_notes import MarginNote, former, reading, restated, undecided, wording
from publish.portal.text.paragraphs import MarkedNumber
from schemas.document import Span
from schemas.tables.frames import Tables

Row = Mapping[str, Any]

_OBSERVED = (
    *("obs_id", "indicator", "label_zh", "label_en", "measure", "scope", "period", "status", "document"),
    *("value", "value_upper", "bound", "unit", "decimals", "char_start", "char_end", "quote"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClause:
    """A clause with its notes.

    Attributes:
        anchor: Its anchor.
        quote: Its words.
        number: The span of its number.
        span: Its span, None if the text of the document does not have it.
        notes: Its notes.
        others: Further anchors, those that earlier releases used.
    """

    anchor: str
    quote: str
    number: Span
    span: Span | None
    notes: tuple[MarginNote, ...]
    others: tuple[str, ...] = ()

    @property
    def anchors(self) -> tuple[str, ...]:
        """All its anchors."""
        return (self.anchor, *self.others)

    def clause(self) -> Clause:
        """Return the clause at its position, or at that of its number if it has none."""
        return Clause(anchor=self.anchor, quote=self.quote, span=self.span or self.number, number=self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """The tables of a release by document, and its observations by id."""

    observations: Mapping[str, Row]
    stated: Mapping[str, Sequence[Row]]
    numbers: Mapping[str, Sequence[Row]]
    vintages: Mapping[str, Sequence[Row]]
    silences: Mapping[str, Sequence[Row]]
    revisions: Mapping[str, Sequence[Row]]

    def clauses(self, document: str, text: str) -> Sequence[CitedClause]:
        """Return all cited clauses of a document, each anchor once, those without a span last."""
        by_anchor: dict[str, CitedClause] = {}
        for clause in self._clauses(document, text):
            by_anchor.setdefault(clause.anchor, clause)
        return (
            *(clause for clause in by_anchor.values() if clause.span),
            *_merge_unplaced(clause for clause in by_anchor.values() if not clause.span),
        )

    def numbers_of(self, document: str) -> Sequence[MarkedNumber]:
        """Return the numbers of a document with their status."""
        return [
            MarkedNumber(
                span=_span(row),
                fate=row["fate"],
                reason=row["reason"] or "",
                anchors=tuple(observation_anchor(obs_id) for obs_id in (row["obs_id"] or "").split()),
            )
            for row in self.numbers.get(document, ())
        ]

    def _clauses(self, document: str, text: str) -> Iterator[CitedClause]:
        for row in self.stated.get(document, ()):
            yield _cite(text, row["quote"], _span(row), reading(row))
        for row in self.numbers.get(document, ()):
            for obs_id in (row["obs_id"] or "").split():
                if obs_id in self.observations:  # stated by another document now: the clause is the number alone
                    note = restated(self.observations[obs_id], row["obs_text"])
                    yield _cite(text, row["obs_text"], _span(row), note)
        yield from _group_wordings(self.silences.get(document, ()), text)
        for row in self.vintages.get(document, ()):
            yield _unplaced_clause(row["first_quote"], former(row, observation_anchor(row["obs_id"])))
            if row["realtime_end"] < FOREVER:
                yield _unplaced_clause(
                    row["first_quote"], former(row, vintage_anchor(row["obs_id"], row["realtime_start"]))
                )
        for row in self.revisions.get(document, ()):
            yield _unplaced_clause(row["before_quote"], former(row, former_anchor(row["obs_id"]), "before_"))


def citations(site: SiteContext) -> Citations:
    """Return the citations of a release."""
    tables = site.about.tables
    observations = tables["observations"].select(_OBSERVED)
    return Citations(
        observations={row["obs_id"]: row for row in observations.iter_rows(named=True)},
        stated=_by(observations, "document"),
        numbers=_by(tables["numbers"], "document"),
        vintages=_by(_with_indicator_names(tables["vintages"], tables["indicators"]), "first_document"),
        silences=_by(_wording_rows(tables), "document"),
        revisions=_by(tables["revisions"].drop_nulls("before_document"), "before_document"),
    )


def _wording_rows(tables: Tables) -> pl.DataFrame:
    """Return the wordings of silences and of target outcomes, without those at which an observation begins."""
    ends = {name: pl.col(f"outcome_{name}") for name in ("document", "char_start", "char_end")}
    unanswered = tables["targets"].filter(pl.col("outcome_obs_id").is_null()).drop_nulls("outcome_char_start")
    outcomes = unanswered.select(
        *("indicator", "label_zh", "label_en", "period"), last_document="document", last_obs_id="obs_id", **ends
    )
    silences = tables["silences"].drop_nulls("char_start").with_columns(promised=pl.lit(value=False))
    wordings = pl.concat([silences, outcomes.with_columns(promised=pl.lit(value=True))], how="diagonal")
    wordings = wordings.unique(["document", "char_start", "indicator", "promised"], keep="first", maintain_order=True)
    return wordings.join(tables["observations"], on=["document", "char_start"], how="anti", maintain_order="left")


def _with_indicator_names(vintages: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    names = indicators.select("id", "label_zh", "label_en")
    plain = pl.col("indicator").str.split("~").list.first()
    joined = vintages.with_columns(plain=plain).join(names, left_on="plain", right_on="id", how="left")
    return joined.with_columns(label_zh=pl.coalesce("label_zh", pl.col("plain").str.strip_prefix("x:")))


def _by(frame: pl.DataFrame, column: str) -> Mapping[str, Sequence[Row]]:
    parts = frame.partition_by(column, as_dict=True, maintain_order=True)
    return {str(value): part.to_dicts() for (value,), part in parts.items()}


def _group_wordings(rows: Iterable[Row], text: str) -> Iterator[CitedClause]:
    by_anchor: dict[str, list[Row]] = {}
    for row in rows:
        by_anchor.setdefault(words_anchor(row["char_start"]), []).append(row)
    for anchor, rows_of_anchor in by_anchor.items():
        span = _span(rows_of_anchor[0])
        nothing = Span(start=span.start, end=span.start)
        notes = tuple((undecided if row["promised"] else wording)(row, anchor) for row in rows_of_anchor)
        yield CitedClause(anchor=anchor, quote=span.cut(text), number=nothing, span=span if text else None, notes=notes)


def _cite(text: str, quote: str, number: Span, note: MarginNote) -> CitedClause:
    span = locate_clause(text, quote, number)
    return CitedClause(anchor=note.anchor, quote=quote, number=number, span=span, notes=(note,))


def _unplaced_clause(quote: str, note: MarginNote) -> CitedClause:
    return CitedClause(anchor=note.anchor, quote=quote, number=Span(start=0, end=0), span=None, notes=(note,))


def _merge_unplaced(clauses: Iterable[CitedClause]) -> Iterator[CitedClause]:
    """Yield each clause with the same words and notes once, with all its anchors."""
    groups: dict[tuple[object, ...], list[CitedClause]] = {}
    for clause in clauses:
        groups.setdefault((clause.quote, *(note.content for note in clause.notes)), []).append(clause)
    for first, *rest in groups.values():
        yield replace(first, others=tuple(clause.anchor for clause in rest))


def _span(row: Row) -> Span:
    return Span(start=row["char_start"], end=row["char_end"])
