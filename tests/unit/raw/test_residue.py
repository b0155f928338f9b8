"""Numbers that are no observation, each for a reason that is written down; and those that look like them and are."""

from __future__ import annotations

import pytest
from support.readings import numbers, only

from raw.extract.ignored_numbers import ignore_reasons, is_rank
from raw.extract.mentions import find_mentions
from raw.numerals.scan import plain
from schemas.codelists import IgnoreReason, NumberStatus


def reason(text: str) -> set[str]:
    """Why the numbers of a text are no observations."""
    return {str(item.reason) for item in numbers(text)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024年，新城区启用。", "date"),
        ("二〇二四年，新城区启用。", "date"),
        ("3月15日新城区启用。", "date"),
        ("12月底新城区启用。", "date"),
        ("上世纪90年代的老厂房。", "date"),
        ("建区35周年庆典。", "date"),
        ("经过5个月攻坚，新城区启用。", "date"),
        ("2020—2024年的成绩。", "date"),
        ("一、总体要求", "ordinal"),
        ("（三）总体要求", "ordinal"),
        ("市第四小学启用。", "ordinal"),
        ("第二批项目启动。", "ordinal"),
        ("“十四五”规划收官。", "plan"),
        ("党的二十届三中全会召开。", "plan"),
        ("市委八届九次全会召开。", "plan"),
        ("“1+6+N”体系成型。", "slogan"),
        ("“百千万工程”见效。", "slogan"),
        ("“三清三拆三整治”推进。", "slogan"),
        ("PM2.5治理见效。", "name"),
        ("G60科创走廊。", "name"),
        ("5G网络建成。", "name"),
        ("民企500强榜单。", "name"),
        ("抓好以下七方面工作。", "list"),
        ("突出五大任务。", "list"),
        ("万众一心谋发展。", "idiom"),
        ("团结一致向前看。", "idiom"),
    ],
)
def test_a_number_that_measures_nothing_is_ignored_for_its_reason(text: str, why: str) -> None:
    assert reason(text) == {why}
    assert all(item.fate is NumberStatus.IGNORED for item in numbers(text))


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        ("10亿元以上项目9个。", "10亿元"),
        ("亿元以上项目9个。", "亿元"),
        ("百亿级企业9家。", "百亿"),
    ],
)
def test_a_threshold_delimits_a_class_and_the_count_behind_it_is_read(text: str, threshold: str) -> None:
    ignored = [item for item in numbers(text) if item.reason is IgnoreReason.THRESHOLD]
    assert [item.text for item in ignored] == [threshold]
    assert only(text).value == 9


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("货运量达到2024万吨。", 2024),
        ("财政收入居全市第四。", 4),
        ("城区新增公园15个。", 15),
        ("财政收入连续6年增长。", 6),
        ("城镇化率达到十四分之五。", 500 / 14),
        ("累计接待游客20万人次以上。", 20),
    ],
)
def test_what_only_looks_like_a_date_a_name_or_a_threshold_is_read(text: str, value: float) -> None:
    assert only(text).value == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "ranked"),
    [
        ("居全市第6位", True),
        ("居全市第6名", True),
        ("居全市第六", True),
        ("位居全国前十", True),
        ("第四小学", False),
        ("第二批", False),
        ("第三产业", False),
        ("第十四届", False),
        ("6家", False),
    ],
)
def test_a_rank_is_told_from_the_number_of_a_thing(text: str, ranked: bool) -> None:  # noqa: FBT001 - a column
    (mention,) = find_mentions(plain(text))
    assert is_rank(plain(text), mention) is ranked


def test_every_reason_that_a_rule_can_give_is_given_somewhere() -> None:
    text = "一、2024年\n“十四五”规划“1+6”体系，PM2.5，10亿元以上项目9个，以下七方面，万众一心。"
    given = set(ignore_reasons(plain(text), find_mentions(plain(text))).values())
    assert given == set(IgnoreReason) - {IgnoreReason.HEADER, IgnoreReason.GLOSSARY}


def test_what_stands_behind_the_heading_of_the_glossary_explains() -> None:
    text = "货运量增长4.2%。\n名词解释\n专精特新：具备4项特征，营业收入增长5%以上。\n"
    assert [str(item.reason) for item in numbers(text)] == ["None", "glossary", "glossary"]
