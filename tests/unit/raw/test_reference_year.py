"""The year that a report reports on: by its title, its first chapter, its publication; and of the whole archive."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import mapped
from support.reader_output import document
from support.requires import shared
from unit.raw.test_reading import captured, source

from raw.extract.sections import reference_year
from raw.page.parse import parse_text
from raw.reading import document_of, read_capture
from raw.samples.articles import load_samples
from raw.samples.pages import article_page

BODY = "一、工作回顾\n实现产值12亿元。\n二、2031年工作安排\n新增企业30家。\n"


def year(text: str = BODY, *, title: str = "", published_on: date | None = None) -> int | None:
    return reference_year(document(text, title=title, published_on=published_on))


def test_the_title_says_it() -> None:
    titles = mapped("""某区2024年工作总结暨2025年工作部署 → 2024 | 某区2024年工作总结和2025年工作计划 → 2024
    2024年上半年工作总结 → 2024 | 关于2023年工作完成情况的报告 → 2023 | 2026年某市政府工作报告 → 2025
    某市2026年政府工作报告 → 2025 | 政府工作报告（2026年1月15日） → 2025 | 政府工作报告（二〇二六年一月十五日） → 2025
    某市人民政府1999年工作报告 → 1998""")
    for published_on in (None, date(2040, 5, 5)):
        assert {title: str(year(title=title, published_on=published_on)) for title in titles} == titles


def test_a_chapter_that_looks_back_on_a_year_says_it_before_the_publication_does() -> None:
    assert year(title="政府工作报告", published_on=date(2026, 1, 27)) == 2025
    assert year(title="", published_on=date(2026, 12, 31)) == 2025
    text = BODY.replace("一、工作回顾", "一、2025年工作回顾")
    assert year(text, title="政府工作报告", published_on=date(2025, 12, 29)) == year(text) == 2025
    # Of a span of years the last counts.
    assert year(BODY.replace("一、工作回顾", "一、2021年至2025年工作回顾")) == 2025
    assert year(BODY.replace("一、工作回顾", "一、过去五年工作回顾"), published_on=date(2026, 1, 27)) == 2025


def test_a_chapter_that_looks_ahead_or_a_subordinate_heading_says_nothing_of_it() -> None:
    assert year("一、2031年工作安排\n新增企业30家。\n") is None
    assert year("一、工作回顾\n（一）2019年以来的成绩\n产值12亿元。\n", published_on=date(2026, 1, 27)) == 2025


@pytest.mark.parametrize("opening", ["1998年，全国上下同心。", "各位代表：2024年1月20日，", ""])
def test_a_text_that_dates_itself_nowhere_has_none_whatever_year_it_opens_with(opening: str) -> None:
    assert year(opening + "\n产值12亿元。\n") is None


@given(st.integers(1950, 2090), st.sampled_from(["工作总结暨{next}年工作部署", "工作总结", "完成情况"]))
def test_any_year_of_a_title_is_taken_at_its_word(reported: int, form: str) -> None:
    assert year(title=f"某区{reported}年{form.format(next=reported + 1)}") == reported


def test_a_reading_and_a_plain_capture_bear_it() -> None:
    samples = [read_capture(captured(article_page(sample, 1).encode()), source()) for sample in load_samples()]
    assert sorted(str(one.reference_year) for one in samples) == ["2023", "2024"]
    assert all(f"{one.reference_year}年工作总结" in one.document.title for one in samples)
    text = "样本镇2024年工作总结\n发布机构: 样本镇人民政府\n\n一、工作总结\n完成产值8.5亿元。\n"
    assert read_capture(captured(text.encode(), "text/plain"), source()).reference_year == 2024


def test_every_provincial_report_is_on_the_year_before_it_was_given() -> None:
    files = sorted(shared("reports", "provincial").glob("*.txt"))
    found = {file.stem: reference_year(document_of(parse_text(file.read_text("utf-8")))) for file in files}
    assert found == {name: int(name[:4]) - 1 for name in found}
    assert len(found) == 28


def test_every_national_report_is_on_the_year_before_it_was_given_or_does_not_say() -> None:
    files = sorted(shared("reports", "national").glob("*.txt"))
    wrong, silent = [], []
    for file in files:
        text, given_in = file.read_text("utf-8"), int(file.stem)
        dated = parse_text(text, published=date(given_in, 3, 5))
        bare = reference_year(document_of(parse_text(text)))
        wrong += [file.stem] if bare not in {None, given_in - 1} else []
        wrong += [file.stem] if reference_year(document_of(dated)) != given_in - 1 else []
        silent += [file.stem] if bare is None else []
    assert (wrong, len(files)) == ([], 52)
    assert len(silent) < 40


def test_the_seed_is_on_2024() -> None:
    (file,) = shared("seed").glob("*.txt")
    assert reference_year(document_of(parse_text(file.read_text("utf-8")))) == 2024
