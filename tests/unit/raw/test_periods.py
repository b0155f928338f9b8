"""Which year a number is of and whether it was or is to be: by the sentence, else by the section that it stands in."""

from __future__ import annotations

import pytest
from support.case_tables import mapped
from support.reader_output import only

from raw.extract.periods import Clock, Passage, PeriodStatus, last_period_cue, plan_of, resolve
from raw.extract.years import ReferenceYears
from schemas.codelists import DocumentKind, Status
from schemas.document import Period, Section, Span, TimeOrientation

YEARS = ReferenceYears(back=2024, ahead=2025, given=2025)
BACK, AHEAD = "一、2024年工作总结\n", "一、2025年工作安排\n"


def section(outlook: TimeOrientation) -> Section:
    """A chapter that looks back on 2024, or ahead to 2025."""
    year = YEARS.back if outlook is TimeOrientation.BACK else YEARS.ahead
    span = Span(start=0, end=0)
    return Section(level=1, label="一", title="", path="一", span=span, period=Period.of(year), outlook=outlook)


def resolved(before: str, outlook: TimeOrientation, period: Period | None = None) -> PeriodStatus:
    """The period and status of a number behind some words, in a paragraph that opened with a period or none."""
    passage = Passage(period=period, outlook=outlook)
    clock = Clock(years=YEARS, kind=DocumentKind.WORK_REPORT, section=section(outlook), passage=passage)
    return resolve(before, clock)


def when(text: str) -> tuple[str, str]:
    observation = only(text)
    return str(observation.period), observation.status.value


def test_words_that_name_a_year_are_known() -> None:
    known = mapped("""2023年， → 2023 | 到2025年底， → 2025 | 2021-2024年， → 2021/2024 | 2021年至2024年， → 2021/2024
    2021—2025年， → 2021/2025 | “十四五”时期， → 2021/2025 | “十三五”期间， → 2016/2020 | “十四五”以来， → 2021/2025
    五年来， → 2020/2024 | 过去五年， → 2020/2024 | 近三年来， → 2022/2024 | 近两年， → 2023/2024 | 今年 → 2025
    去年 → 2024 | 过去一年， → 2024 | 2022年投产，2023年 → 2023""")
    assert {words: str(last_period_cue(words, YEARS, section(TimeOrientation.BACK))) for words in known} == known


def test_words_that_name_no_year_or_one_to_compare_with_are_not() -> None:
    words = ("", "全市", "比2020年", "较2019年", "2025-2021年", "比上年增长", "上年同期", "编制“十五五”规划", "1895年")
    assert {last_period_cue(each, YEARS, section(TimeOrientation.BACK)) for each in words} == {None}


def test_five_years_are_those_to_come_where_a_chapter_looks_ahead() -> None:
    assert str(last_period_cue("五年累计", YEARS, section(TimeOrientation.AHEAD))) == "2025/2029"


def test_a_section_gives_year_and_status_where_a_sentence_does_not() -> None:
    assert resolved("全市投资", TimeOrientation.BACK).status is Status.ACTUAL
    assert resolved("全市投资", TimeOrientation.AHEAD) == PeriodStatus(period=Period.of(2025), status=Status.TARGET)


def test_the_years_that_a_paragraph_opened_with_hold_until_a_sentence_names_its_own() -> None:
    five = Period(first=2020, last=2024)
    assert resolved("投资", TimeOrientation.BACK, five).period == five
    assert resolved("2023年投资", TimeOrientation.BACK, five).period == Period.of(2023)


def test_a_year_belongs_to_a_five_year_plan() -> None:
    assert [str(plan_of(year)) for year in (2021, 2025, 2026)] == ["2021/2025", "2021/2025", "2026/2030"]


SAID = {
    BACK: """货运量增长4% → 2024 actual | 2023年，货运量增长4% → 2023 actual | 货运量比2020年增长14% → 2021/2024 actual
        五年来，货运量累计增长24% → 2020/2024 actual | “十四五”时期，货运量年均增长4% → 2021/2025 actual
        2025年货运量预期目标增长4% → 2025 target""",
    AHEAD: """货运量增长4% → 2025 target | 今年货运量增长4% → 2025 target | 去年货运量增长4% → 2024 actual
        2024年货运量增长4% → 2024 actual | 力争货运量增长4%以上 → 2025 target
        到2027年，货运量达到9亿吨 → 2027 target""",
    "": "货运量增长4% → 2024 actual | 今年力争货运量增长4% → 2025 target",
}


@pytest.mark.parametrize("heading", SAID)
def test_the_sentence_outweighs_the_section(heading: str) -> None:
    expected = mapped(SAID[heading])
    assert {text: " ".join(when(f"{heading}{text}。")) for text in expected} == expected


def test_a_paragraph_about_several_years_is_about_them_to_its_end() -> None:
    text = BACK + "过去五年，我们砥砺前行。货运量累计增长24%。"
    assert when(text) == ("2020/2024", "actual")


def test_a_level_reached_in_several_years_is_that_of_the_last() -> None:
    assert when("五年来，城镇化率提高到66.8%。") == ("2024", "actual")
