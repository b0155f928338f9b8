"""The form of a page and of the document in it: what stays the same while the words and the numbers change."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStructure:
    """How a page is made, each facet a row of short strings; facts entered by hand have none.

    `labels` are the labels over the article in the order of the page; `container` is the name of the element that holds
    the article; `rendering` says which renderings of the article there are and whether they say the same; `platform`
    holds the names set in the page's configuration, with the values of the site's number and its language; `headings`
    are the sections of the first two levels, each with the numbers that lead to it.

    Nothing that moves by itself is in it: no counter, no attribute, no style, no version of a script.
    """

    labels: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    rendering: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


STRUCTURE_FIELDS = tuple(field.name for field in fields(PageStructure))
