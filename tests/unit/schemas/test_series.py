"""One id is one series: a number of another kind of thing is none of it."""

from __future__ import annotations

import pytest
from support.case_tables import grouped, mapped
from support.reader_output import only

from schemas.registry.units import codes, resolve, same_dimension


def test_a_level_in_a_unit_of_its_series_has_its_id_and_one_of_another_kind_of_thing_is_another_series() -> None:
    levels = mapped("""改造老旧小区1376个 → old_estates | 接待游客3亿人次 → tourists | 地区生产总值达到5亿美元 → gdp
    高新技术企业1200家 → firms_hightech | 改造老旧小区数量增长5% → old_estates""")
    assert {sentence: only(f"{sentence}。").indicator for sentence in levels} == levels
    assert all(only(text).indicator.startswith("x:") for text in ("改造老旧小区14万户。", "高新技术企业占地50万亩。"))


def test_a_hotline_is_a_name_and_the_same_digits_with_a_unit_are_an_amount() -> None:
    assert only("利润总额12345万元。").value == 12345
    assert only("12345政务服务便民热线办结率达98%。").value == 98


def test_a_counting_word_before_a_place_is_no_percentage() -> None:
    assert (only("新建10个点位。").unit, only("新建10个点位。").subject) == ("个", "新建点位")


def test_a_thousandfold_unit_has_a_code_of_its_own() -> None:
    assert {resolve("EFLOPS").code, resolve("PFLOPS").code} == {"EFLOPS", "PFLOPS"}


def test_codes_are_alike_where_they_measure_one_kind_of_thing() -> None:
    pairs = {True: "CNY-USD mu-m2 CNY/month-USD/month none-household", False: "CNY/month-CNY/year household-person"}
    for pair, same in [*grouped(pairs), ("count-household", False)]:
        one, other = pair.split("-")
        assert same_dimension(one, other) is same_dimension(other, one) is same, pair


def test_every_code_is_like_itself_in_every_magnitude() -> None:
    names = [f"{magnitude}{name}" for name in codes() for magnitude in ("", "万", "亿")]
    assert [name for name in names if not same_dimension(resolve(name).code, resolve(name.lstrip("万亿")).code)] == []


@pytest.mark.parametrize("sentence", ["产值超200亿元的县达26个。", "规模达10亿元企业新增3家。"])
def test_a_class_of_places_or_firms_has_a_threshold_and_not_a_level(sentence: str) -> None:
    assert only(sentence).unit in {"个", "家"}
