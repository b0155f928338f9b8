"""A document as the reader sees it: its text, its sections and their periods, and the structure of its page."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum


class TimeOrientation(StrEnum):
    """Whether a stretch of text looks back or ahead."""

    BACK = "back"
    AHEAD = "ahead"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters (code points) of a text, the end exclusive."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year, or the years from `first` to `last`, as `2024` or `2021/2025`."""

    first: int
    last: int

    def __str__(self) -> str:
        """The period as it is published."""
        return str(self.last) if self.first == self.last else f"{self.first}/{self.last}"

    @classmethod
    def of(cls, year: int) -> Period:
        """One year."""
        return cls(first=year, last=year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it, to the next heading of its level or above.

    `level` 0 is the whole document, 1 is 一、, 2 is (一), 3 is 一是. `label` is the number as printed, `title` the
    words of the heading, `path` the labels from the outermost, joined by `/`. `period` and `outlook` are those that
    govern the section.
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
class Document:
    """A report ready to be read: `text` is canonical, and every span counts in it.

    `body` is the stretch that is the report itself, without the page's labels and tools. `sections` are in the order
    of their start; the first is the whole document.
    """

    title: str
    published_on: date | None
    text: str
    body: Span
    sections: tuple[Section, ...]
    labels: Labels = field(default_factory=Labels)


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
