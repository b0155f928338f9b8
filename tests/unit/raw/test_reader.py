"""The reader as a whole: a golden for each rule, and what holds of every text whatever it says."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reader_output import Golden, document, goldens, line, observations, told

from raw.extract.observations import read
from raw.numerals.scan import plain
from schemas.codelists import Bound, Measure, NumberStatus, Status
from schemas.document import Document, Span
from schemas.observation import Observation

CASES = goldens()
WORDS = """增长 下降 分别 第 居全市 占 五年来 2024年 一、 是 以上 约 、 ， 。 产值 5% 3.2亿元 12家 1-2% 2:1 一 十四五
“ ” 万 的 （一） 名词解释"""
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=60).map("".join))
NOTE = "\n附带说明：图书馆藏书18万册，比上年增加2万册。"


def alike(expected: str, found: str) -> bool:
    """Whether a line is as expected; of what is no observation, its unit may stand in the account or not."""
    if not expected.startswith("- "):
        return expected == found
    number, reason = expected.split("｜")
    return found.startswith(number) and found.endswith(f"｜{reason}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text.replace("\n", " "))
def test_a_golden_is_read_as_it_has_to_be(case: Golden) -> None:
    found = told(case.text)
    assert len(found) == len(case.told), found
    assert all(alike(*pair) for pair in zip(case.told, found, strict=True)), found


def test_the_goldens_show_every_measure_bound_and_status() -> None:
    lines = [said.split("｜") for case in CASES for said in case.told if not said.startswith("- ")]
    assert {fields[2] for fields in lines} == {measure.value for measure in Measure}
    bounds = {re.match(r"[<>=~]+", fields[3]) for fields in lines}
    assert {found.group() for found in bounds if found} == {bound.value for bound in Bound}
    assert {fields[6] for fields in lines} == {status.value for status in Status}


def test_no_golden_is_there_twice() -> None:
    assert len({case.text for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text.replace("\n", " "))
def test_the_text_before_a_note_is_read_the_same_with_it_and_without(case: Golden) -> None:
    before = read(document(case.text))
    after = read(document(case.text + NOTE))
    assert after[0][: len(before[0])] == before[0]
    assert after[1][: len(before[1])] == before[1]
    assert len(after[1]) > len(before[1])


@pytest.mark.parametrize(
    "numeral", ["1" * 400, "1" * 5000, "1" + ",000" * 200, "二" * 400 + "点五", "三" * 400 + "分之一"]
)
def test_a_numeral_too_long_to_be_meant_has_no_endless_value(numeral: str) -> None:
    for unit in ("%", "亿元", "倍", "番", "位", "-9" + "9" * 400 + "%", ":1", "/3"):
        assert all(math.isfinite(item.value) for item in observations(f"货运量增长{numeral}{unit}。")), unit


@given(TEXTS)
@settings(max_examples=200)
def test_any_text_is_read_the_same_again_with_every_digit_accounted_for(text: str) -> None:
    found, account = read(document(text))
    assert (found, account) == read(document(text))
    assert all(a.span.end <= b.span.start for a, b in pairwise(account))
    for run in re.finditer(r"\d+", plain(text)):
        holding = [item for item in account if item.span.start <= run.start() and run.end() <= item.span.end]
        assert len(holding) == 1
    assert all(item.span.cut(text) == item.text for item in account)
    assert all(item.span.cut(text) == item.obs_text != "" for item in found)
    assert all(item.subject and item.quote in text for item in found)
    claimed = {item.span for item in account if item.fate is NumberStatus.CLAIMED}
    assert claimed == {item.span for item in found}
    assert all((item.reason is not None) is (item.fate is NumberStatus.IGNORED) for item in account)


@pytest.mark.parametrize(
    "text",
    [
        *("货运量达到{}万吨，客运量达到{}万人次。", "工业投资、民间投资分别增长{}%、{}%。", "城镇化率由{}%提高到{}%。"),
        *("存款余额{}亿元，增长{}%。", "新建学校{}所、医院{}家。"),
    ],
)
def test_two_numbers_that_change_places_change_two_values_and_nothing_else(text: str) -> None:
    before, after = observations(text.format(61, 74)), observations(text.format(74, 61))
    assert [item.value for item in before] == [61, 74]
    assert [item.value for item in after] == [74, 61]
    assert [facts(item) for item in before] == [facts(item) for item in after]


def facts(item: Observation) -> list[str]:
    """What is told of an observation apart from its span and its value."""
    return [part for at, part in enumerate(line(item).split("｜")) if at not in {0, 3}]


RISES = (
    "货运量增长4.2%。",
    "货运量同比增长4.2%，居全省第3位。",
    "工业投资、民间投资分别增长12.5%、7.1%。",
    "城镇化率66.8%，技改投资增长15%。",
    "五年来，碳排放强度年均增长3.2%。",
)


@pytest.mark.parametrize("text", RISES)
def test_a_fall_for_a_rise_changes_the_sign_of_what_grew_and_nothing_else(text: str) -> None:
    before, after = observations(text), observations(text.replace("增长", "下降"))
    assert [facts(item) for item in before] == [facts(item) for item in after]
    for rise, fall in zip(before, after, strict=True):
        turned = -1 if rise.measure in {Measure.GROWTH, Measure.CAGR} else 1
        assert (fall.value, fall.value_upper) == (turned * rise.value, None)


def test_the_ends_of_a_fall_stay_in_order() -> None:
    (fall,) = observations("固定资产投资下降4.5-5%。")
    assert (fall.value, fall.value_upper) == (-5, -4.5)


def test_the_other_words_of_a_sentence_do_not_move_its_number() -> None:
    ((plainly,), (adorned,)) = map(observations, ("货运量增长4.2%。", "全市上下齐心协力，货运量实现增长4.2%。"))
    assert (plainly.value, plainly.measure) == (adorned.value, adorned.measure)


def test_numbers_outside_the_body_are_accounted_for_as_its_frame() -> None:
    text = "索引号: 2024-15\n货运量增长4.2%。\n共3页"
    whole = document(text)
    body = Span(start=text.index("货"), end=text.index("\n共"))
    framed = Document(title=whole.title, published_on=None, text=text, body=body, sections=whole.sections)
    found, account = read(framed)
    assert [item.obs_text for item in found] == ["4.2%"]
    assert {str(item.reason) for item in account if item.fate is NumberStatus.IGNORED} == {"header"}


def test_an_observation_names_its_section_and_quotes_its_clause() -> None:
    text = "一、2024年工作回顾\n（一）交通\n全市上下齐心协力，货运量增长4.2%。\n"
    (found,) = observations(text)
    assert (found.section, found.quote) == ("一/一", "货运量增长4.2%")
    assert (found.decimals, found.unit_code, found.unit_mult, found.price_basis) == (1, "percent", 0, None)
    assert found.key("CN-440000") == f"CN-440000|{found.indicator}|growth||2024|actual"
