"""Which number stands for an indicator, what is told beside it, and whose numbers have a page at all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from support.portals import attribute, one, plain_site, seen, site_of_rows, target, texts
from support.released import editions, rows_of
from support.row_builders import growth, level

from publish.portal.model.cross_references import build_cross_references
from publish.portal.model.series import Series, all_series
from publish.portal.pages.documents import document_pages
from publish.portal.pages.index_pages import indicator_index
from publish.portal.pages.indicator_pages import indicator_pages
from schemas.tables.columns import frame_schema

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from publish.portal.html.page import SiteContext


def series_of(*rows: dict[str, Any]) -> Series:
    (found,) = all_series(site_of_rows(*rows).about.tables)
    return found


def pages(site: SiteContext, language: str = "zh") -> dict[str, LexborHTMLParser]:
    """The pages of the indicators of a site, by their addresses."""
    known = all_series(site.about.tables)
    references = build_cross_references(site, known)
    return {page.name: seen(site, page, language) for page in indicator_pages(known, site, references)}


def vintage(row: dict[str, Any], since: date, until: date) -> dict[str, Any]:
    """A row of `vintages`: what was known of an observation from one day to another."""
    places = {f"first_{name}": row[name] for name in ("document", "section", "char_start", "char_end", "quote")}
    days = {"realtime_start": since, "realtime_end": until}
    return {name: {**row, **places, **days}.get(name) for name in frame_schema("vintages")}


def test_growth_among_others_is_not_told_beside_an_amount_of_all() -> None:
    found = series_of(level(573.72), growth(8.8, scope="全省"))
    assert found.latest is not None
    assert found.growth_of(found.latest) is None
    same = series_of(level(573.72), growth(3.5), growth(8.8, scope="全省"))
    beside = same.growth_of(same.observations[0])
    assert beside is not None
    assert (beside["value"], beside["scope"]) == (3.5, "")


def test_what_is_of_the_area_itself_stands_for_an_indicator() -> None:
    found = series_of(level(9.0, scope="全省"), level(8.0, indicator="gdp~2"), growth(3.5))
    assert found.latest is not None
    assert (found.latest["scope"], found.latest["measure"]) == ("", "growth")


def test_a_page_and_the_index_say_among_whom_or_of_what_its_number_is() -> None:
    scoped = site_of_rows(level(573.72, scope="全省"))
    assert "范围：全省" in one(pages(scoped)["indicator/gdp"], ".lede p.muted").text()
    assert "范围：全省" in one(seen(scoped, indicator_index(scoped)), "tbody tr").text()
    marked = site_of_rows(level(573.72, indicator="gdp~南区"))
    assert "所指 南区" in one(pages(marked)["indicator/gdp"], ".lede p.muted").text()
    assert "meaning 南区" in one(seen(marked, indicator_index(marked), "en"), "tbody tr").text()


def test_a_comparison_says_of_what_it_is() -> None:
    first, last = (growth(value, period=year, scope="全省") for value, year in ((3.0, "2023"), (3.5, "2024")))
    sides = {f"base_{name}": cell for name, cell in first.items()}
    judged = {"kind": "year_on_year", "verdict": "unchecked", "origin": "report"}
    row = {name: {**sides, **last, **judged}.get(name) for name in frame_schema("comparisons")}
    page = pages(site_of_rows(first, last, comparisons=[row]))["indicator/gdp"]
    assert texts(page, "section[aria-labelledby=fit] li .muted") == ["增速", "范围：全省"]


def test_an_indicator_of_which_only_former_numbers_are_known_keeps_its_page() -> None:
    since, until = date(2026, 6, 1), date(2026, 6, 2)
    rows = [vintage(level(5.0, indicator=name), since, until) for name in ("gdp", "x:旧名")]
    site = site_of_rows(level(1.0, indicator="tax_revenue"), vintages=rows)
    found = pages(site, "en")
    known, unknown = (page for name, page in sorted(found.items()) if name != "indicator/tax_revenue")
    assert one(known, "h1").text() == "Gross regional product"
    assert one(unknown, "h1").text() == "旧名"
    assert attribute(unknown, "h1 bdi", "lang") == "zh-Hans"
    assert texts(known, "section[aria-labelledby=former] td.num") == ["CNY 500 million"]
    assert [row[1:] for row in rows_of(seen(site, indicator_index(site)), "main") if row[0] == "旧名"] == [
        ["–", "", "0"]
    ]


def test_each_former_value_leads_to_the_words_that_stated_it() -> None:
    """In the third release too, whose own revisions are others."""
    last = editions()[2]
    for name, said, stated in (
        ("investment_fixed", "5.0%", "固定资产投资增长5.0%"),
        ("gdp", "573.72亿元", "全年完成地区生产总值573.72亿元"),
    ):
        link = one(last.page(f"indicator/{name}.html"), "section[aria-labelledby=former] td.num a")
        assert link.text() == said
        place, _, anchor = str(link.attributes["href"]).removeprefix("../").partition("#")
        assert one(last.page(place), f"#{anchor}").text() == stated


def test_each_former_statement_has_one_address_and_equal_ones_are_told_once() -> None:
    days = [date(2026, 6, day) for day in (1, 5, 9)]
    document = plain_site().about.tables["documents"]["document"][0]
    row = level(5.0, document=document, quote="此前的原话")
    rows = [vintage(row, day, day) for day in days[:2]] + [vintage({**row, "value": 6.0}, days[2], days[2])]
    site = site_of_rows(level(1.0, indicator="tax_revenue"), vintages=rows)
    (page,) = (seen(site, page) for page in document_pages(site) if page.name == f"document/{document}")
    assert len(page.css(".loose li")) == 2
    references = build_cross_references(site, all_series(site.about.tables))
    places = [references.former_vintage(one_row) for one_row in site.about.tables["vintages"].to_dicts()]
    anchors = [place.anchor for place in places if place]
    assert len({*anchors}) == len(days)
    for anchor in anchors:
        assert one(page, f"#{anchor}").text() == "此前的原话"


def test_what_is_planned_is_told_of_a_scoped_series_too() -> None:
    planned = level(600.0, scope="全省", period="2025", status="target")
    page = pages(site_of_rows(level(573.72), planned, targets=[target(planned, "open")]))["indicator/gdp"]
    assert "范围：全省" in one(page, ".awaited li").text()
