"""Stated numbers as intervals: what rounds to the printed number lies inside, and a bound leaves a side open."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import inf, isclose

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_rows import Told, frame, row

from publish.compare.intervals import ABOUT, high, is_bounded, low, overlap

DIGITS = st.integers(0, 4)
MAGNITUDES = st.sampled_from(["元", "万元", "亿元", "万亿元"])


def ends(value: float, told: Told) -> tuple[float, float]:
    """The interval of one row."""
    (found,) = frame(row(value, **told)).select(low=low(), high=high()).rows()
    return found[0], found[1]


@pytest.mark.parametrize(
    ("value", "told", "expected"),
    [
        (573.72, Told(), (57_371_500_000, 57_372_500_000)),
        (100.0, Told(decimals=0), (9_950_000_000, 10_050_000_000)),
        (100.0, Told(decimals=1), (9_995_000_000, 10_005_000_000)),
        (-40.9, Told(unit="%", measure="growth"), (-40.95, -40.85)),
        (0.0, Told(unit="%", decimals=0), (-0.5, 0.5)),
        (4.5, Told(unit="%", upper=5.0, decimals=1), (4.45, 5.05)),
        (-6.0, Told(unit="%", upper=-5.0, decimals=0), (-6.5, -4.5)),
        (6.0, Told(unit="位", measure="rank", scope="全市"), (6, 6)),
        (4.0, Told(unit="位", measure="change"), (4, 4)),
        (510.0, Told(unit="家"), (509.5, 510.5)),
    ],
)
def test_a_printed_number_is_all_that_rounds_to_it(value: float, told: Told, expected: tuple[float, float]) -> None:
    assert ends(value, told) == pytest.approx(expected)


def test_a_bound_is_meant_as_it_stands_and_opens_the_other_side() -> None:
    assert ends(100.0, Told(bound=">")) == ends(100.0, Told(bound=">=")) == (1e10, inf)
    assert ends(100.0, Told(bound="<")) == ends(100.0, Told(bound="<=")) == (-inf, 1e10)
    assert ends(4.5, Told(unit="%", upper=5.0, bound=">=")) == (4.5, inf)
    assert ends(4.5, Told(unit="%", upper=5.0, bound="<=")) == (-inf, 5.0)


@pytest.mark.parametrize(
    ("value", "told", "expected"),
    [
        (100.0, Told(unit="元"), (95, 105)),
        (-4.0, Told(unit="%", decimals=1), (-4.2, -3.8)),
        (4.0, Told(unit="%", upper=6.0, decimals=0), (3.5, 6.5)),
        (1.0, Told(unit="%", decimals=0), (0.5, 1.5)),
        (20.0, Told(unit="位", measure="rank"), (19, 21)),
    ],
)
def test_about_is_a_twentieth_and_never_less_than_the_printed_digits_leave(
    value: float, told: Told, expected: tuple[float, float]
) -> None:
    assert ABOUT == 0.05
    assert ends(value, {**told, "bound": "~"}) == pytest.approx(expected)


@settings(max_examples=30)
@given(value=st.decimals(0, 10**6, places=6), decimals=DIGITS, unit=MAGNITUDES)
def test_whatever_rounds_to_the_printed_number_lies_within(value: Decimal, decimals: int, unit: str) -> None:
    printed = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    least, most = ends(float(printed), Told(unit=unit, decimals=decimals))
    mult = {"元": 1, "万元": 10**4, "亿元": 10**8, "万亿元": 10**12}[unit]
    true = float(value) * mult
    assert least <= true * (1 + 1e-9)
    assert most >= true * (1 - 1e-9)
    assert isclose(most - least, mult / 10**decimals, rel_tol=1e-3)


@settings(max_examples=30)
@given(value=st.floats(-1e6, 1e6), decimals=DIGITS, bound=st.sampled_from(["=", "~", ">", ">=", "<", "<="]))
def test_the_stated_number_lies_within_its_own_interval(value: float, decimals: int, bound: str) -> None:
    least, most = ends(value, Told(unit="元", decimals=decimals, bound=bound))
    assert least <= value <= most


def test_the_other_side_of_a_pair_is_read_under_its_prefix() -> None:
    plain = frame(row(531.48), row(100.0, bound=">"))
    other = plain.rename({name: f"base_{name}" for name in plain.columns})
    here = plain.select(low=low(), high=high())
    assert other.select(low=low("base_"), high=high("base_")).equals(here)


def related(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two intervals overlap, asked both ways round."""
    pair = pl.DataFrame({"a": [one[0]], "b": [one[1]], "c": [other[0]], "d": [other[1]]})
    a, b, c, d = (pl.col(name) for name in "abcd")
    there, back = pair.select(overlap(a, b, c, d), back=overlap(c, d, a, b)).row(0)
    assert there == back
    return bool(there)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        *(((0, 2), (1, 3), True), ((0, 9), (4, 5), True), ((0, 1), (1, 2), True), ((0, 1), (1.001, 2), False)),
        *(((0.1 + 0.2, 1), (-1, 0.3), True), ((0.3, 1), (-1, 0.1 + 0.2), True), ((5, inf), (4, 6), True)),
        *(((5, inf), (4, 4.9), False), ((-inf, 5), (5.1, inf), False), ((-inf, inf), (1, 1), True)),
        ((0, 0), (0, 0), True),
    ],
)
def test_intervals_meet_where_they_share_a_number(
    one: tuple[float, float], other: tuple[float, float], *, meet: bool
) -> None:
    assert related(one, other) is meet


def test_only_an_interval_with_two_ends_is_bounded() -> None:
    pair = pl.DataFrame({"a": [0.0, -inf, 0.0, None], "b": [1.0, 1.0, inf, 1.0]})
    assert pair.select(is_bounded(pl.col("a"), pl.col("b"))).to_series().to_list() == [True, False, False, None]
