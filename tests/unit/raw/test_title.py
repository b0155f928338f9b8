"""The title of a page: by the evidence that agrees, and never from a menu."""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.requires import ROOT, shared

from raw.page.article_title import find_title
from raw.page.parse import parse_html
from schemas.errors import ArticleError

TITLE = "乙市2025年统计公报"
META, DOCUMENT_TITLE = f"<meta name=ArticleTitle content={TITLE}>", f"<title>{TITLE}</title>"
NAMED_TITLES = ROOT / "tests" / "reference" / "page_titles.csv"
LEAST_RIGHT = 65

CASES = {
    "ArticleTitle": (META, TITLE),
    "the heading that <title> names": (f"<title>某区-{TITLE}</title><h1>某区</h1><h1>{TITLE}</h1>", TITLE),
    "the heading alone": (f"<h1> </h1><div class=con_title>{TITLE}</div>", TITLE),
    "ArticleTitle under the name of the site": (f"{META}<title>某市统计局</title><h1>政府信息公开</h1>", TITLE),
    "no heading in a menu": (f"{DOCUMENT_TITLE}<ul><li class=title><a href=/1>机构职能</a></li></ul>", TITLE),
    "a heading that links to itself": (f"{DOCUMENT_TITLE}<h1><a href=/1>{TITLE}</a></h1>", TITLE),
    "a linked heading is none alone": ("<h1><a href=/1>要闻一则</a></h1>", ""),
    "<title> without site and column": (f"<title>{TITLE}_统计公报_某市统计局</title>", TITLE),
    "a range of years is not taken apart": ("<title>2021-2025年规划-某网</title>", "2021-2025年规划"),
    "a heading where <title> is the site's": (f"<title>某市财政局</title><h1>{TITLE}</h1>", TITLE),
    "<title> that repeats SiteName": (f"<title>某区</title><meta name=SiteName content=某区><h1>{TITLE}</h1>", TITLE),
    "what the heading and <title> share": (f"<title>(某省){TITLE}-某库</title><h1>{TITLE}<i>2025</i></h1>", TITLE),
    "a heading without its date": (f"{DOCUMENT_TITLE}<h1>{TITLE}<span>发布时间：2026-01-16</span></h1>", TITLE),
    "two headings against one <title>": (f"<title>首页公告</title>{META}<h1>{TITLE}</h1>", TITLE),
    "nothing": ("<p>正文</p>", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_title_is_the_one_that_the_evidence_agrees_on(case: str) -> None:
    html, title = CASES[case]
    assert find_title(LexborHTMLParser(html), "", None).text == title


def test_the_heading_is_cut_out_of_the_page_where_it_shows_the_title() -> None:
    page = LexborHTMLParser(f"{DOCUMENT_TITLE}<h1>{TITLE} 来源：某局</h1>")
    shown = find_title(page, "", None).shown
    assert shown is not None
    assert (shown.text, shown.anchors[0].path) == (TITLE, "h1")
    assert find_title(LexborHTMLParser(DOCUMENT_TITLE), "", None).shown is None


def test_titles_of_different_years_never_agree_and_are_a_finding() -> None:
    page = LexborHTMLParser(f"{DOCUMENT_TITLE}<div id=a><h1>{TITLE.replace('2025', '2024')}</h1></div>")
    title = find_title(page, "", page.css_first("#a"))
    assert title.text == TITLE.replace("2025", "2024")
    (finding,) = title.findings
    assert (finding.code, finding.evidence) == ("title_disagrees", (title.text, TITLE))
    assert find_title(LexborHTMLParser(META + DOCUMENT_TITLE), TITLE, None).findings == ()


def test_a_numbered_heading_of_the_article_is_not_its_title() -> None:
    page = LexborHTMLParser(f"{DOCUMENT_TITLE}<div id=a><h1>一、综合</h1></div>")
    assert find_title(page, "", page.css_first("#a")).text == TITLE


def test_the_titles_of_the_reference_pages_are_read() -> None:
    pages = shared("pages")
    with NAMED_TITLES.open(encoding="utf-8", newline="") as file:
        right = {row["page"]: row["title_sha256"] for row in csv.DictReader(file)}
    read = {name: _title_sha256(pages / f"{name}.html") for name in right}
    assert len(right) == 67
    assert sum(read[name] == right[name] for name in right) >= LEAST_RIGHT


def _title_sha256(page: Path) -> str:
    """The hash of a page's title without white space; empty for a page without an article."""
    try:
        title = parse_html(page.read_bytes(), content_type="text/html").title
    except ArticleError:
        return ""
    plain = unicodedata.normalize("NFKC", title)
    key = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return hashlib.sha256(key.encode()).hexdigest()
