"""Pages whose numbers are read well and mean something else: each is found by its own check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from support.report_readings import Mark, reading, tables

from publish.gate.verdict import GateLimits, run_checks
from raw.extract.observations import read
from raw.extract.sections import reference_year
from raw.page.parse import parse_text
from raw.reading import document_of
from schemas.codelists import DocumentKind, Measure, Severity
from schemas.reading import Reading
from schemas.tables.frames import Tables

LIMITS = GateLimits()
TITLE = "某市2025年政府工作报告"
REVIEW = "一、2024年工作回顾\n2024年，"
PLAN = "\n二、2025年工作安排\n力争今年各项工作目标如期完成。"
NOUNS = (
    *("小学", "中学", "医院", "公园", "桥梁", "码头", "车站", "书店", "剧院", "球场", "粮库"),
    *("水厂", "电站", "泵站", "商场", "宾馆", "菜场", "茶园", "果园", "渔港", "牧场", "苗圃"),
)
BUILT = "".join(f"新建{noun}{count}座。" for count, noun in enumerate(NOUNS, 11))
MORE = "".join(f"力争新建{noun}{count}座。" for count, noun in enumerate(NOUNS, 51))


def page(text: str, kind: DocumentKind | None = None, name: str = "post-9") -> Reading:
    """A page with this text as a run reads it."""
    parsed = parse_text(f"{TITLE}\n{text}", title=TITLE, published=date(2025, 1, 20))
    document = document_of(parsed, kind)
    observations, numbers = read(document)
    plain = reading(name, document.text, ())
    return replace(
        plain,
        document=document,
        observations=observations,
        numbers=numbers,
        reference_year=reference_year(document),
    )


def found(report: Reading, previous: Tables | None = None, *, same_reader: bool = True) -> dict[str, Severity]:
    said = {report.document_id: report.document.text}
    report_of_gate = run_checks(tables(report), said, LIMITS, previous=previous or {}, same_reader=same_reader)
    return {finding.code: finding.severity for finding in report_of_gate.findings}


SOUND = page(REVIEW + BUILT + PLAN + MORE)
MOVED = page(f"{REVIEW}地区生产总值从2023年的500亿元增加到900亿元。{BUILT}{PLAN}{MORE}")


def test_a_report_that_looks_back_and_ahead_is_sound() -> None:
    assert {one.status for one in SOUND.observations} == {"actual", "target"}
    assert len(SOUND.observations) == 2 * len(NOUNS)
    assert found(SOUND) == {}


@pytest.mark.parametrize(
    ("report", "code", "severity"),
    [
        (page(PLAN.strip() + MORE), "documents_targets", Severity.HOLD),
        (
            page(REVIEW + BUILT + BUILT.replace("新建", "扩建") + "力争实现预期目标。"),
            "documents_targets",
            Severity.HOLD,
        ),
        (page(f"{REVIEW}1985年全市有电影院31座。{BUILT}{PLAN}{MORE}"), "observations_misdated", Severity.WARN),
        (page(f"{REVIEW}全市现有志愿者5.2万。{BUILT}{PLAN}{MORE}"), "observations_unitless", Severity.NOTE),
        (MOVED, "observations_moved", Severity.HOLD),
    ],
    ids=["nothing-but-plans", "report-without-plans", "far-year", "no-unit", "moved-level"],
)
def test_a_doubtful_page_is_found(report: Reading, code: str, severity: Severity) -> None:
    assert found(report).get(code) is severity


def test_many_rows_of_other_years_hold() -> None:
    report = page(f"{REVIEW}1985年{BUILT.replace('。', '，')}。{PLAN}{MORE}")
    assert found(report).get("documents_misdated") is Severity.HOLD


def test_growth_that_is_stated_explains_a_move() -> None:
    text = f"{REVIEW}地区生产总值从2023年的500亿元增加到900亿元。地区生产总值增长80%。{BUILT}{PLAN}{MORE}"
    assert "observations_moved" not in found(page(text))


def colliding(*amounts: str, nouns: int = 0) -> Reading:
    """A report that states these amounts as its revenue, in 亿元, and so many other numbers."""
    text = REVIEW + "".join(f"收入{amount}亿元。" for amount in amounts) + BUILT
    revenue = [
        Mark(printed=f"{amount}亿元", value=float(amount), unit="亿元", subject="收入", indicator="budget_revenue")
        for amount in amounts
    ]
    others = [
        Mark(printed=f"{count}座", value=count, unit="座", subject=noun, indicator=f"x:{noun}")
        for count, noun in enumerate(NOUNS[:nouns], 11)
    ]
    return reading("post-9", text, (*revenue, *others))


def test_two_numbers_under_one_key_warn_many_hold_and_a_rounded_one_agrees() -> None:
    assert found(colliding("573.72", "574", nouns=20)) == {}
    assert found(colliding("573.72", "480.5", nouns=22)) == {"observations_colliding": Severity.WARN}
    many = found(colliding("573.72", "480.5", "390.1", nouns=20))
    assert many["documents_colliding"] is Severity.HOLD


def test_subjects_of_one_character_are_noted_and_many_hold() -> None:
    short = [replace(one, subject="共") if place < 3 else one for place, one in enumerate(SOUND.observations)]
    assert found(replace(SOUND, observations=tuple(short))) == {"observations_short": Severity.NOTE}
    short = [replace(one, subject="共") if place < 9 else one for place, one in enumerate(SOUND.observations)]
    assert found(replace(SOUND, observations=tuple(short)))["documents_incomplete"] is Severity.HOLD


def test_other_measures_than_before_hold_unless_the_reader_is_another() -> None:
    twice = pl.concat([tables(SOUND)["observations"]] * 2)
    shares = twice.with_columns(measure=pl.lit(Measure.SHARE.value), theme=pl.lit("budget"))
    previous = {"observations": shares[: 2 * len(NOUNS)].vstack(shares[:8])}
    report = page(REVIEW + BUILT + BUILT.replace("新建", "扩建") + PLAN + MORE)
    assert found(report, previous)["observations_measures"] is Severity.HOLD
    assert found(report, previous, same_reader=False)["observations_measures"] is Severity.WARN
    same = {"observations": twice}
    assert "observations_measures" not in found(report, same)


def test_what_an_operator_accepted_with_a_document_is_not_held_again() -> None:
    assert found(MOVED, tables(MOVED))["observations_moved"] is Severity.WARN
    assert found(MOVED, tables(MOVED), same_reader=False)["observations_moved"] is Severity.HOLD
