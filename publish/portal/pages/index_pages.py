"""The pages that lead to others: all indicators by theme, what Gongbao is, what stands where a page is no more."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from publish.portal.html.licences import LICENCE_FILE, PROGRAMS, carrier
from publish.portal.html.page import Page, SiteContext, bilingual
from publish.portal.html.urls import ABOUT, INDICATORS
from publish.portal.model.cross_references import ELEMENTS
from publish.portal.model.series import Series, all_series
from schemas.codelists import Theme

GONE = "gone"
FOLDERS = ("", "indicator", "document")
"""Those whose pages may go, each with a page that says so in its own depth."""


def indicator_index(site: SiteContext) -> Page:
    """Every indicator that the release speaks of, by theme."""
    area = site.about.source
    series = all_series(site.about.tables)
    return Page(
        name=INDICATORS,
        template="indicators.html",
        title=bilingual("指标", "Indicators"),
        description=bilingual(
            f"{area.area_zh}政府工作报告中的全部 {len(series)} 个指标，按主题排列。",
            f"All {len(series)} indicators in the government reports of {area.area_en}, by theme.",
        ),
        values={"themes": _by_theme(series), **ELEMENTS},
    )


def about_page() -> Page:
    """How the numbers came here, what they may be used for, and whose programs the pages carry."""
    return Page(
        name=ABOUT,
        template="about.html",
        title=bilingual("关于", "About"),
        description=bilingual(
            "数据的来源、读取方法、核对方法和许可，以及网页所用的第三方程序。",
            "Where the numbers come from, how they are read and checked, their licence, and the programs of others.",
        ),
        values={"programs": PROGRAMS, "licence": LICENCE_FILE, "carrier": carrier()},
    )


def gone_pages(site: SiteContext) -> Iterator[Page]:
    """What stands at addresses that a release no longer has, for each folder of pages."""
    for folder in FOLDERS:
        yield Page(
            name=posixpath.join(folder, GONE),
            template="gone.html",
            title=bilingual("此页已不存在", "This page is no more"),
            description=bilingual(
                f"{site.about.title['zh']}的最新版本不再有这一页。",
                f"The newest release no longer has this page: {site.about.title['en']}.",
            ),
            values={},
        )


def _by_theme(series: tuple[Series, ...]) -> list[tuple[str, list[Series]]]:
    """The indicators of each theme by name, those of the registry first; what has no theme comes last."""
    themes = [*(theme.value for theme in Theme), None]
    groups: dict[str | None, list[Series]] = {theme: [] for theme in themes}
    for one in sorted(series, key=lambda one: (one.entry is None, one.name)):
        groups[one.labels["theme"]].append(one)
    return [(theme or "none", group) for theme, group in groups.items() if group]
