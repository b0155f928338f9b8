"""Tables of two releases told in a few words, and what drifted between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from support.row_builders import INDICATORS, Row, frame

from publish.drift.content import DriftLimits, content_drift
from schemas.finding import Finding
from schemas.tables.columns import frame_schema
from schemas.tables.frames import Tables

LIMITS = DriftLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document as a release counts it; `version` stands for the hash of its text."""

    document: str = "report-2024"
    version: str = "a"
    characters: int = 1000
    numbers: int = 100
    header: int = 10
    unread: int = 0
    title: str = "2024年工作总结"
    published_on: str = "2025-05-29"
    origin: str = "report"


def release(*rows: Row, texts: tuple[Text, ...] = ()) -> Tables:
    """The tables of a release; a document that no text is told of has text `a`."""
    told = {text.document: text for text in texts}
    named = sorted({str(row["document"]) for row in rows} | told.keys())
    chosen = [told.get(document, Text(document=document)) for document in named]
    return {
        "observations": frame(*rows),
        "indicators": INDICATORS,
        "documents": _table("documents", [_counted(text) for text in chosen]),
        "numbers": _table("numbers", [row for text in chosen for row in _numbers(text)]),
    }


def drifted(before: Tables, after: Tables, limits: DriftLimits = LIMITS, **more: pl.DataFrame) -> dict[str, Finding]:
    """The findings by code; none has a code twice, and each of them is told in full."""
    found = content_drift(before, after, limits, **more)
    by_code: dict[str, Finding] = {one.code: one for one in found}
    assert len(by_code) == len(found)
    for one in found:
        assert one.where
        assert 1 <= len(one.evidence) == min(one.count, 5)
        assert all("was " in line and " | is " in line for line in one.evidence)
    return by_code


def edited(before: tuple[Row, ...], after: tuple[Row, ...], **texts: Any) -> dict[str, Finding]:  # noqa: ANN401 - any field of a Text
    """What drifted where every document of the rows was edited in between."""
    named = sorted({str(row["document"]) for row in (*before, *after)})
    was, now = (tuple(Text(document=one, version=version) for one in named) for version in "ab")
    moved = tuple(Text(document=one, version="b", **texts) for one in named) if texts else now
    return drifted(release(*before, texts=was), release(*after, texts=moved))


def _counted(text: Text) -> dict[str, object]:
    return {
        "document": text.document,
        "text_sha256": text.version,
        "characters": text.characters,
        "claimed": text.numbers - text.unread,
        "ignored": text.header,
        "unread": text.unread,
        "title": text.title,
        "published_on": text.published_on,
        "origin": text.origin,
    }


def _numbers(text: Text) -> list[dict[str, object]]:
    body = [(place, "claimed", None) for place in range(text.numbers)]
    head = [(1000 + place, "ignored", "header") for place in range(text.header)]
    columns = ("char_start", "fate", "reason")
    return [{"document": text.document, **dict(zip(columns, one, strict=True))} for one in (*body, *head)]


def _table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = frame_schema(name)
    known = {column: kind for column, kind in schema.items() if rows and column in rows[0]}
    return pl.DataFrame(rows, schema=known or schema, orient="row")
