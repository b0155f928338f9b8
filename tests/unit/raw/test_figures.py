"""The value of one numeral: a table of our own, numbers read back from their words, and texts that are no numeral."""

from __future__ import annotations

import json
import math
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import valued
from support.growth import grows_linearly
from support.requires import program

from raw.numerals.chinese import LONGEST, words_value
from raw.numerals.evaluate import value_of

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("二三六十百千万亿两点", "貳參陸拾佰仟萬億兩點")
SECTIONS = ("", "万", "亿", "兆")
NUMBERS = st.integers(0, 2**53)  # what a float tells apart
PIECES = st.sampled_from(
    [*"0123456789一二两十百千万亿兆零点半几数余多负-+/.%‰成个元角分又翻番级超,eEkKM \u200b\t", "分之"]
)


def section(number: int) -> str:
    """A number below 10,000 in words: 1024 is 一千零二十四."""
    words = ""
    for place, digit in zip("千百十 ", f"{number:04}", strict=True):
        words += DIGITS[int(digit)] + place.strip() if digit != "0" else "零" * (not words.endswith("零"))
    return words.rstrip("零")


def spelled(number: int) -> str:
    """A number below 10^16 in words, as it is read out: 5,006,200,045,200 is 五兆零六十二亿零四万五千二百."""
    words = ""
    for power in (3, 2, 1, 0):
        part = section(number // 10 ** (4 * power) % 10**4)
        words += part + SECTIONS[power] if part else "零" * (not words.endswith("零"))
    return words.strip("零").replace("零零", "零") or "零"


@given(NUMBERS)
def test_every_number_is_read_back_from_its_words_in_any_script(number: int) -> None:
    words = spelled(number)
    assert value_of(words) == words_value(words) == number
    assert value_of(words.translate(FORMAL)) == value_of(words.translate(TRADITIONAL)) == number


@given(NUMBERS)
def test_a_negative_number_is_as_far_below_zero(number: int) -> None:
    assert value_of(f"负{spelled(number)}") == value_of(f"负 {number:,}") == value_of(f"－{number}") == -number


@given(st.floats(-1e15, 1e15).map(lambda number: round(number, 4)))
def test_a_number_is_read_back_as_it_prints(number: float) -> None:
    assert value_of(str(number)) == value_of(f"{number:,.4f}") == number


@given(NUMBERS, st.text("0123456789", min_size=1, max_size=8))
def test_decimals_are_read_back_from_their_words(number: int, decimals: str) -> None:
    words = f"{spelled(number)}点{''.join(DIGITS[int(digit)] for digit in decimals)}"
    assert value_of(words) == float(f"{number}.{decimals}")


@given(NUMBERS, st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff"]))
def test_invisible_characters_change_nothing(number: int, mark: str) -> None:
    assert value_of(mark.join(f"{number}.5万")) == value_of(f"{number}.5万")
    assert value_of(mark.join(spelled(number))) == number


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_a_fraction_is_its_quotient(over: int, under: int) -> None:
    words = value_of(f"{spelled(under)}分之{spelled(over)}")
    assert words == value_of(f"{over}/{under}") == value_of(f"{under}分之{over}")
    assert words == pytest.approx(over / under)


SECTIONED = """573.72亿=57_372_000_000 1.5万亿=1.5e12 16.4亿=1_640_000_000 6亿3千万=630_000_000 3万零500=30_500
2万5=25_000 八万三=83_000 六亿五=650_000_000 两百一=210 百六=160 二十万万=2_000_000_000 三点二万=32_000
一十二万六千点五=126_000.5 廿五=25 卅=30 万亿=1e12 二〇一九=2019"""
PER_CENT = """6.5%=6.5 ６．５％=6.5 3‰=0.3 3‱=0.03 百分之六点五=6.5 百分之6.5=6.5 百分之负二=-2 负百分之二=-2
千分之六=0.6 万分之六=0.06 六成=60 六成五=65 六成半=65 半成=5 两个百分点=2"""
PARTS_OF_ONE = """四分之三=0.75 十分之一=0.1 一百分之六=0.06 二又四分之一=2.25 一半=0.5 半=0.5 ½=- 1/0=- 零分之一=-
3/4/5=-"""
AROUND = """2300余万=23_000_000 三百多万=3_000_000 十来万=100_000 三十几=30 二百零几万=2_000_000 几十万=100_000
数千=1000 超千万=10_000_000 逾百=100 近3万=30_000 千亿级=1e11 5万以上=50_000 翻两番=4 翻番=2 2.5倍=2.5
2.31:1=2.31 贰佰元整=200 叁拾圆伍角贰分=30.52 12.5亿元=1_250_000_000 五个=5 20K=20_000 1.5M=1_500_000
2.5e-3=0.0025"""


@pytest.mark.parametrize(
    "table",
    [SECTIONED, PER_CENT, PARTS_OF_ONE, AROUND],
    ids=["sections", "per cent", "parts of one", "words around it"],
)
def test_a_numeral_has_its_value_however_it_is_written(table: str) -> None:
    assert {text: value_of(text) for text, _ in valued(table)} == dict(valued(table))


def test_gaps_inside_one_number_are_closed_and_two_numbers_stay_two() -> None:
    closed = {" 42 ": 42, "1 250 000": 1_250_000, "12\u00a0500.5": 12_500.5, "87 .5": 87.5, "87. 5": 87.5}
    closed |= {"1 2 .3 ％": 12.3, "三 百 五": 350, "2 1/4": 2.25}
    assert {text: value_of(text) for text in closed} == closed
    assert [text for text in ("12 34", "1 25", "1\n250") if value_of(text) is not None] == []


def test_what_is_no_numeral_has_no_value() -> None:
    texts = """- 点 点五 元 成 % 分之 三分之 几 1,00 1.2.3 3五 --3 4%-5% 两三 三五万 一万二万 二百一千 百百 亿万 翻十番
    3至5 一打 abc 增长5% 第三"""
    assert [text for text in ("", " ", *texts.split()) if value_of(text) is not None] == []


@given(st.text() | st.lists(PIECES, max_size=LONGEST).map("".join))
def test_any_text_has_a_finite_value_or_none(text: str) -> None:
    value = value_of(text)
    assert value is None or math.isfinite(value)


@pytest.mark.parametrize("unit", ["9", "万", "一", "千零", "1 ", "三分之", "多", "\u200b", ".", "负", "几百"])
def test_the_cost_of_a_text_does_not_grow_beyond_the_longest_numeral(unit: str) -> None:
    assert grows_linearly(lambda length: value_of(unit * (length // len(unit))), LONGEST)
    assert grows_linearly(lambda length: value_of(unit * length), 1_000_000)


def test_the_command_answers_every_line_with_a_value_or_a_dash_or_as_json() -> None:
    def numeral(given: bytes, *options: str) -> list[str]:
        command = [program("gongbao"), "numeral", *options]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout.decode().splitlines()

    lines = "1800余万\n三点五\r\n\n没有\n零点零零零零零零一\n12345678.9\n负六".encode()
    assert numeral(lines + b"\n\xff\xfe") == ["18000000", "3.5", "-", "-", "1e-07", "12345678.9", "-6", "-"]
    expected = [{"text": "六成", "value": 60}, {"text": "abc", "value": None}]
    assert [json.loads(line) for line in numeral("六成\nabc".encode(), "--json")] == expected
