"""The words before a number taken apart: what they say of it, and the noun that is left in front of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import grouped, mapped

from raw.extract.cue_words import CueRole, last_word, roles
from raw.extract.phrases import REACH, clean, is_attribute, parse_prefix
from schemas.codelists import Bound

MOVES = {
    CueRole.RISE: "货运量_增长 货运量_同比增长 货运量_比上年实际增长 货运量_已提高",
    CueRole.FALL: "单位能耗_下降 贫富差距_收窄 粮食单产_减少",
    CueRole.TO: "城镇化率_提高到 货物吞吐量_增至 失业率_下降到",
    CueRole.REACH: "城镇化率_达到 森林覆盖率_为 外贸规模_突破",
    CueRole.RANKING: "财政收入_居全省 财政收入_排名全市",
    CueRole.STREAK: "财政收入_连续",
    CueRole.SHARE: "光伏产量_占全国",
    None: "新增就业_ _",
}
BOUNDS = {
    Bound.ABOVE: "超 超过 首次突破 达逾 迈上",
    Bound.AT_LEAST: "不低于 不少于 至少",
    Bound.ABOUT: "约 近 接近",
    Bound.AT_MOST: "不超过 控制在",
    Bound.BELOW: "低于 不足 不到",
    Bound.EXACT: "达到 数",
}


@pytest.mark.parametrize(("before", "move"), grouped(MOVES))
def test_the_predicate_is_peeled_off_the_noun(before: str, move: CueRole | None) -> None:
    phrase = parse_prefix(before.replace("_", ""))
    assert (phrase.noun, phrase.move) == (before.partition("_")[0], move)


@pytest.mark.parametrize(("words", "bound"), grouped(BOUNDS))
def test_words_of_a_bound_are_heard(words: str, bound: Bound) -> None:
    assert parse_prefix(f"专利拥有量{words}").bound is bound


def test_the_group_of_a_rank_is_told_apart_from_its_subject() -> None:
    scopes = mapped("居全省 → 全省 | 位列全国 → 全国 | 居全国省会城市 → 全国省会城市 | 排名珠三角 → 珠三角 | 居 →")
    phrases = {words: parse_prefix(f"财政收入{words}") for words in scopes}
    assert {words: phrase.scope for words, phrase in phrases.items()} == scopes
    assert {phrase.noun for phrase in phrases.values()} == {"财政收入"}


FLAGS = {
    CueRole.RESPECTIVELY: "进口、出口分别增长",
    CueRole.EACH: "进口、出口均增长 进口、出口双双增长",
    CueRole.AVERAGE: "进口年均增长",
    CueRole.COMPOUND: "进口复合增长率",
    CueRole.COMPARE_UP: "工业增速高于",
    CueRole.COMPARE_DOWN: "工业增速低于",
}


@pytest.mark.parametrize(("before", "flag"), grouped(FLAGS))
def test_what_else_the_words_say_is_flagged(before: str, flag: CueRole) -> None:
    assert flag in parse_prefix(before).flags


def test_what_only_leads_to_a_noun_is_left_out() -> None:
    cleaned = mapped("""
    ，其中制造业投资 → 制造业投资 | 全年完成投资 → 投资 | 2024年货运量 → 货运量 | 力争货运量 → 货运量
    (货运量 → 货运量 | 货运量 → 货运量 | 实现实现 → | →""")
    assert {noun: clean(noun) for noun in cleaned} == cleaned


def test_a_property_is_told_from_a_thing() -> None:
    assert [is_attribute(noun) for noun in ("总量", "增速", "占比", "货运量", "")] == [True, True, True, False, False]


def test_only_the_words_near_the_number_are_looked_at() -> None:
    assert parse_prefix("远" * 500 + "货运量增长").noun == "远" * (REACH - 5) + "货运量"


@given(st.text(max_size=200))
def test_any_words_can_be_taken_apart(before: str) -> None:
    phrase = parse_prefix(before)
    assert len(phrase.noun) <= REACH
    assert phrase.noun.strip() == phrase.noun


def test_the_longest_listed_word_is_found_at_the_end_of_any() -> None:
    assert [word for word in roles() if not last_word(f"某物{word}").endswith(word)] == []
