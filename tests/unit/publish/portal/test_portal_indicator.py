"""The page of an indicator: every number of it leads to its sentence, in both languages and with hostile words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from support.pages import parsed, sample_pages, sample_site
from support.released import editions, first, led_to, only, rows_of, texts

from publish.portal.build import portal_pages
from publish.portal.html.urls import document_page, indicator_page, observation_anchor, plain
from publish.portal.model.series import all_series
from schemas.registry.indicators import by_id

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def test_in_english_the_same_numbers_in_english_words() -> None:
    page = parsed(sample_pages(), "indicator/gdp.en.html")
    assert only(texts(page, "h1")) == "Gross regional product"
    assert only(texts(page, ".lede .big")) == "CNY 57.372 billion growth 3.5%"
    assert texts(page, "figcaption") == ["level (CNY 100 million)", "growth (%)"]
    assert all(quote.attributes["lang"] == "zh-Hans" for quote in page.css("q"))


def test_promises_stand_beside_their_outcome_and_lead_to_both_sentences() -> None:
    page = parsed(sample_pages(), "indicator/gdp.html")
    kept = [row for row in rows_of(page, "section[aria-labelledby=promises]") if row[0] == "2024年"]
    assert [row[2:] for row in kept] == [["3.5%比上年增长3.5%", "未达成"]]
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


def test_what_has_no_chart_asks_for_no_script() -> None:
    for name in by_page():
        page = parsed(sample_pages(), f"{name}.html")
        scripts = " ".join(str(script.attributes.get("src")) for script in page.css("head script"))
        assert ("chart.js" in scripts, "vega" in scripts) == (bool(page.css("figure.chart")), False)


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


def test_every_series_of_a_release_has_its_rows_and_no_others() -> None:
    tables = sample_site().about.tables
    for part in ("observations", "targets", "comparisons", "silences"):
        grouped = [(one.name, row) for one in all_series(tables) for row in getattr(one, part)]
        assert len(grouped) == tables[part].height
        assert all(plain(row["indicator"]) == name for name, row in grouped)


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
