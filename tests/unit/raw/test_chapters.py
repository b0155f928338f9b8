from __future__ import annotations

import pytest

from raw.extract.sections import outline
from schemas.document import Section, Span, TimeOrientation

REPORT = """2025年样本省政府工作报告
各位代表：
2024年工作回顾
一年来，主要做了以下工作：
（一）产业。工业投资增长7%。
（二）民生。新增学位2000个。
2025年工作安排
今年是关键之年。
（一）产业。工业投资增长8%。
2025年，我们还要做好统计工作。
"""


def chapters(text: str, title: str = "2025年样本省政府工作报告") -> list[Section]:
    document = outline(text=text, body=Span(start=0, end=len(text)), title=title, published_on=None)
    return [section for section in document.sections if section.level == 1]


def test_a_line_of_its_own_is_a_chapter_without_a_number_that_looks_its_own_way() -> None:
    assert [(one.label, one.title, str(one.period), one.outlook) for one in chapters(REPORT)] == [
        ("2024年", "2024年工作回顾", "2024", TimeOrientation.BACK),
        ("2025年", "2025年工作安排", "2025", TimeOrientation.AHEAD),
    ]


def test_sections_below_carry_the_chapter_in_their_path() -> None:
    document = outline(text=REPORT, body=Span(start=0, end=len(REPORT)), title="2025年工作报告", published_on=None)
    assert [one.path for one in document.sections if one.level == 2] == ["2024年/一", "2024年/二", "2025年/一"]


@pytest.mark.parametrize(
    "line",
    ["2025年样本省政府工作报告", "2025年，要做好统计工作", "2025年1月14日在样本省会议上所作的长篇说明", "2025年"],
)
def test_a_title_a_sentence_and_a_dateline_are_no_chapters(line: str) -> None:
    assert chapters(f"{line}\n工业投资增长7%。\n") == []


@pytest.mark.parametrize("indent", ["", "  ", "\u3000\u3000", "\u2003\u2003", "\xa0"])
def test_a_heading_may_be_indented_by_any_blank(indent: str) -> None:
    (chapter,) = chapters(f"{indent}一、2024年工作回顾\n工业投资增长7%。\n")
    assert (chapter.label, chapter.title) == ("一", "2024年工作回顾")
