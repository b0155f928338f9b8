"""Which measure a number is, with what sign and bound: told from its form, the words before it and its subject."""

from __future__ import annotations

import pytest
from support.case_tables import grouped, mapped, valued
from support.reader_output import observations, only

MEASURES = {
    "level": "货运量5.2亿吨 货运量达到5.2亿吨 新增床位1200张 货运量增加到5.2亿吨 货运量由4.8亿吨增加",
    "growth": """货运量增长4.2% 货运量下降4.2% 货运量增幅4.2% 货运量同比增长1.2倍 五年来，货运量累计增长24%""",
    "cagr": "五年来，货运量年均增长4.2% 货运量年均下降4.2% 货运量复合增长率4.2%",
    "change": "空置率提高2.3个百分点 空置率下降2.3个百分点 民营企业增加500家 营商环境评价上升3位",
    "share": """税收收入占比58.3% 税收收入占财政收入的58.3% 税收收入占财政收入比重58.3% 光伏产量占全国四分之一""",
    "rate": "城镇化率达到66.8% 项目开工率达到九成以上 消费贡献率为61.7% 投资完成进度达到85%",
    "rank": "财政收入居全省第3位 财政收入居全省第3名 财政收入排名全市第三 财政收入位居全国前十",
    "multiple": "货运量增长到3.1倍 货运量是上年的1.8倍",
    "ratio": "城乡收入之比为2.31:1",
    "streak": "货运量连续6年增长",
}
BOUNDS = {
    ">": "货运量超5亿吨 货运量5亿多吨 货运量500余吨 货运量突破5亿吨",
    ">=": "货运量5亿吨以上 货运量不少于5亿吨 货运量增长5%以上",
    "~": "货运量约5亿吨 货运量5亿吨左右 货运量增长约5%",
    "<=": "空置率5%以内 空置率不超过5% 空置率控制在5%以内 财政收入位居全国前十",
    "<": "空置率低于5% 空置率不到5%",
    "=": "货运量达到5亿吨 财政收入位居全国第十",
}


@pytest.mark.parametrize(("text", "measure"), grouped(MEASURES))
def test_a_number_has_its_measure(text: str, measure: str) -> None:
    assert only(f"{text}。").measure == measure


def test_a_rise_is_positive_and_a_fall_negative() -> None:
    moves = {4.2: "增长 提高 上升 上涨 提升", -4.2: "下降 降低 减少 回落 下滑 下跌 压减 同比下降"}
    assert [word for word, value in grouped(moves) if only(f"货运量{word}4.2%。").value != value] == []


def test_only_what_changed_bears_a_sign() -> None:
    signed = """失业率下降到4.2%=4.2 失业率降至4.2%=4.2 空置率低于4.2%=4.2 财政收入居全省第3位=3
        城乡收入差距收窄2.1个百分点=-2.1 综合实力后移2位=-2 民营企业减少50家=-50"""
    assert {text: only(f"{text}。").value for text, _ in valued(signed)} == dict(valued(signed))


@pytest.mark.parametrize(("text", "bound"), grouped(BOUNDS))
def test_a_number_has_its_bound(text: str, bound: str) -> None:
    assert only(f"{text}。").bound == bound


@pytest.mark.parametrize(
    ("text", "unit"),
    mapped("""
        货运量5.2亿吨 → 亿吨 t 8 | 财政收入573.72亿元 → 亿元 CNY 8 | 财政收入居全省第3名 → 位 rank 0
        财政收入排名全市第三 → 位 rank 0 | 光伏产量占全国四分之一 → % percent 0
        空置率提高2.3个百分点 → 个百分点 percentage_point 0 | 城乡收入之比为2.31:1 → :1 other 0
    """).items(),
)
def test_a_number_has_its_unit_as_stated_and_in_codes(text: str, unit: str) -> None:
    found = only(f"{text}。")
    assert f"{found.unit} {found.unit_code} {found.unit_mult}" == unit


def test_only_a_rank_has_a_group() -> None:
    rank, growth = observations("财政收入居全省第3位，增长4.2%。")
    assert (rank.scope, growth.scope) == ("全省", "")


@pytest.mark.parametrize("text", ["货运量增长。", "货运量稳步提高。", "货运量持续扩大，再创新高。"])
def test_without_a_number_there_is_no_observation(text: str) -> None:
    assert observations(text) == ()
