"""What stands around every page: seen as HTML by a parser and by vnu, and as a page by a browser."""

from __future__ import annotations

import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from support.browsing import NARROW, WIDE, overflow, violations, visit
from support.checker import faults
from support.pages import parsed, sample_pages, sample_store
from support.portals import PUBLIC, attribute, one, plain_site, texts
from support.released import editions

from publish.portal.build import portal_pages
from publish.portal.html.layout import NAVIGATION, dataset_layout
from publish.portal.html.render import ENDINGS, POLICY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("browser")  # its start, and that of the pages, is paid once

KINDS = ("index", "indicators", "about", "indicator/gone", "releases", "../index")
"""The pages of this part, as seen from the dataset's folder."""

FIRST_KINDS = ("indicator/gdp", "document/post-2495310", "documents", "explore", "promises")
THIRD_KINDS = ("indicator/gdp", "document/post-2612346", "document/post-2698765", "silences", "revisions", "promises")
"""Those of the other parts."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("ending", ENDINGS.values())
@pytest.mark.parametrize("kind", KINDS)
def test_a_browser_and_axe_have_nothing_to_say(
    chromium: Browser, shown_samples: str, kind: str, ending: str, *, dark: bool
) -> None:
    with visit(chromium, f"{shown_samples}/{kind}{ending}", dark=dark) as seen:
        assert violations(seen.page) == []
        assert (seen.strays, seen.complaints) == ([], [])


def test_axe_and_the_browser_are_heard_at_all(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.html") as seen:
        seen.page.evaluate("document.body.append(document.createElement('img'))")
        seen.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
        seen.page.evaluate("document.querySelector('img').src = 'http://127.0.0.2:9/elsewhere.png'")
        seen.page.wait_for_timeout(200)
        assert any("image-alt" in one for one in violations(seen.page))
        assert any("Content Security Policy" in one for one in seen.complaints)


@pytest.mark.parametrize("ending", ENDINGS.values())
@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_scrolls_no_page_sideways(chromium: Browser, shown_samples: str, kind: str, ending: str) -> None:
    with visit(chromium, f"{shown_samples}/{kind}{ending}", width=NARROW) as seen:
        assert overflow(seen.page) == 0


def test_vnu_finds_no_error_on_any_kind_of_page() -> None:
    """Of the samples, and where a third release has something to tell of the others, of that."""
    mine = {posixpath.normpath(f"seed/{kind}{ending}") for kind in KINDS for ending in ENDINGS.values()}
    samples = {f"{kind}{ending}" for kind in FIRST_KINDS for ending in ENDINGS.values()}
    third = {f"{kind}{ending}" for kind in THIRD_KINDS for ending in ENDINGS.values()}
    assert faults({name: sample_store()[name] for name in mine}) == []
    assert faults({name: sample_pages()[name] for name in samples}) == []
    assert faults({name: editions()[2].pages[name] for name in third}) == []


def test_no_kind_of_page_is_forgotten() -> None:
    kinds = {name.rpartition("/")[0] or name.partition(".")[0] for name in sample_pages() if name.endswith(".html")}
    checked = {kind.rpartition("/")[0] or kind for kind in (*KINDS, *FIRST_KINDS, *THIRD_KINDS)}
    assert kinds <= checked | {"gone"}


def test_vnu_is_heard_at_all() -> None:
    assert any("1-bad.html" in one for one in faults({"good.css": b"", "bad.html": b"<p><img src=x></p>"}))


@pytest.mark.parametrize("name", ["index.html", "indicators.en.html", "indicator/gdp.html"])
def test_every_page_names_its_twin_and_its_one_address(name: str) -> None:
    page = parsed(sample_pages(), name)
    file = name.rpartition("/")[2]
    twin = file.replace(".en.html", ".html") if ".en." in file else file.replace(".html", ".en.html")
    assert attribute(page, ".tongue", "href") == twin
    assert attribute(page, "link[rel=canonical]", "href") == file
    languages = {
        node.attributes["hreflang"]: node.attributes["href"] for node in page.css("link[rel=alternate][hreflang]")
    }
    assert sorted(languages.items()) == sorted(
        {"zh-Hans": min(file, twin, key=_is_english), "en": max(file, twin, key=_is_english)}.items()
    )
    assert page.css("meta[property='og:url']") == []


def _is_english(name: str) -> bool:
    return ".en." in name


def test_a_public_address_makes_them_absolute() -> None:
    pages = portal_pages(plain_site(PUBLIC))
    page = parsed(pages, "indicator/gdp.en.html")
    assert attribute(page, "link[rel=canonical]", "href") == f"{PUBLIC}/torch/indicator/gdp.en.html"
    assert attribute(page, "link[hreflang=zh-Hans]", "href") == f"{PUBLIC}/torch/indicator/gdp.html"
    assert attribute(page, "meta[property='og:url']", "content") == f"{PUBLIC}/torch/indicator/gdp.en.html"
    assert attribute(page, "link[type='application/atom+xml']", "href") == "../../atom.xml"


def test_the_list_of_pages_names_each_that_lasts() -> None:
    pages = portal_pages(plain_site(PUBLIC))
    listed = texts(parsed(pages, "sitemap.xml"), "loc")
    lasting = [name for name in pages if name.endswith(".html") and "gone." not in name]
    assert listed == [f"{PUBLIC}/torch/{name}" for name in sorted(lasting)]
    assert "sitemap.xml" not in portal_pages(plain_site())


@pytest.mark.parametrize(("language", "ending"), ENDINGS.items())
def test_the_navigation_names_every_room_and_where_one_is(language: str, ending: str) -> None:
    page = parsed(sample_pages(), f"indicators{ending}")
    links = page.css(".navigation a")
    assert [node.attributes["href"] for node in links] == [f"{room}{ending}" for room in NAVIGATION]
    assert [node.text() for node in links if "aria-current" in node.attributes] == [
        "Indicators" if language == "en" else "指标"
    ]
    assert parsed(sample_pages(), f"indicator/gdp{ending}").css("[aria-current]") == []


def test_every_page_of_the_portal_forbids_what_is_inline_or_from_elsewhere() -> None:
    for name, data in sample_pages().items():
        if name.endswith(".html"):
            page = parsed({name: data}, name)
            assert attribute(page, "meta[http-equiv]", "content") == POLICY
            assert [
                node
                for node in page.css("script")
                if "src" not in node.attributes and "json" not in str(node.attributes["type"])
            ] == []
            assert page.css("style, [style], [onclick], [onload], [onerror], iframe, object, embed, base") == []


def test_every_page_has_its_landmarks_and_one_heading_at_the_top() -> None:
    for name, data in sample_pages().items():
        if name.endswith(".html"):
            page = parsed({name: data}, name)
            assert [len(page.css(part)) for part in ("header.top", "main#main", "footer.foot", "h1")] == [1, 1, 1, 1], (
                name
            )
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


def test_lines_are_copied_with_the_whole_address(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.en.html") as seen:
        seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        seen.page.click(".copy button >> nth=0")
        seen.page.wait_for_selector("text=Copied")
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        assert f'pandas.read_parquet("{shown_samples}/v/' in copied


def test_the_time_of_the_last_check_comes_from_the_status(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.en.html") as seen:
        assert seen.page.inner_text("footer [data-status]") == "Source last checked: 2026-11-24 01:02 UTC"
        assert seen.page.get_attribute("footer time", "datetime") == "2026-11-24T01:02:03Z"


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
        assert seen.page.locator(".navigation").is_hidden()
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
