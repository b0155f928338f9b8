"""The sections of a report: headings at three levels, which year each speaks of, whether it looks back or ahead."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.readings import TITLE, document

from raw.extract.sections import GLOSSARY, ReferenceYears, plan_period
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
    assert [(section.level, section.path) for section in sections(REPORT)] == [
        (1, "一"),
        (2, "一/一"),
        (3, "一/一/一"),
        (3, "一/一/二"),
        (2, "一/二"),
        (1, "二"),
        (2, "二/一"),
        (1, GLOSSARY),
    ]


def test_the_first_section_is_the_whole_document() -> None:
    whole = document(REPORT).sections[0]
    assert (whole.level, whole.path, whole.title) == (0, "", TITLE)
    assert whole.span.cut(REPORT) == REPORT


def test_a_section_ends_where_the_next_of_its_level_begins() -> None:
    found = {section.path: section.span.cut(REPORT) for section in sections(REPORT)}
    assert found["一"].startswith("一、2024年")
    assert found["一"].endswith("新建学校5所。\n")
    assert found["一/一"].endswith("二是做强产业。\n")
    assert found["一/一/一"] == "一是扩大投资。"
    assert found["二"].endswith("稳中求进。\n")
    assert found[GLOSSARY] == "名词解释\n专精特新：一类中小企业。\n"


def test_a_heading_keeps_its_words() -> None:
    assert [section.title for section in sections(REPORT)][:2] == ["2024年工作回顾", "产业发展加快"]


@pytest.mark.parametrize(
    "line",
    [
        "  一、工作回顾",
        "\u3000\u3000一、工作回顾",
        "一、工作回顾",
        "(一)工作回顾",
        "（十二）工作回顾",
        "三十一、工作回顾",
    ],
)
def test_a_heading_may_be_indented_and_its_brackets_wide(line: str) -> None:
    assert [section.title for section in sections(f"{line}\n正文。")] == ["工作回顾"]


@pytest.mark.parametrize(
    "text", ["贯彻一、二号文件。", "坚持（一）以贯之。", "统一是前提。", "一是", "二十届三中全会", "十、", ""]
)
def test_numerals_inside_a_sentence_open_no_section(text: str) -> None:
    assert [section.title for section in sections(f"正文{text}") if section.level < 3] == []


def test_years_and_outlook_come_from_the_headings_of_the_chapters() -> None:
    found = {section.path: (str(section.period), section.outlook) for section in sections(REPORT)}
    assert {found["一"], found["一/一"], found["一/一/二"], found["一/二"]} == {("2024", TimeOrientation.BACK)}
    assert {found["二"], found["二/一"]} == {("2025", TimeOrientation.AHEAD)}
    assert found[GLOSSARY][1] is TimeOrientation.NONE


@pytest.mark.parametrize(
    ("heading", "outlook", "period"),
    [
        ("二、2025年重点工作", TimeOrientation.AHEAD, "2025"),
        ("二、2025年主要目标和任务", TimeOrientation.AHEAD, "2025"),
        ("二、下一步打算", TimeOrientation.AHEAD, "2025"),
        ("二、今年工作部署", TimeOrientation.AHEAD, "2025"),
        ("二、2024年工作总结", TimeOrientation.BACK, "2024"),
        ("二、过去五年走过的历程", TimeOrientation.BACK, "2024"),
        ("二、2023年以来取得的成绩", TimeOrientation.BACK, "2023"),
        ("二、“十五五”时期经济社会发展目标", TimeOrientation.AHEAD, "2026/2030"),
        ("二、“十四五”时期取得的成就", TimeOrientation.BACK, "2021/2025"),
        ("二、全力推动高质量发展", TimeOrientation.AHEAD, "2025"),
    ],
)
def test_the_words_of_a_heading_say_which_years_and_whether_ahead(
    heading: str, outlook: TimeOrientation, period: str
) -> None:
    section = chapter(heading)
    assert (section.outlook, str(section.period)) == (outlook, period)


def test_the_first_chapter_looks_back_unless_its_heading_looks_ahead() -> None:
    assert sections("一、经济社会发展情况\n正文。")[0].outlook is TimeOrientation.BACK
    assert sections("一、2025年工作目标\n正文。")[0].outlook is TimeOrientation.AHEAD


def test_a_chapter_of_a_report_published_only_takes_its_year_from_that_day() -> None:
    section = document("一、工作回顾\n正文。", title="工作报告", published_on=date(2023, 2, 1)).sections[1]
    assert str(section.period) == "2022"


@pytest.mark.parametrize(
    ("title", "published_on", "text", "back", "ahead"),
    [
        ("某区2024年工作总结暨2025年工作部署", None, "", 2024, 2025),
        ("某区2024年工作总结", None, "", 2024, 2025),
        ("2023年预算完成情况和2024年预算安排", None, "", 2023, 2024),
        ("2025年某省政府工作报告", None, "", 2024, 2025),
        ("政府工作报告", date(2026, 1, 20), "2019年的旧事。", 2025, 2026),
        ("政府工作报告", None, "2025年1月13日在某会议上", 2024, 2025),
        ("政府工作报告", None, "没有日期", 1, 2),
        ("12024年", None, "没有日期", 1, 2),
    ],
)
def test_a_report_tells_by_title_else_by_date_else_by_its_first_lines_which_years_it_speaks_of(
    title: str, published_on: date | None, text: str, back: int, ahead: int
) -> None:
    assert ReferenceYears.of(title, published_on, text) == ReferenceYears(back=back, ahead=ahead)


@pytest.mark.parametrize(("plan", "first"), [("十二五", 2011), ("十三五", 2016), ("十四五", 2021), ("十五五", 2026)])
def test_a_plan_is_five_years_long(plan: str, first: int) -> None:
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
