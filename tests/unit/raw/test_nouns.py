from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raw.extract.noun_lists import expand, expand_compound, has_head, items


@pytest.mark.parametrize(
    ("noun", "whole"),
    [
        ("旅游人数、旅游收入", ("旅游人数", "旅游收入")),
        ("城镇、农村居民人均可支配收入", ("城镇居民人均可支配收入", "农村居民人均可支配收入")),
        ("城镇和农村常住居民收入", ("城镇常住居民收入", "农村常住居民收入")),
        ("苹果、猕猴桃产量", ("苹果产量", "猕猴桃产量")),
        ("机械、电子行业增加值", ("机械行业增加值", "电子行业增加值")),
        ("省、市重点项目完成进度", ("省重点项目完成进度", "市重点项目完成进度")),
        ("进口额、出口额", ("进口额", "出口额")),
        ("港口吞吐量", ("港口吞吐量",)),
        ("", ("",)),
    ],
)
def test_an_enumeration_is_expanded_to_whole_names(noun: str, whole: tuple[str, ...]) -> None:
    assert expand(noun) == whole


@pytest.mark.parametrize("joint", ["、", "和", "与", "及", ",", "，"])
def test_every_joint_parts_items(joint: str) -> None:
    assert items(f"甲产量{joint}乙产量") == ("甲产量", "乙产量")


@pytest.mark.parametrize(
    ("noun", "count", "series"),
    [
        ("城乡居民收入", 2, ("城镇居民收入", "农村居民收入")),
        ("城乡低保标准", 2, ("城市低保标准", "农村低保标准")),
        ("一二三产增加值", 3, ("第一产业增加值", "第二产业增加值", "第三产业增加值")),
        ("存贷款余额", 2, ("存款余额", "贷款余额")),
        ("城乡居民收入", 3, ()),
        ("一二三产增加值", 2, ()),
        ("居民收入", 2, ()),
    ],
)
def test_a_compound_names_as_many_series_as_numbers_follow(noun: str, count: int, series: tuple[str, ...]) -> None:
    assert expand_compound(noun, count) == series


@pytest.mark.parametrize("noun", ["粮食产量", "森林覆盖率", "工业投资", "建筑面积", "死亡人数"])
def test_a_property_can_stand_alone(noun: str) -> None:
    assert has_head(noun)


@pytest.mark.parametrize("noun", ["城镇", "新能源汽车", "学校", ""])
def test_a_thing_or_a_part_needs_its_head(noun: str) -> None:
    assert not has_head(noun)


@given(st.text(alphabet="甲乙丙产量收入、和与率城乡", max_size=40))
def test_expanding_keeps_one_name_an_item(noun: str) -> None:
    assert len(expand(noun)) == max(1, len(items(noun)))
