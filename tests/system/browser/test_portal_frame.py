"""What stands around every page: seen as HTML by a parser and by vnu, and as a page by a browser."""

from __future__ import annotations

import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from support.browsing import HEIGHT, NARROW, WIDE, overflow, violations, visit
from support.html_checks import faults
from support.portal_pages import (
    PUBLIC,
    attribute,
    editions,
    led_to,
    one,
    parsed,
    plain_site,
    sample_pages,
    sample_store,
    texts,
)

from publish.portal.build import portal_pages
from publish.portal.html.page import NAVIGATION, dataset_layout
from publish.portal.html.render import ENDINGS, POLICY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("browser")  # its start, and that of the pages, is paid once

KINDS = ("index", "indicators", "about", "indicator/gone", "releases", "../index")
"""The pages of this part, as seen from the dataset's folder."""

FIRST_KINDS = ("indicator/gdp", "document/post-2495310", "documents", "explore", "promises", "validation")
THIRD_KINDS = ("indicator/gdp", "document/post-2612346", "document/post-2698765", "silences", "revisions", "promises")
"""Those of the other parts."""


@pytest.mark.parametrize("ending", ENDINGS.values())
@pytest.mark.parametrize("kind", KINDS)
def test_axe_is_content_and_a_phone_scrolls_nothing_sideways(
    chromium: Browser, shown_samples: str, kind: str, ending: str
) -> None:
    with visit(chromium, f"{shown_samples}/{kind}{ending}") as seen:
        assert violations(seen.page) == []
        seen.page.emulate_media(color_scheme="dark")
        seen.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        assert violations(seen.page) == []
        assert overflow(seen.page) == 0
        assert (seen.strays, seen.complaints) == ([], [])


def test_axe_and_the_browser_are_heard_at_all(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.html") as seen:
        seen.page.evaluate("document.body.append(document.createElement('img'))")
        seen.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
        seen.page.evaluate("document.querySelector('img').src = 'http://127.0.0.2:9/elsewhere.png'")
        seen.page.wait_for_timeout(200)
        assert any("image-alt" in one for one in violations(seen.page))
        assert any("Content Security Policy" in one for one in seen.complaints)


def test_vnu_finds_no_error_on_any_kind_of_page() -> None:
    """Of the samples, and where a third release has something to tell of the others, of that."""
    mine = [posixpath.normpath(f"seed/{kind}") for kind in KINDS]
    for pages, names in ((sample_store(), mine), (sample_pages(), FIRST_KINDS), (editions()[2].pages, THIRD_KINDS)):
        assert faults({name + end: pages[name + end] for name in names for end in ENDINGS.values()}) == []
    kinds = {name.rpartition("/")[0] or name.partition(".")[0] for name in sample_pages() if name.endswith(".html")}
    checked = {kind.rpartition("/")[0] or kind for kind in (*KINDS, *FIRST_KINDS, *THIRD_KINDS)}
    assert kinds <= checked | {"gone"}


def test_vnu_is_heard_at_all() -> None:
    assert any("1-bad.html" in one for one in faults({"good.css": b"", "bad.html": b"<p><img src=x></p>"}))


@pytest.mark.parametrize("name", ["index", "indicators", "indicator/gdp"])
def test_every_page_names_its_twin_and_its_one_address(name: str) -> None:
    file = name.rpartition("/")[2]
    for ending, twin in ((".html", ".en.html"), (".en.html", ".html")):
        page = parsed(sample_pages(), name + ending)
        assert attribute(page, ".tongue", "href") == file + twin
        assert attribute(page, "link[rel=canonical]", "href") == file + ending
        for language, address in (("zh-Hans", f"{file}.html"), ("en", f"{file}.en.html")):
            assert attribute(page, f"link[rel=alternate][hreflang={language}]", "href") == address
        assert page.css("meta[property='og:url']") == []


def test_a_public_address_makes_them_absolute_and_the_list_of_pages_names_each_that_lasts() -> None:
    pages, home = portal_pages(plain_site(PUBLIC)), f"{PUBLIC}/torch"
    page = parsed(pages, "indicator/gdp.en.html")
    assert attribute(page, "link[rel=canonical]", "href") == f"{home}/indicator/gdp.en.html"
    assert attribute(page, "link[hreflang=zh-Hans]", "href") == f"{home}/indicator/gdp.html"
    assert attribute(page, "meta[property='og:url']", "content") == f"{home}/indicator/gdp.en.html"
    assert attribute(page, "link[type='application/atom+xml']", "href") == "../../atom.xml"
    lasting = sorted(name for name in pages if name.endswith(".html") and "gone." not in name)
    assert texts(parsed(pages, "sitemap.xml"), "loc") == [f"{home}/{name}" for name in lasting]
    assert "sitemap.xml" not in sample_pages()


@pytest.mark.parametrize(("language", "ending"), ENDINGS.items())
def test_the_navigation_names_every_room_and_where_one_is(language: str, ending: str) -> None:
    page = parsed(sample_pages(), f"indicators{ending}")
    assert led_to(page, ".rooms a") == [f"{room}{ending}" for room in NAVIGATION]
    assert texts(page, ".rooms a[aria-current]") == ["Indicators" if language == "en" else "指标"]
    assert parsed(sample_pages(), f"indicator/gdp{ending}").css("[aria-current]") == []


def test_every_page_has_its_landmarks_and_forbids_what_is_inline_or_from_elsewhere() -> None:
    for name in sample_pages():
        if name.endswith(".html"):
            page = parsed(sample_pages(), name)
            assert attribute(page, "meta[http-equiv]", "content") == POLICY
            inline = page.css("script:not([src]):not([type*=json]), style, [style], [onclick], [onload], [onerror]")
            assert inline + page.css("iframe, object, embed, base") == [], name
            parts = ("header.top", "main#main", "footer.foot", "h1")
            assert [len(page.css(part)) for part in parts] == [1, 1, 1, 1], name
            assert attribute(page, ".skip", "href") == "#main"
            levels = [int(node.tag[1]) for node in page.css("h1, h2, h3, h4, h5, h6")]  # type: ignore[index] # an element has a tag
            assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_the_footer_says_which_release_it_is() -> None:
    site = plain_site()
    text = one(parsed(portal_pages(site), "index.en.html"), "footer").text()
    assert site.about.release.version in text
    assert "not signed" in text
    assert dataset_layout(site).released_on in text


def test_the_theme_can_be_switched_and_is_remembered(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.en.html") as seen:
        page = seen.page
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.click("[data-theme-switch]")
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark != light
        assert page.inner_text("[data-theme-switch]") == "Light"
        page.click("text=Indicators")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
        assert violations(page) == []


def test_the_other_tongue_is_a_click_away_and_keeps_the_place(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.html#downloads") as seen:
        seen.page.click("text=English")
        assert seen.page.url.endswith("/index.en.html#downloads")
        assert seen.page.locator("#downloads").inner_text() == "Download the data"
        seen.page.click("text=中文")
        assert seen.page.url.endswith("/index.html#downloads")


def test_the_last_check_is_said_and_lines_are_copied_whole(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.en.html") as seen:
        assert seen.page.inner_text("footer [data-status]") == "Source last checked: 2026-11-24 01:02 UTC"
        assert seen.page.get_attribute("footer time", "datetime") == "2026-11-24T01:02:03Z"
        seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        seen.page.click(".copy button >> nth=0")
        seen.page.wait_for_selector("text=Copied")
        assert f'pandas.read_parquet("{shown_samples}/v/' in seen.page.evaluate("navigator.clipboard.readText()")


def test_an_indicator_is_found_by_its_name(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/indicators.html") as seen:
        page = seen.page
        page.fill("#find", "地区生产总值")
        assert page.locator(".index tbody tr:visible").count() == 1
        assert page.locator("main h2:visible").count() == 1
        assert page.inner_text(".find [role=status]") == "1"
        page.fill("#find", "没有的")
        assert page.inner_text(".find [role=status]") == "没有符合的指标"
        page.fill("#find", "")
        assert page.locator(".index tbody tr:visible").count() > 50
        page.click("text=地区生产总值")
        assert page.url.endswith("/indicator/gdp.html")


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_read_without_scripts(chromium: Browser, shown_samples: str, kind: str) -> None:
    with visit(chromium, f"{shown_samples}/{kind}.html", scripts=False) as seen:
        without = seen.page.inner_text("main")
        assert seen.page.locator("button:visible").count() == 0
        seen.page.click("text=English")
        assert seen.page.url.endswith(f"{posixpath.basename(kind)}.en.html")
    with visit(chromium, f"{shown_samples}/{kind}.html") as seen:
        gained = {"复制", "查找指标"} | {f"{shown_samples}/v/", "来源最近一次检查"}
        lines = [line for line in seen.page.inner_text("main").splitlines() if not any(part in line for part in gained)]
        assert [line for line in lines if line.strip() and line.strip() not in without] == []


def test_the_keyboard_reaches_the_content_first(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.html", width=WIDE) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.className") == "skip"
        assert seen.page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index] # it is there
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.closest('main') !== null")


def test_chinese_is_set_in_a_chinese_font_and_paper_wears_no_frame(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.html", dark=True) as seen:
        family = seen.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert family.startswith('"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC"')
        seen.page.emulate_media(media="print")
        assert seen.page.locator(".rooms").is_hidden()
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
