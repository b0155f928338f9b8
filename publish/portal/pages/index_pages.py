"""The index of indicators, the page about Gongbao, and the pages for addresses that no longer exist."""

import posixpath
from collections.abc import Iterator

from publish.portal.html.assets import LICENCE_FILE, PROGRAMS, carrier
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import ABOUT, INDICATORS
from publish.portal.model.series import Series, all_series
from schemas.codelists import Theme

GONE = "gone"
FOLDERS = ("", "indicator", "document")
"""The folders of pages that a later release may lack; each has a `gone` page with addresses of its own depth."""


def indicator_index(site: SiteContext) -> Page:
    """Return the page of every indicator of a release, by theme."""
    series = all_series(site.about.tables)
    return Page(
        name=INDICATORS,
        template="indicators.html",
        title=translate("index_title"),
        description=translate("index_description", area=site.area, count=len(series)),
        values={"themes": _by_theme(series)},
    )


def about_page() -> Page:
    """Return the page about the source, the method, the licences and the third-party programs."""
    return Page(
        name=ABOUT,
        template="about.html",
        title=translate("about_title"),
        description=translate("about_description"),
        values={"programs": PROGRAMS, "licence": LICENCE_FILE, "carrier": carrier()},
    )


def gone_pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages shown at addresses that a release no longer has, one per folder."""
    for folder in FOLDERS:
        yield Page(
            name=posixpath.join(folder, GONE),
            template="gone.html",
            title=translate("gone_title"),
            description=translate("gone_description", title=site.about.title),
            values={},
        )


def _by_theme(series: tuple[Series, ...]) -> list[tuple[str, list[Series]]]:
    # Registered indicators first; those without a theme last.
    themes = [*(theme.value for theme in Theme), None]
    groups: dict[str | None, list[Series]] = {theme: [] for theme in themes}
    for each in sorted(series, key=lambda each: (each.entry is None, each.name)):
        groups[each.labels["theme"]].append(each)
    return [(theme or "none", group) for theme, group in groups.items() if group]
