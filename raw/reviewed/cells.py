"""A table in CSV as its cells, each with where it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.document import Span
from schemas.errors import ArticleError

_CELL = re.compile(r'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"|(?P<plain>[^,\n"]*))(?P<end>,|\n|\Z)')
_QUOTED = re.compile('[",\n]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a cell says, how that is printed (a quote twice), and where, the quotes around it left out."""

    text: str
    printed: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of cells; `line` counts from 1, `span` leaves out the line's end."""

    line: int
    span: Span
    cells: tuple[Cell, ...]


def rows(text: str) -> Iterator[Row]:
    """The rows of a text, empty lines left out; an `ArticleError` where its quotes do not pair."""
    start, line, cells = 0, 1, list[Cell]()
    at = 0
    while at < len(text) or cells:
        found = _CELL.match(text, at)
        if found is None:
            remedy = 'write a cell that holds a comma or a quote as "…", a quote in it as ""'
            raise ArticleError("a quote is not closed, or stands inside a cell", where=f"line {line}", remedy=remedy)
        cells.append(_cell(found))
        at = found.end()
        if found["end"] != ",":
            row = Row(line=line, span=Span(start=start, end=found.start("end")), cells=tuple(cells))
            line += text.count("\n", start, at)
            start, cells = at, []
            if row.span.start < row.span.end:
                yield row


def joined(cells: tuple[str, ...]) -> str:
    """Cells as one line, its end included."""
    return ",".join('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells) + "\n"


def _cell(found: re.Match[str]) -> Cell:
    kind = "plain" if found["quoted"] is None else "quoted"
    span = Span(start=found.start(kind), end=found.end(kind))
    text = found[kind] if kind == "plain" else found[kind].replace('""', '"')
    return Cell(text=text, printed=found[kind], span=span)
