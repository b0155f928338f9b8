"""An article page to its canonical text: two renderings, eight labels, and nothing that moves by itself."""

from __future__ import annotations

from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.article_pages import HTML, PARAGRAPHS, TITLE, article, as_html
from support.requires import shared

from raw.page.canonical_text import locate
from raw.page.html_to_text import canonical
from raw.page.parse import DETAIL_PATH, ParsedPage, parse_html
from raw.page.script_config import detail_content
from raw.samples.articles import load_samples
from raw.samples.pages import article_page
from schemas.document import Labels
from schemas.errors import ArticleError, CharsetError

TOOLS = "<div>【打印】【字体：大 中 小】</div>"
BODY = as_html(PARAGRAPHS)
TEXT = "\n".join(PARAGRAPHS)
HEAD = f"""索引号: 11442000007333422Y/2025-00206
分类:
发布机构: 中山火炬开发区管理委员会
成文日期: 2025-05-29
名称: {TITLE}
文号:
发布日期: 2025-05-29
主题词:
{TITLE}
发布日期:2025-05-29
"""


def read(html: str) -> ParsedPage:
    return parse_html(html.encode(), content_type=HTML)


def follow_back(html: str, page: ParsedPage) -> None:
    """Compare each stretch of the text with what stands in the page at its anchor's path."""
    tree = LexborHTMLParser(html)
    markup = LexborHTMLParser(detail_content(script.text() for script in tree.css("script")) or "")
    for anchor in page.anchors:
        in_script = anchor.path.startswith(DETAIL_PATH)
        path = anchor.path.replace(DETAIL_PATH, "body", 1)
        (node,) = (markup if in_script else tree).css(path)
        shown = canonical(node, path).text[anchor.offset :]
        assert shown.startswith(page.text[anchor.start : anchor.end])


def test_an_article_page_is_read_as_labels_title_date_and_body() -> None:
    page = read(article(BODY, BODY))
    assert page.text == HEAD + TEXT
    assert page.body.cut(page.text) == TEXT
    assert page.title == TITLE
    assert page.published_on == date(2025, 5, 29)
    assert page.labels == Labels(
        index_number="11442000007333422Y/2025-00206",
        publisher="中山火炬开发区管理委员会",
        written_on="2025-05-29",
        name=TITLE,
        published_on="2025-05-29",
    )
    assert page.rendering == "dom"
    assert page.findings == ()


def test_the_text_stays_the_same_while_the_counter_moves() -> None:
    texts = {read(article(BODY, BODY, views=views)).text for views in ("0", "12", "1,024", "99999次", "", "-")}
    assert texts == {HEAD + TEXT}


def test_one_changed_number_changes_the_text_and_one_in_a_span_of_its_own_is_not_lost() -> None:
    changed = BODY.replace("573.72", "573.73")
    assert read(article(changed, changed)).text == HEAD + TEXT.replace("573.72", "573.73")
    spans = BODY.replace("107.8%", "<span><font>107.8%</font></span>").replace("118", "<b>118</b>")
    assert read(article(spans, spans)).text == HEAD + TEXT


def test_the_fuller_rendering_is_read_and_the_difference_found() -> None:
    html = article(BODY.replace("、118%", "118%"), BODY)
    page = read(html)
    assert (page.rendering, page.text) == ("detail", HEAD + TEXT)
    assert page.anchors[-1].path == f"{DETAIL_PATH} > p:nth-of-type(5)"
    follow_back(html, page)
    shorter = read(article(BODY, as_html(PARAGRAPHS[:3])))
    assert (shorter.rendering, shorter.text) == ("dom", HEAD + TEXT)
    found = [(finding.code, finding.count) for finding in (*page.findings, *shorter.findings)]
    assert found == [("renderings_differ", 1), ("renderings_differ", 2)]


@pytest.mark.parametrize(
    ("dom", "detail", "rendering"),
    [
        (BODY, None, "dom"),
        (BODY, "", "dom"),
        ("", BODY, "detail"),
        ("<p>&nbsp;</p>", BODY, "detail"),
        (None, BODY, "detail"),
    ],
)
def test_one_rendering_is_enough(dom: str | None, detail: str | None, rendering: str) -> None:
    page = read(article(dom, detail))
    assert (page.rendering, page.text) == (rendering, HEAD + TEXT)
    assert [finding.code for finding in page.findings] == ([] if detail is None else ["rendering_missing"])


@pytest.mark.parametrize(
    "html",
    [
        *(article("", None), article("", ""), article("<p> </p><p>&nbsp;</p>", "<p></p>"), article(None, None)),
        *(article(None, ""), "", "<html></html>", "<frameset><frame src='x'></frameset>", "<p>404</p>"),
    ],
)
def test_a_page_without_an_article_is_an_error_that_says_what_to_do(html: str) -> None:
    with pytest.raises(ArticleError, match="holds no article, or an empty one") as caught:
        read(html)
    assert caught.value.remedy
    assert caught.value.where == "page"


def test_sentences_around_an_empty_article_are_not_taken_for_it() -> None:
    notice = "<p>本站所载信息以公开目录为准,如有疑问,请与我们联系,联系方式见首页。</p>"
    with pytest.raises(ArticleError):
        read(article("<p></p>", None) + notice * 9)


@pytest.mark.parametrize("detail", [BODY, None, BODY + as_html(["还有一段。"])])
def test_every_character_leads_back_to_its_place_in_the_page(detail: str | None) -> None:
    html = article(BODY, detail)
    page = read(html)
    covered = {place for anchor in page.anchors for place in range(anchor.start, anchor.end)}
    labels_end = page.text.index(f"主题词:\n{TITLE}") + len("主题词:")
    shown = {place for place, character in enumerate(page.text) if not character.isspace() and place > labels_end}
    assert shown <= covered
    follow_back(html, page)


def test_a_number_is_located_in_its_paragraph() -> None:
    page = read(article(BODY, BODY))
    found = locate(page.anchors, page.text.index("573.72"))
    assert found == ("div.article-content > p:nth-of-type(2)", PARAGRAPHS[1].index("573.72"))


@pytest.mark.parametrize("meta", ["", "<meta charset=gb2312>", "<meta charset=gb18030>"])
@pytest.mark.parametrize("header", ["text/html", "text/html; charset=GBK"])
def test_a_gb18030_page_is_read_declared_or_not(meta: str, header: str) -> None:
    body = article(BODY, BODY, head=meta).encode("gb18030")
    assert parse_html(body, content_type=header).text == HEAD + TEXT


def test_a_page_in_another_charset_than_declared_is_refused_or_has_a_finding() -> None:
    with pytest.raises(CharsetError, match="'utf-8' in the page's meta"):
        parse_html(article(BODY, BODY).encode("gb18030"), content_type="text/html")
    page = read(article(BODY, BODY, head="<meta charset=gbk>"))
    assert [finding.code for finding in page.findings] == ["charset_disagrees"]


def test_the_bundled_samples_come_back_character_for_character() -> None:
    for sample in load_samples():
        page = read(article_page(sample, 17))
        assert page.body.cut(page.text) == "\n".join(sample.paragraphs)
        assert (page.title, page.published_on) == (sample.title, sample.published_on)
        assert page.labels.publisher == sample.publisher
        assert page.labels.index_number == sample.index_number
        assert page.findings == ()


def test_the_seed_rendered_as_a_page_keeps_every_paragraph() -> None:
    (file,) = shared("seed").glob("*.txt")
    paragraphs = [line for line in file.read_text("utf-8").splitlines()[17:] if line]
    body = as_html(paragraphs)
    for html in (article(body, None), article("", body)):
        page = read(html)
        assert page.body.cut(page.text).split("\n") == paragraphs
        follow_back(html, page)


def title_of(page: str) -> str:
    return read(f"{page}<div class=article-content>{BODY}</div>").title


def test_where_no_evidence_agrees_the_title_is_stated_in_the_head_then_in_the_label() -> None:
    label = "<table><tr><td>文号：</td><td>1</td><td>名称：</td><td>标签</td></tr></table>"
    meta, title, heading = "<meta name=ArticleTitle content=元>", "<title>页</title>", "<h1>题</h1>"
    heads = (meta + title + label + heading, title + label + heading, title + heading, heading, "")
    assert [title_of(head) for head in heads] == ["元", "标签", "页", "题", ""]
    headings = "<h1>中山市人民政府</h1><div class=title>工作总结<br>与部署</div>"
    assert title_of(f"<title>工作总结 与部署-中山市</title>{headings}") == "工作总结 与部署"
    assert title_of(f"<title>别的</title>{headings}") == "别的"


def test_a_heading_that_holds_the_date_and_the_counter_too_is_the_title_alone() -> None:
    heading = f"<div class=title>工作总结<p>发布日期:2025-05-29 浏览次数:{{}}</p>{TOOLS}</div>"
    pages = [read(f"{heading.format(views)}<div class=article-content>{BODY}</div>") for views in (3, 99)]
    assert pages[0].text == pages[1].text == f"工作总结\n发布日期:2025-05-29\n{TEXT}"
    assert pages[0].title == "工作总结"


def test_the_date_of_publication_is_read_where_the_page_tells_it() -> None:
    days = {
        "<p>发布时间：2025年5月28日 来源：本网</p>": date(2025, 5, 28),
        "<meta name='PubDate' content='2025-05-27 10:00'>": date(2025, 5, 27),
        "<meta name='PubDate' content='2025-05-27'><p>发布日期:2025-05-28</p>": date(2025, 5, 28),
        **dict.fromkeys(["<p>发布日期:2025-02-31</p>", ""]),
    }
    read_as = {head: read(f"{head}<div class=article-content>{BODY}</div>").published_on for head in days}
    assert read_as == days
