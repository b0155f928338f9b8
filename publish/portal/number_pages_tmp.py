"""The pages of numbers: one of each indicator, the board of promises, the silences, the revisions."""

from __future__ import annotations

from collections.abc import Iterator

from publish.portal.html.leaf_tmp import Page
from publish.portal.html.page import SiteContext
from publish.portal.model.cross_references import guide_of
from publish.portal.model.series import all_series
from publish.portal.pages.indicator_pages import indicator_leaves
from publish.portal.pages.revisions import revisions
from publish.portal.pages.silences import silences
from publish.portal.pages.targets import promises


def number_leaves(site: SiteContext) -> Iterator[Page]:
    """All of them, those of the indicators in the order of their names."""
    series = all_series(site.about.tables)
    guide = guide_of(site, series)
    yield from indicator_leaves(series, site, guide)
    yield from (page(site, guide) for page in (promises, silences, revisions))
