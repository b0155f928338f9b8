"""What stands over a report: its title, its date, the tools of the page; and where the report begins."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from support.case_tables import mapped

from raw.page.article_body import elements
from raw.page.article_header import head_lines, published_in_head, split_head, title_of_text
from raw.page.canonical_text import Anchor, Canonical, locate
from raw.page.dom import follow
from raw.page.label_table import find_labels
from raw.page.page_tools import lines_of, without_tools


def plain(text: str) -> Canonical:
    return Canonical(text=text)


def split(text: str) -> tuple[str, str]:
    head, report = split_head(plain(text))
    return head.text, report.text


def test_the_head_ends_with_its_last_label_or_date() -> None:
    heads = {
        "索引号: 1\t分类: 2": "正文第一段。",
        "索引号: 1\n题目\n发布日期:2025-05-29 浏览次数:3": "正文第一段。\n第二段。",
        "首页 > 政府工作报告\n题目\n时间：2025-05-29": "正文",
    }
    assert [split(f"{head}\n{report}") for head, report in heads.items()] == list(heads.items())
    assert split("题目\n发布日期:2025-05-29") == ("题目\n发布日期:2025-05-29", "")


def test_a_text_without_such_lines_before_its_first_sentence_has_no_head() -> None:
    texts = ["", "正文", "正文第一段。\n发布日期:2025-05-29", "一\n二\n三", "2025年5月29日,项目开工。"]
    for text in (*texts, "短\n" * 41 + "发布日期:2025-05-29"):
        assert split(text) == ("", text)


@given(st.lists(st.sampled_from(["索引号: 1", "文号：", "正文。", "发布日期:2025-05-29", "", "【打印】"]), max_size=9))
def test_head_and_report_are_the_whole_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    head, report = split(text)
    assert text == (f"{head}\n{report}" if head and len(head) < len(text) else head + report)


def test_lines_of_tools_are_left_out_and_the_others_still_lead_back() -> None:
    text = "题目\n【打印】 【关闭】\n正文。\n浏览次数：7次"
    anchors = (Anchor(start=0, end=len(text), path="div", offset=0),)
    kept = without_tools(Canonical(text=text, anchors=anchors))
    assert kept.text == "题目\n正文。"
    assert locate(kept.anchors, kept.text.index("正文")) == ("div", text.index("正文"))


@given(st.text("一二\n。 \r\t", max_size=40))
def test_a_text_without_tools_stays_whole_and_lines_are_those_between_newlines(text: str) -> None:
    assert without_tools(plain(text)).text == text
    assert [text[start:end] for start, end in lines_of(text)] == text.split("\n")


def test_the_head_of_a_text_ends_before_its_first_paragraph() -> None:
    text = "题目\n\n各位代表:\n" + "全区经济稳中有进。" * 20 + "\n2025年1月1日"
    assert [text[start:end] for start, end in head_lines(text)] == ["题目", "", "各位代表:"]
    assert len(head_lines("一\n" * 1000)) == 40
    assert head_lines("一" * 401) == []


def test_the_title_of_a_text_is_its_label_or_the_line_that_reads_like_one() -> None:
    titles = mapped("""分享: 首页 2025年政府工作报告 政府工作报告 → 2025年政府工作报告
    来源：某日报 2024年工作总结暨2025年工作部署 → 2024年工作总结暨2025年工作部署 | 下载 打印 讲话 → 讲话
    现在，我代表政府作工作报告。 工作报告（2025年） → 工作报告（2025年） | 文号:1_名称:标签 2025年工作报告 → 标签
    【打印】 → | →""")
    for text, title in titles.items():
        lines = text.replace("_", "\t").split(" ")
        assert title_of_text(lines, find_labels(plain("\n".join(lines)))) == title
    assert title_of_text([], None) == ""


def test_the_page_tells_its_date_in_its_head_too() -> None:
    dates = {
        "<meta name=PubDate content='2025-05-29 10:00'>": date(2025, 5, 29),
        "<meta name=PUBDATE content=soon><meta>": None,
        "<meta name=ArticleTitle>": None,
    }
    assert {head: published_in_head(LexborHTMLParser(head)) for head in dates} == dates


def test_a_path_is_followed_step_by_step_or_to_nothing() -> None:
    root = LexborHTMLParser("<div><b>一</b>文<p>二</p><!-- --><p>三<i>四</i></p></div>").body
    assert root is not None
    found = follow(root, ["div:nth-of-type(1)", "p:nth-of-type(2)", ":nth-child(1)"])
    assert found is not None
    assert found.text() == "四"
    assert follow(root, []) is not None
    for steps in (["div:nth-of-type(2)"], [".title"], ["p:nth-of-type(1)", "b:nth-of-type(1)"]):
        assert follow(root, steps) is None


def test_the_path_of_an_element_and_the_way_along_it_agree() -> None:
    html = "<div><p>一</p><p class=x>二</p></div><div><p class=x>三</p></div>"
    root = LexborHTMLParser(html).root
    assert root is not None
    for found in elements(LexborHTMLParser(html), ".x"):
        node = follow(root, found.content.anchors[0].path.split(" > ")[1:])
        assert node is not None
        assert node.text() == found.content.text
