"""The cost of reading grows no faster than the text, however it is made up."""

from __future__ import annotations

import sys
from functools import partial
from types import FrameType

import pytest
from support.growth import grows_linearly
from support.reader_output import document

from raw.extract.observations import read

MOST_STEPS = 12
# Each is repeated as it stands: `_` is an ideographic space here, `/` the end of a line.
REPEATED = """一是 1、 增长 “ 5% 第一 1- (一) 一 1 1, 1. 1⁄ 1: 点 千 一点 一分之 ， 、 / _ /一、 。一是 万亿 十四五
2024年 2020-2025年 五年 均 分别 全市第1 增长5% 增长5%， 产值1， 产值5%、 产值5家 产值增长5% 产值增长5%，
甲、乙分别增长1%、2% 分别1%、 年均 百亿元以上 “三 +1 1+ 名词解释 /名词解释/ 占全国 由1%提高到2% 12家 [A](1) 1～
2024年5%"""
UNITS = [unit.translate(str.maketrans("_/⁄", "\u3000\n/")) for unit in REPEATED.split()]
LENGTHS = {8_000: ("产值1，", "甲、乙分别增长1%、2%", "1,"), 60_000: ("“", "1-", "(一)", "\u3000")}


def repeated(unit: str, length: int) -> str:
    return (unit * length)[:length]


def steps(text: str) -> int:
    """How many functions are called, of ours and of the library, while a text is read."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    made = document(text)
    sys.setprofile(called)
    try:
        read(made)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_ten_times_the_text_takes_at_most_twelve_times_the_steps(unit: str) -> None:
    short, long = repeated(unit, 400), repeated(unit, 4_000)
    read(document(short))  # what is made ready at the first use is no cost of the text
    least = steps(short)
    assert least > 20
    assert steps(long) <= MOST_STEPS * least + 1_000


@pytest.mark.parametrize("length", LENGTHS)
def test_a_long_text_is_read_in_linear_time(length: int) -> None:
    def read_repeated(unit: str, size: int) -> None:
        read(document(repeated(unit, size)))

    assert [unit for unit in LENGTHS[length] if not grows_linearly(partial(read_repeated, unit), length)] == []
