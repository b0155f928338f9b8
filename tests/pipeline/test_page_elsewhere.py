"""Pages of other sites, plain texts and hostile bytes: what is no article page of the platform is read or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from support.article_pages import DATE_ROW, HTML, PARAGRAPHS, TABLE, TITLE, article, as_html
from support.growth import grows_linearly
from support.requires import shared

from raw.page.html_to_text import canonical
from raw.page.page_tools import is_tool
from raw.page.parse import ParsedPage, parse_html, parse_text
from schemas.document import Labels
from schemas.errors import ArticleError, GongbaoError

BODY = as_html(PARAGRAPHS)
TEXT = "\n".join(PARAGRAPHS)
TOOLS = "<div>【打印】【字体：大 中 小】 分享到：</div>"


def read(html: str) -> ParsedPage:
    return parse_html(html.encode(), content_type=HTML)


def generic(views: str = "5", wrap: str = "<div class=box>{}</div>") -> str:
    """A page that keeps labels, title, date, tools and report in one element without a known name."""
    inside = f"{TABLE.format(title=TITLE)}<h1>{TITLE}</h1>{DATE_ROW.format(views=views)}{TOOLS}{BODY}{TOOLS}"
    return f"<title>{TITLE}</title><ul><li>首页</li></ul>{wrap.format(inside)}<div>网站地图</div>"


@pytest.mark.parametrize(
    "wrap", ["<div class=box>{}</div>", "<article>{}</article>", "<table><tr><td>{}</td></tr></table>", "{}"]
)
def test_an_element_that_holds_head_tools_and_report_is_parted(wrap: str) -> None:
    page = read(generic(wrap=wrap))
    lines = page.text.split("\n")
    assert lines[0] == "索引号: 11442000007333422Y/2025-00206"
    assert lines[8:10] == [TITLE, "发布日期:2025-05-29"]
    assert page.body.cut(page.text).removesuffix("\n网站地图") == TEXT
    assert (page.title, page.published_on) == (TITLE, date(2025, 5, 29))
    assert page.labels.publisher == "中山火炬开发区管理委员会"


def test_a_counter_above_or_under_the_report_moves_no_text() -> None:
    assert read(generic("5")).text == read(generic("10086")).text == read(generic("-")).text
    under = {read(f"<div>{BODY}<p>浏览次数：{views}次</p></div>").text for views in (5, 17)}
    assert under == {TEXT}


def test_every_line_of_such_a_page_leads_back() -> None:
    html = generic()
    page = read(html)
    tree = LexborHTMLParser(html)
    for anchor in page.anchors:
        (node,) = tree.css(anchor.path)
        own = canonical(node, anchor.path).text[anchor.offset :]
        assert own.startswith(page.text[anchor.start : anchor.end])


def test_a_page_with_a_head_and_no_report_under_it_is_an_error() -> None:
    with pytest.raises(ArticleError, match="holds a head and no article under it"):
        read(f"<div><p>各镇街、各部门,关于印发{TITLE}的通知</p><p>发布日期:2025-05-29 浏览次数:3</p></div>")


def test_a_date_under_a_report_does_not_turn_the_report_into_a_head() -> None:
    page = read(f"<div>{as_html(PARAGRAPHS)}<p>发布日期:2025-05-29</p></div>")
    assert page.body.cut(page.text) == f"{TEXT}\n发布日期:2025-05-29"


def test_tools_and_counters_are_not_taken_for_text_nor_text_for_tools() -> None:
    tools = ["【打印】 【字体：大 中 小】", "打印本页 | 关闭窗口", "浏览次数：12次"]
    tools += ["来源：本网 点击量: 3", "分享到：", "大", "下载"]
    texts = ["", "大力发展", "打印业增长3%", "网站访问量:突破300万次,居全市第一。", "一、总结", "浏览次数"]
    assert [line for line in tools if not is_tool(line)] == []
    assert [line for line in texts if is_tool(line)] == []


@given(st.text())
@example("\ufeff一\r\n二\r三\n")
@example("\u200b")
@example("\x00\x1f\u2028")
@example("\n\n")
def test_a_plain_text_is_its_own_canonical_text(text: str) -> None:
    page = parse_text(text)
    assert page.text == text
    assert 0 <= page.body.start <= page.body.end == len(text)
    assert (page.anchors, page.rendering, page.findings) == ((), "plain", ())


def test_what_the_caller_knows_goes_before_what_the_text_says() -> None:
    page = parse_text("别的报告\n2025年1月14日在会议上\n正文。", title="题", published=date(2024, 1, 2))
    assert (page.title, page.published_on) == ("题", date(2024, 1, 2))


def test_the_seed_is_read_as_the_saved_page_that_it_is() -> None:
    (file,) = shared("seed").glob("*.txt")
    text = file.read_bytes().decode("utf-8")
    page = parse_text(text)
    assert page.text == text
    assert page.title == "火炬高新区2024年工作总结暨2025年工作部署"
    assert page.published_on == date(2025, 5, 29)
    assert page.labels == Labels(
        index_number="1142000007333422Y/2025-00206",
        publisher="中山火炬开发区管理委员会",
        written_on="2025-05-29",
        name="火炬高新区2024年工作总结暨2025年工作部署",
        published_on="2025-05-29",
    )
    assert page.body.cut(text).strip().startswith("向新图强实干争先")
    assert text[: page.body.start].endswith("浏览次数:-\n")


def test_the_heads_of_the_reference_reports_name_title_and_date() -> None:
    for file in sorted(shared("reports", "provincial").glob("*.txt")):
        page = parse_text(file.read_bytes().decode("utf-8"))
        assert page.title.endswith("政府工作报告") or page.title.endswith("人民政府工作报告"), file.name
        assert page.published_on is not None, file.name
        assert str(page.published_on.year) == file.name[:4]
        assert page.body.start == 0


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ("\n\n  2025年工作报告  \n——2025年1月14日在大会上\n正文", "2025年工作报告", date(2025, 1, 14)),
        ("下载\n打印\n政府工作报告\n时间：2026-02-06\n2026年1月27日", "政府工作报告", date(2026, 2, 6)),
        ("各位代表:\n我报告工作。", "各位代表:", None),
        ("\u200b\n讲话", "讲话", None),
        ("一" * 500, "", None),
    ],
)
def test_title_and_date_are_read_from_the_head_of_a_text(text: str, title: str, day: date | None) -> None:
    page = parse_text(text)
    assert (page.title, page.published_on) == (title, day)


def test_a_date_in_the_middle_of_a_report_is_not_its_date() -> None:
    paragraph = "全区经济稳中有进,主要指标好于全市。" * 20
    assert parse_text(f"工作报告\n{paragraph}\n2025年3月1日,项目开工。").published_on is None


HOSTILE = {
    "depth": lambda n: "<div>" * n + BODY,
    "names": lambda n: "<div class=article-content>" * n + BODY,
    "title": lambda n: article(BODY, BODY).replace(TITLE, "题" * n),
    "unclosed": lambda _: article(BODY, BODY).replace("</td>", "").replace("</tr>", "").replace("</p>", ""),
    "script": lambda n: article(BODY + "<script>document.write('<p>9.9%</p>')</script><p><" * (n // 500), BODY),
    "tables": lambda n: BODY + "<table><tr><td>" * n,
    "siblings": lambda n: "<div class=content>一</div>" * n + BODY,
    "labels": lambda n: "索引号: 分类: 名称: 发布日期: " * n + BODY,
    "breaks": lambda n: "<br>" * n + BODY,
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_are_read_in_time_and_lose_nothing(page: Callable[[int], str]) -> None:
    text = read(page(3000)).text
    assert "9.9%" not in text
    assert [paragraph for paragraph in PARAGRAPHS if paragraph.strip() not in text] == []
    assert grows_linearly(lambda length: read(page(length)), 3000)


PIECES = [
    "<div class=article-content>", "<p>", "</p>", "</div>", "<table><tr><td>", "<h1>", "<script>", "</script>", "<br>",
    "c={DETAIL:{content:'", "\\u003Cp\\u003E", "'}}", "索引号:", "文号：1", "发布日期:2025-05-29", "浏览次数:3",
    "<meta charset=utf-8>", "<meta name=PubDate content=2025>", "\x00", " ",
    "全区经济增长3.5%,总量居全市第一,好于预期。",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_page_made_of_such_pieces_is_read_or_refused(pieces: list[str]) -> None:
    try:
        page = read("".join(pieces))
    except GongbaoError:
        return
    assert page.body.cut(page.text).strip()
    assert page.body.end == len(page.text)
    assert all(0 <= anchor.start < anchor.end <= len(page.text) for anchor in page.anchors)
    assert not any(is_tool(line) for line in page.text[: page.body.start].split("\n"))


@given(st.binary(max_size=300), st.sampled_from(["", HTML, "text/html; charset=gbk", "charset=utf-16"]))
def test_any_bytes_are_a_page_or_an_error_of_ours(body: bytes, content_type: str) -> None:
    try:
        page = parse_html(body, content_type=content_type)
    except GongbaoError:
        return
    assert page.body.cut(page.text).strip()
