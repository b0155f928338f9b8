"""The terms that a report explains at its end, in every form that the reports beside the project print them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from support.reader_output import document, numbers
from support.requires import shared
from unit.raw.test_reading import captured, source

from raw.extract.glossary import glossary
from raw.page.parse import parse_text
from raw.reading import document_of, read_capture
from raw.samples.articles import load_samples
from raw.samples.pages import article_page
from schemas.codelists import IgnoreReason, NumberStatus
from schemas.reading import Term

BODY = "一、2024年工作总结\n实现产值12亿元。（一）抓项目：引进项目5个。\n"

MARKS = (
    *(("1.", "2."), ("1、", "2、"), ("1．", "2．"), ("[1]", "[2]"), ("【1】", "【2】"), ("〔1〕", "〔2〕")),
    *(("(1)", "(2)"), ("（1）", "（2）"), ("1. ", "2. "), ("\u3000\u30001.", "\u3000\u30002."), ("注1.", "注2.")),
    *(("①", "②"), ("1", "2"), ("１．", "２．")),
)
HEADINGS = (
    *("名词解释", "名词解释：", "名词注释", "注释", "\u3000\u3000名词解释", "附件：名词解释", "附件2 名词解释"),
    *("《政府工作报告》有关内容名词注释", "《工作报告》名词解释"),
)


def terms(text: str) -> dict[str, str]:
    """What a text explains; each explanation has to be where its span says."""
    found = glossary(document(text))
    assert all(one.span.cut(text) == one.explanation for one in found)
    return {one.term: one.explanation for one in found}


def after(heading: str, *lines: str) -> dict[str, str]:
    return terms("\n".join((BODY + heading, *lines)))


class TestTheForms:
    def test_a_number_a_term_and_a_colon_with_the_explanation_behind_it_or_on_the_next_line(self) -> None:
        found = after("名词解释", "1.“双园”：是指东园和西园。", "2.云上办：网上受理。10天办结。")
        assert found == {"“双园”": "是指东园和西园。", "云上办": "网上受理。10天办结。"}
        found = after("注释", "［1］双园：", "东园和西园。", "［2］1+5+N：", "一个中心、五个分中心。")
        assert found == {"双园": "东园和西园。", "1+5+N": "一个中心、五个分中心。"}

    def test_numbers_are_written_in_many_ways(self) -> None:
        for one, two in MARKS:
            found = after("名词解释", f"{one}“双园”：东园和西园。", f"{two}“三街”：三条老街。")
            assert found == {"“双园”": "东园和西园。", "“三街”": "三条老街。"}, one

    def test_words_stand_in_for_the_colon(self) -> None:
        for said in ("是指东园和西园。", "，指东园和西园。", "，是指东园和西园。", "系指东园和西园。"):
            assert after("名词解释", f"1.双园{said}") == {"双园": said.removeprefix("，")}
        assert list(after("名词解释", "1.营商环境指数：一个分数。")) == ["营商环境指数"]

    def test_lines_without_numbers_are_entries_where_they_end_a_sentence(self) -> None:
        found = after("名词解释", "“双园”：东园和西园。", "三街：三条老街。", "责任编辑：某某", "来源：本站")
        assert found == {"“双园”": "东园和西园。", "三街": "三条老街。"}

    def test_the_heading_is_one_of_these_and_no_other_line(self) -> None:
        assert [heading for heading in HEADINGS if after(heading, "1.双园：东西。") != {"双园": "东西。"}] == []
        others = ("注：本页由某社群整理，", "\u3000字库未存字注释：", "二、2025年工作", "备注")
        assert [heading for heading in others if after(heading, "1.双园：东西。")] == []


class TestTheExtent:
    def test_of_an_explanation_is_all_up_to_the_next_entry(self) -> None:
        found = after(
            "名词解释", "1.揭榜：企业“双向", "揭榜", "”的简称。", "其中一向是企业出题。", "2.双园：东园和西园。"
        )
        assert found["揭榜"] == "企业“双向\n揭榜\n”的简称。\n其中一向是企业出题。"

    def test_of_the_last_one_is_all_up_to_the_end_of_a_sentence_or_of_its_line(self) -> None:
        found = after("名词解释", "1.双园：东园", "和西园。", "责任编辑：", "某某", "打印本页。")
        assert found == {"双园": "东园\n和西园。"}
        assert after("名词解释", "1.双园：东园和西园", "打印本页") == {"双园": "东园和西园"}
        assert after("名词解释", "1.双园：所谓“东西相望。”", "打印") == {"双园": "所谓“东西相望。”"}

    def test_numbered_lines_inside_an_explanation_are_part_of_it(self) -> None:
        found = after(
            "名词解释", "1.双园：", "1.东园：老城。", "2.三街：", "1.老街：甲。", "2.新街：乙。", "3.四点：四处。"
        )
        assert list(found) == ["双园", "三街", "四点"]
        assert found["三街"] == "1.老街：甲。\n2.新街：乙。"

    def test_a_number_that_was_lost_loses_one_term_only(self) -> None:
        found = after("名词解释", "1.双园：东西。", "三街：三条。", "3.四点：四处。", "9.旧称：不计。")
        assert found == {"双园": "东西。\n三街：三条。", "四点": "四处。"}

    def test_the_ratio_in_a_term_is_no_colon(self) -> None:
        assert after("名词解释", "1.1:1配套：同额出资。") == {"1:1配套": "同额出资。"}

    def test_an_entry_or_a_heading_that_explains_nothing_is_none(self) -> None:
        for line in ("1.双园：", "1.：东园和西园。", "1.双园", "双园是两个园", ""):
            assert after("名词解释", line) == {}
        assert terms(BODY + "名词解释") == terms(BODY) == terms("") == {}


def test_a_term_explained_twice_keeps_its_first_explanation() -> None:
    found = glossary(document(f"{BODY}名词解释\n1.双园：东西。\n2.双园：南北。\n3.三街：三条。"))
    assert [(one.term, one.explanation) for one in found] == [("双园", "东西。"), ("三街", "三条。")]


def test_a_number_under_any_heading_of_a_glossary_is_no_observation() -> None:
    for heading in ("名词解释", "《政府工作报告》有关内容名词注释"):
        text = f"{BODY}{heading}\n1.领航工程：到2030年实施重大项目100个。\n"
        behind = [one for one in numbers(text) if one.span.start > text.index(heading)]
        assert [one.fate for one in behind] == [NumberStatus.IGNORED] * len(behind)
        assert behind[-1].reason is IgnoreReason.GLOSSARY


def test_the_samples_explain_terms_and_a_reading_bears_them() -> None:
    for article in load_samples():
        reading = read_capture(captured(article_page(article, 1).encode()), source())
        assert len(reading.glossary) >= 1
        assert all(one.span.cut(reading.document.text) == one.explanation for one in reading.glossary)
        assert all(one.term in reading.document.text for one in reading.glossary)


ALPHABET = "1234.、：:［］①“”是指名词解释，。\n 甲乙"


@settings(max_examples=150)
@given(st.text(alphabet=ALPHABET, max_size=120))
def test_whatever_stands_there_spans_cut_what_they_say_and_do_not_overlap(tail: str) -> None:
    text = f"{BODY}名词解释\n{tail}"
    found = glossary(document(text))
    assert all(one.explanation and one.term and one.span.cut(text) == one.explanation for one in found)
    assert len({one.term for one in found}) == len(found)
    ends = [(one.span.start, one.span.end) for one in found]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))


@settings(max_examples=50)
@given(st.lists(st.text(alphabet="甲乙丙丁戊“”", min_size=1, max_size=20), min_size=1, max_size=30, unique=True))
def test_every_term_of_a_well_formed_list_is_found(names: list[str]) -> None:
    lines = [f"{place}.{name}：解释{name}。" for place, name in enumerate(names, start=1)]
    assert after("名词解释", *lines) == {name: f"解释{name}。" for name in names}


COUNTS = {"2025-jiangxi": 17, "2026-jiangxi": 26, "2025-sichuan": 50, "2026-sichuan": 20, "2026-hainan": 28}


def test_the_reports_beside_the_project_explain_as_many_terms_as_they_number() -> None:
    found: dict[str, tuple[Term, ...]] = {}
    for file in sorted(shared("reports").glob("provincial/*.txt")):
        report = document_of(parse_text(file.read_text("utf-8")))
        explained = glossary(report)
        assert all(one.span.cut(report.text) == one.explanation for one in explained)
        found |= {file.stem: explained} if explained else {}
    assert {name: len(explained) for name, explained in found.items()} == COUNTS
    assert all(one.explanation[-1] in "。”" for explained in found.values() for one in explained)
