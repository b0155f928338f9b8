"""Units as reports state them: each has a code, a magnitude is a power of ten, what no table knows is told apart."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from schemas.registry.units import BASE_UNITS, MAGNITUDES, Unit, base_pattern, codes, resolve

SIMPLE = sorted(unit for unit in codes() if "/" not in unit and unit != "千米")


KNOWN = """元=CNY/0 万元=CNY/4 亿元=CNY/8 万亿元=CNY/12 亿美元=USD/8 %=percent/0 ‰=permille/0
个百分点=percentage_point/0 倍=times/0 位=rank/0 平方米=m2/0 万平方米=m2/4 平方公里=km2/0 亩=mu/0 万亩=mu/4
公里=km/0 万吨=t/4 吨标准煤=t_sce/0 微克/立方米=ug/m3/0 元/平方米=CNY/m2/0 万千瓦=kW/4
千瓦=kW/0 千克=kg/0 亿千瓦时=kWh/8 万标准箱=TEU/4 万人=person/4
万人次=person_time/4 亿人次=person_time/8 户=household/0 年=year/0 张床位=bed/0 个=count/0 家=count/0 万件=count/4
万=none/4 亿=none/8 =none/0 :1=other/0 光年=other/0 万光年=other/0 元元=other/0 元万=other/0"""


def test_a_unit_has_a_code_and_a_power_of_ten_and_one_that_no_table_knows_is_of_another_kind() -> None:
    stated = dict(pair.split("=") for pair in KNOWN.split())
    assert {name: "{0.code}/{0.mult}".format(resolve(name)) for name in stated} == stated
    assert resolve("万元") == Unit(name="万元", code="CNY", mult=4)


@given(st.sampled_from(SIMPLE), st.sampled_from(["万", "亿", "万亿"]))
def test_a_magnitude_before_any_unit_leaves_its_code(unit: str, magnitude: str) -> None:
    assert resolve(unit).mult == 0
    assert (resolve(magnitude + unit).code, resolve(magnitude + unit).mult) == (codes()[unit], MAGNITUDES[magnitude])


@given(st.text(max_size=10))
def test_any_words_resolve_to_a_unit_of_that_name(stated: str) -> None:
    unit = resolve(stated)
    assert unit.name == stated
    assert unit.code in {*BASE_UNITS, "none", "other"}


@given(st.sampled_from(sorted(codes())))
def test_the_pattern_matches_each_unit_whole(unit: str) -> None:
    found = re.match(base_pattern(), unit)
    assert found is not None
    assert found.group() == unit


def test_codes_are_short_and_plain() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_/]{1,20}", code) for code in BASE_UNITS)
    assert set(codes().values()) == set(BASE_UNITS)
