"""The cost of reading grows no faster than the text, however it is made up."""

from __future__ import annotations

import sys
import time
from types import FrameType

import pytest
from support.readings import document

from raw.extract.observations import read

# Ten times the text may take twelve times the steps; of the time, which other processes disturb, twice as much.
MOST_STEPS = 12
MOST_TIME = 24
TRIES = 3
REPEATED = (
    *(
        "一是",
        "1、",
        "增长",
        "“",
        "5%",
        "第一",
        "1-",
        "(一)",
        "一",
        "1",
        "1,",
        "1.",
        "1/",
        "1:",
        "点",
        "千",
        "一点",
        "一分之",
    ),
    *(
        "，",
        "、",
        "\n",
        "\u3000",
        "\n一、",
        "。一是",
        "万亿",
        "十四五",
        "2024年",
        "2020-2025年",
        "五年",
        "均",
        "分别",
        "全市第1",
    ),
    *(
        "增长5%",
        "增长5%，",
        "产值1，",
        "产值5%、",
        "产值5家",
        "产值增长5%",
        "产值增长5%，",
        "甲、乙分别增长1%、2%",
        "分别1%、",
    ),
    *(
        "年均",
        "百亿元以上",
        "“三",
        "+1",
        "1+",
        "名词解释",
        "\n名词解释\n",
        "占全国",
        "由1%提高到2%",
        "12家",
        "[A](1)",
        "1～",
    ),
)
DENSE = (
    "一是",
    "1、",
    "5%",
    "第一",
    "产值增长5%",
    "产值1，",
    "产值5家",
    "甲、乙分别增长1%、2%",
    "1,",
    "1/",
    "2024年5%",
    "由1%提高到2%",
)
SPARSE = ("增长", "“", "1-", "(一)", "\u3000", "产值")


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


def seconds(text: str) -> float:
    """How long a text takes from its outline to its observations, in time of this process."""
    begun = time.process_time()
    read(document(text))
    return time.process_time() - begun


@pytest.mark.parametrize("unit", REPEATED)
def test_ten_times_the_text_takes_at_most_twelve_times_the_steps(unit: str) -> None:
    short, long = repeated(unit, 600), repeated(unit, 6_000)
    read(document(short))  # what is made ready at the first use is no cost of the text
    assert steps(long) <= MOST_STEPS * steps(short) + 1_000


@pytest.mark.parametrize("unit", SPARSE)
def test_two_hundred_thousand_characters_are_read_in_linear_time(unit: str) -> None:
    assert takes_linear_time(unit, 200_000)


@pytest.mark.parametrize("unit", DENSE)
def test_twenty_thousand_characters_full_of_numbers_are_read_in_linear_time(unit: str) -> None:
    assert takes_linear_time(unit, 20_000)


def takes_linear_time(unit: str, length: int) -> bool:
    """Whether one of a few tries is quick enough."""
    short, long = repeated(unit, length // 10), repeated(unit, length)
    return any(seconds(long) <= MOST_TIME * max(seconds(short), 0.01) for _ in range(TRIES))


def test_steps_are_counted() -> None:
    assert steps("产值增长5%。") > 20
    assert steps("产值增长5%。" * 10) > 5 * steps("产值增长5%。")
