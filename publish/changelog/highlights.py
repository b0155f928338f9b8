"""What else is news in a release beside its numbers: documents, promises that came due, indicators fallen silent.

Each kind is one sentence, which names the first few and counts them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from publish.changelog.format import escape_markdown, format_amount
from publish.changelog.phrases import HighlightKind, Row, Tongue
from schemas.codelists import SourceState, Status, TargetVerdict
from schemas.tables.frames import Tables

MOST_NAMES = 3


def highlights(tongue: Tongue, tables: Tables, before: Tables) -> list[str]:
    """The sentences, none for a kind without news."""
    found = {
        HighlightKind.MISSED: _new_verdicts(tables, before, TargetVerdict.MISSED),
        HighlightKind.KEPT: _new_verdicts(tables, before, TargetVerdict.KEPT),
        HighlightKind.SILENT: _new_rows(tables, before, "silences", "document", "indicator"),
        HighlightKind.WITHDRAWN: _withdrawn(tables["documents"], before["documents"]),
        HighlightKind.DOCUMENTS: _new_rows(tables, before, "documents", "document"),
    }
    return [_sentence(tongue, kind, frame) for kind, frame in found.items() if frame.height]


def _new_rows(tables: Tables, before: Tables, table: str, *key: str) -> pl.DataFrame:
    """The rows of a table that the release before has not."""
    known = before.get(table)
    return tables[table] if known is None else tables[table].join(known, on=key, how="anti", maintain_order="left")


def _withdrawn(now: pl.DataFrame, was: pl.DataFrame) -> pl.DataFrame:
    """Documents that the source took away since, and those that the release dropped altogether."""
    gone = pl.col("state") == SourceState.GONE.value
    taken = now.filter(gone).join(was.filter(~gone), on="document", how="semi", maintain_order="left")
    return pl.concat([taken, was.join(now, on="document", how="anti", maintain_order="left")])


def _new_verdicts(tables: Tables, before: Tables, verdict: TargetVerdict) -> pl.DataFrame:
    """The promises of this verdict that had another, or none."""
    return _new_rows(tables, before, "targets", "obs_id", "verdict").filter(verdict=verdict.value)


def _sentence(tongue: Tongue, kind: HighlightKind, frame: pl.DataFrame) -> str:
    named = frame.head(MOST_NAMES).iter_rows(named=True)
    names = tongue.listed.join(_NAMES[kind](tongue, row) for row in named)
    left = frame.height - MOST_NAMES
    more = tongue.more.format(count=left) if left > 0 else ""
    return tongue.news[kind].format(count=frame.height, names=f"{names}{more}")


def _title(_tongue: Tongue, row: Row) -> str:
    return escape_markdown(row["title"])


def _format_target(tongue: Tongue, row: Row) -> str:
    name = tongue.name({**row, "status": Status.TARGET.value})
    words = {"name": name, "aim": format_amount(row), "outcome": format_amount(row, "outcome_")}
    return tongue.promise.format(**{key: escape_markdown(text) for key, text in words.items()})


def _format_silence(tongue: Tongue, row: Row) -> str:
    last = {**row, "measure": row["last_measure"], "period": row["last_period"]}
    name = tongue.name({**last, "scope": "", "status": Status.ACTUAL.value})
    return tongue.silence.format(name=escape_markdown(name), last=escape_markdown(format_amount(row, "last_")))


_NAMES: Mapping[HighlightKind, Callable[[Tongue, Row], str]] = MappingProxyType(
    {
        HighlightKind.DOCUMENTS: _title,
        HighlightKind.WITHDRAWN: _title,
        HighlightKind.KEPT: _format_target,
        HighlightKind.MISSED: _format_target,
        HighlightKind.SILENT: _format_silence,
    }
)
