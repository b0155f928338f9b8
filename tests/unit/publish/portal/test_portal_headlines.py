"""`headlines.json`: which indicators stand on a front page, and what is said of them."""

from __future__ import annotations

import json

import pytest
from support.portals import plain_site, site_of_rows, target
from support.row_builders import base, growth, level, row

from publish.bucket.manifest import to_json
from publish.portal.build import portal_pages
from publish.portal.pages.headlines import FIRST, HEADLINES, MOST, headlines, headlines_file, readable_headlines
from schemas.registry.indicators import load_indicators


def test_what_comes_first_is_known_to_the_registry() -> None:
    assert set(FIRST) <= {one.id for one in load_indicators()}
    assert len(set(FIRST)) == len(FIRST)


def test_the_newest_amount_comes_with_its_growth_and_its_years() -> None:
    (gdp,) = headlines(site_of_rows(base(531.48), level(573.72), growth(3.5)))
    assert gdp["value"] == {"zh": "573.72亿元", "en": "CNY 57.372 billion"}
    assert gdp["year"] == {"zh": "2024年", "en": "2024"}
    assert (gdp["growth"], gdp["rising"]) == ({"zh": "3.5%", "en": "3.5%"}, True)
    assert gdp["points"] == [[2023, pytest.approx(531.48e8)], [2024, pytest.approx(573.72e8)]]
    assert gdp["page"] == "indicator/gdp"


def test_a_newer_growth_is_news_before_an_older_amount() -> None:
    (gdp,) = headlines(site_of_rows(base(531.48), growth(3.5), growth(5.0, period="2023")))
    assert (gdp["measure"], gdp["period"], gdp["value"]["zh"]) == ("growth", "2024", "3.5%")
    assert gdp["growth"] is None
    assert gdp["points"] == [[2023, 5.0], [2024, 3.5]]


@pytest.mark.parametrize(
    "other",
    [
        *({"scope": "全市"}, {"indicator": "gdp~其中"}, {"period": "2021/2025"}, {"measure": "rank", "unit": "位"}),
        {"status": "target"},
    ],
    ids=str,
)
def test_only_what_an_indicator_plainly_was_is_a_headline(other: dict[str, str]) -> None:
    assert headlines(site_of_rows(level(1.0, **other))) == []


def test_a_fall_is_not_called_a_rise() -> None:
    (gdp,) = headlines(site_of_rows(level(500.0), growth(-2.5)))
    assert (gdp["rising"], gdp["growth"]["en"]) == (False, "−2.5%")


def test_amounts_in_units_of_different_kinds_make_no_line() -> None:
    (one,) = headlines(site_of_rows(base(10.0, unit="个"), level(20.0)))
    assert one["points"] == [[2024, pytest.approx(20e8)]]


def test_the_promise_that_came_due_stands_before_the_one_that_did_not() -> None:
    planned = {"status": "target", "bound": ">="}
    due, was = growth(5.0, **planned), growth(6.0, period="2023", **planned)
    amount, coming = level(600.0, **planned), growth(6.5, period="2025", **planned)
    rows = [target(was, "kept"), target(amount, "kept"), target(due, "missed"), target(coming, "open")]
    (gdp,) = headlines(site_of_rows(level(573.72), targets=rows))
    found = [(one["period"], one["measure"], one["verdict"]) for one in gdp["promises"]]
    assert found == [("2024", "growth", "missed"), ("2025", "growth", "open")]
    assert gdp["promises"][1]["aim"] == {"zh": "6.5%以上", "en": "at least 6.5%"}


def test_what_readers_look_for_comes_first_and_the_rest_by_how_much_is_known() -> None:
    rows = [
        *(level(1.0, indicator="x:甲"), base(1.0, indicator="x:甲"), level(2.0, indicator="housing_rental", unit="套")),
        *(level(3.0, indicator="retail_sales"), level(4.0), level(5.0, indicator="sewer_network", unit="公里")),
        base(5.0, indicator="sewer_network", unit="公里"),
    ]
    found = [one["indicator"] for one in headlines(site_of_rows(*rows))]
    assert found == ["gdp", "retail_sales", "sewer_network", "housing_rental", "x:甲"]


def test_a_front_page_holds_a_few() -> None:
    rows = [row(1.0, indicator=f"x:{count}") for count in range(30)]
    found = headlines(site_of_rows(*rows))
    assert len(found) == MOST
    assert found == headlines(site_of_rows(*reversed(rows)))


def test_a_name_is_cut_and_says_whether_it_is_translated() -> None:
    (long,) = headlines(site_of_rows(level(1.0, indicator="x:长", label_zh="长" * 9000)))
    assert len(long["label"]["zh"]) < 100
    for english, translated in (("Product", True), (None, False)):
        (gdp,) = headlines(site_of_rows({**level(1.0, label_zh="总值"), "label_en": english}))
        assert (gdp["label"]["en"], gdp["translated"]) == (english or "总值", translated)


def test_the_file_says_which_release_it_is_of() -> None:
    site = plain_site()
    file = json.loads(portal_pages(site)[HEADLINES])
    assert file == json.loads(to_json(headlines_file(site)))
    assert (file["dataset"], file["version"]) == (site.about.release.dataset, site.about.release.version)
    assert file["documents"] == 2
    assert file["observations"] == site.about.tables["observations"].height
    assert readable_headlines(file) == file["headlines"] != []


def test_a_record_of_another_form_is_left_aside() -> None:
    whole = headlines_file(plain_site())
    short = {key: value for key, value in whole["headlines"][0].items() if key != "points"}
    assert readable_headlines({**whole, "headlines": [short]}) == []
    assert readable_headlines({}) == []
