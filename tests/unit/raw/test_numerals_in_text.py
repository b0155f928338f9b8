"""Numerals in running text that are easily torn or glued: sections, gaps, other script, 两 beside a digit."""

from __future__ import annotations

import pytest
from support.case_tables import mapped
from support.growth import grows_linearly

from raw.extract.mentions import find_mentions
from raw.numerals.scan import plain, scan


def found(text: str) -> list[tuple[str, float]]:
    """The numerals of a text as they stand in it, with their values."""
    return [(text[numeral.start : numeral.end], numeral.value) for numeral in scan(plain(text))]


def stated(text: str) -> list[tuple[str, float, str]]:
    """The numbers of a text as they stand in it, with their values and units."""
    return [(text[one.start : one.end], one.value, one.unit) for one in find_mentions(plain(text))]


NUMBERS = {
    "sections": """
        在校学生三十一万五千人 → 三十一万五千人 315000 人 | 产量三亿零四百七十五万吨 → 三亿零四百七十五万吨 30475 万吨
        产量四亿零七百多万吨 → 四亿零七百多万吨 40700 万吨 | 达到一万五千亿斤 → 一万五千亿斤 15000 亿斤
        容量一万二千千瓦 → 一万二千千瓦 12000 千瓦 | 企业1万6千多户 → 1万6千多户 16000 户
        游客1亿3千多万人次 → 1亿3千多万人次 13000 万人次 | 投资573.72亿元 → 573.72亿元 573.72 亿元""",
    "traditional and formal script": """
        合作社十萬個 → 十萬個 10 万个 | 鋼二百十七萬噸 → 二百十七萬噸 217 万吨
        佔百分之十三點五 → 百分之十三點五 13.5 %
        社員一億六千五百五十二萬餘人 → 一億六千五百五十二萬餘人 16552 万人 | 兩倍 → 兩倍 2 倍
        奖金壹佰贰拾万元 → 壹佰贰拾万元 120 万元""",
    "a gap before the unit": """
        增长8 ．8 ％ → 8 ．8 ％ 8.8 % | 达到39.8 万亿元 → 39.8 万亿元 39.8 万亿元 | 全省 100 个县 → 100 个 100 个
        达到573.72\u200b亿元 → 573.72\u200b亿元 573.72 亿元""",
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_of_several_parts_is_one_number(kind: str) -> None:
    expected = mapped(NUMBERS[kind])
    assert {text: [f"{whole} {value:g} {unit}" for whole, value, unit in stated(text)] for text in expected} == {
        text: [number] for text, number in expected.items()
    }


def test_a_gap_inside_a_number_is_part_of_it() -> None:
    table = """产值573 .72亿元 → 573 .72=573.72 | 产值573. 72亿元 → 573. 72=573.72 | 接待1 800余万人 → 1 800=1800
    产值573\u200b.7\u200b2亿元 → 573\u200b.7\u200b2=573.72 | 里程12 345.6公里 → 12 345.6=12345.6
    增长1 5 ．3 ％ → 1 5 ．3=15.3 | 总额7 4 7 7 2 亿元 → 7 4 7 7 2=74772 | 从8 ．8 ％ → 8 ．8=8.8"""
    expected = mapped(table)
    shown = {text: [f"{numeral}={value:.8g}" for numeral, value in found(text)] for text in expected}
    assert shown == {text: [numeral] for text, numeral in expected.items()}


def test_two_numbers_with_a_gap_between_them_stay_two() -> None:
    expected = mapped("""1. 5个项目 → 1 5 | 共2024 100家 → 2024 100 | 12 345 6789 → 12 345 6789 | 5 120 33 → 5 120 33
    3.5 120 300 → 3.5 120 300 | 1 2 3 → 1 2 3 | 12 34项 → 12 34 | 0 800 → 0 800""")
    assert {text: " ".join(f"{value:g}" for _, value in found(text)) for text in expected} == expected
    assert [value for _, value in found("1\n200家")] == [1, 200]


def test_words_with_a_formal_numeral_in_them_hold_no_number() -> None:
    for text in ("大陆居民", "队伍建设", "收拾", "肆意", "參加", "圆满完成"):
        assert (found(text), plain(text)) == ([], text)


def test_liang_is_a_number_of_its_own_beside_a_digit() -> None:
    texts = mapped("""一九八一、一九八二两年 → 一九八一=1981 一九八二=1982 两=2 | 一年零两个月 → 一=1 零两=2
    两三年内 → 两=2 三=3 | 两千四百 → 两千四百=2400""")
    assert {text: " ".join(f"{numeral}={value:g}" for numeral, value in found(text)) for text in texts} == texts


@pytest.mark.parametrize(
    "unit",
    ["9", "1 ", "111 ", "1 .", "1.", "1\u200b", "一", "一万零", "一万一千", "1万1千", "两", "壹佰", "百分之", "1,111"],
)
def test_repetition_is_scanned_in_linear_time(unit: str) -> None:
    assert grows_linearly(lambda times: scan(plain(unit * times)), 20_000)
