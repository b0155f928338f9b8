"""Numbers that are no observation, each for a reason that is written down; and those that look like them and are."""

from __future__ import annotations

import pytest
from support.case_tables import grouped, valued
from support.reader_output import numbers, only

from raw.extract.ignored_numbers import ignore_reasons, is_rank
from raw.extract.mentions import find_mentions
from raw.numerals.scan import plain
from schemas.codelists import IgnoreReason, NumberStatus


def reason(text: str) -> set[str]:
    """Why the numbers of a text are no observations."""
    return {str(item.reason) for item in numbers(text)}


IGNORED = {
    "date": """2024年，新城区启用 二〇二四年，新城区启用 3月15日新城区启用 12月底新城区启用 上世纪90年代的老厂房
        建区35周年庆典 经过5个月攻坚，新城区启用 2020—2024年的成绩""",
    "ordinal": "一、总体要求 （三）总体要求 市第四小学启用。 第二批项目启动。",
    "plan": "“十四五”规划收官。 党的二十届三中全会召开。 市委八届九次全会召开。",
    "slogan": "“1+6+N”体系成型。 “百千万工程”见效。 “三清三拆三整治”推进。",
    "name": "PM2.5治理见效。 G60科创走廊。 5G网络建成。 民企500强榜单。",
    "list": "抓好以下七方面工作。 突出五大任务。",
    "idiom": "万众一心谋发展。 团结一致向前看。",
}


@pytest.mark.parametrize(("text", "why"), grouped(IGNORED))
def test_a_number_that_measures_nothing_is_ignored_for_its_reason(text: str, why: str) -> None:
    assert reason(text) == {why}
    assert all(item.fate is NumberStatus.IGNORED for item in numbers(text))


@pytest.mark.parametrize("threshold", ["10亿元", "亿元", "百亿"])
def test_a_threshold_delimits_a_class_and_the_count_behind_it_is_read(threshold: str) -> None:
    text = f"{threshold}{'级企业9家' if threshold == '百亿' else '以上项目9个'}。"
    ignored = [item for item in numbers(text) if item.reason is IgnoreReason.THRESHOLD]
    assert [item.text for item in ignored] == [threshold]
    assert only(text).value == 9


def test_what_only_looks_like_a_date_a_name_or_a_threshold_is_read() -> None:
    table = """货运量达到2024万吨。=2024 财政收入居全市第四。=4 城区新增公园15个。=15 财政收入连续6年增长。=6
    城镇化率达到十四分之五。=35.714 累计接待游客20万人次以上。=20"""
    for text, value in valued(table):
        assert only(text).value == pytest.approx(value, abs=1e-3), text


def test_a_rank_is_told_from_the_number_of_a_thing() -> None:
    texts = {True: "居全市第6位 居全市第6名 居全市第六 位居全国前十", False: "第四小学 第二批 第三产业 第十四届 6家"}
    for text, ranked in grouped(texts):
        (mention,) = find_mentions(plain(text))
        assert is_rank(plain(text), mention) is ranked, text


def test_every_reason_that_a_rule_can_give_is_given_somewhere() -> None:
    text = "一、2024年\n“十四五”规划“1+6”体系，PM2.5，10亿元以上项目9个，以下七方面，万众一心。"
    given = set(ignore_reasons(plain(text), find_mentions(plain(text))).values())
    assert given == set(IgnoreReason) - {IgnoreReason.HEADER, IgnoreReason.GLOSSARY}


def test_what_stands_behind_the_heading_of_the_glossary_explains() -> None:
    text = "货运量增长4.2%。\n名词解释\n专精特新：具备4项特征，营业收入增长5%以上。\n"
    assert [str(item.reason) for item in numbers(text)] == ["None", "glossary", "glossary"]
