"""Where the things that a page names stand on other pages: indicators, numbers, the words in a number's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from publish.portal.html.escape import escape_source_text, shorten
from publish.portal.html.page import SiteContext
from publish.portal.html.urls import (
    document_page,
    former_anchor,
    observation_anchor,
    plain,
    vintage_anchor,
    words_anchor,
)
from publish.portal.model.series import Series, all_series
from publish.portal.text.amounts import Row, amount, label, short_amount, year

ELEMENTS: Mapping[str, Any] = MappingProxyType(
    {
        "amount": amount,
        "told": short_amount,
        "label": label,
        "year": year,
        "short": shorten,
        "shown": escape_source_text,
    }
)
"""What the templates of numbers print with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnchor:
    """A page and an anchor on it, "" for its top."""

    page: str
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossReferences:
    """The ways between the pages of a release.

    `observations` are the rows by their ids, `anchor_by_position` the ids by document and start, `titles` the names of
    documents, `pages` those of indicators, `entries` the registry.
    """

    observations: Mapping[str, Row]
    anchor_by_position: Mapping[tuple[str, int], str]
    titles: Mapping[str, str]
    pages: Mapping[str, str]
    entries: Mapping[str, Row]

    def indicator(self, indicator: str) -> PageAnchor | None:
        """The page of an indicator, where the release still has one."""
        page = self.pages.get(plain(indicator))
        return PageAnchor(page=page) if page else None

    def entry(self, indicator: str) -> Row:
        """The names of an indicator of the registry, or its id for what the registry no longer has."""
        return self.entries.get(indicator) or {"label_zh": indicator, "label_en": indicator}

    def number(self, obs_id: str) -> PageAnchor | None:
        """The sentence that states an observation of this release."""
        row = self.observations.get(obs_id)
        return self.document(row["document"], observation_anchor(obs_id)) if row else None

    def former(self, row: Row) -> PageAnchor | None:
        """The sentence that stated a number before this release changed it."""
        return self.document(row["before_document"], former_anchor(row["obs_id"]))

    def earlier(self, row: Row) -> PageAnchor | None:
        """The sentence that first stated a vintage that no longer holds."""
        return self.document(row["first_document"], vintage_anchor(row["obs_id"], row["realtime_start"]))

    def outcome(self, row: Row) -> PageAnchor | None:
        """What came of a promise: the number, or the words that stand in its place."""
        if row["outcome_obs_id"]:
            return self.number(row["outcome_obs_id"])
        return self.wording_anchor(row["outcome_document"], row["outcome_char_start"])

    def wording_anchor(self, document: str | None, char_start: int | None) -> PageAnchor | None:
        """The words at a place of a document, or the number that stands there."""
        if document is None or char_start is None:
            return None
        there = self.anchor_by_position.get((document, char_start))
        return self.number(there) if there else self.document(document, words_anchor(char_start))

    def document(self, document: str, anchor: str = "") -> PageAnchor | None:
        """A document at an anchor, where the release has it."""
        return PageAnchor(page=document_page(document), anchor=anchor) if document in self.titles else None

    def title(self, document: str) -> str:
        """What a document is called."""
        return self.titles.get(document, document)


def guide_of(site: SiteContext, series: tuple[Series, ...] | None = None) -> CrossReferences:
    """The ways between the pages of this release."""
    tables = site.about.tables
    rows = tables["observations"].to_dicts()
    titles = tables["documents"].select("document", "title").iter_rows()
    known = all_series(tables) if series is None else series
    return CrossReferences(
        observations=MappingProxyType({row["obs_id"]: row for row in rows}),
        anchor_by_position=MappingProxyType({(row["document"], row["char_start"]): row["obs_id"] for row in rows}),
        titles=MappingProxyType({name: shorten(title) or name for name, title in titles}),
        pages=MappingProxyType({one.name: one.page for one in known}),
        entries=MappingProxyType({row["id"]: row for row in tables["indicators"].iter_rows(named=True)}),
    )
