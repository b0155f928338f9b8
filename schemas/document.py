"""A document as the reader sees it: its text, its sections and their periods, and the structure of its page."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from schemas.codelists import DocumentKind


class TimeOrientation(StrEnum):
    """Whether a part of a text reports or plans."""

    BACK = "back"
    AHEAD = "ahead"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters (code points) of a text, the end exclusive."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """Return the characters of the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year, the years from `first` to `last`, or months of one year: `2024`, `2021/2025`, `2025-01/2025-03`.

    `months` are the first and the last month, None for whole years.
    """

    first: int
    last: int
    months: tuple[int, int] | None = None

    def __str__(self) -> str:
        """Return the period as it is published; one month is `2025-11`."""
        if self.months:
            low, high = (f"{self.last}-{month:02}" for month in self.months)
            return low if low == high else f"{low}/{high}"
        return str(self.last) if self.first == self.last else f"{self.first}/{self.last}"

    @classmethod
    def of(cls, year: int) -> Period:
        """Return the period of one year."""
        return cls(first=year, last=year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and the text below it, up to the next heading of the same level or a higher one.

    Attributes:
        level: 0 is the whole document, 1 is 一、, 2 is (一), 3 is 一是.
        label: The number as printed.
        title: The text of the heading.
        path: The labels from the outermost, joined by `/`.
        period: The period that applies to the section.
        outlook: Whether the section reports or plans.
    """

    level: int
    label: str
    title: str
    path: str
    span: Span
    period: Period
    outlook: TimeOrientation


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The eight labels of a disclosure page, as printed; empty where the page leaves them empty."""

    index_number: str = ""
    category: str = ""
    publisher: str = ""
    written_on: str = ""
    name: str = ""
    document_number: str = ""
    published_on: str = ""
    keywords: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """A cell of a data table: the span of its text, and the rows and columns that it covers, counted from 0."""

    span: Span
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A data table of a text: its cells in the order of the text, blank ones left out, and the size of its grid.

    A caption and notes outside the grid are not part of it.
    """

    cells: tuple[TableCell, ...]
    height: int
    width: int

    @property
    def span(self) -> Span:
        """Return the characters from the first cell to the last."""
        return Span(start=self.cells[0].span.start, end=self.cells[-1].span.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed report.

    Attributes:
        text: The canonical text, to which all spans refer.
        body: The report itself, without labels and tools of the page.
        sections: The sections in the order of their start; the first is the whole document.
        kind: What sort of document it is, which decides what its headings say of year and status.
        kind_evidence: The words that show the kind; empty where it was stated by the operator or is unknown.
        tables: The data tables of the body, in the order of the text and without overlap.
    """

    title: str
    published_on: date | None
    text: str
    body: Span
    sections: tuple[Section, ...]
    labels: Labels = field(default_factory=Labels)
    kind: DocumentKind = DocumentKind.OTHER
    kind_evidence: str = ""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStructure:
    """The structure of a page and of its document, which stays the same while words and numbers change.

    Each field is a sequence of short strings; reviewed facts have no page, so all are empty. Nothing that changes by
    itself is included: no counter, attribute, style or version of a script.

    Attributes:
        labels: The labels above the article, in the order of the page.
        container: The name of the element that holds the article.
        rendering: Which renderings of the article exist and whether they are equal.
        platform: The names set in the page's configuration, with the values of the site number and its language.
        headings: The sections of the first two levels, each with its numbering.
    """

    labels: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    rendering: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


STRUCTURE_FIELDS = tuple(field.name for field in fields(PageStructure))
