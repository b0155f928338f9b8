"""The page of an indicator: which number stands for it, and every number of it leads to its sentence."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from support.portal_pages import (
    attribute,
    editions,
    first,
    led_to,
    one,
    only,
    parsed,
    plain_site,
    rows_of,
    sample_pages,
    sample_site,
    seen,
    site_of_rows,
    target,
    texts,
)
from support.table_rows import growth, level

from publish.portal.build import portal_pages
from publish.portal.html.urls import document_page, indicator_page, observation_anchor
from publish.portal.model.cross_references import build_cross_references
from publish.portal.model.series import Series, all_series
from publish.portal.pages.documents import document_pages
from publish.portal.pages.index_pages import indicator_index
from publish.portal.pages.indicator_pages import indicator_pages
from schemas.registry.indicators import by_id
from schemas.tables.columns import frame_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser

    from publish.portal.html.page import SiteContext

ENDINGS = ("html", "en.html")
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e</td>{{ 7 * 7 }}'


def by_page() -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sample_site().about.tables["observations"].to_dicts():
        found.setdefault(indicator_page(row["indicator"]), []).append(row)
    return found


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_number_is_once_on_the_page_of_its_indicator_and_leads_to_its_sentence(ending: str) -> None:
    for name, rows in by_page().items():
        page = parsed(sample_pages(), f"{name}.{ending}")
        table = led_to(page, "section[aria-labelledby=numbers] td.num a")
        places = (f"../{document_page(row['document'])}.{ending}#{observation_anchor(row['obs_id'])}" for row in rows)
        assert sorted(table) == sorted(places)


def test_the_newest_number_stands_first_and_at_the_head_with_its_growth_and_what_is_promised() -> None:
    page = parsed(sample_pages(), "indicator/gdp.html")
    table = rows_of(page, "section[aria-labelledby=numbers]")
    assert [row[0] for row in table] == sorted((row[0] for row in table), reverse=True)
    of_2024 = [row[1:4] for row in table if row[0] == "2024年"]
    assert of_2024[:2] == [["数值", "573.72亿元", "实绩"], ["增速", "3.5%", "实绩"]]
    assert only(texts(page, ".lede .big")) == "573.72亿元 增速 3.5%"
    assert texts(page, ".awaited .status") == ["待公布", "待公布", "未达成"]
    assert {one.attributes["data-sign"] for one in page.css(".awaited .status")} == {"○", "✗"}


def test_promises_stand_beside_their_outcome_and_lead_to_both_sentences() -> None:
    page = parsed(sample_pages(), "indicator/gdp.html")
    kept = [row for row in rows_of(page, "section[aria-labelledby=promises]") if row[0] == "2024年"]
    ((_, _, reached, verdict),) = kept
    assert reached == "3.5%比上年增长3.5%"
    assert verdict.startswith("未达成公布的结果低于目标，差距超过所列容差。 与目标相差 \N{MINUS SIGN}1.5个百分点。")
    assert "容差 0.5个百分点" in verdict
    rows = sample_site().about.tables["targets"].filter(indicator="gdp", period="2024").to_dicts()
    ends = {observation_anchor(row[key]) for row in rows for key in ("obs_id", "outcome_obs_id")}
    assert ends <= {link.partition("#")[2] for link in led_to(page, "section[aria-labelledby=promises] a")}


def test_each_clause_is_quoted_once_with_what_it_names() -> None:
    for name, rows in by_page().items():
        page = parsed(sample_pages(), f"{name}.html")
        quoted = [one.text() for one in page.css("section[aria-labelledby=worded] q")]
        assert len(quoted) == len({(row["document"], row["quote"]) for row in rows})
        said = first(page, "section[aria-labelledby=worded]").text()
        assert all(row["subject"] in said for row in rows)


def test_the_registry_tells_what_it_knows_and_an_unknown_series_says_so() -> None:
    known = first(parsed(sample_pages(), "indicator/gdp.html"), "section[aria-labelledby=about]").text()
    assert by_id()["gdp"].definition_zh in known
    english = first(parsed(sample_pages(), "indicator/gdp.en.html"), "section[aria-labelledby=about]").text()
    assert by_id()["gdp"].definition in english
    assert all(word in known for word in ("亿元", "越高越好", "可比价", "fsnd:A0201", "gdp"))
    unknown = next(name for name in by_page() if name.startswith("indicator/x-"))
    assert "指标表中没有这一指标" in first(parsed(sample_pages(), f"{unknown}.html"), "main").text()


def test_a_chart_has_its_picture_and_the_same_points_for_the_browser() -> None:
    page = parsed(sample_pages(), "indicator/gdp.html")
    level, growth = page.css("figure.chart")
    spec = json.loads(first(level, "script").text())
    assert [(one["year"], one["value"]) for one in spec["datasets"]["done"]] == [(2023, 531.48), (2024, 573.72)]
    assert spec["datasets"]["done"][1]["said"] == "2024年 573.72亿元"
    at = spec["datasets"]["done"][1]["at"]
    assert at in led_to(page, "section[aria-labelledby=numbers] a")
    assert len(level.css("svg .mark-symbol path")) == len(spec["datasets"]["done"])
    assert "2023" in (first(growth, "[role=img]").attributes["aria-label"] or "")


def test_what_earlier_releases_said_is_told_with_its_days_and_drawn_and_so_is_silence() -> None:
    page = editions()[2].page("indicator/gdp.html")
    former = ["2024年", "数值", "573.72亿元", "2026-06-01 至 2026-06-03"]
    assert rows_of(page, "section[aria-labelledby=former]") == [former]
    assert len(page.css("figure.chart:first-child .layer_0_marks path")) == 1
    assert "此前版本的数值" in texts(page, ".key li")
    silent = editions()[2].page("indicator/va_industry_scale.html")
    assert "规上工业增加值稳步增长" in only(texts(silent, "section[aria-labelledby=silences] li"))
    assert {link.partition("#")[2][:6] for link in led_to(silent, "section[aria-labelledby=silences] q a")} == {
        "words-"
    }


@pytest.fixture(scope="module")
def hostile() -> Mapping[str, bytes]:
    """The pages of a release in which every word of a source is an attack."""
    site = sample_site()
    theirs = {"subject", "quote", "obs_text", "label_zh", "scope", "title", "unit", "words"}
    prefixes = re.compile("outcome_|last_|base_")
    tables = {
        name: frame.with_columns(
            pl.lit(HOSTILE).alias(cell) for cell in frame.columns if prefixes.sub("", cell) in theirs
        )
        for name, frame in site.about.tables.items()
    } | {name: site.about.tables[name] for name in ("indicators", "numbers", "glossary")}
    return portal_pages(replace(site, about=replace(site.about, tables=tables)))


def test_hostile_words_are_text(hostile: Mapping[str, bytes]) -> None:
    named = ("indicator/", "promises.", "silences.", "revisions.")
    names = {name for name in hostile if name.startswith(named) and name.endswith("html")}
    assert {name for name in sample_pages() if name.startswith(named) and name.endswith("html")} <= names
    for name in names:
        page = parsed(hostile, name)
        assert not page.css("img")
        assert all(script.attributes.get("src") or script.attributes.get("type") for script in page.css("script"))
        assert not [node for node in page.css("*") if any(key.startswith("on") for key in node.attributes)]
        assert "49" not in first(page, "h1").text()


def test_hostile_words_are_still_to_be_read(hostile: Mapping[str, bytes]) -> None:
    page = parsed(hostile, "indicator/gdp.html")
    assert "<script>alert(1)</script>" in first(page, "q").text()
    assert page.css("q bdi.control")
    assert json.loads(first(page, "figure script").text())["datasets"]["done"]


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
    assert ["旧名", "–", "", "0"] in rows_of(seen(site, indicator_index(site)), "main")


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
