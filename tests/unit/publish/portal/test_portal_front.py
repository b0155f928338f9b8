"""The front page of a dataset, as a parser reads it, and `headlines.json`: which indicators stand on it."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from support.portal_pages import (
    PUBLIC,
    attribute,
    led_to,
    one,
    plain_site,
    sample_pages,
    sample_site,
    seen,
    site_of_rows,
    target,
    texts,
)
from support.table_rows import base, growth, level, row

from publish.bucket.manifest import to_json
from publish.portal.build import portal_pages
from publish.portal.html.escape import MOST_CHARACTERS
from publish.portal.html.render import render
from publish.portal.pages.dataset_home import dataset_home
from publish.portal.pages.headlines import FIRST, HEADLINES, MOST, headlines, headlines_file, readable_headlines
from publish.portal.pages.news import MOST_SENTENCES
from schemas.registry.indicators import load_indicators
from schemas.tables.columns import frame_schema


def test_a_headline_is_read_at_a_glance() -> None:
    planned = growth(5.0, status="target", bound=">=")
    site = site_of_rows(base(531.48), level(573.72), growth(3.5), targets=[target(planned, "missed")])
    card = one(seen(site, dataset_home(site)), ".card")
    assert texts(card, ".big") == ["573.72亿元"]
    assert texts(card, "p")[1:] == ["2024年 · 同比 +3.5%", "2023 2024", "2024年增速目标 5%以上 未达成"]
    assert attribute(card, ".status", "data-sign") == "✗"
    assert attribute(card, "h3 a", "href") == "indicator/gdp.html"
    assert attribute(card, "svg", "aria-hidden") == "true"


def test_the_same_headline_in_english() -> None:
    site = site_of_rows(level(573.72), growth(-3.5), targets=[target(level(600.0, status="target"), "open")])
    card = one(seen(site, dataset_home(site), "en"), ".card")
    lines = ["CNY 57.372 billion", "2024 · year on year −3.5%", "2024 target: CNY 60 billion Open"]
    assert texts(card, "p") == lines
    assert attribute(card, "h3 a", "href") == "indicator/gdp.en.html"
    assert attribute(card, "h3 a", "lang") == "zh-Hans"


def test_only_an_exact_growth_has_a_plus_sign() -> None:
    for bound, said in (("=", "+3.5%"), (">=", "3.5%以上"), ("~", "约3.5%")):
        site = site_of_rows(level(573.72), growth(3.5, bound=bound))
        assert texts(seen(site, dataset_home(site)), ".card p")[1] == f"2024年 · 同比 {said}"


def test_a_release_without_a_headline_says_so() -> None:
    page = seen(site := site_of_rows(level(1.0, status="target")), dataset_home(site), "en")
    assert page.css(".card") == []
    assert "has no headline indicators" in one(page, "main").text()


def test_a_first_release_is_new_as_a_whole_and_of_others_the_changes_are_told_in_words() -> None:
    assert "首个版本：2 份文件" in one(seen(plain_site(), dataset_home(plain_site())), "#news + p").text()
    rows = []
    for count in range(9):
        names = {"indicator": f"x:{count}", "label_zh": f"[一]*{count}*"}
        now, before = level(2.0, **names), level(1.0, **names)
        sides = {f"{side}_{name}": row[name] for side, row in (("before", before), ("after", now)) for name in row}
        given = {**now, **sides, "kind": "changed", "cause": "source"}
        rows.append({name: given.get(name) for name in frame_schema("revisions")})
    site = replace(site_of_rows(level(1.0), revisions=rows), previous_tables=plain_site().about.tables)
    text = one(seen(site, dataset_home(site), "en"), "#news + p").text()
    assert "[一]*0*" in text
    assert "\\" not in text
    assert text.count("became") == MOST_SENTENCES


def test_it_says_how_fresh_it_is_and_each_document_leads_to_its_text() -> None:
    site = sample_site()
    page = seen(site, dataset_home(site), "en")
    assert led_to(page, "#documents + ul a") == ["document/post-2495310.en.html", "document/post-2371048.en.html"]
    text = one(page, ".lead + p").text()
    assert f"released {site.about.release.released_on}" in text
    assert "2 documents, 127 observations" in text
    assert "latest document was published on 2025-05-27" in text


def test_the_days_of_documents_are_told_in_short() -> None:
    site = sample_site()
    long = site.about.tables["documents"].with_columns(published_on=pl.lit("\u202e2025" * 500))
    bare = replace(site, about=replace(site.about, tables={**site.about.tables, "documents": long}))
    days = [day.text() for day in seen(bare, dataset_home(bare)).css("#documents + ul .muted bdi")]
    assert not [day for day in days if len(day) > MOST_CHARACTERS or "\u202e" in day]


@pytest.mark.parametrize("address", ["", PUBLIC])
def test_the_head_says_to_machines_what_the_dataset_is(address: str) -> None:
    site = plain_site(address)
    for language in ("zh", "en"):
        page = seen(site, dataset_home(site), language)
        told = json.loads(one(page, "script[type='application/ld+json']").text())
        assert (told["@type"], told["name"]) == ("Dataset", site.about.title[language])
        assert told["version"] == site.about.release.version
        files = {file["name"]: file for file in told["distribution"]}
        assert files.keys() == {file.name for file in site.about.data_files}
        start = f"{PUBLIC}/torch/v/" if address else "v/"
        assert all(file["contentUrl"].startswith(start) for file in files.values())
        assert ("url" in told) == bool(address)


def test_words_of_a_source_end_no_script_and_act_nowhere() -> None:
    hostile = "</script><script>alert(1)</script>\u202e<img src=x onerror=alert(2)>"
    known = site_of_rows(level(1.0, indicator="x:坏", label_zh=hostile))
    source = replace(known.about.source, publisher=hostile, area_zh=hostile)
    site = replace(known, about=replace(known.about, source=source))
    pages = b"".join(render(site, dataset_home(site)).values()).decode()
    assert "<script>alert" not in pages
    assert "<img" not in pages
    page = seen(site, dataset_home(site))
    described = json.loads(one(page, "script[type='application/ld+json']").text())
    assert described["sourceOrganization"]["name"] == hostile
    assert "alert(1)" in one(page, ".card h3").text()


def test_the_front_page_is_light() -> None:
    for name in ("index.html", "index.en.html"):
        assert len(sample_pages()[name]) < 150_000
    shared = ("assets/portal.css", "assets/theme.js", "assets/portal.js")
    assert len(sample_pages()["index.html"]) + sum(len(sample_pages()[name]) for name in shared) < 150_000


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


def test_only_what_an_indicator_plainly_was_is_a_headline() -> None:
    others: list[dict[str, str]] = [
        *({"scope": "全市"}, {"indicator": "gdp~其中"}, {"period": "2021/2025"}, {"measure": "rank", "unit": "位"}),
        {"status": "target"},
    ]
    assert [other for other in others if headlines(site_of_rows(level(1.0, **other)))] == []


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
