"""The pages of numbers in a real browser: charts under the strict policy, ways to sentences, the board, phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.browsing import HEIGHT, NARROW, WIDE, overflow, shown, violations, visit
from support.portal_pages import editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")  # its start, and that of the pages, is paid once

PAGES = ("indicator/gdp", "promises", "silences", "revisions")
STATUS = b'{"sources": {}}'


@pytest.fixture(scope="module")
def third() -> Iterator[str]:
    """The pages of a third release, on which every kind of page of numbers has something to show."""
    edition = editions()[2]
    files = {f"seed/{name}": data for name, data in edition.pages.items()}
    with shown(files | {"status.json": STATUS}) as base:
        yield f"{base}/seed"


def drawn(page: Page) -> None:
    """Point at every chart and wait until Vega has drawn it."""
    for figure in page.query_selector_all("figure[data-vega]"):
        figure.hover()
    page.wait_for_selector("figure[data-vega]:not([data-drawn])", state="detached")


@pytest.mark.parametrize("ending", ["html", "en.html"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_is_content_and_a_phone_scrolls_nothing_sideways(
    chromium: Browser, third: str, name: str, ending: str
) -> None:
    with visit(chromium, f"{third}/{name}.{ending}", dark=ending == "en.html") as seen:
        seen.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        assert overflow(seen.page) == 0  # before a script has drawn anything
        seen.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        drawn(seen.page)
        assert violations(seen.page) == []
        seen.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        assert overflow(seen.page) == 0
        assert (seen.strays, seen.complaints) == ([], [])


def test_without_scripts_a_chart_is_there_and_the_table_leads_to_the_sentence(chromium: Browser, third: str) -> None:
    with visit(chromium, f"{third}/indicator/gdp.html", scripts=False) as seen:
        boxes = [one.bounding_box() for one in seen.page.query_selector_all("figure.chart svg")]
        assert len(boxes) == 2
        assert all(box and box["width"] > 300 and box["height"] > 100 for box in boxes)
        assert seen.page.locator("figure.chart .picture").first.get_attribute("role") == "img"
        seen.page.get_by_role("link", name="575.10亿元").first.click()
        assert "2024年地区生产总值为575.10亿元" in (seen.page.locator(":target").text_content() or "")


def test_a_drawn_chart_says_what_a_point_is_and_leads_to_its_sentence(chromium: Browser, third: str) -> None:
    with visit(chromium, f"{third}/indicator/gdp.html") as seen:
        page = seen.page
        drawn(page)
        point = page.locator("figure.chart").first.locator(".mark-symbol path").last
        point.hover()
        tip = page.locator("figure.chart .tip").first
        tip.wait_for()
        assert tip.text_content() == "2025年 612.3亿元"
        point.click()
        page.wait_for_url("**/document/*")
        assert "612.3亿元" in (page.locator(":target").text_content() or "")
        assert seen.complaints == []


def test_charts_take_the_colours_of_the_theme(chromium: Browser, third: str) -> None:
    colours = []
    for dark in (False, True):
        with visit(chromium, f"{third}/indicator/gdp.html", dark=dark) as seen:
            drawn(seen.page)
            bar = seen.page.locator("figure.chart").nth(1).locator(".layer_0_marks path").first
            colours.append(bar.evaluate("one => getComputedStyle(one).fill"))
    assert len({*colours}) == 2
    assert all(colour.startswith("rgb(") for colour in colours)


def test_vega_is_fetched_only_where_a_chart_is_pointed_at(chromium: Browser, third: str) -> None:
    def fetched(page: Page) -> bool:
        return bool(page.evaluate("performance.getEntriesByType('resource').some(one => one.name.endsWith('vega.js'))"))

    for name in ("indicator/gdp", "promises", "indicator/trade_total"):
        with visit(chromium, f"{third}/{name}.html") as seen:
            assert not fetched(seen.page)
            drawn(seen.page)
            assert fetched(seen.page) == (name == "indicator/gdp")


def test_the_board_narrows_and_its_address_keeps_how(chromium: Browser, third: str) -> None:
    with visit(chromium, f"{third}/promises.html") as seen:
        page = seen.page
        every = page.locator(".pledges > li:visible").count()
        page.get_by_label("结论").select_option("missed")
        assert page.locator(".pledges > li:visible").count() == 1
        assert page.locator("output").text_content() == f"显示 1 / {every} 项"
        assert page.locator("section[data-year]:visible").count() == 1
        address = page.url
    with visit(chromium, address) as seen:
        assert seen.page.locator(".pledges > li:visible").count() == 1
        assert seen.page.get_by_label("结论").input_value() == "missed"
        seen.page.get_by_label("结论").select_option("")
        assert seen.page.locator(".pledges > li:visible").count() == every
        assert "?" not in seen.page.url


def test_the_board_is_whole_for_nonsense_and_without_scripts(chromium: Browser, third: str) -> None:
    every = editions()[2].tables["targets"].height
    with visit(chromium, f"{third}/promises.html?verdict=%22%3E%3Cimg%3E&theme=nowhere") as seen:
        assert seen.page.locator(".pledges > li:visible").count() == every
        assert seen.complaints == []
    with visit(chromium, f"{third}/promises.en.html?verdict=missed", scripts=False) as seen:
        assert seen.page.locator(".pledges > li:visible").count() == every
        assert not seen.page.locator("[data-board]").is_visible()


def test_a_keyboard_reaches_every_number_and_what_scrolls(chromium: Browser, third: str) -> None:
    focused = "document.activeElement.getAttribute('href') ?? document.activeElement.className"
    with visit(chromium, f"{third}/indicator/gdp.html", width=NARROW) as seen:
        reached = set()
        for _ in range(80):
            seen.page.keyboard.press("Tab")
            reached.add(seen.page.evaluate(focused))
        wanted = seen.page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
        assert {*wanted, "scroll"} <= reached
