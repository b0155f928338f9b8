"""Where a report names an indicator: whole, in any spelling, looking back, and not in a promise."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table_rows import report

from publish.compare.wording import (
    Confidence,
    IndicatorMention,
    NumberPositions,
    best_mention,
    find_mentions,
    is_vague,
    wording,
)
from schemas.registry.indicators import by_id, is_circumstance, normalise_spelling

AHEAD = "\n二、2026年工作安排\n"


PARTS = {
    "gdp": "海洋生产总值增长 单位地区生产总值能耗持续下降 地区生产总值能耗持续下降 数字经济发展迅速 人均生产总值上升 "
    "数字经济核心产业增加值占地区生产总值比重持续提高 经济社会发展取得新成绩 广州市生产总值再上台阶",
    "va_industry": "规上工业增加值稳步增长",
    "va_industry_scale": "规上工业增加值率有所提高",
    "exports": "出口退税办理更快 进出口保持稳定",
    "tax_revenue": "税收征管更加规范",
}
"""Clauses that name a part of a series, or something that only holds its name."""


def found(text: str, series: str, read: NumberPositions | None = None) -> tuple[IndicatorMention, ...]:
    return find_mentions(wording(report(text), read) if read else wording(report(text)), series)


def words(text: str, series: str) -> str | None:
    """The words that most surely name a series."""
    named = best_mention(found(text, series))
    return named.span.cut(text) if named else None


@pytest.mark.parametrize(
    ("text", "series", "expected"),
    [
        ("全区规上工业增加值稳步增长。", "va_industry_scale", "规上工业增加值稳步增长"),
        ("实现规模以上工业增加值平稳增长,社会和谐。", "va_industry_scale", "规模以上工业增加值平稳增长"),
        ("全年GDP再上台阶。", "gdp", "GDP再上台阶"),
        ("地区生产总值（GDP）再上台阶。", "gdp", "地区生产总值（GDP）再上台阶"),
        ("全市 生产 总值保持平稳。", "gdp", "生产 总值保持平稳"),
        ("城乡面貌一新，居民消费价格与上年持平。", "cpi", "居民消费价格与上年持平"),
        ("ＣＰＩ温和上涨", "cpi", "ＣＰＩ温和上涨"),
        ("推动社会消费品零售总额持续扩大；", "retail_sales", "社会消费品零售总额持续扩大"),
        ("外贸进出口、社零总额均居前列。", "retail_sales", "社零总额均居前列"),
        ("年末城镇调查失业率有所下降。", "unemployment_surveyed", "城镇调查失业率有所下降"),
        ("20项民生实事全面完成。", "livelihood_projects", "民生实事全面完成"),
        ("“三公”经费持续下降。", "three_public_expenses", "“三公”经费持续下降"),
    ],
)
def test_a_name_in_any_spelling_is_found_with_the_rest_of_its_clause(text: str, series: str, expected: str) -> None:
    assert words(text, series) == expected


def test_a_part_of_another_name_is_no_naming() -> None:
    for series, clauses in PARTS.items():
        for clause in clauses.split():
            assert found(f"{clause}。", series) == (), clause


def test_a_clause_that_looks_back_comes_before_an_earlier_and_a_firmer_one_that_looks_ahead() -> None:
    text = "一、2025年工作回顾\n固定资产投资项目有序推进。" + AHEAD + "固定资产投资稳步增长。"
    assert words(text, "investment_fixed") == "固定资产投资项目有序推进"
    assert [one.firmness for one in found(text, "investment_fixed")] == [Confidence.MENTIONED, Confidence.PLANNED]


def test_what_says_how_a_series_is_comes_before_a_mere_mention_and_of_two_the_first_counts() -> None:
    text = "固定资产投资项目有序推进，固定资产投资稳步增长，固定资产投资结构优化。"
    assert words(text, "investment_fixed") == "固定资产投资稳步增长"
    assert words("粮食产量再创新高，粮食产量稳步增长。", "grain_output") == "粮食产量再创新高"


class TestPromises:
    TEXT = "一、2025年工作回顾\n规上工业增加值增长7%左右。"

    def test_a_clause_that_holds_a_promised_number_says_nothing_of_the_year_and_the_one_beside_it_does(self) -> None:
        assert len(found(self.TEXT, "va_industry_scale")) == 1
        text = f"{self.TEXT[:-1]}，固定资产投资稳步增长。"
        read = NumberPositions(promised=(text.index("7%"),))
        assert found(text, "va_industry_scale", read) == ()
        assert [one.span.cut(text) for one in found(text, "investment_fixed", read)] == ["固定资产投资稳步增长"]

    def test_a_number_where_the_report_looks_ahead_is_a_promise_though_nobody_read_it(self) -> None:
        text = "一、2025年工作回顾\n一切平稳。" + AHEAD + "规上工业增加值增长7%，2026年固定资产投资稳步增长。"
        assert found(text, "va_industry_scale") == ()
        assert words(text, "investment_fixed") == "固定资产投资稳步增长"

    def test_the_explanation_of_a_term_is_no_naming(self) -> None:
        text = "一、2025年工作回顾\n一切平稳。\n名词解释\n规上工业增加值：规上工业增加值稳步增长的总和。"
        assert found(text, "va_industry_scale") == ()


class TestNumbers:
    def test_a_number_behind_the_name_is_told_and_a_year_is_none(self) -> None:
        texts = "粮食产量达到760亿斤。", "粮食产量稳定。", "2025年粮食产量稳定。", "5镇粮食产量稳定。"
        told = [[one.has_number for one in found(text, "grain_output")] for text in texts]
        assert told == [[True], [False], [False], [False]]

    def test_a_whole_name_inside_other_words_is_a_hint_where_a_number_stands_that_was_not_placed(self) -> None:
        text = "登记技术合同成交额增长19.5%。"
        assert [one.firmness for one in found(text, "technology_contracts")] == [Confidence.HINTED]
        unplaced = NumberPositions(unknown=(text.index("19.5"),))
        assert [one.firmness for one in found(text, "technology_contracts", unplaced)] == [Confidence.HINTED]
        assert found(text, "technology_contracts", NumberPositions(known=(text.index("19.5"),))) == ()
        assert found("登记技术合同成交额增长很快。", "technology_contracts") == ()


class TestLikeness:
    def test_a_clause_with_nearly_all_of_a_name_counts_unless_it_states_another_series(self) -> None:
        text = "改造提升农村公路3983公里。"
        assert [one.firmness for one in found(text, "rural_roads_built")] == [Confidence.ALIKE]
        assert found(text, "rural_roads_built", NumberPositions(known=(text.index("3983"),))) == ()

    def test_new_ones_of_a_thing_are_named_by_the_thing(self) -> None:
        assert words("高新技术企业总数稳步增长。", "firms_hightech_new") == "高新技术企业总数稳步增长"
        assert words("新增高新技术企业持续增加。", "firms_hightech") == "新增高新技术企业持续增加"

    @pytest.mark.parametrize(
        ("series", "text", "firmness"),
        [
            ("x:开展黑土地保护工程", "黑土地保护工程铺开。", Confidence.MENTIONED),
            ("x:黑土地保护工程", "我们把黑土地的保护工程做实。", Confidence.ALIKE),
            ("x:黑土地保护性耕作", "黑土地保护有力。", Confidence.HINTED),
            ("x:黑土地保护工程", "民生持续改善。", None),
        ],
    )
    def test_an_unknown_series_is_looked_for_by_its_words(
        self, series: str, text: str, firmness: Confidence | None
    ) -> None:
        named = best_mention(found(text, series))
        assert (named.firmness if named else None) == firmness

    def test_words_in_a_plan_are_at_most_a_hint_of_an_unknown_series(self) -> None:
        text = "一、2025年工作回顾\n一切平稳。" + AHEAD + "把黑土地的保护工程做实。"
        assert [one.firmness for one in found(text, "x:黑土地保护工程")] == [Confidence.HINTED]

    def test_few_words_are_too_vague_to_be_looked_for_and_a_known_series_is_never_vague(self) -> None:
        vague = "x:项目", "x:投资", "x:加快建设", "x:设立", "x:新建", "x:u"
        assert [series for series in vague if not is_vague(series)] == []
        assert [series for series in ("x:黑土地保护", "gdp", "exports", "x:城中村改造") if is_vague(series)] == []


def test_every_series_is_found_by_its_label() -> None:
    for series, entry in by_id().items():
        text = f"一年来，全区{entry.label_zh}稳步增长，一切平稳。"
        assert words(text, series) == f"{entry.label_zh}稳步增长"


TEXTS = st.text(alphabet="规模以上工业增加值生产总GDP海洋稳步长5%，。；、 “”（）\n一二三", max_size=60)


@given(TEXTS, st.sampled_from(["gdp", "va_industry_scale", "va_marine", "x:工业生产"]))
def test_whatever_the_text_a_naming_lies_in_one_clause_of_it(text: str, series: str) -> None:
    for one in found(text, series):
        assert one.span.cut(text)
        assert re.search("[，。；\n]", one.span.cut(text)) is None
        assert one.has_number == any(char.isdigit() for char in one.span.cut(text))


@given(TEXTS)
def test_the_common_spelling_knows_where_each_of_its_characters_comes_from(text: str) -> None:
    plain, places = normalise_spelling(text)
    assert len(plain) == len(places)
    assert list(places) == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    assert normalise_spelling(plain)[0] == plain or "生产总值" in plain or "规" in plain


@pytest.mark.parametrize(
    ("text", "plain", "places"),
    [
        ("GDP", "生产总值", (0, 0, 0, 2)),
        ("全 区“规模以上”工业", "全区规上工业", (0, 2, 4, 7, 9, 10)),
        ("ＧＤＰ稳", "生产总值稳", (0, 0, 0, 2, 3)),
        ("各类企业", "企业", (2, 3)),
        ("", "", ()),
    ],
)
def test_spellings_fold_and_keep_their_places(text: str, plain: str, places: tuple[int, ...]) -> None:
    assert normalise_spelling(text) == (plain, places)


def test_what_only_says_where_when_and_how_leaves_a_name_the_same() -> None:
    assert [is_circumstance(text) for text in ("", "2025年全区", "实现", "海洋", "人均")] == [True] * 3 + [False] * 2
