"""Which measure a number is, with what sign and bound: told from its form, the words before it and its subject."""

from __future__ import annotations

import pytest
from support.readings import observations, only


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("货运量5.2亿吨。", "level"),
        ("货运量达到5.2亿吨。", "level"),
        ("新增床位1200张。", "level"),
        ("货运量增加到5.2亿吨。", "level"),
        ("货运量由4.8亿吨增加。", "level"),
        ("货运量增长4.2%。", "growth"),
        ("货运量下降4.2%。", "growth"),
        ("货运量增幅4.2%。", "growth"),
        ("货运量同比增长1.2倍。", "growth"),
        ("五年来，货运量累计增长24%。", "growth"),
        ("五年来，货运量年均增长4.2%。", "cagr"),
        ("货运量年均下降4.2%。", "cagr"),
        ("货运量复合增长率4.2%。", "cagr"),
        ("空置率提高2.3个百分点。", "change"),
        ("空置率下降2.3个百分点。", "change"),
        ("民营企业增加500家。", "change"),
        ("营商环境评价上升3位。", "change"),
        ("税收收入占比58.3%。", "share"),
        ("税收收入占财政收入的58.3%。", "share"),
        ("税收收入占财政收入比重58.3%。", "share"),
        ("光伏产量占全国四分之一。", "share"),
        ("城镇化率达到66.8%。", "rate"),
        ("项目开工率达到九成以上。", "rate"),
        ("消费贡献率为61.7%。", "rate"),
        ("投资完成进度达到85%。", "rate"),
        ("财政收入居全省第3位。", "rank"),
        ("财政收入居全省第3名。", "rank"),
        ("财政收入排名全市第三。", "rank"),
        ("财政收入位居全国前十。", "rank"),
        ("货运量增长到3.1倍。", "multiple"),
        ("货运量是上年的1.8倍。", "multiple"),
        ("城乡收入之比为2.31:1。", "ratio"),
        ("货运量连续6年增长。", "streak"),
    ],
)
def test_a_number_has_its_measure(text: str, measure: str) -> None:
    assert only(text).measure == measure


@pytest.mark.parametrize("word", ["增长", "提高", "上升", "上涨", "提升"])
def test_a_rise_is_positive(word: str) -> None:
    assert only(f"货运量{word}4.2%。").value == 4.2


@pytest.mark.parametrize("word", ["下降", "降低", "减少", "回落", "下滑", "下跌", "压减", "同比下降"])
def test_a_fall_is_negative(word: str) -> None:
    assert only(f"货运量{word}4.2%。").value == -4.2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("失业率下降到4.2%。", 4.2),
        ("失业率降至4.2%。", 4.2),
        ("空置率低于4.2%。", 4.2),
        ("财政收入居全省第3位。", 3),
        ("城乡收入差距收窄2.1个百分点。", -2.1),
        ("综合实力后移2位。", -2),
        ("民营企业减少50家。", -50),
    ],
)
def test_only_what_changed_bears_a_sign(text: str, value: float) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("货运量超5亿吨。", ">"),
        ("货运量5亿多吨。", ">"),
        ("货运量500余吨。", ">"),
        ("货运量突破5亿吨。", ">"),
        ("货运量5亿吨以上。", ">="),
        ("货运量不少于5亿吨。", ">="),
        ("货运量约5亿吨。", "~"),
        ("货运量5亿吨左右。", "~"),
        ("空置率5%以内。", "<="),
        ("空置率不超过5%。", "<="),
        ("空置率控制在5%以内。", "<="),
        ("空置率低于5%。", "<"),
        ("空置率不到5%。", "<"),
        ("货运量达到5亿吨。", "="),
        ("货运量增长约5%。", "~"),
        ("货运量增长5%以上。", ">="),
        ("财政收入位居全国前十。", "<="),
        ("财政收入位居全国第十。", "="),
    ],
)
def test_a_number_has_its_bound(text: str, bound: str) -> None:
    assert only(text).bound == bound


@pytest.mark.parametrize(
    ("text", "unit", "code", "mult"),
    [
        ("货运量5.2亿吨。", "亿吨", "t", 8),
        ("财政收入573.72亿元。", "亿元", "CNY", 8),
        ("财政收入居全省第3名。", "位", "rank", 0),
        ("财政收入排名全市第三。", "位", "rank", 0),
        ("光伏产量占全国四分之一。", "%", "percent", 0),
        ("空置率提高2.3个百分点。", "个百分点", "percentage_point", 0),
        ("城乡收入之比为2.31:1。", ":1", "other", 0),
    ],
)
def test_a_number_has_its_unit_as_stated_and_in_codes(text: str, unit: str, code: str, mult: int) -> None:
    found = only(text)
    assert (found.unit, found.unit_code, found.unit_mult) == (unit, code, mult)


def test_only_a_rank_has_a_group() -> None:
    rank, growth = observations("财政收入居全省第3位，增长4.2%。")
    assert (rank.scope, growth.scope) == ("全省", "")


@pytest.mark.parametrize("text", ["货运量增长。", "货运量稳步提高。", "货运量持续扩大，再创新高。"])
def test_without_a_number_there_is_no_observation(text: str) -> None:
    assert observations(text) == ()
