"""`gongbao read`: what a report on this machine says, without network, store or Prefect."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from flows.cli.annotated_html import evidence
from raw.attachments.decode import decode as decode_file
from raw.attachments.formats import MEDIA_TYPES, READ_SUFFIXES, format_of
from raw.attachments.links import linked_files
from raw.extract.observations import read as read_document
from raw.page.charset import decode
from raw.page.parse import ParsedPage, parse_html, parse_text
from raw.reading import document_of
from schemas.document import Document
from schemas.errors import ArticleError, GongbaoError, UsageError
from schemas.observation import Observation

COLUMNS = ("start", "period", "status", "measure", "value", "unit", "bound", "subject")
_STATED = (
    *("value", "value_upper", "unit", "measure", "subject", "period", "status", "bound", "scope", "indicator"),
    *("section", "quote", "sentence", "rank_of"),
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "table"]), help="Default: table on a terminal, else jsonl."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@click.option("--title", default="", help="The report's title, for a bare text that lacks it.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="The day it was published, for a bare text.")
@click.option("--html", "out", metavar="OUT.html", help="Write the text with each number marked; takes one FILE.")
def read(files: tuple[str, ...], form: str | None, out: str | None, *, as_json: bool, **known: Any) -> None:  # noqa: ANN401 - title and published, checked by click
    """Read reports (.html .txt .md .docx .pdf .xlsx .xls, or - for standard input) and print their observations.

    A file that cannot be read, or that holds no article, is named on the error output; the others are printed, and the
    exit status is that of the first fault.
    """
    documents, faults = _documents(files, **known)
    if out and faults:
        raise faults[0]
    if out:
        _write_evidence(out, documents)
        return
    chosen = "jsonl" if as_json else form or ("table" if sys.stdout.isatty() else "jsonl")
    rows = [row for file, document in documents for row in _rows(file, document)]
    jsonl = (json.dumps(row, ensure_ascii=False) for row in rows)
    for line in jsonl if chosen == "jsonl" else _table(rows):
        click.echo(line)
    if faults:
        raise faults[0]


def _documents(
    files: tuple[str, ...],
    **known: Any,  # noqa: ANN401 - as above
) -> tuple[list[tuple[str, Document]], list[GongbaoError]]:
    """Return the documents of the files, and the faults of those that hold none; of many, each fault is printed."""
    documents: list[tuple[str, Document]] = []
    faults: list[GongbaoError] = []
    for file in files:
        try:
            documents.append((file, document_of(_page(file, **known))))
        except GongbaoError as error:
            faults.append(error)
            if len(files) > 1:
                click.echo(f"{file}: {error}", err=True)
    return documents, faults


def _write_evidence(out: str, documents: list[tuple[str, Document]]) -> None:
    """Write the evidence of the one document."""
    if len(documents) != 1:
        raise UsageError("--html takes one FILE", remedy="call it once for each report")
    (_, document) = documents[0]
    page = evidence(document, *read_document(document))
    try:
        Path(out).write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"it cannot be written ({error.strerror})", where=out, remedy="check the path") from error


def _rows(file: str, document: Document) -> Iterable[dict[str, Any]]:
    """Return the observations of a file."""
    observations, _ = read_document(document)
    doc = "-" if file == "-" else Path(file).stem
    return (row_of(doc, observation) for observation in observations)


def _page(file: str, *, title: str, published: datetime | None) -> ParsedPage:
    """Parse a file: an office file by its first bytes, HTML by its ending, on standard input by its first character."""
    data = _bytes(file)
    day = published.date() if published else None
    suffix = Path(file).suffix.lower()
    if file_format := format_of(data):
        return parse_text(decode_file(data, file_format).text, title=title, published=day)
    if suffix in MEDIA_TYPES and suffix not in READ_SUFFIXES:
        remedy = f"read are: {' '.join(READ_SUFFIXES)}"
        raise UsageError(f"a file that ends in {suffix} is not read", where=file, remedy=remedy)
    html = suffix in {".html", ".htm"} or (file == "-" and data.lstrip()[:1] == b"<")
    if html:
        return _article(data)
    text = decode(data, "text/plain")
    return parse_text(text, title=title, published=day)


def _article(data: bytes) -> ParsedPage:
    """Return the article of a page.

    Raises:
        ArticleError: If the page states no number and links files: its report is in one of them.
    """
    page = parse_html(data, content_type="text/html")
    files = linked_files(data, content_type="text/html", url="http://localhost/")
    if files and not read_document(document_of(page))[0]:
        names = ", ".join(file.name for file in files)
        what = f"the page states no number of its own: its report is in 附件 {names}"
        raise ArticleError(what, where="page", remedy="fetch that file and read it")
    return page


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"it cannot be read ({error.strerror})", where=file, remedy="check the path") from error


def row_of(doc: str, observation: Observation) -> dict[str, Any]:
    """Return an observation as a record."""
    place = {"doc": doc, "start": observation.span.start, "end": observation.span.end, "text": observation.obs_text}
    stated = {name: getattr(observation, name) for name in _STATED}
    return {**place, **stated, "period": str(observation.period)}


def _table(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Yield the rows under their headings, separated by tabs."""
    yield "\t".join(COLUMNS)
    for row in rows:
        yield "\t".join("" if row[name] is None else str(row[name]) for name in COLUMNS)
