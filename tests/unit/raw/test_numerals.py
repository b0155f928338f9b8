"""Numerals in every way that reports write them: where each stands, what it is worth, how many decimals it prints."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raw.numerals.scan import DIGITS, Numeral, NumeralStyle, plain, scan, words_value

WORDS = "〇零一二两三四五六七八九十百千廿万亿"
PLACES = ("", "十", "百", "千")


def one(text: str) -> Numeral:
    """The one numeral of a text."""
    (numeral,) = scan(plain(text))
    return numeral


def spelled(number: int) -> str:
    """A number below 10,000 in words, as it is read out: 1024 is 一千零二十四."""
    words = ""
    for place, digit in reversed(list(enumerate(map(int, reversed(str(number)))))):
        if digit:
            words += DIGITS[digit] + PLACES[place]
        elif words and not words.endswith("零"):
            words += "零"
    return words.rstrip("零") or "零"


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("7", 7, 0),
        ("573.72", 573.72, 2),
        ("100.0", 100, 1),
        ("0.05", 0.05, 2),
        ("1,250", 1250, 0),
        ("1,250,000.50", 1250000.5, 2),
        ("１２３", 123, 0),
        ("５．５", 5.5, 1),
        ("１，２５０", 1250, 0),
        ("007", 7, 0),
        ("20241231", 20241231, 0),
    ],
)
def test_digits_are_worth_what_they_print(text: str, value: float, decimals: int) -> None:
    numeral = one(text)
    assert (numeral.value, numeral.decimals, numeral.form) == (value, decimals, NumeralStyle.DIGITS)
    assert (numeral.start, numeral.end) == (0, len(text))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("零", 0),
        ("七", 7),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿五", 25),
        ("一百零五", 105),
        ("一百一十", 110),
        ("三百五", 350),
        ("两千", 2000),
        ("两千四", 2400),
        ("两千零四", 2004),
        ("三千五百二十一", 3521),
        ("百", 100),
        ("千", 1000),
        ("二〇二四", 2024),
        ("一九四九", 1949),
        ("三点五", 3.5),
        ("十二点零五", 12.05),
        ("零点八", 0.8),
    ],
)
def test_words_are_worth_what_they_say(words: str, value: float) -> None:
    assert words_value(words) == value
    assert (one(words).value, one(words).form) == (value, NumeralStyle.WORDS)


@pytest.mark.parametrize("words", ["千五六", "百零二三", ""])
def test_what_is_no_number_has_no_value(words: str) -> None:
    assert words_value(words) is None


@given(st.integers(min_value=1, max_value=9999))
def test_every_number_below_ten_thousand_is_read_back_from_its_words(number: int) -> None:
    assert words_value(spelled(number)) == number


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert one(f"{number:,}").value == one(str(number)).value == number


@given(st.decimals(min_value=0, max_value=10**8, places=2))
def test_full_width_digits_are_worth_as_much_as_plain_ones(number: object) -> None:
    wide = str(number).translate({**{ord("0") + n: ord("０") + n for n in range(10)}, ord("."): ord("．")})
    assert one(wide) == one(str(number))


@pytest.mark.parametrize(
    ("text", "per_cent"),
    [
        ("三分之一", 100 / 3),
        ("四分之三", 75),
        ("百分之五", 5),
        ("百分之三点五", 3.5),
        ("百分之12.5", 12.5),
        ("千分之八", 0.8),
        ("万分之三", 0.03),
        ("十分之九", 90),
        ("1/4", 25),
        ("3/8", 37.5),
    ],
)
def test_a_fraction_is_worth_its_per_cent(text: str, per_cent: float) -> None:
    numeral = one(text)
    assert numeral.value == pytest.approx(per_cent, abs=1e-3)
    assert (numeral.form, numeral.end - numeral.start) == (NumeralStyle.FRACTION, len(text))


@pytest.mark.parametrize(("text", "numeral"), [("数百", 100), ("几十", 10), ("数千", 1000), ("十几", 10)])
def test_an_open_number_counts_one_of_its_place(text: str, numeral: float) -> None:
    assert one(f"{text}家").value == numeral


@pytest.mark.parametrize(("text", "bare"), [("亿元以上", True), ("万户家庭", True), ("万众一心", False)])
def test_a_magnitude_before_a_unit_stands_for_one_of_it(text: str, bare: bool) -> None:  # noqa: FBT001 - a column
    found = [numeral for numeral in scan(text) if numeral.form is NumeralStyle.BARE]
    assert [(numeral.value, numeral.start, numeral.end) for numeral in found] == [(1, 0, 0)] * bare


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("增长3.5%和6%", ["3.5", "6"]),
        ("比例为2.31:1", ["2.31", "1"]),
        ("2021-2025年", ["2021", "2025"]),
        ("1800余万元", ["1800"]),
        ("百亿元项目", ["百"]),
        ("5G网络", ["5"]),
        ("第三产业占三分之二", ["三", "三分之二"]),
        ("1,2、3", ["1", "2", "3"]),
        ("2024/12/31", ["2024", "12", "31"]),
        ("没有数字", []),
        ("", []),
    ],
)
def test_numerals_are_found_where_they_stand(text: str, printed: list[str]) -> None:
    assert [text[numeral.start : numeral.end] for numeral in scan(text)] == printed


@given(st.text(alphabet="0123456789.,/:％%零一二两三十百千万亿点分之几数余第年 元a", max_size=60))
def test_numerals_stand_in_order_and_none_overlaps_another(text: str) -> None:
    found = scan(plain(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= numeral.start <= numeral.end <= len(text) for numeral in found)


@given(st.text())
def test_making_a_text_plain_moves_no_character(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


def test_plain_text_has_ascii_digits_letters_and_marks() -> None:
    assert plain("ＧＤＰ（１２．５％）；３：１，约５～６") == "GDP(12.5%);3:1,约5~6"


@given(st.text())
def test_text_without_digits_and_number_words_has_no_numeral(text: str) -> None:
    assert scan("".join(char for char in plain(text) if not char.isdigit() and char not in WORDS)) == ()
