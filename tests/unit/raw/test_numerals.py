"""Numerals in every way that reports write them: where each stands, what it is worth, how many decimals it prints."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import mapped, valued

from raw.numerals.scan import Numeral, NumeralStyle, plain, scan, words_value

WORDS = "〇零一二两三四五六七八九十百千廿万亿"


def one(text: str) -> Numeral:
    """The one numeral of a text."""
    (numeral,) = scan(plain(text))
    return numeral


@pytest.mark.parametrize(
    ("decimals", "table"),
    [
        (0, "7=7 1,250=1250 １２３=123 １，２５０=1250 007=7 20241231=20241231"),
        (1, "100.0=100 ５．５=5.5"),
        (2, "573.72=573.72 0.05=0.05 1,250,000.50=1250000.5"),
    ],
)
def test_digits_are_worth_what_they_print(decimals: int, table: str) -> None:
    for text, value in valued(table):
        numeral = one(text)
        assert (numeral.value, numeral.decimals, numeral.form) == (value, decimals, NumeralStyle.DIGITS)
        assert (numeral.start, numeral.end) == (0, len(text))


def test_words_are_worth_what_they_say() -> None:
    table = """零=0 七=7 两=2 十=10 十二=12 二十=20 廿五=25 一百零五=105 一百一十=110 三百五=350 两千=2000
    两千四=2400 两千零四=2004 三千五百二十一=3521 百=100 千=1000 二〇二四=2024 一九四九=1949 三点五=3.5 零点八=0.8
    十二点零五=12.05"""
    for words, value in valued(table):
        assert words_value(words) == value
        assert (one(words).value, one(words).form) == (value, NumeralStyle.WORDS)
    assert [words for words in ("千五六", "百零二三", "") if words_value(words) is not None] == []


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert one(f"{number:,}").value == one(str(number)).value == number


@given(st.decimals(min_value=0, max_value=10**8, places=2))
def test_full_width_digits_are_worth_as_much_as_plain_ones(number: object) -> None:
    assert one(str(number).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))) == one(str(number))


def test_a_fraction_is_worth_its_per_cent() -> None:
    table = """三分之一=33.3333 四分之三=75 百分之五=5 百分之三点五=3.5 百分之12.5=12.5 千分之八=0.8 万分之三=0.03
    十分之九=90 1/4=25 3/8=37.5"""
    for text, per_cent in valued(table):
        numeral = one(text)
        assert numeral.value == pytest.approx(per_cent, abs=1e-3)
        assert (numeral.form, numeral.end - numeral.start) == (NumeralStyle.FRACTION, len(text))


def test_an_open_number_counts_one_of_its_place() -> None:
    assert [one(f"{text}家").value for text in ("数百", "几十", "数千", "十几")] == [100, 10, 1000, 10]


@pytest.mark.parametrize(("text", "bare"), [("亿元以上", True), ("万户家庭", True), ("万众一心", False)])
def test_a_magnitude_before_a_unit_stands_for_one_of_it(text: str, bare: bool) -> None:  # noqa: FBT001 - a column
    found = [numeral for numeral in scan(text) if numeral.form is NumeralStyle.BARE]
    assert [(numeral.value, numeral.start, numeral.end) for numeral in found] == [(1, 0, 0)] * bare


def test_numerals_are_found_where_they_stand() -> None:
    expected = mapped("""增长3.5%和6% → 3.5 6 | 比例为2.31:1 → 2.31 1 | 2021-2025年 → 2021 2025 | 1800余万元 → 1800
    百亿元项目 → 百 | 5G网络 → 5 | 第三产业占三分之二 → 三 三分之二 | 1,2、3 → 1 2 3 | 2024/12/31 → 2024 12 31
    没有数字 → | →""")
    found = {text: " ".join(text[numeral.start : numeral.end] for numeral in scan(text)) for text in expected}
    assert found == expected


@given(st.text(alphabet="0123456789.,/:％%零一二两三十百千万亿点分之几数余第年 元a", max_size=60))
def test_numerals_stand_in_order_and_none_overlaps_another(text: str) -> None:
    found = scan(plain(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= numeral.start <= numeral.end <= len(text) for numeral in found)


@given(st.text())
def test_making_a_text_plain_moves_no_character(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)
    assert scan("".join(char for char in plain(text) if not char.isdigit() and char not in WORDS)) == ()


def test_plain_text_has_ascii_digits_letters_and_marks() -> None:
    assert plain("ＧＤＰ（１２．５％）；３：１，约５～６") == "GDP(12.5%);3:1,约5~6"
