"""The cells of a table in CSV, each with its span in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.document import Span
from schemas.errors import ArticleError

_CELL = re.compile(r'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"|(?P<plain>[^,\n"]*))(?P<end>,|\n|\Z)')
_QUOTED = re.compile('[",\n]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The text of a cell, as printed (with doubled quotes), and its span without the quotes around it."""

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
    """Yield the rows of a text without empty lines.

    Raises:
        ArticleError: If a quote is not closed, or is inside a cell.
    """
    start, line, cells = 0, 1, list[Cell]()
    at = 0
    while at < len(text) or cells:
        match = _CELL.match(text, at)
        if match is None:
            remedy = 'write a cell that holds a comma or a quote as "…", a quote in it as ""'
            raise ArticleError("a quote is not closed, or stands inside a cell", where=f"line {line}", remedy=remedy)
        cells.append(_cell(match))
        at = match.end()
        if match["end"] != ",":
            row = Row(line=line, span=Span(start=start, end=match.start("end")), cells=tuple(cells))
            line += text.count("\n", start, at)
            start, cells = at, []
            if row.span.start < row.span.end:
                yield row


def joined(cells: tuple[str, ...]) -> str:
    """Return cells as a line of CSV with its end."""
    return ",".join('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells) + "\n"


def _cell(match: re.Match[str]) -> Cell:
    kind = "plain" if match["quoted"] is None else "quoted"
    text = match[kind] if kind == "plain" else match[kind].replace('""', '"')
    return Cell(text=text, printed=match[kind], span=Span(start=match.start(kind), end=match.end(kind)))
