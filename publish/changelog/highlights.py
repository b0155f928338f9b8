"""What else is news in a release beside its numbers: documents, promises that came due, indicators fallen silent.

Each kind is one sentence, which names the first few and counts them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from publish.changelog.format import amount, plain
from publish.changelog.phrases import News, Row, Tongue
from publish.tables.inputs import Tables
from schemas.codelists import SourceState, Status, TargetVerdict

MOST_NAMES = 3


def news(tongue: Tongue, tables: Tables, before: Tables) -> list[str]:
    """The sentences, none for a kind without news."""
    found = {
        News.MISSED: _decided(tables, before, TargetVerdict.MISSED),
        News.KEPT: _decided(tables, before, TargetVerdict.KEPT),
        News.SILENT: _fresh(tables, before, "silences", "document", "indicator"),
        News.WITHDRAWN: _withdrawn(tables["documents"], before["documents"]),
        News.DOCUMENTS: _fresh(tables, before, "documents", "document"),
    }
    return [_sentence(tongue, kind, frame) for kind, frame in found.items() if frame.height]


def _fresh(tables: Tables, before: Tables, table: str, *key: str) -> pl.DataFrame:
    """The rows of a table that the release before has not."""
    known = before.get(table)
    return tables[table] if known is None else tables[table].join(known, on=key, how="anti", maintain_order="left")


def _withdrawn(now: pl.DataFrame, was: pl.DataFrame) -> pl.DataFrame:
    """Documents that the source took away since, and those that the release dropped altogether."""
    gone = pl.col("state") == SourceState.GONE.value
    taken = now.filter(gone).join(was.filter(~gone), on="document", how="semi", maintain_order="left")
    return pl.concat([taken, was.join(now, on="document", how="anti", maintain_order="left")])


def _decided(tables: Tables, before: Tables, verdict: TargetVerdict) -> pl.DataFrame:
    """The promises of this verdict that had another, or none."""
    return _fresh(tables, before, "targets", "obs_id", "verdict").filter(verdict=verdict.value)


def _sentence(tongue: Tongue, kind: News, frame: pl.DataFrame) -> str:
    named = frame.head(MOST_NAMES).iter_rows(named=True)
    names = tongue.listed.join(_NAMES[kind](tongue, row) for row in named)
    left = frame.height - MOST_NAMES
    more = tongue.more.format(count=left) if left > 0 else ""
    return tongue.news[kind].format(count=frame.height, names=f"{names}{more}")


def _title(_tongue: Tongue, row: Row) -> str:
    return plain(row["title"])


def _promise(tongue: Tongue, row: Row) -> str:
    name = tongue.name({**row, "status": Status.TARGET.value})
    words = {"name": name, "aim": amount(row), "outcome": amount(row, "outcome_")}
    return tongue.promise.format(**{key: plain(text) for key, text in words.items()})


def _silence(tongue: Tongue, row: Row) -> str:
    last = {**row, "measure": row["last_measure"], "period": row["last_period"]}
    name = tongue.name({**last, "scope": "", "status": Status.ACTUAL.value})
    return tongue.silence.format(name=plain(name), last=plain(amount(row, "last_")))


_NAMES: Mapping[News, Callable[[Tongue, Row], str]] = MappingProxyType(
    {
        News.DOCUMENTS: _title,
        News.WITHDRAWN: _title,
        News.KEPT: _promise,
        News.MISSED: _promise,
        News.SILENT: _silence,
    }
)
