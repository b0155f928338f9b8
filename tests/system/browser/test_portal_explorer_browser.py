"""The explorer in a real browser: filters, order, deep links, keyboard, CSV as the release writes it, 50,000 rows."""

from __future__ import annotations

import json
from itertools import cycle
from typing import TYPE_CHECKING

import polars as pl
import pytest
from playwright.sync_api import expect
from support.browsing import HEIGHT, NARROW, overflow, shown, violations, visit
from support.portal_pages import in_store, sample_pages, sample_site
from unit.publish.portal.test_portal_explorer import many

from publish.bucket.serialize import FORMULA, NUMERAL, to_csv
from publish.portal.pages.explorer import CSV, columns, explorer_files, ordered

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")  # its start, and that of the pages, is paid once

HOSTILE = (
    *("=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "＝1+1", "\u200b=1", "\ufeff@x", "\x00=1", " =1", "'=1", "="),
    *("-3.5%", "+5", "1,000.5", "a,b", 'a"b', "a\nb", "\rb", "", "<b>", "名称", "=", "－2", "10＋1"),
)
VALUES = (0.0, -0.0, 500.0, 573.72, -3.5, 1e15, 1e16, 1.25e17, 1e-4, 1e-5, 1.5e-7, 0.1, 1 / 3, 123456789012.5)
READ = "import('./assets/explore-data.js')"


def rows(page: Page) -> list[list[str]]:
    cells = "lines => lines.map(line => [...line.cells].map(cell => cell.textContent))"
    found: list[list[str]] = page.eval_on_selector_all("#explore-table tbody tr", cells)
    return found


def counted(page: Page, count: int) -> None:
    expect(page.locator("#explore-count")).to_contain_text(f"当前 {count} 条")


def test_filters_narrow_the_rows_and_their_count_is_told(chromium: Browser, shown_samples: str) -> None:
    wanted = ordered(sample_site()).filter(theme="output", status="actual", measure="growth")
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        for name, choice in (("theme", "output"), ("status", "actual"), ("measure", "growth")):
            seen.page.select_option(f"#explore-{name}", choice)
        counted(seen.page, wanted.height)
        assert [row[5] for row in rows(seen.page)] == wanted["quote"].to_list()
        assert seen.page.get_attribute("#explore-count", "role") == "status"
        seen.page.click("button[type=reset]")
        counted(seen.page, ordered(sample_site()).height)
        assert (seen.strays, seen.complaints) == ([], [])


def test_a_search_finds_words_of_both_tongues_and_of_the_clause(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        every = ordered(sample_site()).height
        for words in ("地区生产总值 573.72", "gross REGIONAL 57.372 billion", "ＧＲＯＳＳ　573.72", "gdp 达到573.72"):
            seen.page.fill("#explore-q", words)
            counted(seen.page, 1)
            assert rows(seen.page)[0][4:6] == ["573.72亿元", "地区生产总值达到573.72亿元"]
            seen.page.fill("#explore-q", "")
            counted(seen.page, every)


def test_the_table_keeps_its_place_when_the_filters_come(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        seen.page.wait_for_selector("#explore-form:not([hidden])")
        after = seen.page.locator("#explore-table").bounding_box()
        seen.page.evaluate("document.querySelector('#explore-form').hidden = true")
        assert seen.page.locator("#explore-table").bounding_box() == after
        assert not seen.page.locator("#explore-form").is_visible()


def test_years_keep_what_overlaps_them(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.html?from=2025") as seen:
        counted(seen.page, ordered(sample_site()).filter(pl.col("period").str.slice(-4) >= "2025").height)
    with visit(chromium, f"{shown_samples}/explore.html?to=2023") as seen:
        counted(seen.page, ordered(sample_site()).filter(pl.col("period").str.slice(0, 4) <= "2023").height)


def test_what_is_asked_stands_in_the_address_and_opens_there_again(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        seen.page.fill("#explore-q", "增加值")
        seen.page.select_option("#explore-status", "actual")
        seen.page.click("th[data-sort=value] button")
        seen.page.click("th[data-sort=value] button")
        seen.page.wait_for_selector("th[data-sort=value][aria-sort=descending]")
        asked, told, before = seen.page.url, seen.page.inner_text("#explore-count"), rows(seen.page)
    assert asked.endswith("?q=%E5%A2%9E%E5%8A%A0%E5%80%BC&status=actual&sort=-value")
    with visit(chromium, asked) as again:
        again.page.wait_for_selector("th[data-sort=value][aria-sort=descending]")
        assert rows(again.page) == before != []
        assert again.page.inner_text("#explore-count") == told
        assert again.page.input_value("#explore-q") == "增加值"
        again.page.click("a.tongue")
        again.page.wait_for_selector("th[data-sort=value][aria-sort=descending]")
        assert len(rows(again.page)) == len(before)
        assert again.page.get_attribute("html", "lang") == "en"


def test_headers_sort_by_keyboard_both_ways(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        seen.page.focus("th[data-sort=period] button")
        for key, order in (("Enter", "ascending"), ("Space", "descending")):
            seen.page.keyboard.press(key)
            seen.page.wait_for_selector(f"th[data-sort=period][aria-sort={order}]")
            years = [row[1][-4:] for row in rows(seen.page)]
            assert years == sorted(years, reverse=order == "descending")
        assert seen.page.evaluate("document.activeElement.closest('th').dataset.sort") == "period"


def test_rows_of_the_script_are_those_of_the_page_without_it(chromium: Browser, shown_samples: str) -> None:
    def cells(page: Page) -> list[list[str]]:
        return [[" ".join(cell.split()) for cell in row] for row in rows(page)]

    for ending in ("html", "en.html"):
        with visit(chromium, f"{shown_samples}/explore.{ending}", scripts=False) as still:
            plain = cells(still.page)
        with visit(chromium, f"{shown_samples}/explore.{ending}?sort=none") as seen:
            seen.page.wait_for_selector("#explore-pager button")
            made = cells(seen.page)
            seen.page.click("#explore-pager button:last-child")
            expect(seen.page.locator("#explore-table tbody tr")).not_to_have_count(100)
            assert made + cells(seen.page) == plain


def test_the_saved_rows_are_those_of_the_release(chromium: Browser, shown_samples: str, tmp_path: Path) -> None:
    wanted = ordered(sample_site()).filter(theme="output")
    with visit(chromium, f"{shown_samples}/explore.html?theme=output") as seen:
        counted(seen.page, wanted.height)
        with seen.page.expect_download() as saving:
            seen.page.click("#explore-export")
        saving.value.save_as(tmp_path / "rows.csv")
        assert saving.value.suggested_filename == "seed-2026.11.23.1.csv"
    assert (tmp_path / "rows.csv").read_bytes() == to_csv(wanted.select(CSV))


def test_no_cell_that_is_saved_runs_in_a_spreadsheet(chromium: Browser, shown_samples: str) -> None:
    """Hostile names, units and clauses, and numbers of every size, against what `publish.bucket.serialize` writes."""
    first = ordered(sample_site()).head(1)
    texts = ("indicator", "scope", "unit", "obs_text", "label_zh", "quote")
    key = pl.concat_str("ref_area", "indicator", "measure", "scope", "period", "status", separator="|")
    made = pl.concat(
        first.with_columns(*(pl.lit(text).alias(name) for name in texts), pl.lit(value).alias("value"))
        for text, value in zip(HOSTILE, cycle(VALUES), strict=False)
    ).with_columns(obs_id=key)
    told = json.dumps(columns(made, sample_site().about.tables["documents"]))
    setup = {"formula": FORMULA.removeprefix("(?s)"), "numeral": NUMERAL}
    script = f"async ([data, setup]) => (await {READ}).csv(JSON.parse(data), [...JSON.parse(data).label.keys()], setup)"
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        written: str = seen.page.evaluate(script, [told, setup])
    assert written.encode() == to_csv(made.select(CSV))


def test_data_that_cannot_be_had_leave_the_rows_and_say_so(chromium: Browser) -> None:
    files = {name: data for name, data in sample_pages().items() if name != "explore.json"}
    with shown(files) as base, visit(chromium, f"{base}/explore.html?q=a") as seen:
        expect(seen.page.locator("#explore-count")).to_contain_text("未能载入")
        assert len(rows(seen.page)) == ordered(sample_site()).height


def test_nothing_but_the_page_is_fetched_before_somebody_asks(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.html") as seen:
        fetched = "performance.getEntriesByType('resource').some(one => one.name.endsWith('explore.json'))"
        assert seen.page.evaluate(fetched) is False
        with seen.page.expect_response(lambda response: response.url.endswith("explore.json")):
            seen.page.focus("#explore-q")


def test_axe_has_nothing_to_say_of_a_filtered_table(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/explore.en.html?theme=output&sort=period") as seen:
        seen.page.wait_for_selector("th[aria-sort]")
        assert violations(seen.page) == []
        seen.page.emulate_media(color_scheme="dark")
        seen.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        assert violations(seen.page) == []
        assert overflow(seen.page) == 0


def test_fifty_thousand_rows_are_filtered_and_shown_by_the_hundred(chromium: Browser) -> None:
    site = many(sample_site(), 394)
    every = ordered(site)
    named = pl.col("quote").str.contains("生产总值") | pl.col("label_zh").str.contains("生产总值")
    assert every.height > 50_000
    files = {**in_store(sample_site(), sample_pages()), "seed/explore.json": explorer_files(site)["explore.json"]}
    with shown(files) as base, visit(chromium, f"{base}/seed/explore.html") as seen:
        seen.page.fill("#explore-q", "生产总值")
        counted(seen.page, every.filter(named).height)
        assert len(rows(seen.page)) == 100
