"""The form of a page: what enters it, and that nothing enters that moves by itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.article_pages import HTML, PARAGRAPHS, article, as_html
from support.reviewed_builders import reading as entered
from support.reviewed_builders import row

from raw.page.article_body import COMMON, NAMED
from raw.page.page_structure import headings, platform
from raw.page.parse import parse_html, parse_text
from raw.reading import document_of, read_capture
from raw.samples.articles import load_samples
from raw.samples.pages import article_page
from schemas.codelists import SourceState
from schemas.document import STRUCTURE_FIELDS, PageStructure
from schemas.reading import Capture, CapturedDocument, Reading
from schemas.registry.sources import load_sources, pick

BODY = as_html(PARAGRAPHS)
LABELS = ("索引号", "分类", "发布机构", "成文日期", "名称", "文号", "发布日期", "主题词")


def form(html: str) -> PageStructure:
    return parse_html(html.encode(), content_type=HTML).form


def reading(body: bytes) -> Reading:
    (source,) = pick(load_sources(), ["samples"])
    capture = Capture(url="http://127.0.0.1/", captured_at=datetime(2026, 11, 23, tzinfo=UTC), sha256="", key="raw/x")
    captured = CapturedDocument(
        document_id="post-1", capture=capture, content_type=HTML, body=body, state=SourceState.OK
    )
    return read_capture(captured, source)


def sample(views: int = 1) -> str:
    return article_page(load_samples()[1], views)


def test_a_page_of_the_platform_has_every_facet() -> None:
    found = reading(sample().encode()).form
    assert found.labels == LABELS
    assert found.container == ("div.article-content",)
    assert found.rendering == ("dom", "detail", "equal")
    assert found.platform == ("DETAIL", "SID=760009")
    assert found.headings[:3] == ("一 2024年工作总结", "一/一 经济总量再上台阶", "一/二 招商与用地成果丰硕")
    assert all(getattr(found, facet) for facet in STRUCTURE_FIELDS)


class TestLabels:
    def test_they_stand_in_the_order_of_the_page_where_they_are_known(self) -> None:
        swapped = article(BODY, None).replace("文号", "@").replace("分类：", "文号：").replace("@", "分类")
        assert form(swapped).labels == ("索引号", "文号", "发布机构", "成文日期", "名称", "分类", "发布日期", "主题词")
        assert form(article(BODY, None).replace("主题词：", "关键词：")).labels == LABELS[:-1]
        bare = re.sub(r"<table.*?</table>", "", sample(), flags=re.DOTALL)
        assert form(bare).labels == ()

    def test_their_values_are_not_part_of_it(self) -> None:
        page = article(BODY, None)
        assert form(page.replace("2025-00206", "2026-00009").replace("2025-05-29", "2026-01-02")) == form(page)


class TestContainer:
    def test_an_element_that_articles_bear_is_called_by_its_selector(self) -> None:
        for name in (*NAMED, *(name for name in COMMON if name != "article")):
            page = article(BODY, None).replace('class="article-content"', attribute(name))
            assert form(page).container == (name,)

    def test_one_without_a_name_is_the_likely_one_wherever_it_stands(self) -> None:
        page = article(BODY, None).replace('class="article-content"', 'class="unheard-of"')
        assert form(page).container == ("likely",)
        assert form(page.replace('<div class="box">', '<div class="other"><div class="box">')).container == ("likely",)

    def test_an_article_that_only_the_script_holds_stands_in_none(self) -> None:
        assert form(article(None, BODY)).container == ()


class TestRendering:
    @pytest.mark.parametrize(
        ("dom", "detail", "expected"),
        [
            (BODY, BODY.replace("</p>", "</p>\n\n"), "dom detail equal"),
            (BODY, BODY.replace("573.72", "573.27"), "dom detail differ"),
            *((BODY, None, "dom"), (BODY, "", "dom"), ("", BODY, "detail"), (None, BODY, "detail")),
        ],
    )
    def test_it_says_which_there_are_and_if_alike(self, dom: str | None, detail: str | None, expected: str) -> None:
        assert form(article(dom, detail)).rendering == tuple(expected.split())

    def test_a_plain_text_has_one_and_its_labels(self) -> None:
        found = parse_text("索引号：1\n分类：2\n发布日期：2025-05-29 浏览次数：-\n一、总结\n全年GDP573.72亿元。").form
        assert found == PageStructure(labels=("索引号", "分类", "发布日期"), rendering=("plain",))


class TestPlatform:
    def test_the_names_of_the_configuration_are_read_and_the_values_of_two(self) -> None:
        configurations = {
            "window._CONFIG = {SID: '760009', LANG: \"zh-cn\", TREE: [{name: 'SID'}]};": "LANG=zh-cn SID=760009 TREE",
            "var _CONFIG={'SID':\"7\",\"DETAIL\":{content:'_CONFIG = {X: 1}',SID:'8'},api:'/x'}": "DETAIL SID=7 api",
            "_CONFIG = { // SID: '1'\n /* LANG: 'x' */ A: f({B: 2}), C: [1, {D: 4}] }; E = {F: 1}": "A C",
            "_CONFIG = {SID: 760009, VERSION: '3.1.4', T: Date.now()}": "SID T VERSION",
            "(function(){ window._CONFIG = {SITE: {name: '中山'}, };})()": "SITE",
            "_CONFIG = {A: 1": "A",
        }
        nothing = ["_CONFIG = {}", "_CONFIG = load({A: 1})", "CONFIG = {A: 1}", "if (_CONFIG) { go({A: 1}) }", ""]
        configurations |= dict.fromkeys(nothing, "")
        assert {script: " ".join(platform([script])) for script in configurations} == configurations

    def test_the_first_script_that_sets_something_counts_in_any_order(self) -> None:
        assert platform(["var a = {B: 1}", "_CONFIG = {}", "_CONFIG = {C: 1}", "_CONFIG = {D: 1}"]) == ("C",)
        assert platform(["_CONFIG = {B: 1, A: 2}"]) == platform(["_CONFIG = {A: 3, B: 4}"])

    @given(st.text(alphabet="{}[]():=,;'\"`/*\\ \n_CONFIGSDa1", max_size=200))
    def test_no_script_stops_it(self, script: str) -> None:
        names = platform([f"_CONFIG = {{A: 1, {script}"])
        assert list(names) == sorted(names)

    @given(st.dictionaries(st.from_regex(r"\A[A-Z]{1,8}\Z"), st.text(max_size=20), min_size=1))
    def test_whatever_json_is_set_its_names_come_back(self, config: dict[str, str]) -> None:
        found = {name.partition("=")[0] for name in platform([f"window._CONFIG = {json.dumps(config)};"])}
        assert found == set(config)


class TestHeadings:
    def test_they_have_their_numbers_and_their_own_words(self) -> None:
        looks_back = "一、2024年工作总结\n（一）经济稳中有进。全年增长5%。\n一是抓投资。\n（二）改革，开放\n"
        text = f"{looks_back}二、2025年安排\n名词解释\n1.甲：乙"
        found = headings(document_of(parse_text(text)))
        assert found == ("一 2024年工作总结", "一/一 经济稳中有进", "一/二 改革", "二 2025年安排", "名词解释")

    def test_a_number_in_the_text_below_changes_none_and_a_heading_less_does(self) -> None:
        pages = (sample(), sample().replace("573.72", "575.80"), sample().replace("（二）招商与用地成果丰硕", ""))
        was, moved, cut = (reading(page.encode()).form for page in pages)
        assert was == moved
        assert set(was.headings) - set(cut.headings) == {"一/二 招商与用地成果丰硕"}


def attribute(selector: str) -> str:
    """The attribute that a selector asks for."""
    name = selector.rpartition(".")[2]
    return f'id="{name[1:]}"' if selector.startswith("#") else f'class="{name}"' if "[" not in name else name[1:-1]


def test_facts_entered_by_hand_have_none() -> None:
    assert entered(row()).form == PageStructure(labels=(), container=(), rendering=(), platform=(), headings=())


@given(st.integers(1, 10**9), st.text(alphabet="版权所有0123456789 ICP", max_size=30))
def test_a_counter_and_a_footer_leave_it_as_it_is(views: int, footer: str) -> None:
    assert form(sample(views).replace("网站地图 联系我们", footer)) == form(sample())
