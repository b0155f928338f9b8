"""Release against release: which numbers are new, gone or changed, and why.

Only what a row states counts (`schemas.columns.STATED`): a number that moved in the text, or is quoted in other
words, is the same number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from publish.tables import Tables
from schemas.codelists import RevisionCause, RevisionKind
from schemas.columns import STATED
from schemas.release import Release

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of one key; `before` and `after` are rows of observations, None where there was or is none."""

    kind: RevisionKind
    key: str
    before: Row | None
    after: Row | None
    cause: RevisionCause

    @property
    def row(self) -> Row:
        """The row that names the number: the new one, else the old one."""
        return self.after or self.before or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What tells the causes apart: the documents whose text is new or gone, and whether the reader is the same."""

    moved: frozenset[str]
    same_reader: bool

    def cause(self, *rows: Row | None) -> RevisionCause:
        """The source where a document of the rows moved; else the reader where it did; else the registry."""
        if any(row and row["document"] in self.moved for row in rows):
            return RevisionCause.SOURCE
        return RevisionCause.REGISTRY if self.same_reader else RevisionCause.READER


def evidence(before: Tables, after: Tables, previous: Release, reader_version: str) -> Evidence:
    """Compare what went into two releases."""
    was, now = _texts(before), _texts(after)
    moved = frozenset(document for document in was.keys() | now.keys() if was.get(document) != now.get(document))
    return Evidence(moved=moved, same_reader=previous.reader_version == reader_version)


def compare(before: pl.DataFrame, after: pl.DataFrame, seen: Evidence) -> tuple[Revision, ...]:
    """Every change between two tables of observations, in the order of the keys."""
    was, now = _rows(before), _rows(after)
    return tuple(_revisions(was, now, seen))


def _revisions(was: Mapping[str, Row], now: Mapping[str, Row], seen: Evidence) -> Iterator[Revision]:
    for key in sorted(was.keys() | now.keys()):
        old, new = was.get(key), now.get(key)
        if kind := _kind(old, new):
            yield Revision(kind=kind, key=key, before=old, after=new, cause=seen.cause(old, new))


def _kind(old: Row | None, new: Row | None) -> RevisionKind | None:
    if old is None:
        return RevisionKind.ADDED
    if new is None:
        return RevisionKind.REMOVED
    return RevisionKind.CHANGED if any(old[name] != new[name] for name in STATED) else None


def _rows(frame: pl.DataFrame) -> Mapping[str, Row]:
    return {row["obs_id"]: row for row in frame.iter_rows(named=True)}


def _texts(tables: Tables) -> Mapping[str, str]:
    return dict(tables["documents"].select("document", "text_sha256").iter_rows())
