"""Pages with a table, made of rows of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from raw.extract.observations import read
from raw.page.parse import parse_html, parse_text
from raw.reading import document_of
from schemas.document import Document
from schemas.observation import Number, Observation

# The words of a cell, or its words with its attributes.
Cell: TypeAlias = str | tuple[str, str]
Row: TypeAlias = Sequence[Cell]


def markup(rows: Iterable[Row]) -> str:
    """The table of some rows."""
    return f"<table>{''.join(f'<tr>{_cells(row)}</tr>' for row in rows)}</table>"


def _cells(row: Row) -> str:
    cells = ((cell, "") if isinstance(cell, str) else cell for cell in row)
    return "".join(f"<td {attributes}>{words}</td>" for words, attributes in cells)


def page_document(title: str, content: str) -> Document:
    """The document of a page whose article is some markup."""
    page = (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>'
        f'<div class="TRS_Editor"><p>一、综合</p>{content}</div></body></html>'
    )
    return document_of(parse_html(page.encode(), content_type="text/html"))


def text_document(title: str, content: str) -> Document:
    """The document of a plain text."""
    return document_of(parse_text(f"{title}\n{content}", title=title))


def stated(document: Document) -> list[str]:
    """The observations of a document, each as one line."""
    return [line(observation) for observation in read(document)[0]]


def line(item: Observation) -> str:
    bound = "" if item.bound.value == "=" else item.bound.value
    upper = "" if item.value_upper is None else f"–{item.value_upper:g}"
    scope = f" [{item.scope}]" if item.scope else ""
    status = "" if item.status.value == "actual" else f" {item.status}"
    return f"{item.subject} {item.measure} {bound}{item.value:g}{upper}{item.unit} {item.period}{status}{scope}"


def account(document: Document) -> tuple[Number, ...]:
    """What became of every number of a document."""
    return read(document)[1]
