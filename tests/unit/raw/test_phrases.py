"""The words before a number taken apart: what they say of it, and the noun that is left in front of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raw.extract.cue_words import CueRole, last_word, roles
from raw.extract.phrases import REACH, clean, is_attribute, parse_prefix
from schemas.codelists import Bound


@pytest.mark.parametrize(
    ("before", "noun", "move"),
    [
        ("货运量增长", "货运量", CueRole.RISE),
        ("货运量同比增长", "货运量", CueRole.RISE),
        ("货运量比上年实际增长", "货运量", CueRole.RISE),
        ("货运量已提高", "货运量", CueRole.RISE),
        ("单位能耗下降", "单位能耗", CueRole.FALL),
        ("贫富差距收窄", "贫富差距", CueRole.FALL),
        ("粮食单产减少", "粮食单产", CueRole.FALL),
        ("城镇化率提高到", "城镇化率", CueRole.TO),
        ("货物吞吐量增至", "货物吞吐量", CueRole.TO),
        ("失业率下降到", "失业率", CueRole.TO),
        ("城镇化率达到", "城镇化率", CueRole.REACH),
        ("森林覆盖率为", "森林覆盖率", CueRole.REACH),
        ("外贸规模突破", "外贸规模", CueRole.REACH),
        ("财政收入居全省", "财政收入", CueRole.RANKING),
        ("财政收入排名全市", "财政收入", CueRole.RANKING),
        ("财政收入连续", "财政收入", CueRole.STREAK),
        ("光伏产量占全国", "光伏产量", CueRole.SHARE),
        ("新增就业", "新增就业", None),
        ("", "", None),
    ],
)
def test_the_predicate_is_peeled_off_the_noun(before: str, noun: str, move: CueRole | None) -> None:
    phrase = parse_prefix(before)
    assert (phrase.noun, phrase.move) == (noun, move)


@pytest.mark.parametrize(
    ("before", "bound"),
    [
        ("专利拥有量超", Bound.ABOVE),
        ("专利拥有量超过", Bound.ABOVE),
        ("专利拥有量首次突破", Bound.ABOVE),
        ("专利拥有量达逾", Bound.ABOVE),
        ("专利拥有量迈上", Bound.ABOVE),
        ("绿地率不低于", Bound.AT_LEAST),
        ("绿地率不少于", Bound.AT_LEAST),
        ("绿地率至少", Bound.AT_LEAST),
        ("专利拥有量约", Bound.ABOUT),
        ("专利拥有量近", Bound.ABOUT),
        ("专利拥有量接近", Bound.ABOUT),
        ("政府债务率不超过", Bound.AT_MOST),
        ("政府债务率控制在", Bound.AT_MOST),
        ("空置率低于", Bound.BELOW),
        ("空置率不足", Bound.BELOW),
        ("空置率不到", Bound.BELOW),
        ("空置率达到", Bound.EXACT),
        ("空置率", Bound.EXACT),
    ],
)
def test_words_of_a_bound_are_heard(before: str, bound: Bound) -> None:
    assert parse_prefix(before).bound is bound


@pytest.mark.parametrize(
    ("before", "scope"),
    [
        ("财政收入居全省", "全省"),
        ("财政收入位列全国", "全国"),
        ("财政收入居全国省会城市", "全国省会城市"),
        ("财政收入排名珠三角", "珠三角"),
        ("财政收入居", ""),
    ],
)
def test_the_group_of_a_rank_is_told_apart_from_its_subject(before: str, scope: str) -> None:
    phrase = parse_prefix(before)
    assert (phrase.noun, phrase.scope) == ("财政收入", scope)


@pytest.mark.parametrize(
    ("before", "flag"),
    [
        ("进口、出口分别增长", CueRole.RESPECTIVELY),
        ("进口、出口均增长", CueRole.EACH),
        ("进口、出口双双增长", CueRole.EACH),
        ("进口年均增长", CueRole.AVERAGE),
        ("进口复合增长率", CueRole.COMPOUND),
        ("工业增速高于", CueRole.COMPARE_UP),
        ("工业增速低于", CueRole.COMPARE_DOWN),
    ],
)
def test_what_else_the_words_say_is_flagged(before: str, flag: CueRole) -> None:
    assert flag in parse_prefix(before).flags


@pytest.mark.parametrize(
    ("noun", "cleaned"),
    [
        ("，其中制造业投资", "制造业投资"),
        ("全年完成投资", "投资"),
        ("2024年货运量", "货运量"),
        ("力争货运量", "货运量"),
        ("(货运量", "货运量"),
        ("货运量", "货运量"),
        ("实现实现", ""),
        ("", ""),
    ],
)
def test_what_only_leads_to_a_noun_is_left_out(noun: str, cleaned: str) -> None:
    assert clean(noun) == cleaned


@pytest.mark.parametrize(
    ("noun", "is_one"), [("总量", True), ("增速", True), ("占比", True), ("货运量", False), ("", False)]
)
def test_a_property_is_told_from_a_thing(noun: str, is_one: bool) -> None:  # noqa: FBT001 - a column
    assert is_attribute(noun) is is_one


def test_only_the_words_near_the_number_are_looked_at() -> None:
    assert parse_prefix("远" * 500 + "货运量增长").noun == "远" * (REACH - 5) + "货运量"


@given(st.text(max_size=200))
def test_any_words_can_be_taken_apart(before: str) -> None:
    phrase = parse_prefix(before)
    assert len(phrase.noun) <= REACH
    assert phrase.noun.strip() == phrase.noun


@given(st.sampled_from(sorted(roles())))
def test_the_longest_listed_word_is_found_at_the_end_of_any(word: str) -> None:
    assert last_word(f"某物{word}") == word or last_word(f"某物{word}").endswith(word)


def test_no_listed_word_is_at_the_end_of_a_bare_noun() -> None:
    assert last_word("货运量") == ""
    assert last_word("") == ""
