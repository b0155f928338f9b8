"""Whose number it is: named before it or behind it, carried on, dealt out of a list, shared by all of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import mapped
from support.reader_output import observations

from raw.extract.noun_lists import expand, items


def subjects(text: str) -> list[str]:
    return [f"{item.subject} {item.value:g}" for item in observations(text)]


SUBJECTS = {
    "noun without verb, period and comparison": """
        货运量增长4.2% → 货运量 4.2 | 货运量比上年增长4.2% → 货运量 4.2 | 2024年，货运量增长4.2% → 货运量 4.2
        2024年货运量增长4.2% → 货运量 4.2 | 今年以来，货运量增长4.2% → 货运量 4.2 | 其中，货运量增长4.2% → 货运量 4.2
        去年，货运量达5.2亿吨 → 货运量 5.2""",
    "what a count counts": "建成3座污水处理厂 → 污水处理厂 3 | 已有26家上市企业 → 上市企业 26",
    "until another is named": """
        货运量5.2亿吨，增长4.2% → 货运量 5.2, 货运量 4.2 | 货运量5.2亿吨、增长4.2% → 货运量 5.2, 货运量 4.2
        货运量增长4.2%，居全省第3位 → 货运量 4.2, 货运量 3
        货运量增长4.2%，比上年提高1.1个百分点 → 货运量 4.2, 货运量 1.1
        货运量由5.2亿吨增加到6.1亿吨 → 货运量 5.2, 货运量 6.1
        货运量5.2亿吨，增长4.2%，客运量381万人次，增长9% → 货运量 5.2, 货运量 4.2, 客运量 381, 客运量 9""",
    "list dealt out": """
        货运量、客运量分别增长4.2%、9% → 货运量 4.2, 客运量 9 | 货运量和客运量分别增长4.2%和9% → 货运量 4.2, 客运量 9
        货运量、客运量分别增长4.2%9% → 货运量 4.2, 客运量 9
        货运量、客运量和吞吐量分别增长4.2%、9%和11% → 货运量 4.2, 客运量 9, 吞吐量 11
        城镇、农村居民收入分别增长4.2%、6% → 城镇居民收入 4.2, 农村居民收入 6
        进口额、出口额分别下降4.2%、6% → 进口额 -4.2, 出口额 -6
        存款余额、贷款余额分别为82亿元、76亿元，分别增长4%、9% → 存款余额 82, 贷款余额 76, 存款余额 4, 贷款余额 9""",
    "shared by all": """
        进口额、出口额均增长4.2% → 进口额 4.2, 出口额 4.2 | 进口额和出口额均居全省第2位 → 进口额 2, 出口额 2
        工业投资总额和项目数均居全市第一 → 工业投资总额 1, 项目数 1
        进口、出口、税收收入均下降3% → 进口 -3, 出口 -3, 税收收入 -3""",
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_number_has_the_subject_that_it_is_of(kind: str) -> None:
    expected = mapped(SUBJECTS[kind])
    assert {text: ", ".join(subjects(f"{text}。")) for text in expected} == expected


def test_a_number_that_all_share_is_one_observation_of_each() -> None:
    assert {len({item.span for item in observations(text)}) for text in mapped(SUBJECTS["shared by all"])} == {1}


@pytest.mark.parametrize("end", ["。", "；", "\n", "！"])
def test_a_subject_is_not_carried_over_the_end_of_a_sentence(end: str) -> None:
    assert subjects(f"货运量增长4.2%{end}客运量增长9%。") == ["货运量 4.2", "客运量 9"]
    assert subjects(f"货运量增长4.2%{end}增长9%。") == ["货运量 4.2"]


@given(st.text(alphabet="甲乙丙、和与及,，产量收入", max_size=40))
def test_every_item_of_a_list_keeps_its_own_words(noun: str) -> None:
    found = items(noun)
    whole = expand(noun)
    assert len(whole) == max(len(found), 1)
    assert all(item.startswith(part) for item, part in zip(whole, found, strict=False))
