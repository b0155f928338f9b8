"""Numbers that claim one series of the registry and cannot all be true."""

from __future__ import annotations

import pytest
from support.reader_output import observations

MAIN = "全年地区生产总值增长5.2%，固定资产投资增长6.1%，社会消费品零售总额增长7%。"

# A text, and the values that keep the series of the registry.
CASES = {
    "新增学位4535个。\n新增学位6602个。": (),
    f"{MAIN}\n坚持项目为王，固定资产投资增长10%。": (5.2, 6.1, 7.0),
    "实际利用外资50.4亿美元，其中实际利用外资36.2亿美元。": (50.4,),
    "高新技术企业突破1000家、达1148家。": (1000.0, 1148.0),
    "森林覆盖率达到22.2%。\n森林覆盖率稳定在22%以上。": (22.2, 22.0),
    "地区生产总值2417.5亿元。\n地区生产总值2417.47亿元。": (2417.5, 2417.47),
    "新增学位约5000个。\n新增学位5112个。": (5000.0, 5112.0),
}


@pytest.mark.parametrize("text", CASES)
def test_contradicting_numbers_lose_the_series_of_the_registry(text: str) -> None:
    kept = [each.value for each in observations(text) if not each.indicator.startswith("x:")]
    assert tuple(kept) == CASES[text]


def test_so_many_different_numbers_of_one_key_are_no_series_and_cost_no_comparison_of_all() -> None:
    text = "\n".join(f"森林覆盖率达到{place}%。" for place in range(1, 60))
    assert {each.indicator for each in observations(text)} == {"x:森林覆盖率"}


def test_a_stretch_target_is_no_contradiction() -> None:
    text = "二、2025年工作安排\n地区生产总值增长5%。\n力争地区生产总值增长5.5%。"
    assert [each.indicator for each in observations(text)] == ["gdp", "gdp"]


def test_what_loses_the_series_keeps_its_words() -> None:
    rows = observations("新增学位4535个。\n新增学位6602个。")
    assert {(each.indicator, each.subject) for each in rows} == {("x:新增学位", "新增学位")}
