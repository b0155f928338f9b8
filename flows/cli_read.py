"""`gongbao read`: what a report on this machine says, without network, store or Prefect."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from raw.charset import decode
from raw.page import Page, parse_html, parse_text
from raw.reader import read as read_document
from raw.reading import document_of
from schemas.errors import UsageError
from schemas.observation import Observation

COLUMNS = ("start", "period", "status", "measure", "value", "unit", "bound", "subject")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "table"]), help="Default: table on a terminal, else jsonl."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@click.option("--title", default="", help="The report's title, for a bare text that lacks it.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="The day it was published, for a bare text.")
def read(files: tuple[str, ...], form: str | None, title: str, published: datetime | None, *, as_json: bool) -> None:
    """Read reports (.txt, .html, or - for standard input) and print their observations."""
    chosen = "jsonl" if as_json else form or ("table" if sys.stdout.isatty() else "jsonl")
    rows = [row for file in files for row in _rows(file, title, published)]
    for line in _lines(rows) if chosen == "jsonl" else _table(rows):
        click.echo(line)


def _rows(file: str, title: str, published: datetime | None) -> Iterable[dict[str, Any]]:
    """The observations of one file."""
    page = _page(file, title, published)
    observations, _ = read_document(document_of(page))
    doc = "-" if file == "-" else Path(file).stem
    return (row_of(doc, observation) for observation in observations)


def _page(file: str, title: str, published: datetime | None) -> Page:
    """The page in a file: HTML by its ending, or by its first character where there is none."""
    data = _bytes(file)
    html = Path(file).suffix.lower() in {".html", ".htm"} or (file == "-" and data.lstrip()[:1] == b"<")
    if html:
        return parse_html(data, content_type="text/html")
    text = decode(data, "text/plain")
    return parse_text(text, title=title, published=published.date() if published else None)


def _bytes(file: str) -> bytes:
    """What a file holds."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"it cannot be read ({error.strerror})", where=file, remedy="check the path") from error


def row_of(doc: str, observation: Observation) -> dict[str, Any]:
    """An observation with the fields of a reading."""
    return {
        "doc": doc,
        "start": observation.span.start,
        "end": observation.span.end,
        "text": observation.obs_text,
        "value": observation.value,
        "value_upper": observation.value_upper,
        "unit": observation.unit,
        "measure": observation.measure.value,
        "subject": observation.subject,
        "period": str(observation.period),
        "status": observation.status.value,
        "bound": observation.bound.value,
        "scope": observation.scope,
        "indicator": observation.indicator,
        "section": observation.section,
        "quote": observation.quote,
    }


def _lines(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    """One JSON object a row."""
    return (json.dumps(row, ensure_ascii=False) for row in rows)


def _table(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    """The rows under their headings, separated by tabs."""
    yield "\t".join(COLUMNS)
    for row in rows:
        yield "\t".join("" if row[name] is None else str(row[name]) for name in COLUMNS)
