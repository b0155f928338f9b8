"""The index of indicators, the page about the work, the pages of what is gone."""

from __future__ import annotations

from importlib.metadata import distribution
from typing import TYPE_CHECKING

import pytest
from support.pages import sample_pages, sample_site
from support.portals import attribute, one, plain_site, seen, site_of_rows, target, texts
from support.row_builders import growth, level

from publish.bucket.layout import page_key
from publish.portal.html.licences import LICENCE_FILE, PROGRAMS
from publish.portal.model.series import all_series
from publish.portal.pages.index_pages import FOLDERS, about_page, gone_pages, indicator_index
from schemas.codelists import Theme

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def test_every_indicator_is_there_once_and_leads_to_its_page() -> None:
    site = sample_site()
    links = [node.attributes["href"] for node in seen(site, indicator_index(site)).css(".index th a")]
    assert sorted(map(str, links)) == sorted(f"{series.page}.html" for series in all_series(site.about.tables))
    assert all(link in sample_pages() for link in links)


def test_themes_follow_the_code_list_and_what_has_none_comes_last() -> None:
    site = sample_site()
    page = seen(site, indicator_index(site))
    themes = [str(node.attributes["id"]).removeprefix("theme-") for node in page.css("main h2")]
    known = [theme.value for theme in Theme]
    assert [theme for theme in known if theme in themes] + ["none"] == themes
    assert [node.attributes["href"] for node in page.css(".themes a")] == [f"#theme-{theme}" for theme in themes]


def _row(page: LexborNode, name: str) -> list[str]:
    (found,) = [row for row in page.css(".index tbody tr") if texts(row, "th") == [name]]
    return texts(found, "td")


def test_a_line_says_what_was_last_stated() -> None:
    site = site_of_rows(level(573.72), growth(3.5), growth(4.0, indicator="x:甲"))
    body = one(seen(site, indicator_index(site), "en"), "body")
    assert _row(body, "gdp") == ["CNY 57.372 billion", "2024", "2"]
    assert _row(body, "x:甲") == ["4%", "2024 growth", "1"]


def test_what_was_only_planned_is_called_so() -> None:
    site = site_of_rows(planned := level(3.0, status="target"), targets=[target(planned, "open")])
    assert _row(one(seen(site, indicator_index(site)), "body"), "gdp") == ["目标 3亿元", "2024年", "1"]


def test_names_without_translation_are_marked_as_chinese() -> None:
    site = site_of_rows(level(1.0, indicator="x:甲", label_zh="甲"))
    assert attribute(seen(site, indicator_index(site), "en"), ".index th a", "lang") == "zh-Hans"
    assert "lang" not in one(seen(site, indicator_index(site)), ".index th a").attributes


def test_a_name_of_great_length_or_with_tags_is_text() -> None:
    site = site_of_rows(level(1.0, indicator="x:长", label_zh="<b>长</b>" * 2000))
    page = seen(site, indicator_index(site))
    assert page.css("main b") == []
    assert len(one(page, ".index th a").text()) < 100


def test_it_says_where_the_data_come_from_and_what_they_may_be_used_for() -> None:
    site = plain_site()
    page = seen(site, about_page(), "en")
    assert site.about.source.publisher in one(page, "main").text()
    assert attribute(page, "main a[rel=license]", "href") == "https://creativecommons.org/licenses/by/4.0/"
    assert site.about.release.reader_version in one(page, "main").text()


def test_the_programs_of_others_are_named_with_their_licences() -> None:
    page = seen(plain_site(), about_page())
    assert texts(page, "main tbody th") == [program["name"] for program in PROGRAMS]
    assert f"vl-convert-python {distribution('vl-convert-python').version}" in one(page, "main").text()
    conditions = sample_pages()[f"assets/{LICENCE_FILE}"].decode()
    assert "Redistribution and use in source and binary forms" in conditions
    assert [node.attributes["href"] for node in page.css("main a") if LICENCE_FILE in str(node.attributes["href"])]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("ending", [".html", ".en.html"])
def test_each_folder_has_a_page_for_what_is_gone(folder: str, ending: str) -> None:
    site = plain_site()
    (gone,) = [page for page in gone_pages(site) if page.name == f"{folder}/gone".lstrip("/")]
    page = seen(site, gone, "en" if ".en" in ending else "zh")
    up = "../" if folder else ""
    assert attribute(page, "meta[name=robots]", "content") == "noindex"
    assert attribute(page, "main li:first-child a", "href") == f"{up}releases{ending}"
    assert attribute(page, "link[rel=stylesheet]", "href") == f"{up}assets/portal.css"
    assert site.about.release.version in one(page, "main").text()


def test_the_gone_pages_of_every_folder_of_the_portal_are_there() -> None:
    folders = {name.rpartition("/")[0] for name in sample_pages() if name.endswith(".html")}
    assert folders <= set(FOLDERS)


def test_every_name_can_be_a_key_of_the_store() -> None:
    for name in sample_pages():
        assert page_key("seed", name) == f"seed/{name}"
