"""What an outcome says of a promise: bounds, directions, ranges, falls, tolerances, conversions, and the margin."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_rows import Row, Told, outcome, promise

from publish.compare.quantities import Tolerances, decimals_of, direction, judge
from schemas.codelists import Bound, MarginKind, ToleranceKind
from schemas.registry.indicators import by_id

KEPT, NEAR, MISSED = "kept", "near", "missed"
BOUNDS = st.sampled_from([bound.value for bound in Bound])
FIGURES = st.integers(-400, 400).map(lambda tenths: tenths / 10)


def verdict(promised: Row, reached: Row, *, firms: bool = False, nearly: bool = False) -> str | None:
    found = judge(promised, reached, firms=firms, nearly=nearly)
    return found.verdict.value if found and found.verdict else None


@pytest.mark.parametrize(
    ("series", "bound", "planned", "expected"),
    [
        ("gdp", "=", 5.5, {5.5: KEPT, 5.6: KEPT, 5.45: NEAR, 5.4: MISSED}),
        ("gdp", ">=", 5.5, {5.5: KEPT, 5.4: MISSED}),
        ("gdp", ">", 5.5, {5.6: KEPT, 5.4: MISSED, 5.5: NEAR}),
        ("gdp", "=", 5.0, {5.0: KEPT, 4.6: NEAR, 4.5: NEAR, 4.4: MISSED}),
        ("gdp", "~", 5.5, {5.5: KEPT, 5.0: NEAR, 4.9: MISSED}),
        ("gdp", "<=", 5.5, {5.5: KEPT, 5.6: MISSED}),
        ("unemployment_surveyed", "=", 5.5, {5.4: KEPT, 5.6: MISSED}),
        ("unemployment_surveyed", "~", 5.5, {3.0: KEPT, 6.0: NEAR, 6.1: MISSED}),
        ("energy_intensity", "=", -3.5, {-4.0: KEPT, -3.5: KEPT, -2.9: MISSED}),
        ("energy_intensity", ">=", -3.2, {-3.2: KEPT, -2.5: MISSED}),
        ("energy_intensity", "<=", -3.2, {-2.0: KEPT, -4.2: MISSED}),
        ("cpi", "~", 2.0, {0.1: KEPT, 2.2: NEAR, 2.6: MISSED}),
    ],
)
def test_a_promise_is_kept_by_more_of_what_is_good_and_near_within_its_tolerance(
    series: str, bound: str, planned: float, expected: dict[float, str]
) -> None:
    promised = promise(planned, bound=bound, indicator=series)
    assert {value: verdict(promised, outcome(value, indicator=series)) for value in expected} == expected


@pytest.mark.parametrize(
    ("planned_bound", "reached_bound", "expected"),
    [
        (">=", ">", {310: KEPT, 300: KEPT, 250: None}),
        (">", ">", {300: KEPT}),
        (">=", "<", {250: MISSED, 310: None}),
        (">=", "<=", {250: MISSED}),
        (">=", "~", {320: KEPT, 300: KEPT, 250: MISSED}),
        ("<=", ">", {310: MISSED, 250: None}),
    ],
)
def test_an_outcome_that_is_a_bound_decides_only_what_is_certain(
    planned_bound: str, reached_bound: str, expected: dict[float, str | None]
) -> None:
    parks = Told(measure="level", unit="个", indicator="x:公园")
    promised = promise(300, bound=planned_bound, **parks)
    reached = {value: verdict(promised, outcome(value, bound=reached_bound, **parks)) for value in expected}
    assert reached == expected


def test_an_outcome_called_nearly_so_much_does_not_reach_it() -> None:
    parks = Told(measure="level", unit="个", indicator="x:公园")
    assert verdict(promise(300, **parks), outcome(300, bound="~", **parks), nearly=True) == NEAR


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ("gdp", {5.0: KEPT, 7.0: KEPT, 4.9: MISSED}),
        ("unemployment_surveyed", {5.5: KEPT, 2.0: KEPT, 5.6: MISSED}),
        ("budget_expenditure", {5.0: KEPT, 5.5: KEPT, 4.0: None, 6.0: None}),
    ],
)
def test_of_a_range_the_worse_end_counts_and_without_a_direction_nobody_is_blamed(
    series: str, expected: dict[float, str | None]
) -> None:
    promised = promise(5.0, upper=5.5, decimals=1, indicator=series)
    assert {value: verdict(promised, outcome(value, decimals=1, indicator=series)) for value in expected} == expected


@pytest.mark.parametrize(
    ("planned", "reached", "told", "expected"),
    [
        ((880, "亿斤"), (440, "万吨"), {}, MISSED),
        ((880, "亿斤"), (4400, "万吨"), {}, KEPT),
        ((100, "户"), (120, "家"), {}, None),
        ((100, "户"), (120, "家"), {"firms": True}, KEPT),
        ((1, "万人次"), (9000, "人次"), {}, MISSED),
        ((2, "万元"), (19845, "元"), {}, NEAR),
        ((5, "亿美元"), (36, "亿元"), {}, None),
        ((3, "公里"), (3200, "米"), {}, KEPT),
    ],
)
def test_units_of_one_kind_are_converted_before_they_are_compared(
    planned: tuple[float, str], reached: tuple[float, str], told: dict[str, bool], expected: str | None
) -> None:
    series = Told(measure="level", indicator="x:公园")
    promised, stated = (promise(planned[0], unit=planned[1], **series), outcome(reached[0], unit=reached[1], **series))
    assert verdict(promised, stated, **told) == expected


def test_the_margin_is_exact_and_in_the_unit_of_the_promise() -> None:
    found = judge(promise(7.5), outcome(7.1))
    assert found
    assert (found.margin, found.margin_unit, found.margin_kind) == (Decimal("-0.4"), "个百分点", MarginKind.POINTS)
    assert decimals_of(found.margin) == 1
    money = Told(measure="level", indicator="investment_fixed")
    amount = judge(promise(1.2, unit="万亿元", **money), outcome(11900, unit="亿元", **money))
    assert amount
    assert (amount.margin, amount.margin_unit, amount.margin_kind) == (Decimal("-0.01"), "万亿元", MarginKind.AMOUNT)


def test_the_tolerance_says_where_it_comes_from_and_rounding_excuses_no_more_than_a_twentieth() -> None:
    about = judge(promise(5.5, bound="~"), outcome(5.0))
    assert about
    assert (about.tolerance, about.tolerance_kind) == (Decimal("0.5"), ToleranceKind.ABOUT)
    homes = Told(measure="level", unit="万户", indicator="x:公园")
    coarse = judge(promise(2, **homes), outcome(1.6, **homes))
    assert coarse
    assert (coarse.tolerance, coarse.tolerance_kind) == (Decimal("0.1"), ToleranceKind.ROUNDING)
    strict = judge(promise(5.5, bound="~"), outcome(5.0, decimals=1), tolerances=Tolerances(points=Decimal("0.1")))
    assert strict
    assert strict.verdict == MISSED


@pytest.mark.parametrize(
    ("way", "promises"),
    [
        ("down", [{"indicator": "unemployment_surveyed~城区"}]),
        ("up", [{"indicator": "gdp~全区"}, {"indicator": "x:公园"}, {"indicator": "cpi", "bound": ">="}]),
        ("down", [{"indicator": "x:公园", "value": -10.0}, {"indicator": "gdp", "bound": "<="}]),
        ("down", [{"indicator": "energy_intensity", "value": -3.0, "bound": ">="}]),
        ("up", [{"indicator": "energy_intensity", "value": -3.0, "bound": "<="}]),
        ("down", [{"indicator": "gdp", "measure": "rank", "unit_code": "rank"}]),
        ("up", [{"indicator": "gdp", "measure": "change", "unit_code": "rank", "value": 4.0}]),
        ("down", [{"indicator": "income_ratio", "measure": "change", "value": -0.02}]),
    ],
)
def test_a_promise_is_kept_in_the_direction_of_its_bound_else_of_its_series(way: str, promises: list[Row]) -> None:
    assert {direction(promise(5.0) | told).value for told in promises} == {way}


def test_the_third_place_keeps_a_promise_of_the_first_three() -> None:
    rank = Told(measure="rank", unit="位")
    reached = [verdict(promise(3, bound="<=", **rank), outcome(place, **rank)) for place in (1, 3, 4)]
    assert reached == [KEPT, KEPT, MISSED]


def test_every_series_of_the_registry_has_the_direction_that_the_registry_gives_it() -> None:
    found = {id_: direction(promise(5.0, indicator=id_)) for id_ in by_id()}
    assert [id_ for id_, way in found.items() if way is not by_id()[id_].direction] == []


@settings(max_examples=200)
@given(planned=FIGURES, bound=BOUNDS, values=st.tuples(FIGURES, FIGURES), series=st.sampled_from(["gdp", "pm25"]))
def test_a_better_outcome_never_turns_a_verdict_into_a_worse_one(
    planned: float, bound: str, values: tuple[float, float], series: str
) -> None:
    order = [MISSED, NEAR, KEPT]
    promised = promise(planned, bound=bound, decimals=1, indicator=series)
    low, high = (verdict(promised, outcome(value, decimals=1, indicator=series)) for value in sorted(values))
    worse, better = (low, high) if direction(promised) == "up" else (high, low)
    assert order.index(better or KEPT) >= order.index(worse or MISSED)
