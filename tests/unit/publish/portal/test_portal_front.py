"""The front page of a dataset, as a parser reads it."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from support.pages import sample_pages, sample_site
from support.portals import PUBLIC, attribute, one, plain_site, seen, site_of_rows, target, texts
from support.released import led_to
from support.row_builders import base, growth, level

from publish.portal.html.escape import MOST_CHARACTERS
from publish.portal.html.render import render
from publish.portal.pages.dataset_home import dataset_home
from publish.portal.pages.news import MOST_SENTENCES
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


@pytest.mark.parametrize(("bound", "said"), [("=", "+3.5%"), (">=", "3.5%以上"), ("~", "约3.5%")])
def test_only_an_exact_growth_has_a_plus_sign(bound: str, said: str) -> None:
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
