"""The sections of a report: headings at three levels, which year each speaks of, whether it looks back or ahead."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import mapped
from support.reader_output import TITLE, document

from raw.extract.sections import GLOSSARY
from raw.extract.years import ReferenceYears, plan_period
from schemas.codelists import DocumentKind
from schemas.document import Period, Section, TimeOrientation

REPORT = """各位代表：
一、2024年工作回顾
全市经济稳中有进。
（一）产业发展加快
一是扩大投资。二是做强产业。
（二）民生持续改善
新建学校5所。
二、2025年工作安排
(一)总体要求
稳中求进。
名词解释
专精特新：一类中小企业。
"""


def sections(text: str, *, title: str = TITLE) -> tuple[Section, ...]:
    """The sections of a text but the first, which is the whole."""
    return document(text, title=title).sections[1:]


def chapter(heading: str, *, title: str = TITLE) -> Section:
    """The section that a heading opens after a chapter of its own kind."""
    return sections(f"一、基本情况\n正文。\n{heading}\n正文。\n", title=title)[1]


def test_headings_of_three_levels_are_found_in_their_order() -> None:
    paths = ["一", "一/一", "一/一/一", "一/一/二", "一/二", "二", "二/一", GLOSSARY]
    levels = [1, 2, 3, 3, 2, 1, 2, 1]
    assert [(section.level, section.path) for section in sections(REPORT)] == list(zip(levels, paths, strict=True))


def test_the_first_section_is_the_whole_document_and_a_heading_keeps_its_words() -> None:
    whole = document(REPORT).sections[0]
    assert (whole.level, whole.path, whole.title) == (0, "", TITLE)
    assert whole.span.cut(REPORT) == REPORT
    assert [section.title for section in sections(REPORT)][:2] == ["2024年工作回顾", "产业发展加快"]


def test_a_section_ends_where_the_next_of_its_level_begins() -> None:
    found = {section.path: section.span.cut(REPORT) for section in sections(REPORT)}
    assert found["一"].startswith("一、2024年")
    assert found["一"].endswith("新建学校5所。\n")
    assert found["一/一"].endswith("二是做强产业。\n")
    assert found["一/一/一"] == "一是扩大投资。"
    assert found["二"].endswith("稳中求进。\n")
    assert found[GLOSSARY] == "名词解释\n专精特新：一类中小企业。\n"


def test_a_heading_may_be_indented_and_its_brackets_wide() -> None:
    marks = ("  一、", "\u3000\u3000一、", "一、", "(一)", "（十二）", "三十一、")
    for mark in marks:
        assert [section.title for section in sections(f"{mark}工作回顾\n正文。")] == ["工作回顾"]


def test_numerals_inside_a_sentence_open_no_section() -> None:
    texts = ["贯彻一、二号文件。", "坚持（一）以贯之。", "统一是前提。", "一是", "二十届三中全会", "十、", ""]
    assert [text for text in texts if [one for one in sections(f"正文{text}") if one.level < 3]] == []


def test_years_and_outlook_come_from_the_headings_of_the_chapters() -> None:
    found = {section.path: (str(section.period), section.outlook) for section in sections(REPORT)}
    assert {found["一"], found["一/一"], found["一/一/二"], found["一/二"]} == {("2024", TimeOrientation.BACK)}
    assert {found["二"], found["二/一"]} == {("2025", TimeOrientation.AHEAD)}
    assert found[GLOSSARY][1] is TimeOrientation.NONE


CHAPTERS = {
    TimeOrientation.AHEAD: """2025年重点工作 → 2025 | 2025年主要目标和任务 → 2025 | 下一步打算 → 2025
        今年工作部署 → 2025 | “十五五”时期经济社会发展目标 → 2026/2030 | 全力推动高质量发展 → 2025""",
    TimeOrientation.BACK: """2024年工作总结 → 2024 | 过去五年走过的历程 → 2020/2024 | 2023年以来取得的成绩 → 2023
        “十四五”时期取得的成就 → 2021/2025""",
}


@pytest.mark.parametrize("outlook", CHAPTERS)
def test_the_words_of_a_heading_say_which_years_and_whether_ahead(outlook: TimeOrientation) -> None:
    periods = mapped(CHAPTERS[outlook])
    found = {heading: chapter(f"二、{heading}") for heading in periods}
    assert {heading: str(section.period) for heading, section in found.items()} == periods
    assert {section.outlook for section in found.values()} == {outlook}


def test_the_first_chapter_looks_back_unless_its_heading_looks_ahead() -> None:
    assert sections("一、经济社会发展情况\n正文。")[0].outlook is TimeOrientation.BACK
    assert sections("一、2025年工作目标\n正文。")[0].outlook is TimeOrientation.AHEAD


def test_a_chapter_of_a_report_published_only_takes_its_year_from_that_day() -> None:
    section = document("一、工作回顾\n正文。", title="工作报告", published_on=date(2023, 2, 1)).sections[1]
    assert str(section.period) == "2022"


def test_a_report_tells_by_title_else_by_date_else_by_its_first_lines_which_years_it_speaks_of() -> None:
    def years(title: str, text: str = "没有日期", published_on: date | None = None) -> tuple[int, int]:
        known = ReferenceYears.of(DocumentKind.WORK_REPORT, title, published_on, text)
        return known.back, known.ahead

    assert years("某区2024年工作总结暨2025年工作部署") == years("某区2024年工作总结") == (2024, 2025)
    assert years("2023年预算完成情况和2024年预算安排") == (2023, 2024)
    assert years("2025年某省政府工作报告") == (2024, 2025)
    assert years("政府工作报告", "2019年的旧事。", date(2026, 1, 20)) == (2025, 2026)
    assert years("政府工作报告", "2025年1月13日在某会议上") == (2024, 2025)
    assert years("政府工作报告") == years("12024年") == (1, 2)


def test_a_plan_is_five_years_long() -> None:
    for plan, first in (("九五", 1996), ("十五", 2001), ("十二五", 2011), ("十四五", 2021), ("十五五", 2026)):
        assert plan_period(plan) == Period(first=first, last=first + 4)


def test_a_document_without_headings_has_one_section() -> None:
    assert sections("全市经济稳中有进。") == ()
    assert sections("") == ()


@given(st.text(alphabet="一二三十、是(（)）。；\n 名词解释2024年总结安排", max_size=80))
def test_sections_stand_in_order_inside_the_one_above_them(text: str) -> None:
    found = document(text).sections
    assert all(a.span.start <= b.span.start for a, b in pairwise(found))
    for at, section in enumerate(found[1:], 1):
        above = next(other for other in reversed(found[:at]) if other.level < section.level)
        assert above.span.start <= section.span.start <= section.span.end <= above.span.end
        assert section.path.removeprefix(above.path).strip("/") == section.label
