"""Links between the pages of a release: to indicators, numbers, documents, and words given instead of a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from publish.portal.html import urls
from publish.portal.html.escape import shorten
from publish.portal.html.page import SiteContext
from publish.portal.model.series import Series
from publish.portal.text.amounts import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnchor:
    """A page and an anchor on it, "" for its top."""

    page: str
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossReferences:
    """Links between the pages of a release.

    Attributes:
        observations: The observations by id.
        observation_by_position: The ids of observations by document and start.
        titles: The titles of documents by id.
        pages: The pages of indicators by indicator.
        entries: The registry by indicator.
    """

    observations: Mapping[str, Row]
    observation_by_position: Mapping[tuple[str, int], str]
    titles: Mapping[str, str]
    pages: Mapping[str, str]
    entries: Mapping[str, Row]

    def indicator(self, indicator: str) -> PageAnchor | None:
        """Return the page of an indicator, None if the release has none."""
        page = self.pages.get(urls.plain(indicator))
        return PageAnchor(page=page) if page else None

    def entry(self, indicator: str) -> Row:
        """Return the names of an indicator, its id if the registry does not have it."""
        return self.entries.get(indicator) or {"label_zh": indicator, "label_en": indicator}

    def number(self, obs_id: str) -> PageAnchor | None:
        """Return the clause that states an observation, None if the release does not have it."""
        row = self.observations.get(obs_id)
        return self.document(row["document"], urls.observation_anchor(obs_id)) if row else None

    def previous_number(self, row: Row) -> PageAnchor | None:
        """Return the clause that stated a number before this release changed it."""
        return self.document(row["before_document"], urls.former_anchor(row["obs_id"]))

    def former_vintage(self, row: Row) -> PageAnchor | None:
        """Return the clause that first stated a vintage that is no longer valid."""
        return self.document(row["first_document"], urls.vintage_anchor(row["obs_id"], row["realtime_start"]))

    def outcome(self, row: Row) -> PageAnchor | None:
        """Return the outcome of a target: a number, or the words given instead of one."""
        if row["outcome_obs_id"]:
            return self.number(row["outcome_obs_id"])
        return self.wording(row["outcome_document"], row["outcome_char_start"])

    def wording(self, document: str | None, char_start: int | None) -> PageAnchor | None:
        """Return the words at a position of a document, or the number at that position."""
        if document is None or char_start is None:
            return None
        obs_id = self.observation_by_position.get((document, char_start))
        return self.number(obs_id) if obs_id else self.document(document, urls.words_anchor(char_start))

    def document(self, document: str, anchor: str = "") -> PageAnchor | None:
        """Return a document at an anchor, None if the release does not have it."""
        return PageAnchor(page=urls.document_page(document), anchor=anchor) if document in self.titles else None

    def title(self, document: str) -> str:
        """Return the title of a document, its id if the release does not have it."""
        return self.titles.get(document, document)


def build_cross_references(site: SiteContext, series: tuple[Series, ...]) -> CrossReferences:
    """Return the links between the pages of a release."""
    tables = site.about.tables
    rows = tables["observations"].to_dicts()
    titles = tables["documents"].select("document", "title").iter_rows()
    return CrossReferences(
        observations=MappingProxyType({row["obs_id"]: row for row in rows}),
        observation_by_position=MappingProxyType({(row["document"], row["char_start"]): row["obs_id"] for row in rows}),
        titles=MappingProxyType({name: shorten(title) or name for name, title in titles}),
        pages=MappingProxyType({each.name: each.page for each in series}),
        entries=MappingProxyType({row["id"]: row for row in tables["indicators"].iter_rows(named=True)}),
    )
