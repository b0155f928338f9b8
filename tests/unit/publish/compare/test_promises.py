"""When a promise is kept: bounds, directions, ranges, falls, and what stays undecided."""

from __future__ import annotations

from math import isclose
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.row_builders import frame
from support.target_builders import ledger, outcome, promise

from publish.compare.intervals import ABOUT
from publish.compare.promises import direction, verdict
from schemas.codelists import Bound, Direction
from schemas.registry.indicators import by_id

KEPT, MISSED, UNDECIDED = "kept", "missed", "not_quantified"
BOUNDS = st.sampled_from([bound.value for bound in Bound])
CLOSED = BOUNDS.filter(lambda bound: bound not in {">", "<"})
FIGURES = st.integers(-400, 400).map(lambda tenths: tenths / 10)


def judged(promised: dict[str, Any], reached: dict[str, Any]) -> str:
    return str(ledger(promised, reached)["verdict"])


def decided(*pairs: tuple[dict[str, Any], dict[str, Any]]) -> list[tuple[str, str | None]]:
    """The direction and the verdict of each promise and its outcome, read off the expressions themselves."""
    promised, reached = (frame(*side) for side in zip(*pairs, strict=True))
    rows = promised.with_columns(direction=direction()).hstack(
        reached.rename({name: f"outcome_{name}" for name in reached.columns})
    )
    return rows.select("direction", verdict=verdict()).rows()


@pytest.mark.parametrize(
    ("bound", "planned", "reached", "expected"),
    [
        ("=", 5.0, 5.0, KEPT),
        ("=", 5.0, 5.1, KEPT),
        ("=", 5.0, 4.9, MISSED),
        (">=", 5.5, 5.5, KEPT),
        (">=", 5.5, 5.4, MISSED),
        (">", 5.0, 5.1, KEPT),
        (">", 5.0, 5.0, UNDECIDED),
        (">", 5.0, 4.9, MISSED),
        ("~", 5.0, 4.75, KEPT),
        ("~", 5.0, 4.7, MISSED),
        ("~", 5.0, 9.0, KEPT),
        ("~", 5.5, 5.225, KEPT),
        ("<=", 5.0, 5.0, KEPT),
        ("<=", 5.0, 5.1, MISSED),
        ("<", 5.0, 4.9, KEPT),
        ("<", 5.0, 5.0, UNDECIDED),
        ("<", 5.0, 5.1, MISSED),
    ],
)
def test_more_of_what_is_good_keeps_a_promise_as_its_bound_says(
    bound: str, planned: float, reached: float, expected: str
) -> None:
    assert judged(promise(planned, bound=bound), outcome(reached)) == expected


@pytest.mark.parametrize(
    ("bound", "planned", "reached", "expected"),
    [
        ("=", 5.5, 5.4, KEPT),
        ("=", 5.5, 5.6, MISSED),
        ("~", 5.5, 5.7, KEPT),
        ("~", 5.5, 5.8, MISSED),
        ("~", 5.5, 3.0, KEPT),
        ("<=", 5.5, 5.5, KEPT),
        ("<=", 5.5, 5.7, MISSED),
    ],
)
def test_less_unemployment_keeps_a_promise(bound: str, planned: float, reached: float, expected: str) -> None:
    told = {"indicator": "unemployment_surveyed", "measure": "rate"}
    assert judged(promise(planned, bound=bound) | told, outcome(reached) | told) == expected


@pytest.mark.parametrize(
    ("bound", "planned", "reached", "expected"),
    [
        ("=", -3.5, -4.0, KEPT),
        ("=", -3.5, -3.5, KEPT),
        ("=", -3.5, -3.0, MISSED),
        (">=", -3.0, -3.2, KEPT),
        (">=", -3.0, -2.5, MISSED),
        (">", -3.0, -3.1, KEPT),
        ("~", -2.0, -1.9, KEPT),
        ("~", -2.0, -1.8, MISSED),
        ("<=", -3.0, -2.0, KEPT),
        ("<=", -3.0, -4.0, MISSED),
    ],
)
def test_a_promised_fall_of_3_per_cent_or_more_is_kept_by_one_of_4(
    bound: str, planned: float, reached: float, expected: str
) -> None:
    told = {"indicator": "energy_intensity"}
    assert judged(promise(planned, bound=bound) | told, outcome(reached) | told) == expected


@pytest.mark.parametrize(
    ("planned", "planned_bound", "reached", "reached_bound", "expected"),
    [
        (300, ">=", 250, ">", UNDECIDED),
        (300, ">=", 310, ">", KEPT),
        (300, ">=", 300, ">", KEPT),
        (300, ">", 300, ">", KEPT),
        (300, ">", 300, ">=", UNDECIDED),
        (300, ">=", 300, "<", MISSED),
        (300, ">=", 290, "<=", MISSED),
        (300, ">=", 310, "<", UNDECIDED),
        (300, ">=", 300, "~", UNDECIDED),
        (300, "~", 300, "~", KEPT),
        (300, ">=", 320, "~", KEPT),
        (300, ">=", 280, "~", MISSED),
        (300, "<=", 250, ">", UNDECIDED),
        (300, "<=", 310, ">", MISSED),
    ],
)
def test_an_outcome_that_is_a_bound_decides_only_what_is_certain(
    planned: float, planned_bound: str, reached: float, reached_bound: str, expected: str
) -> None:
    promised = promise(planned, bound=planned_bound, measure="level", unit="个", indicator="x:公园")
    came = outcome(reached, bound=reached_bound, measure="level", unit="个", indicator="x:公园")
    assert judged(promised, came) == expected


class TestRanges:
    @pytest.mark.parametrize(("reached", "expected"), [(5.0, KEPT), (4.9, MISSED), (7.0, KEPT)])
    def test_of_a_range_the_lower_end_counts_where_more_is_better(self, reached: float, expected: str) -> None:
        assert judged(promise(5.0, upper=5.5), outcome(reached)) == expected

    @pytest.mark.parametrize(("reached", "expected"), [(5.5, KEPT), (5.6, MISSED), (2.0, KEPT)])
    def test_of_a_range_the_upper_end_counts_where_less_is_better(self, reached: float, expected: str) -> None:
        told = {"indicator": "unemployment_surveyed"}
        assert judged(promise(5.0, upper=5.5) | told, outcome(reached) | told) == expected

    @pytest.mark.parametrize(("reached", "expected"), [(5.0, KEPT), (5.5, KEPT), (4.0, MISSED), (6.0, MISSED)])
    def test_a_range_without_a_direction_is_kept_inside(self, reached: float, expected: str) -> None:
        told = {"indicator": "budget_expenditure"}
        assert judged(promise(5.0, upper=5.5, decimals=1) | told, outcome(reached) | told) == expected

    def test_a_range_as_outcome_keeps_what_all_of_it_keeps(self) -> None:
        assert judged(promise(5.0), outcome(5.0, upper=5.5)) == KEPT
        assert judged(promise(5.2), outcome(5.0, upper=5.5)) == UNDECIDED
        assert judged(promise(6.0), outcome(5.0, upper=5.5)) == MISSED

    def test_a_range_of_falls_may_be_written_either_way_round(self) -> None:
        told = {"indicator": "energy_intensity"}
        for ends in ((-3.0, -3.5), (-3.5, -3.0)):
            assert judged(promise(ends[0], upper=ends[1]) | told, outcome(-3.1) | told) == KEPT
            assert judged(promise(ends[0], upper=ends[1]) | told, outcome(-2.9) | told) == MISSED

    def test_magnitudes_are_taken_off_before_anything_is_held_against_anything(self) -> None:
        promised = promise(9700, measure="level", unit="万千瓦", indicator="capacity_power")
        assert (
            judged(promised, outcome(1, measure="level", unit="亿千瓦", indicator="capacity_power", bound=">")) == KEPT
        )
        span = promise(1.2, upper=1.4, measure="level", unit="万亿元", indicator="investment_fixed")
        assert judged(span, outcome(11900, measure="level", unit="亿元", indicator="investment_fixed")) == MISSED


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"indicator": "gdp"}, "up"),
        ({"indicator": "cpi"}, "down"),
        ({"indicator": "pm25"}, "down"),
        ({"indicator": "safety_deaths"}, "down"),
        ({"indicator": "budget_expenditure"}, "none"),
        ({"indicator": "x:公园"}, "up"),
        ({"indicator": "x:公园", "value": -10.0}, "down"),
        ({"indicator": "gdp~全区", "value": 5.0}, "up"),
        ({"indicator": "unemployment_surveyed~城区"}, "down"),
        ({"indicator": "cpi", "bound": ">="}, "up"),
        ({"indicator": "gdp", "bound": "<="}, "down"),
        ({"indicator": "energy_intensity", "value": -3.0, "bound": ">="}, "down"),
        ({"indicator": "energy_intensity", "value": -3.0, "bound": "<="}, "up"),
        ({"indicator": "gdp", "measure": "rank", "unit_code": "rank"}, "down"),
        ({"indicator": "gdp", "measure": "change", "unit_code": "rank", "value": 4.0}, "up"),
        ({"indicator": "income_ratio", "measure": "change", "value": -0.02}, "down"),
    ],
)
def test_a_promise_is_kept_in_the_direction_of_its_bound_else_of_its_series(
    told: dict[str, Any], expected: str
) -> None:
    assert frame(promise(5.0) | told).select(direction()).item() == expected


def test_a_ceiling_of_prices_is_kept_by_prices_that_stand_still() -> None:
    told = {"indicator": "cpi"}
    assert judged(promise(2.0, bound="~") | told, outcome(0.1) | told) == KEPT
    assert judged(promise(2.0, bound="~") | told, outcome(2.1) | told) == KEPT
    assert judged(promise(2.0, bound="~") | told, outcome(2.2) | told) == MISSED


def test_without_a_direction_what_rounds_to_the_promise_keeps_it() -> None:
    told = {"indicator": "coal_output", "measure": "level", "unit_code": "t"}
    reached = [judged(promise(8.0, decimals=0) | told, outcome(value) | told) for value in (7.4, 7.5, 8.3, 8.5, 8.6)]
    assert reached == [MISSED, KEPT, KEPT, KEPT, MISSED]


def test_the_third_place_keeps_a_promise_of_the_first_three() -> None:
    told = {"measure": "rank", "unit_code": "rank"}
    reached = [judged(promise(3, bound="<=") | told, outcome(place) | told) for place in (1, 3, 4)]
    assert reached == [KEPT, KEPT, MISSED]


def test_what_was_added_is_not_held_against_what_there_is() -> None:
    told = {"measure": "level", "indicator": "labs_national", "unit_code": "count"}
    added, total = "新增全国重点实验室2家", "全国重点实验室达8家"
    assert judged(promise(2, quote=added) | told, outcome(8, quote=total) | told) == UNDECIDED
    assert judged(promise(2, quote=added) | told, outcome(3, quote="新增全国重点实验室3家") | told) == KEPT
    assert judged(promise(2, quote=added) | told, outcome(3, quote="新认定全国重点实验室3家") | told) == KEPT
    assert judged(promise(2, quote=total) | told, outcome(8, quote=total) | told) == KEPT


def test_a_series_of_additions_is_one_however_its_clauses_word_it() -> None:
    told = {"indicator": "market_entities_new", "label_zh": "新增经营主体"}
    planned, reached = promise(8000, quote="新增市场主体8000户左右") | told, outcome(8700, quote="登记市场主体8700户")
    assert judged(planned, reached | told) == KEPT


def test_every_series_of_the_registry_has_the_direction_that_the_registry_gives_it() -> None:
    rows = frame(*(promise(5.0, indicator=id_) for id_ in by_id()))
    found = rows.select("indicator", way=direction()).rows()
    assert [(id_, way) for id_, way in found if way != by_id()[id_].direction.value] == []


CASES = st.lists(st.tuples(FIGURES, BOUNDS, FIGURES, FIGURES), min_size=1, max_size=60)
UNHURRIED = settings(max_examples=40)  # each example is a frame of many cases


@UNHURRIED
@given(cases=CASES, series=st.sampled_from(["gdp", "pm25", "x:公园"]))
def test_a_better_outcome_never_turns_kept_into_missed(
    cases: list[tuple[float, str, float, float]], series: str
) -> None:
    order = [MISSED, None, KEPT]
    promised = [promise(planned, bound=bound, indicator=series) for planned, bound, _, _ in cases]
    low = decided(*((one, outcome(min(case[2:]))) for one, case in zip(promised, cases, strict=True)))
    high = decided(*((one, outcome(max(case[2:]))) for one, case in zip(promised, cases, strict=True)))
    for (way, at_low), (same_way, at_high) in zip(low, high, strict=True):
        assert way == same_way
        best, other = (at_high, at_low) if way == Direction.UP.value else (at_low, at_high)
        assert order.index(best) >= order.index(other)


@UNHURRIED
@given(cases=CASES, series=st.sampled_from(["gdp", "pm25"]))
def test_two_plain_figures_are_left_open_only_where_they_meet_at_an_open_end(
    cases: list[tuple[float, str, float, float]], series: str
) -> None:
    found = decided(*((promise(one[0], bound=one[1], indicator=series), outcome(one[2])) for one in cases))
    left_open = [one[1] in {">", "<"} and one[0] == one[2] for one in cases]
    assert [told is None for _, told in found] == left_open


@UNHURRIED
@given(cases=CASES)
def test_about_means_within_a_twentieth_on_the_bad_side(cases: list[tuple[float, str, float, float]]) -> None:
    found = decided(*((promise(planned, bound="~"), outcome(reached)) for planned, _, reached, _ in cases))
    floors = [planned - abs(planned) * ABOUT for planned, *_ in cases]
    reached = [one[2] >= floor or isclose(one[2], floor) for one, floor in zip(cases, floors, strict=True)]
    assert [told == KEPT for _, told in found] == reached


@UNHURRIED
@given(cases=CASES)
def test_a_verdict_on_a_range_is_that_on_each_of_its_ends(cases: list[tuple[float, str, float, float]]) -> None:
    promised = [promise(planned, bound=bound) for planned, bound, _, _ in cases]
    ends = [sorted(one[2:]) for one in cases]
    whole = decided(*((one, outcome(low, upper=high)) for one, (low, high) in zip(promised, ends, strict=True)))
    for place in (0, 1):
        each = decided(*((one, outcome(pair[place])) for one, pair in zip(promised, ends, strict=True)))
        assert all(told in {None, alone} for (_, told), (_, alone) in zip(whole, each, strict=True))


@pytest.mark.parametrize(("bound", "beyond"), [("<=", ">"), (">=", "<")])
def test_an_outcome_that_lies_beyond_the_very_figure_promised_misses_it(bound: str, beyond: str) -> None:
    assert judged(promise(5.0, bound=bound), outcome(5.0, bound=beyond)) == MISSED
    assert judged(promise(5.0, bound=bound), outcome(5.0)) == KEPT


@UNHURRIED
@given(cases=CASES, bound=CLOSED)
def test_a_bound_that_leaves_an_outcome_its_figure_never_turns_one_verdict_into_the_other(
    cases: list[tuple[float, str, float, float]], bound: str
) -> None:
    pairs = [(promise(planned, bound=its), abs(reached)) for planned, its, reached, _ in cases]
    plain = decided(*((one, outcome(value)) for one, value in pairs))
    bounded = decided(*((one, outcome(value, bound=bound)) for one, value in pairs))
    turned = [(was[1], now[1]) for was, now in zip(plain, bounded, strict=True) if {was[1], now[1]} == {KEPT, MISSED}]
    assert turned == []
