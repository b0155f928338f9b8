"""When a promise is kept: bounds, directions, ranges, falls, and what stays undecided."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_rows import Row, Told, frame, outcome, promise

from publish.compare.promises import direction, verdict
from schemas.codelists import Bound, Direction
from schemas.registry.indicators import by_id

KEPT, MISSED = "kept", "missed"
BOUNDS = st.sampled_from([bound.value for bound in Bound])
CLOSED = BOUNDS.filter(lambda bound: bound not in {">", "<"})
FIGURES = st.integers(-400, 400).map(lambda tenths: tenths / 10)


def decided(*pairs: tuple[Row, Row]) -> list[tuple[str, str | None]]:
    """The direction and the verdict of each promise and its outcome, None where it stays open."""
    promised, reached = (frame(*side) for side in zip(*pairs, strict=True))
    rows = promised.with_columns(direction=direction()).hstack(
        reached.rename({name: f"outcome_{name}" for name in reached.columns})
    )
    return rows.select("direction", verdict=verdict()).rows()


def judged(promised: Row, *reached: Row) -> list[str | None]:
    """The verdict of a promise on each of some outcomes."""
    return [found for _, found in decided(*((promised, one) for one in reached))]


@pytest.mark.parametrize(
    ("series", "bound", "planned", "expected"),
    [
        ("gdp", "=", 5.0, {5.0: KEPT, 5.1: KEPT, 4.9: MISSED}),
        ("gdp", ">=", 5.5, {5.5: KEPT, 5.4: MISSED}),
        ("gdp", ">", 5.0, {5.1: KEPT, 4.9: MISSED, 5.0: None}),
        ("gdp", "~", 5.0, {4.75: KEPT, 9.0: KEPT, 4.7: MISSED}),
        ("gdp", "~", 5.5, {5.225: KEPT, 5.2: MISSED}),
        ("gdp", "<=", 5.0, {5.0: KEPT, 5.1: MISSED}),
        ("gdp", "<", 5.0, {4.9: KEPT, 5.1: MISSED, 5.0: None}),
        ("unemployment_surveyed", "=", 5.5, {5.4: KEPT, 5.6: MISSED}),
        ("unemployment_surveyed", "~", 5.5, {5.7: KEPT, 3.0: KEPT, 5.8: MISSED}),
        ("unemployment_surveyed", "<=", 5.5, {5.5: KEPT, 5.7: MISSED}),
        ("energy_intensity", "=", -3.5, {-4.0: KEPT, -3.5: KEPT, -3.0: MISSED}),
        ("energy_intensity", ">=", -3.0, {-3.2: KEPT, -2.5: MISSED}),
        ("energy_intensity", ">", -3.0, {-3.1: KEPT, -2.9: MISSED, -3.0: None}),
        ("energy_intensity", "~", -2.0, {-1.9: KEPT, -1.8: MISSED}),
        ("energy_intensity", "<=", -3.0, {-2.0: KEPT, -4.0: MISSED}),
        ("cpi", "~", 2.0, {0.1: KEPT, 2.1: KEPT, 2.2: MISSED}),
    ],
)
def test_more_of_what_is_good_and_less_of_what_is_bad_keeps_a_promise_as_its_bound_says(
    series: str, bound: str, planned: float, expected: dict[float, str | None]
) -> None:
    reached = [outcome(value, indicator=series) for value in expected]
    assert judged(promise(planned, bound=bound, indicator=series), *reached) == list(expected.values())


@pytest.mark.parametrize(
    ("planned_bound", "reached_bound", "expected"),
    [
        (">=", ">", {310: KEPT, 300: KEPT, 250: None}),
        (">", ">", {300: KEPT}),
        (">", ">=", {300: None}),
        (">=", "<", {300: MISSED, 310: None}),
        (">=", "<=", {290: MISSED}),
        (">=", "~", {320: KEPT, 280: MISSED, 300: None}),
        ("~", "~", {300: KEPT}),
        ("<=", ">", {310: MISSED, 300: MISSED, 250: None}),
    ],
)
def test_an_outcome_that_is_a_bound_decides_only_what_is_certain(
    planned_bound: str, reached_bound: str, expected: dict[float, str | None]
) -> None:
    parks = Told(measure="level", unit="个", indicator="x:公园")
    reached = [outcome(value, bound=reached_bound, **parks) for value in expected]
    assert judged(promise(300, bound=planned_bound, **parks), *reached) == list(expected.values())


class TestRanges:
    @pytest.mark.parametrize(
        ("series", "expected"),
        [
            ("gdp", {5.0: KEPT, 7.0: KEPT, 4.9: MISSED}),
            ("unemployment_surveyed", {5.5: KEPT, 2.0: KEPT, 5.6: MISSED}),
            ("budget_expenditure", {5.0: KEPT, 5.5: KEPT, 4.0: MISSED, 6.0: MISSED}),
        ],
    )
    def test_of_a_range_the_worse_end_counts_and_without_a_direction_it_is_kept_inside(
        self, series: str, expected: dict[float, str]
    ) -> None:
        reached = [outcome(value, indicator=series) for value in expected]
        assert judged(promise(5.0, upper=5.5, decimals=1, indicator=series), *reached) == list(expected.values())

    def test_a_range_as_outcome_keeps_what_all_of_it_keeps(self) -> None:
        reached = outcome(5.0, upper=5.5)
        assert [judged(promise(planned), reached)[0] for planned in (5.0, 5.2, 6.0)] == [KEPT, None, MISSED]

    def test_a_range_of_falls_may_be_written_either_way_round(self) -> None:
        energy = Told(indicator="energy_intensity")
        for one, other in ((-3.0, -3.5), (-3.5, -3.0)):
            promised = promise(one, upper=other, **energy)
            assert judged(promised, outcome(-3.1, **energy), outcome(-2.9, **energy)) == [KEPT, MISSED]

    def test_magnitudes_are_taken_off_before_anything_is_held_against_anything(self) -> None:
        power = Told(measure="level", indicator="capacity_power")
        more = outcome(1, unit="亿千瓦", bound=">", **power)
        assert judged(promise(9700, unit="万千瓦", **power), more) == [KEPT]
        money = Told(measure="level", indicator="investment_fixed")
        assert judged(promise(1.2, upper=1.4, unit="万亿元", **money), outcome(11900, unit="亿元", **money)) == [MISSED]


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
    assert set(frame(*(promise(5.0) | told for told in promises)).select(direction()).to_series()) == {way}


def test_without_a_direction_what_rounds_to_the_promise_keeps_it() -> None:
    coal = Told(indicator="coal_output", measure="level", unit_code="t")
    reached = [outcome(value, **coal) for value in (7.4, 7.5, 8.3, 8.5, 8.6)]
    assert judged(promise(8.0, decimals=0, **coal), *reached) == [MISSED, KEPT, KEPT, KEPT, MISSED]


def test_the_third_place_keeps_a_promise_of_the_first_three() -> None:
    rank = Told(measure="rank", unit_code="rank")
    reached = [outcome(place, **rank) for place in (1, 3, 4)]
    assert judged(promise(3, bound="<=", **rank), *reached) == [KEPT, KEPT, MISSED]


def test_what_was_added_is_not_held_against_what_there_is() -> None:
    labs = Told(measure="level", indicator="labs_national", unit_code="count")
    added, total = (Told(quote=quote, **labs) for quote in ("新增全国重点实验室2家", "全国重点实验室达8家"))
    more = [Told(quote=f"{word}全国重点实验室3家", **labs) for word in ("新增", "新认定")]
    reached = outcome(8, **total), *(outcome(3, **told) for told in more)
    assert judged(promise(2, **added), *reached) == [None, KEPT, KEPT]
    assert judged(promise(2, **total), outcome(8, **total)) == [KEPT]


def test_a_series_of_additions_is_one_however_its_clauses_word_it() -> None:
    told = Told(indicator="market_entities_new", label_zh="新增经营主体")
    reached = outcome(8700, quote="登记市场主体8700户", **told)
    assert judged(promise(8000, quote="新增市场主体8000户左右", **told), reached) == [KEPT]


def test_every_series_of_the_registry_has_the_direction_that_the_registry_gives_it() -> None:
    rows = frame(*(promise(5.0, indicator=id_) for id_ in by_id()))
    found = rows.select("indicator", way=direction()).rows()
    assert [(id_, way) for id_, way in found if way != by_id()[id_].direction.value] == []


CASES = st.lists(st.tuples(FIGURES, BOUNDS, FIGURES, FIGURES), min_size=1, max_size=40)
UNHURRIED = settings(max_examples=10)  # each example is a frame of many cases


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
def test_a_verdict_on_a_range_is_that_on_each_of_its_ends(cases: list[tuple[float, str, float, float]]) -> None:
    promised = [promise(planned, bound=bound) for planned, bound, _, _ in cases]
    ends = [sorted(one[2:]) for one in cases]
    whole = decided(*((one, outcome(low, upper=high)) for one, (low, high) in zip(promised, ends, strict=True)))
    for place in (0, 1):
        each = decided(*((one, outcome(pair[place])) for one, pair in zip(promised, ends, strict=True)))
        assert all(told in {None, alone} for (_, told), (_, alone) in zip(whole, each, strict=True))


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
