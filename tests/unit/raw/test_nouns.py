from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import grouped, mapped

from raw.extract.noun_lists import expand, expand_compound, has_head, items


def test_an_enumeration_is_expanded_to_whole_names_by_the_head_of_the_last() -> None:
    names = mapped("""旅游人数、旅游收入 → 旅游人数 旅游收入 | 城镇、农村居民收入 → 城镇居民收入 农村居民收入
    城镇和农村常住居民收入 → 城镇常住居民收入 农村常住居民收入 | 机械、电子行业增加值 → 机械行业增加值 电子行业增加值
    省、市重点项目完成进度 → 省重点项目完成进度 市重点项目完成进度 | 进口额、出口额 → 进口额 出口额
    进口和出口 → 进口 出口 | 汽车、手机、空调产量 → 汽车产量 手机产量 空调产量 | 存款以及贷款余额 → 存款 贷款余额
    港口吞吐量 → 港口吞吐量 | 、 → | →""")
    assert {noun: " ".join(expand(noun)) for noun in names} == names


@pytest.mark.parametrize("joint", ["、", "和", "与", "及", ",", "，"])
def test_every_joint_parts_items(joint: str) -> None:
    assert items(f"甲产量{joint}乙产量") == ("甲产量", "乙产量")


def test_a_compound_names_as_many_series_as_numbers_follow() -> None:
    compounds = mapped("""2城乡居民收入 → 城镇居民收入 农村居民收入 | 2城乡低保标准 → 城市低保标准 农村低保标准
    3一二三产增加值 → 第一产业增加值 第二产业增加值 第三产业增加值 | 2存贷款余额 → 存款余额 贷款余额
    3城乡居民收入 → | 2一二三产增加值 → | 2居民收入 →""")
    assert {noun: " ".join(expand_compound(noun[1:], int(noun[0]))) for noun in compounds} == compounds


def test_a_property_can_stand_alone_and_a_thing_or_a_part_needs_its_head() -> None:
    nouns = {
        True: "粮食产量 森林覆盖率 工业投资 建筑面积 死亡人数 农村居民收入",
        False: "城镇 新能源汽车 学校 农村居民",
    }
    assert [noun for noun, alone in [*grouped(nouns), ("", False)] if has_head(noun) is not alone] == []


@given(st.text(alphabet="甲乙丙产量收入、和与率城乡", max_size=40))
def test_expanding_keeps_one_name_an_item(noun: str) -> None:
    assert len(expand(noun)) == max(1, len(items(noun)))
