"""Which bodies a page names as its publisher, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.report_readings import SOURCE

from raw.page.canonical_text import Canonical
from raw.page.publisher_check import check_publisher, own_publisher
from raw.page.publisher_names import PublisherName, publisher_names
from schemas.codelists import PublisherEvidence
from schemas.document import Labels
from schemas.registry.uscc import parse_index_number

NAMES = {
    "发布机构：乙市统计局 发布时间：2026-05-15 打印本页": "label 乙市统计局",
    "发布机构\t乙市统计局\t发文日期\t2026-05-27": "label 乙市统计局",
    "日期： 2026-07-15 浏览量：418 来源：乙市财政局 责任编辑：某某": "origin 乙市财政局",
    "浏览次数：信息来源：乙市财政局发布时间：2026-01-23": "origin 乙市财政局",
    "来源：乙市统计局 国家统计局乙市调查队 作者： 点击数：": "origin 乙市统计局 国家统计局乙市调查队",
    "来源：\u00a0\u00a0发布日期:\u30002026-01-30": "",
    "来源：\n来源：《乙市日报》\u3000 时间:2026/03/09": "origin 《乙市日报》",
    "4、资料来源：乙市统计局、乙市财政局": "",
    "债务还本付息来源：一是安排预算财力2.9亿元。": "",
    "主办单位：乙市财政局 某ICP备17015617号": "organizer 乙市财政局",
    "版权所有：乙市人民政府 主办：乙市人民政府办公室承办：乙市大数据局": "organizer 乙市人民政府办公室",
    "由乙市日报社主办| 乙市日报出版": "organizer 乙市日报社",
    "全年举办展览31次，获奖3枚。": "",
}


@pytest.mark.parametrize("text", NAMES)
def test_the_name_in_a_line_of_the_page_ends_before_the_next_label(text: str) -> None:
    names = publisher_names(None, Canonical(text=text), Labels())
    assert " ".join(f"{name.evidence} {name.name}" for name in names) == NAMES[text]


def test_the_strongest_evidence_comes_first_and_the_meta_elements_count() -> None:
    html = "<meta name=SiteName content=乙市人民政府门户网站><meta name=contentsource content=乙市统计局>"
    names = publisher_names(LexborHTMLParser(html), Canonical(text="来源：统计局"), Labels(publisher="乙市"))
    assert [name.evidence.value for name in names] == ["label", "origin", "content_source", "site_name"]


def named(**names: str) -> tuple[PublisherName, ...]:
    return tuple(PublisherName(name=name, evidence=PublisherEvidence(place)) for place, name in names.items())


@pytest.mark.parametrize(
    ("names", "evidence"),
    [
        (named(label="乙市统计局"), "label"),
        (named(origin="某某日报", site_name="乙市 统计局门户网站"), "site_name"),
        (named(origin="市统计局", organizer="丙局"), "origin"),
        (named(label="某某网络公司", site_name="乙市统计局"), None),
        (named(origin="乙市统计局信息中心"), None),
        (named(), None),
    ],
)
def test_a_page_is_the_sources_own_by_a_whole_name_and_by_its_label_alone(
    names: tuple[PublisherName, ...], evidence: str | None
) -> None:
    source = replace(SOURCE, publisher="乙市统计局", publisher_names=("市统计局",))
    own = own_publisher(names, source)
    assert (own.evidence if own else None) == evidence


def test_an_operator_cannot_vouch_for_a_page_that_names_another_body() -> None:
    vouched = replace(SOURCE, vouched=True, vouched_why="官网首页链接到此地址")
    number = parse_index_number(f"{SOURCE.uscc}/2025-00206", SOURCE.division)
    for names, code in ((named(origin="某某网"), "publisher_mismatch"), (named(), "publisher_vouched")):
        (finding,) = check_publisher(names, number, vouched, "post-1")
        assert finding.code == code
