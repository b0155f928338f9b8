"""The pages of numbers: one of each indicator, the board of promises, the silences, the revisions."""

from __future__ import annotations

from collections.abc import Iterator

from publish.portal.guide import guide_of
from publish.portal.indicator_pages import indicator_leaves
from publish.portal.leaf import Leaf
from publish.portal.promises_page import promises
from publish.portal.revisions_page import revisions
from publish.portal.series import all_series
from publish.portal.silences_page import silences
from publish.portal.site import Site


def number_leaves(site: Site) -> Iterator[Leaf]:
    """All of them, those of the indicators in the order of their names."""
    series = all_series(site.about.tables)
    guide = guide_of(site, series)
    yield from indicator_leaves(series, site, guide)
    yield from (page(site, guide) for page in (promises, silences, revisions))
