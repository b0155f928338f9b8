"""The explorer without a browser: its data are the table, its pages hold every row, what it is told is what holds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
from support.pages import sample_site
from support.portals import one, seen, texts
from support.released import led_to

from publish.bucket.serialize import FORMULA, NUMERAL
from publish.portal.html.render import ENDINGS
from publish.portal.html.urls import document_page, indicator_page, observation_anchor
from publish.portal.pages.explorer import DATA, ROWS, explorer_files, explorer_page, explorer_pages, ordered
from publish.portal.pages.explorer_data import CSV
from schemas.codelists import Theme

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from publish.portal.html.page import SiteContext


def many(site: SiteContext, times: int) -> SiteContext:
    """A site with its observations so many times over, each time in other years."""
    rows = site.about.tables["observations"]
    copies = [
        rows.with_columns(
            pl.lit(str(1000 + place)).alias("period"), pl.concat_str("obs_id", pl.lit(f"|{place}")).alias("obs_id")
        )
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
    lists = {"periods": "period", "quotes": "quote", "measures": "measure", "statuses": "status", "scopes": "scope"}
    lists |= {"units": "unit", "bounds": "bound", "areas": "ref_area"}
    for listed, column in lists.items():
        code = column.removeprefix("ref_")
        assert [found[listed][place] for place in found[code]] == rows[column].to_list()
    labels = [found["labels"][place] for place in found["label"]]
    assert [(label["id"], label["zh"], label["en"] or None) for label in labels] == rows.select(
        "indicator", "label_zh", "label_en"
    ).rows()
    assert [found["documents"][place]["id"] for place in found["document"]] == rows["document"].to_list()
    assert found["value"] == rows["value"].to_list()
    assert found["anchor"] == [observation_anchor(key) for key in rows["obs_id"]]


def test_every_value_of_a_list_is_told_once() -> None:
    found = data(sample_site())
    for listed in ("periods", "quotes", "measures", "statuses", "scopes", "units", "bounds", "areas"):
        assert len(set(found[listed])) == len(found[listed])
    assert len({json.dumps(label) for label in found["labels"]}) == len(found["labels"])


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
        assert [link.attributes["href"] for link in line.css("a")] == [
            f"{indicator_page(row['indicator'])}.html",
            f"{page}#{observation_anchor(row['obs_id'])}",
            page,
        ]
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


def test_the_same_release_gives_the_same_data() -> None:
    assert explorer_files(sample_site()) == explorer_files(sample_site())
    assert explorer_page(1) == "explore"
