"""Numbers with their units: what a number is followed by, ranges, bounds behind it, units that the last one lends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raw.extract.mentions import Mention, MentionKind, find_mentions
from raw.numerals.scan import plain, scan
from schemas.codelists import Bound


def one(text: str) -> Mention:
    """The one mention of a text."""
    (mention,) = find_mentions(plain(text))
    return mention


def printed(text: str) -> list[str]:
    return [text[mention.start : mention.end] for mention in find_mentions(plain(text))]


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind"),
    [
        ("573.72亿元", 573.72, "亿元", MentionKind.QUANTITY),
        ("1.5万亿元", 1.5, "万亿元", MentionKind.QUANTITY),
        ("12.4亿美元", 12.4, "亿美元", MentionKind.QUANTITY),
        ("5.1万", 5.1, "万", MentionKind.QUANTITY),
        ("320万人次", 320, "万人次", MentionKind.QUANTITY),
        ("86万平方米", 86, "万平方米", MentionKind.QUANTITY),
        ("21微克/立方米", 21, "微克/立方米", MentionKind.QUANTITY),
        ("5200元/平方米", 5200, "元/平方米", MentionKind.QUANTITY),
        ("450吨标准煤", 450, "吨标准煤", MentionKind.QUANTITY),
        ("9.6亿千瓦时", 9.6, "亿千瓦时", MentionKind.QUANTITY),
        ("130万标准箱", 130, "万标准箱", MentionKind.QUANTITY),
        ("1,026家", 1026, "家", MentionKind.QUANTITY),
        ("１０５个", 105, "个", MentionKind.QUANTITY),
        ("3.5%", 3.5, "%", MentionKind.PERCENT),
        ("３．５％", 3.5, "%", MentionKind.PERCENT),
        ("7.2‰", 7.2, "‰", MentionKind.PERCENT),
        ("1.2个百分点", 1.2, "个百分点", MentionKind.POINTS),
        ("0.3百分点", 0.3, "百分点", MentionKind.POINTS),
        ("3.1倍", 3.1, "倍", MentionKind.TIMES),
        ("四位", 4, "位", MentionKind.RANK),
        ("573.72", 573.72, "", MentionKind.BARE),
    ],
)
def test_a_number_takes_its_unit_with_it(text: str, value: float, unit: str, kind: MentionKind) -> None:
    mention = one(text)
    assert (mention.value, mention.unit, mention.kind) == (value, unit, kind)
    assert (mention.start, mention.end, mention.bound) == (0, len(text), Bound.EXACT)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("四成，", 40, "%"),
        ("七成以上", 70, "%"),
        ("三分之一", 100 / 3, "%"),
        ("1/4", 25, "%"),
        ("百分之三点五", 3.5, "%"),
        ("一番", 2, "倍"),
        ("两番", 4, "倍"),
        ("百亿元", 100, "亿元"),
        ("千人次", 1000, "人次"),
        ("百万", 100, "万"),
    ],
)
def test_numbers_in_words_are_told_as_statistics_tell_them(text: str, value: float, unit: str) -> None:
    assert one(text).value == pytest.approx(value, abs=1e-3)
    assert one(text).unit == unit


@pytest.mark.parametrize(
    ("text", "value", "unit", "span"),
    [
        ("1800余万元", 1800, "万元", "1800余万元"),
        ("30多万人", 30, "万人", "30多万人"),
        ("2000余人", 2000, "人", "2000余人"),
        ("两千多家", 2000, "家", "两千多家"),
        ("十几万户", 10, "万户", "十几万户"),
        ("5万余户", 5, "万户", "5万余户"),
        ("3亿多元", 3, "亿元", "3亿多元"),
    ],
)
def test_a_few_more_may_stand_inside_the_magnitude_or_behind_it(text: str, value: float, unit: str, span: str) -> None:
    mention = one(text)
    assert (mention.value, mention.unit, mention.bound) == (value, unit, Bound.ABOVE)
    assert text[mention.start : mention.end] == span


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("5%以上", Bound.AT_LEAST),
        ("5%左右", Bound.ABOUT),
        ("5%上下", Bound.ABOUT),
        ("5%以内", Bound.AT_MOST),
        ("5%以下", Bound.AT_MOST),
        ("5%，", Bound.EXACT),
    ],
)
def test_a_bound_behind_a_number_is_no_part_of_its_span(text: str, bound: Bound) -> None:
    mention = one(text)
    assert (mention.bound, text[mention.start : mention.end]) == (bound, "5%")
    assert text[: mention.tail] == text.rstrip("，")


@pytest.mark.parametrize(
    ("text", "value", "upper", "unit"),
    [
        ("4.5-5%", 4.5, 5, "%"),
        ("5.5%—6%", 5.5, 6, "%"),
        ("5.5％—６％", 5.5, 6, "%"),
        ("3%至5%", 3, 5, "%"),
        ("3万到5万", 3, 5, "万"),
        ("10~15家", 10, 15, "家"),
        ("10～15家", 10, 15, "家"),
        ("200——300亿元", 200, 300, "亿元"),
    ],
)
def test_the_ends_of_a_range_are_one_mention(text: str, value: float, upper: float, unit: str) -> None:
    mention = one(text)
    assert (mention.value, mention.upper, mention.unit) == (value, upper, unit)
    assert (mention.start, mention.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5%、6%", ["5%", "6%"]),
        ("6%-5%", ["6%", "5%"]),
        ("5家-6%", ["5家", "6%"]),
        ("107.8%118%", ["107.8%", "118%"]),
        ("42.9%53.9%", ["42.9%", "53.9%"]),
        ("由61%提高到64%", ["61%", "64%"]),
    ],
)
def test_what_is_no_range_stays_two_numbers(text: str, found: list[str]) -> None:
    assert printed(text) == found
    assert all(mention.upper is None for mention in find_mentions(plain(text)))


def test_the_decimals_of_a_range_are_those_of_its_finer_end() -> None:
    assert (one("4.5-5%").decimals, one("4-5.25%").decimals) == (1, 2)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("11.1、11.2个百分点", ["个百分点", "个百分点"]),
        ("5、6和7家", ["家", "家", "家"]),
        ("3.2，4.1亿元", ["亿元", "亿元"]),
        ("5增长6家", ["", "家"]),
        ("5户、6家", ["户", "家"]),
        ("5、第6位", ["", "位"]),
    ],
)
def test_the_last_number_of_a_list_lends_its_unit_to_those_before_it(text: str, units: list[str]) -> None:
    assert [mention.unit for mention in find_mentions(plain(text))] == units


@pytest.mark.parametrize(("text", "unit"), [("2.31:1", ":1"), ("2.31：1", ":1"), ("1:1.5", ":1.5")])
def test_one_to_another_is_a_ratio_and_one_mention(text: str, unit: str) -> None:
    mention = one(text)
    assert (mention.kind, mention.unit, mention.end) == (MentionKind.RATIO, unit, len(text))


@pytest.mark.parametrize(("text", "ordinal"), [("第6位", True), ("第六名", True), ("6位", False), ("前6位", False)])
def test_a_number_knows_whether_it_is_an_ordinal(text: str, ordinal: bool) -> None:  # noqa: FBT001 - a column
    assert one(text).ordinal is ordinal


def test_the_hundred_of_a_percentage_point_is_no_number_of_its_own() -> None:
    assert printed("提高2个百分点和5个百分点") == ["2个百分点", "5个百分点"]


@given(st.text(alphabet="0123456789.,%-—至、:第余多万亿元个家百分点成倍以上左右 ", max_size=60))
def test_mentions_stand_in_order_and_hold_every_numeral(text: str) -> None:
    found = find_mentions(plain(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(mention.start <= mention.end <= mention.tail <= len(text) for mention in found)
    for numeral in scan(plain(text)):
        assert any(mention.start <= numeral.start and numeral.end <= mention.end for mention in found)
