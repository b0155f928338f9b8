"""The pages that lead to others: all indicators by theme, what Gongbao is, what stands where a page is no more."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from publish.portal.html.licences import LICENCE_FILE, PROGRAMS, carrier
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import ABOUT, INDICATORS
from publish.portal.model.cross_references import ELEMENTS
from publish.portal.model.series import Series, all_series
from schemas.codelists import Theme

GONE = "gone"
FOLDERS = ("", "indicator", "document")
"""Those whose pages may go, each with a page that says so in its own depth."""


def indicator_index(site: SiteContext) -> Page:
    """Every indicator that the release speaks of, by theme."""
    series = all_series(site.about.tables)
    return Page(
        name=INDICATORS,
        template="indicators.html",
        title=translate("index_title"),
        description=translate("index_description", area=site.area, count=len(series)),
        values={"themes": _by_theme(series), **ELEMENTS},
    )


def about_page() -> Page:
    """How the numbers came here, what they may be used for, and whose programs the pages carry."""
    return Page(
        name=ABOUT,
        template="about.html",
        title=translate("about_title"),
        description=translate("about_description"),
        values={"programs": PROGRAMS, "licence": LICENCE_FILE, "carrier": carrier()},
    )


def gone_pages(site: SiteContext) -> Iterator[Page]:
    """What stands at addresses that a release no longer has, for each folder of pages."""
    for folder in FOLDERS:
        yield Page(
            name=posixpath.join(folder, GONE),
            template="gone.html",
            title=translate("gone_title"),
            description=translate("gone_description", title=site.about.title),
            values={},
        )


def _by_theme(series: tuple[Series, ...]) -> list[tuple[str, list[Series]]]:
    """The indicators of each theme by name, those of the registry first; what has no theme comes last."""
    themes = [*(theme.value for theme in Theme), None]
    groups: dict[str | None, list[Series]] = {theme: [] for theme in themes}
    for one in sorted(series, key=lambda one: (one.entry is None, one.name)):
        groups[one.labels["theme"]].append(one)
    return [(theme or "none", group) for theme, group in groups.items() if group]
