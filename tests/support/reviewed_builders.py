"""Rows of reviewed facts, files of them, and what the archive would hand to the reader."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from raw.archive.warc import sha256
from raw.reading import read_capture
from raw.reviewed.cells import joined
from raw.reviewed.columns import NAMES, REVIEWED_TYPE
from raw.reviewed.facts import ReviewedFile, reviewed_payloads
from schemas.codelists import SourceState
from schemas.reading import Capture, CapturedDocument, Reading
from schemas.registry.sources import load_sources, pick

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://example.org/2024/01/30.html"
DATASET = "own"
ROW = {
    "period": "2023",
    "subject": "地区生产总值",
    "value": "531.48",
    "unit": "亿元",
    "measure": "level",
    "status": "actual",
    "scope": "",
    "bound": "=",
    "price_basis": "",
    "stage": "provisional",
    "source_title": "某报",
    "source_url": URL,
    "source_date": "2024-01-30",
    "entered_on": "2026-11-23",
    "note": "",
}
SHARE = {"subject": "工业投资占比", "value": "40.5", "unit": "%", "measure": "share", "bound": "~"}
RANK = {"subject": "地区生产总值总量", "value": "6", "unit": "位", "measure": "rank", "scope": "全市"}
FALL = {"subject": "固定资产投资", "value": "-5.6", "unit": "%", "measure": "growth"}


def row(**changes: str) -> dict[str, str]:
    """The row with some cells changed."""
    return ROW | changes


def text(*rows: dict[str, str], names: tuple[str, ...] = NAMES) -> str:
    """A file of these rows."""
    return "".join(joined(cells) for cells in (names, *(tuple(one[name] for name in names) for one in rows)))


def write(folder: Path, content: str | bytes, dataset: str = DATASET) -> Path:
    """The folder of an operator with this file."""
    folder.mkdir(exist_ok=True)
    (folder / f"{dataset}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def payloads(folder: Path, *rows: dict[str, str]) -> tuple[ReviewedFile, ...]:
    """What the archive gets of these rows."""
    return reviewed_payloads(DATASET, write(folder, text(*rows)))


def captured(body: bytes, document_id: str = "reviewed-0123456789ab", kind: str = REVIEWED_TYPE) -> CapturedDocument:
    """A payload as the archive gives it back."""
    when = datetime(2026, 11, 23, 4, tzinfo=UTC)
    capture = Capture(url=URL, captured_at=when, sha256=sha256(body), key="raw/own/warc/x.warc.gz")
    return CapturedDocument(
        document_id=document_id, capture=capture, content_type=kind, body=body, state=SourceState.OK
    )


def reading(*rows: dict[str, str]) -> Reading:
    """What the reader makes of these rows."""
    return read(text(*rows).encode())


def read(body: bytes, document_id: str = "reviewed-0123456789ab", kind: str = REVIEWED_TYPE) -> Reading:
    """What the reader makes of a payload."""
    (samples,) = pick(load_sources(), ["samples"])
    return read_capture(captured(body, document_id, kind), samples)
