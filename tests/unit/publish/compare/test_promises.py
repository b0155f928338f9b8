"""What counts as a promise, over which time, and how firmly it is made."""

from __future__ import annotations

import pytest
from support.table_rows import PLANNED, at, promise, report

from publish.compare.promises import Promise, promise_of, stretches
from publish.compare.statements import statement_of
from schemas.codelists import Ambition, Horizon


def promised(text: str, printed: str, made: int = 2024, /, **told: object) -> Promise | None:
    """What a report on 2024 promises of a printed number in a text, words of no registry where nothing is said."""
    cells = {"measure": "level", "unit": "个", "indicator": "x:幸福院", "subject": "幸福院", **told}
    document = report(text)
    return promise_of(statement_of(at(promise(50.0, **cells), text, printed), document), made)


@pytest.mark.parametrize(
    ("text", "printed", "told"),
    [
        ("建设幸福院50个。", "50个", {}),
        ("失业率控制在50%左右。", "50%", {"unit": "%", "indicator": "unemployment_surveyed", "measure": "rate"}),
        ("改造幸福院50万平方米。", "50万平方米", {"unit": "万平方米"}),
        ("实施50项以上重大工程。", "50项", {"unit": "项"}),
    ],
)
def test_an_amount_that_is_planned_is_a_promise(text: str, printed: str, told: dict[str, object]) -> None:
    assert promised(text, printed, **told)


@pytest.mark.parametrize(
    ("text", "printed", "told"),
    [
        ("为50岁以上老人办证。", "50岁", {"unit": "岁"}),
        ("推进50万吨/年炼油项目。", "50万吨", {"unit": "万吨"}),
        ("对入选者最高奖励50万元。", "50万元", {"unit": "万元"}),
        ("引进50亿元以上工业项目8个。", "50亿元", {"unit": "亿元"}),
        ("养老金从50元提高到60元。", "50元", {"unit": "元"}),
        ("在50个景区实施平安行动。", "50个", {}),
        ("建成50千伏线路。", "50千伏", {"unit": "千伏"}),
        ("通过50户以上自然村的任务。", "50户", {"unit": "户"}),
    ],
)
def test_what_delimits_names_caps_or_places_something_is_none(text: str, printed: str, told: dict[str, object]) -> None:
    assert promised(text, printed, **told) is None


def test_only_a_report_on_an_earlier_year_promises() -> None:
    assert promised("建设幸福院50个。", "50个", 2025) is None
    assert promised("建设幸福院50个。", "50个", 2026) is None


@pytest.mark.parametrize(
    ("period", "horizon"), [("2025", Horizon.YEAR), ("2026", Horizon.YEARS), ("2025/2029", Horizon.YEARS)]
)
def test_a_target_of_the_next_year_is_told_from_one_of_several(period: str, horizon: Horizon) -> None:
    found = promised("建设幸福院50个。", "50个", period=period)
    assert found
    assert found.horizon is horizon


def test_the_qualifiers_are_kept_verbatim() -> None:
    found = promised("力争建设幸福院不少于50个左右。", "50个")
    assert found
    assert found.wording == "力争、不少于、左右"


def test_a_stretch_stands_beside_a_firmer_number_of_the_same_series() -> None:
    text = "地区生产总值增长5%，力争增长6%。"
    rows = [at(promise(value, document=PLANNED), text, f"{value:.0f}%") for value in (5.0, 6.0)]
    rows[1]["obs_id"] = "other"
    both = [one for row in rows if (one := promise_of(statement_of(row, report(text)), 2024))]
    assert [*stretches(both).values()] == [Ambition.TARGET, Ambition.STRETCH]
    assert [*stretches(both[1:]).values()] == [Ambition.TARGET]
