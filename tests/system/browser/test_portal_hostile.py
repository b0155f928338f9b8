"""A page written to attack its readers, through the real reader to real pages: a browser shows it as text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.browsing import overflow, shown, violations, visit
from support.html_checks import broken
from support.portal_pages import in_store, led_to, site, texts
from support.site_editor import TITLE, short_article

from publish.portal.build import portal_pages
from publish.portal.html.urls import document_page, observation_anchor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser

    from publish.portal.html.page import SiteContext

pytestmark = pytest.mark.xdist_group("browser")  # its start, and that of the pages, is paid once

ATTACKS = (
    "<script>window.hit=1;alert(12)</script>",
    "<img src=x onerror='window.hit=2'>",
    "</title><script>window.hit=3</script>",
    "</script><script>window.hit=4</script>",
    '"><svg onload=window.hit=5>',
    "<a href='javascript:window.hit=6'>点</a>",
    "<style>*{display:none}</style>",
    "<!-- ",
    "]]>{{ 7*7 }}{% raw %}",
    "&lt;b&gt;&#x3c;i&#62;",
    "<base href='http://127.0.0.2:9/'>",
    "\u202e逆\u2066转\u200f",
)
LONG = "长" * 10_000
HARMS = "script:not([src]):not([type*=json]), svg[onload], img, base, style"


@cache
def hostile_site() -> SiteContext:
    """The site of a report that holds each attack as the name of something counted, and in its title."""
    lines = [f"{attack}企业达{place + 21}家，{attack}产值增长{place + 3}.5%。" for place, attack in enumerate(ATTACKS)]
    done = ("一、2024年工作总结", f"(一){ATTACKS[0]}经济运行", *lines, "全年完成地区生产总值573.72亿元。")
    planned = ("二、2025年工作部署", f"{ATTACKS[1]}产值力争增长6%以上。")
    terms = ("名词解释", *(f"{place}.“{attack}”：{attack}。" for place, attack in enumerate(ATTACKS, start=1)))
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("GONGBAO_UNREAD_LIMIT", "GONGBAO_MOST_INCOMPLETE"):
            patch.setenv(limit, "1")  # the attacks hold numbers that mean nothing
        return site(short_article(*done, *planned, *terms, title=f"{''.join(ATTACKS)}{TITLE}{LONG}"))


@cache
def hostile_pages() -> Mapping[str, bytes]:
    return in_store(hostile_site(), portal_pages(hostile_site()))


def document() -> str:
    (name,) = hostile_site().documents
    return f"seed/{document_page(name)}"


def test_the_attacks_came_through_the_reader_with_their_numbers() -> None:
    (name,) = hostile_site().documents.values()
    assert all(" ".join(attack.split()) in " ".join(name.text.split()) for attack in ATTACKS)
    assert hostile_site().about.tables["observations"].height > len(ATTACKS)
    assert LONG in name.title


def test_no_page_holds_an_element_that_a_source_wrote_and_every_link_leads_somewhere() -> None:
    for name, data in hostile_pages().items():
        if name.endswith(".html"):
            page = LexborHTMLParser(data)
            assert page.css(HARMS) == [], name
            assert [one for one in page.css("*") if any(key.startswith("on") for key in one.attributes)] == [], name
            assert [link for link in led_to(page, "[href]") if "javascript:" in link.lower()] == [], name
    assert broken(hostile_pages(), ("atom.xml", "index.json", "schema/")) == []


def test_a_long_title_is_cut_where_it_names_the_page_and_whole_where_it_is_told() -> None:
    page = LexborHTMLParser(hostile_pages()[f"{document()}.html"])
    (heading,), (title,) = texts(page, "h1"), texts(page, "title")
    assert len(heading) <= 80
    assert len(title) <= 100
    assert any(LONG in told for told in texts(page, ".facts dd"))
    for name, data in hostile_pages().items():
        if name.endswith(".html") and "/document/" not in name:
            assert LONG.encode() not in data, name


def test_a_browser_shows_every_clause_as_text_and_runs_nothing(chromium: Browser) -> None:
    with shown(hostile_pages()) as base, visit(chromium, f"{base}/{document()}.html") as seen:
        dialogs: list[str] = []
        seen.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for row in hostile_site().about.tables["observations"].to_dicts():
            told = seen.page.eval_on_selector(f"#{observation_anchor(row['obs_id'])}", "one => one.textContent")
            assert told == row["quote"]
        for link in ("", ".en"):
            for name in ("explore", "index", "indicators", "promises", "silences", "revisions", "documents"):
                seen.page.goto(f"{base}/seed/{name}{link}.html", wait_until="networkidle")
                assert seen.page.evaluate("window.hit") is None
        assert (dialogs, seen.strays, seen.complaints) == ([], [], [])


def test_a_browser_filters_and_saves_what_is_hostile_as_text(chromium: Browser) -> None:
    with shown(hostile_pages()) as base, visit(chromium, f"{base}/seed/explore.html?q=script") as seen:
        seen.page.wait_for_function("!document.querySelector('#explore-count').textContent.includes('，当前 0 ')")
        cells = seen.page.eval_on_selector_all("#explore-table tbody *", "all => all.map(one => one.localName)")
        assert {*cells} <= {"tr", "th", "td", "a", "bdi", "span"}
        assert "<script>" in seen.page.inner_text("#explore-table tbody")
        assert seen.page.evaluate("window.hit") is None
        assert seen.complaints == []


def test_marks_of_direction_turn_nothing_around(chromium: Browser) -> None:
    with shown(hostile_pages()) as base, visit(chromium, f"{base}/{document()}.html") as seen:
        shown_as = "all => all.map(one => getComputedStyle(one, '::after').content)"
        named = seen.page.eval_on_selector_all(".report .control", shown_as)
        assert {'"U+202E"', '"U+2066"', '"U+200F"'} <= {*named}
        (text,) = hostile_site().documents.values()
        assert "\u202e" in text.text
        assert overflow(seen.page) == 0
        assert violations(seen.page) == []
