"""The clauses of one document that have an address, out of a release's tables, with what its margin says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from publish.compare.vintages import FOREVER
from publish.portal.html.page import SiteContext
from publish.portal.html.urls import former_anchor, observation_anchor, vintage_anchor, words_anchor
from publish.portal.text.clause_layout import Clause, locate_clause
from publish.portal.text.margin_notes import MarginNote, former, reading, told_elsewhere, undecided, wording
from publish.portal.text.paragraphs import Number
from schemas.document import Span
from schemas.tables.frames import Tables

Row = Mapping[str, Any]

_OBSERVED = (
    *("obs_id", "indicator", "label_zh", "label_en", "measure", "scope", "period", "status", "document"),
    *("value", "value_upper", "bound", "unit", "decimals", "char_start", "char_end", "quote"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClause:
    """A clause with its address and what is said of it; without a span it does not stand in the document's text.

    `others` are the addresses under which it was known at other times.
    """

    anchor: str
    quote: str
    number: Span
    span: Span | None
    notes: tuple[MarginNote, ...]
    others: tuple[str, ...] = ()

    @property
    def anchors(self) -> tuple[str, ...]:
        """All its addresses."""
        return (self.anchor, *self.others)

    def clause(self) -> Clause:
        """The clause at its place; a number whose clause is lost stands for it."""
        return Clause(anchor=self.anchor, quote=self.quote, span=self.span or self.number, number=self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """A release's tables by document, and its observations by their keys."""

    observations: Mapping[str, Row]
    stated: Mapping[str, Sequence[Row]]
    numbers: Mapping[str, Sequence[Row]]
    vintages: Mapping[str, Sequence[Row]]
    silences: Mapping[str, Sequence[Row]]
    revisions: Mapping[str, Sequence[Row]]

    def cites(self, document: str, text: str) -> Sequence[CitedClause]:
        """All that is cited of a document, each address once."""
        found: dict[str, CitedClause] = {}
        for one in self._cites(document, text):
            found.setdefault(one.anchor, one)
        return (
            *(one for one in found.values() if one.span),
            *_merge_unplaced(one for one in found.values() if not one.span),
        )

    def accounts(self, document: str) -> Sequence[Number]:
        """The numbers of a document and what became of each."""
        return [_account(row) for row in self.numbers.get(document, ())]

    def _cites(self, document: str, text: str) -> Iterator[CitedClause]:
        for row in self.stated.get(document, ()):
            yield _cite(text, row["quote"], _span(row), reading(row))
        for row in self.numbers.get(document, ()):
            yield from self._repeated(row, text)
        yield from _group_wordings(self.silences.get(document, ()), text)
        for row in self.vintages.get(document, ()):
            yield _unplaced_clause(row["first_quote"], former(row, observation_anchor(row["obs_id"])))
            if row["realtime_end"] < FOREVER:
                yield _unplaced_clause(
                    row["first_quote"], former(row, vintage_anchor(row["obs_id"], row["realtime_start"]))
                )
        for row in self.revisions.get(document, ()):
            yield _unplaced_clause(row["before_quote"], former(row, former_anchor(row["obs_id"]), "before_"))

    def _repeated(self, row: Row, text: str) -> Iterator[CitedClause]:
        """What a number states that another document states by now; its clause is the number alone."""
        for key in (row["obs_id"] or "").split():
            if key in self.observations:
                yield _cite(text, row["obs_text"], _span(row), told_elsewhere(self.observations[key], row["obs_text"]))


def citations(site: SiteContext) -> Citations:
    """What the tables of a release cite."""
    tables = site.about.tables
    observations = tables["observations"].select(_OBSERVED)
    rows = observations.to_dicts()
    return Citations(
        observations={row["obs_id"]: row for row in rows},
        stated=_by(observations, "document"),
        numbers=_by(tables["numbers"], "document"),
        vintages=_by(_with_indicator_names(tables["vintages"], tables["indicators"]), "first_document"),
        silences=_by(_wording_rows(tables), "document"),
        revisions=_by(tables["revisions"].drop_nulls("before_document"), "before_document"),
    )


def _wording_rows(tables: Tables) -> pl.DataFrame:
    """Words without a number of their own: in the place of one that was stated before, or all that answers a promise.

    What states a number has the address of that number, whatever was promised.
    """
    ends = {name: pl.col(f"outcome_{name}") for name in ("document", "char_start", "char_end")}
    unanswered = tables["targets"].filter(pl.col("outcome_obs_id").is_null()).drop_nulls("outcome_char_start")
    named = unanswered.select(
        *("indicator", "label_zh", "label_en", "period"), last_document="document", last_obs_id="obs_id", **ends
    )
    silent = tables["silences"].drop_nulls("char_start").with_columns(promised=pl.lit(value=False))
    both_kinds = pl.concat([silent, named.with_columns(promised=pl.lit(value=True))], how="diagonal")
    spoken = both_kinds.unique(["document", "char_start", "indicator", "promised"], keep="first", maintain_order=True)
    return spoken.join(tables["observations"], on=["document", "char_start"], how="anti", maintain_order="left")


def _with_indicator_names(vintages: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """The vintages with the names of their indicators; what the registry does not know is called by its words."""
    names = indicators.select("id", "label_zh", "label_en")
    plain = pl.col("indicator").str.split("~").list.first()
    joined = vintages.with_columns(plain=plain).join(names, left_on="plain", right_on="id", how="left")
    return joined.with_columns(label_zh=pl.coalesce("label_zh", pl.col("plain").str.strip_prefix("x:")))


def _by(frame: pl.DataFrame, column: str) -> Mapping[str, Sequence[Row]]:
    parts = frame.partition_by(column, as_dict=True, maintain_order=True)
    return {str(value): part.to_dicts() for (value,), part in parts.items()}


def _group_wordings(rows: Iterable[Row], text: str) -> Iterator[CitedClause]:
    """Words without numbers of their own, those of the same place together."""
    same: dict[str, list[Row]] = {}
    for row in rows:
        same.setdefault(words_anchor(row["char_start"]), []).append(row)
    for anchor, found in same.items():
        span = _span(found[0])
        nothing = Span(start=span.start, end=span.start)
        notes = tuple((undecided if row["promised"] else wording)(row, anchor) for row in found)
        yield CitedClause(anchor=anchor, quote=span.cut(text), number=nothing, span=span if text else None, notes=notes)


def _cite(text: str, quote: str, number: Span, note: MarginNote) -> CitedClause:
    span = locate_clause(text, quote, number)
    return CitedClause(anchor=note.anchor, quote=quote, number=number, span=span, notes=(note,))


def _unplaced_clause(quote: str, note: MarginNote) -> CitedClause:
    return CitedClause(anchor=note.anchor, quote=quote, number=Span(start=0, end=0), span=None, notes=(note,))


def _merge_unplaced(cites: Iterable[CitedClause]) -> Iterator[CitedClause]:
    """Clauses that stand nowhere in the text, each wording and reading once with all its addresses."""
    same: dict[tuple[object, ...], list[CitedClause]] = {}
    for one in cites:
        same.setdefault((one.quote, *(note.told for note in one.notes)), []).append(one)
    for first, *rest in same.values():
        yield replace(first, others=tuple(one.anchor for one in rest))


def _account(row: Row) -> Number:
    anchors = tuple(observation_anchor(key) for key in (row["obs_id"] or "").split())
    return Number(span=_span(row), fate=row["fate"], reason=row["reason"] or "", anchors=anchors)


def _span(row: Row) -> Span:
    return Span(start=row["char_start"], end=row["char_end"])
