"""The explorer without a browser: its data are the table, its pages hold every row, what it is told is what holds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
from support.portal_pages import led_to, one, sample_site, seen, texts

from publish.bucket.serialize import FORMULA, NUMERAL
from publish.portal.html.render import ENDINGS
from publish.portal.html.urls import document_page, indicator_page, observation_anchor
from publish.portal.pages.explorer import CSV, DATA, ROWS, explorer_files, explorer_pages, ordered
from schemas.codelists import Theme

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from publish.portal.html.page import SiteContext


def many(site: SiteContext, times: int) -> SiteContext:
    """A site with its observations so many times over, each time in other years."""
    rows = site.about.tables["observations"]
    key = pl.concat_str("obs_id", pl.lit("|"), "period")
    copies = [
        rows.with_columns(pl.lit(str(1000 + place)).alias("period")).with_columns(key.alias("obs_id"))
        for place in range(times)
    ]
    tables = {**site.about.tables, "observations": pl.concat(copies)}
    return replace(site, about=replace(site.about, tables=tables))


def pages(site: SiteContext, language: str = "zh") -> list[LexborHTMLParser]:
    return [seen(site, page, language) for page in explorer_pages(site)]


def data(site: SiteContext) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(explorer_files(site)[DATA])
    return found


def test_the_columns_hold_every_row_of_the_table() -> None:
    site = sample_site()
    found, rows = data(site), ordered(site)
    assert found["rows"] == rows.height == site.about.tables["observations"].height
    lists = {"period": "periods", "quote": "quotes", "measure": "measures", "status": "statuses", "scope": "scopes"}
    lists |= {"unit": "units", "bound": "bounds", "ref_area": "areas"}
    for column, values in lists.items():
        assert [found[values][place] for place in found[column.removeprefix("ref_")]] == rows[column].to_list()
        assert len({*found[values]}) == len(found[values])
    assert len({json.dumps(label) for label in found["labels"]}) == len(found["labels"])
    labels = [found["labels"][place] for place in found["label"]]
    named = [(label["id"], label["zh"], label["en"] or None) for label in labels]
    assert named == rows.select("indicator", "label_zh", "label_en").rows()
    assert [found["documents"][place]["id"] for place in found["document"]] == rows["document"].to_list()
    assert found["value"] == rows["value"].to_list()
    assert found["anchor"] == [observation_anchor(key) for key in rows["obs_id"]]


def test_rows_stand_by_theme_and_indicator_the_latest_first() -> None:
    rows = ordered(sample_site())
    codes = [*(theme.value for theme in Theme), "none"]
    places = [codes.index(theme) for theme in rows["theme"]]
    assert places == sorted(places)
    for _, found in rows.group_by("theme", pl.col("indicator").str.split("~").list.first()):
        years = [period[-4:] for period in found["period"]]
        assert years == sorted(years, reverse=True)


def test_the_page_without_scripts_holds_the_same_rows_with_their_links() -> None:
    site = sample_site()
    rows = ordered(site)
    (found,) = pages(site)
    printed = found.css("#explore-table tbody tr")
    assert len(printed) == rows.height
    for line, row in zip(printed, rows.iter_rows(named=True), strict=True):
        page = f"{document_page(row['document'])}.html"
        number = f"{page}#{observation_anchor(row['obs_id'])}"
        assert led_to(line) == [f"{indicator_page(row['indicator'])}.html", number, page]
        assert line.css("td")[4].text() == row["quote"]


def test_english_rows_say_what_is_chinese() -> None:
    (found,) = pages(sample_site(), "en")
    names = found.css("tbody th a")
    assert "Gross regional product" in [name.text() for name in names]
    assert all((name.attributes.get("lang") == "zh-Hans") is not name.text().isascii() for name in names)
    assert "CNY 57.372 billion" in texts(found, "tbody td.value")


def test_more_rows_than_fit_stand_on_pages_that_lead_to_each_other() -> None:
    site = many(sample_site(), 9)
    rows = ordered(site).height
    site_pages = list(explorer_pages(site))
    assert [page.name for page in site_pages] == ["explore", "explore-2", "explore-3"]
    found = [seen(site, page) for page in site_pages]
    assert [len(page.css("tbody tr")) for page in found] == [ROWS, ROWS, rows - 2 * ROWS]
    for place, page in enumerate(found, start=1):
        assert led_to(page, ".pager a") == ["explore.html", "explore-2.html", "explore-3.html"]
        assert one(page, ".pager a[aria-current]").text() == str(place)
    anchors = [led_to(page, "td.value a") for page in found]
    assert len({anchor for page in anchors for anchor in page}) == rows


def test_only_the_first_page_runs_a_script_and_it_hides_the_form_until_then() -> None:
    first, second = pages(many(sample_site(), 4))[:2]
    assert "hidden" in one(first, "#explore-form").attributes
    assert [one.attributes["src"] for one in first.css("script[type=module]")] == ["assets/explore.js"]
    assert second.css("script[type=module], form") == []


def test_choices_are_those_that_occur() -> None:
    site = sample_site()
    (found,) = pages(site)
    rows = ordered(site)

    def choices(name: str) -> list[str]:
        return [str(one.attributes.get("value", one.text())) for one in found.css(f"#explore-{name} option")]

    for name in ("theme", "measure", "status", "document"):
        assert set(choices(name)) == {"", *rows[name].unique()}
    assert choices("from") == choices("to") == ["", "2025", "2024", "2023"]


def test_the_script_is_told_the_rules_by_which_the_release_writes_csv() -> None:
    (found,) = pages(sample_site())
    told = json.loads(one(found, "#explore-setup").text())
    assert "(?s)" + told["formula"] == FORMULA
    assert told["numeral"] == NUMERAL
    assert (told["data"], told["file"], told["ending"]) == (DATA, "seed-2026.11.23.1.csv", ENDINGS["zh"])
    assert data(sample_site())["csv"] == list(CSV)
