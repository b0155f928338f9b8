"""Numerals in running text that are easily torn or glued: sections, gaps, other script, 两 beside a digit."""

from __future__ import annotations

import pytest
from support.growth import grows_linearly

from raw.extract.mentions import find_mentions
from raw.numerals.scan import plain, scan


def found(text: str) -> list[tuple[str, float]]:
    """The numerals of a text as they stand in it, with their values."""
    return [(text[numeral.start : numeral.end], numeral.value) for numeral in scan(plain(text))]


def stated(text: str) -> list[tuple[str, float, str]]:
    """The numbers of a text as they stand in it, with their values and units."""
    return [(text[one.start : one.end], one.value, one.unit) for one in find_mentions(plain(text))]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("在校学生三十一万五千人", ("三十一万五千人", 315_000, "人")),
        ("产量三亿零四百七十五万吨", ("三亿零四百七十五万吨", 30_475, "万吨")),
        ("产量四亿零七百多万吨", ("四亿零七百多万吨", 40_700, "万吨")),
        ("达到一万五千亿斤", ("一万五千亿斤", 15_000, "亿斤")),
        ("容量一万二千千瓦", ("一万二千千瓦", 12_000, "千瓦")),
        ("企业1万6千多户", ("1万6千多户", 16_000, "户")),
        ("游客1亿3千多万人次", ("1亿3千多万人次", 13_000, "万人次")),
        ("投资573.72亿元", ("573.72亿元", 573.72, "亿元")),
    ],
)
def test_a_number_of_several_sections_is_one_number(text: str, number: tuple[str, float, str]) -> None:
    assert stated(text) == [number]


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("产值573 .72亿元", [("573 .72", 573.72)]),
        ("产值573. 72亿元", [("573. 72", 573.72)]),
        ("产值573\u200b.7\u200b2亿元", [("573\u200b.7\u200b2", 573.72)]),
        ("接待1 800余万人", [("1 800", 1800)]),
        ("里程12 345.6公里", [("12 345.6", 12_345.6)]),
        ("增长1 5 ．3 ％", [("1 5 ．3", 15.3)]),
        ("总额7 4 7 7 2 亿元", [("7 4 7 7 2", 74_772)]),
        ("从8 ．8 ％", [("8 ．8", 8.8)]),
    ],
)
def test_a_gap_inside_a_number_is_part_of_it(text: str, numerals: list[tuple[str, float]]) -> None:
    assert found(text) == numerals


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1. 5个项目", [1, 5]),
        ("共2024 100家", [2024, 100]),
        ("12 345 6789", [12, 345, 6789]),
        ("3.5 120 300", [3.5, 120, 300]),
        ("5 120 33", [5, 120, 33]),
        ("1 2 3", [1, 2, 3]),
        ("12 34项", [12, 34]),
        ("1\n200家", [1, 200]),
        ("0 800", [0, 800]),
    ],
)
def test_two_numbers_with_a_gap_between_them_stay_two(text: str, values: list[float]) -> None:
    assert [value for _, value in found(text)] == values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("增长8 ．8 ％", ("8 ．8 ％", 8.8, "%")),
        ("达到39.8 万亿元", ("39.8 万亿元", 39.8, "万亿元")),
        ("全省 100 个县", ("100 个", 100, "个")),
        ("达到573.72\u200b亿元", ("573.72\u200b亿元", 573.72, "亿元")),
    ],
)
def test_a_gap_before_the_unit_does_not_part_it_from_its_number(text: str, number: tuple[str, float, str]) -> None:
    assert stated(text) == [number]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("合作社十萬個", ("十萬個", 10, "万个")),
        ("鋼二百十七萬噸", ("二百十七萬噸", 217, "万吨")),
        ("佔百分之十三點五", ("百分之十三點五", 13.5, "%")),
        ("社員一億六千五百五十二萬餘人", ("一億六千五百五十二萬餘人", 16_552, "万人")),
        ("兩倍", ("兩倍", 2, "倍")),
        ("奖金壹佰贰拾万元", ("壹佰贰拾万元", 120, "万元")),
    ],
)
def test_numbers_in_traditional_and_formal_script_are_read(text: str, number: tuple[str, float, str]) -> None:
    assert stated(text) == [number]


@pytest.mark.parametrize("text", ["大陆居民", "队伍建设", "收拾", "肆意", "參加", "圆满完成"])
def test_words_with_a_formal_numeral_in_them_hold_no_number(text: str) -> None:
    assert found(text) == []
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("一九八一、一九八二两年", [("一九八一", 1981), ("一九八二", 1982), ("两", 2)]),
        ("一年零两个月", [("一", 1), ("零两", 2)]),
        ("两三年内", [("两", 2), ("三", 3)]),
        ("两千四百", [("两千四百", 2400)]),
    ],
)
def test_liang_is_a_number_of_its_own_beside_a_digit(text: str, numerals: list[tuple[str, float]]) -> None:
    assert found(text) == numerals


@pytest.mark.parametrize(
    "unit",
    ["9", "1 ", "111 ", "1 .", "1.", "1\u200b", "一", "一万零", "一万一千", "1万1千", "两", "壹佰", "百分之", "1,111"],
)
def test_repetition_is_scanned_in_linear_time(unit: str) -> None:
    assert grows_linearly(lambda times: scan(plain(unit * times)), 20_000)
