"""Neighbouring years and parts of wholes: what two published numbers imply of one another, and whether they fit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_rows import (
    INDICATORS,
    Row,
    Told,
    base,
    change,
    compared,
    frame,
    growth,
    level,
    only,
    row,
    verdict,
)

from publish.compare.comparisons import MOST_BY_PRICES, MOST_REVISED, comparisons

RETAIL = "retail_sales"


def implied(found: Row) -> tuple[Any, Any]:
    """The ends of the base that two numbers imply."""
    return found["implied_base_low"], found["implied_base_high"]


class TestRealCases:
    def test_output_of_the_zone_was_revised_since(self) -> None:
        found = only(level(573.72), growth(3.5), base(531.48, origin="reviewed"))
        assert (found["verdict"], found["kind"]) == ("revised", "year_on_year")
        assert implied(found) == pytest.approx((573.715e8 / 1.0355, 573.725e8 / 1.0345))
        assert found["gap"] == pytest.approx((531.485 / (573.715 / 1.0355) - 1) * 100, rel=1e-6)
        assert (found["change"], found["stated_growth"], found["origin"]) == (None, 3.5, "reviewed")

    def test_research_at_that_intensity_is_of_another_whole(self) -> None:
        intensity = row(7.1, indicator="rnd_intensity", measure="rate", unit="%")
        found = only(level(37.9, indicator="rnd_expenditure"), intensity, level(573.72))
        assert (found["verdict"], found["kind"]) == ("scope_break", "part_of_whole")
        assert implied(found) == pytest.approx((37.85e8 / 0.0715, 37.95e8 / 0.0705))
        assert (found["stated_share"], found["stated_obs_id"], found["change"]) == (7.1, intensity["obs_id"], None)
        assert (found["base_obs_id"], found["base_period"]) == (level(573.72)["obs_id"], "2024")

    def test_falling_prices_explain_a_gap_of_less_than_one_per_cent(self) -> None:
        found = only(level(67_665.0), growth(5.5), base(64_697.0))
        assert (found["verdict"], found["change"]) == ("price_basis", None)
        assert 0 < found["gap"] < MOST_BY_PRICES

    def test_a_rank_that_rose_by_four_was_a_number_greater_by_four(self) -> None:
        pair = Told(indicator="zone_rank_national", unit="位", measure="rank", scope="全国")
        rose = change(4, indicator="zone_rank_national", unit="位")
        found = only(level(40, **pair), rose, base(44, **pair))
        assert (found["verdict"], found["change"], found["stated_change"]) == ("consistent", -4.0, 4.0)
        assert implied(found) == (44.0, 44.0)
        assert verdict(level(40, **pair), rose, base(43, **pair)) == "revised"


class TestPrices:
    @pytest.mark.parametrize(
        ("indicator", "near"),
        [(series, "price_basis") for series in ("gdp", "va_industry_scale", "gdp~初步核算")]
        + [(series, "revised") for series in (RETAIL, "investment_fixed", "budget_revenue", "x:某产业产值")],
    )
    def test_output_up_to_three_per_cent_off_is_a_matter_of_prices_and_what_grows_at_current_prices_was_revised(
        self, indicator: str, near: str
    ) -> None:
        stated = level(105.0, indicator=indicator), growth(5.0, indicator=indicator)
        reached = [verdict(*stated, base(before, indicator=indicator)) for before in (98.0, 102.0, 95.0)]
        assert reached == [near, near, "revised"]

    def test_the_words_of_the_report_weigh_more_than_the_convention(self) -> None:
        real = growth(5.0, indicator=RETAIL, price_basis="constant")
        assert verdict(level(105.0, indicator=RETAIL), real, base(98.0, indicator=RETAIL)) == "price_basis"
        nominal = growth(5.0, price_basis="current")
        assert verdict(level(105.0), nominal, base(98.0)) == "revised"

    def test_prices_explain_no_gap_beside_a_level_at_constant_prices_or_in_what_is_stated_as_an_amount(self) -> None:
        assert verdict(level(105.0, price_basis="constant"), growth(5.0), base(98.0)) == "revised"
        assert verdict(level(105.0), change(5.0), base(98.0)) == "revised"


class TestScope:
    def test_more_than_half_off_is_no_revision(self) -> None:
        assert MOST_REVISED == 50
        reached = [verdict(level(105.0), growth(5.0), base(before)) for before in (70.0, 140.0, 49.0, 152.0)]
        assert reached == ["revised", "revised", "not_comparable", "not_comparable"]

    def test_it_is_another_scope_where_each_of_the_two_fits_its_other_neighbour(self) -> None:
        years = {"2022": 100.0, "2023": 105.0, "2024": 231.0, "2025": 242.6}
        rows = [level(value, period=year) for year, value in years.items()]
        table = compared(*rows, *(growth(5.0, period=year) for year in ("2023", "2024", "2025")))
        found = dict(table.filter(measure="level").select("period", "verdict").rows())
        assert found == {"2023": "consistent", "2024": "scope_break", "2025": "consistent"}

    def test_a_base_where_none_is_implied_is_not_compared(self) -> None:
        one = Told(unit="位", measure="rank", scope="全市")
        found = only(level(4, **one), change(-4, unit="位"), base(9, **one))
        assert (found["verdict"], found["implied_base_high"], found["gap"]) == ("not_comparable", 0.0, None)


class TestBounds:
    def test_a_bound_that_leaves_both_possible_decides_nothing(self) -> None:
        found = only(level(100.0, bound=">"), growth(5.0), base(120.0))
        assert (found["verdict"], found["gap"], found["change"]) == ("not_comparable", None, None)
        assert implied(found) == (pytest.approx(100e8 / 1.055), None)

    def test_a_bound_that_rules_the_base_out_decides(self) -> None:
        one = Told(indicator=RETAIL)
        found = only(level(100.0, bound=">", **one), growth(5.0, **one), base(80.0, **one))
        assert (found["verdict"], found["implied_base_high"]) == ("revised", None)
        assert found["gap"] == pytest.approx((80.5 / (100 / 1.055) - 1) * 100, rel=1e-6)

    @pytest.mark.parametrize(
        ("stated", "low", "high"),
        [
            (growth(5.0, bound=">="), None, 100.5e8 / 1.05),
            (growth(5.0, bound="<"), 99.5e8 / 1.05, None),
            (change(5.0, bound=">"), None, 95.5e8),
            (change(5.0, bound="<="), 94.5e8, None),
        ],
    )
    def test_what_is_stated_as_a_bound_leaves_one_side_open(
        self, stated: Row, low: float | None, high: float | None
    ) -> None:
        found = only(level(100.0), stated, base(95.0))
        assert implied(found) == (pytest.approx(low), pytest.approx(high))
        assert found["verdict"] == "not_comparable"

    def test_a_base_that_is_a_bound_decides_only_where_it_excludes(self) -> None:
        assert verdict(level(105.0), growth(5.0), base(90.0, bound=">")) == "not_comparable"
        assert verdict(level(105.0), growth(5.0), base(120.0, bound=">")) == "revised"

    def test_about_widens_and_a_range_has_two_ends(self) -> None:
        assert verdict(level(105.0, bound="~"), growth(5.0), base(103.0)) == "consistent"
        ranged = growth(4.0, upper=8.0)
        assert verdict(level(105.0), ranged, base(97.0)) == "consistent"
        found = only(level(105.0), ranged, base(110.0))
        assert found["implied_base_high"] == pytest.approx(105.5e8 / 1.035)
        assert (found["stated_growth"], found["verdict"]) == (4.0, "revised")

    def test_a_bound_or_a_range_beside_a_number_has_no_change(self) -> None:
        for plain in (Told(), Told(bound="~")):
            assert only(level(105.0, **plain), base(100.0))["change"] == 500_000_000
        for other in (Told(bound=">"), Told(bound="<="), Told(upper=110.0)):
            found = only(level(105.0, **other), base(100.0))
            assert (found["verdict"], found["change"]) == ("unchecked", None)


class TestNothingImplied:
    def test_a_fall_by_all_or_more_implies_no_base(self) -> None:
        for fell in (-100.0, -120.0, -250.5):
            found = only(level(5.0), growth(fell), base(100.0))
            assert (found["verdict"], found["stated_growth"]) == ("not_comparable", fell)
            assert implied(found) == (None, None)

    def test_a_fall_by_nearly_all_bounds_the_base_below_only(self) -> None:
        found = only(level(5.0), growth(-99.9, decimals=0), base(1000.0))
        assert (found["verdict"], found["implied_base_high"]) == ("not_comparable", None)
        assert verdict(level(5.0), growth(-99.9, decimals=0), base(5.0)) == "not_comparable"

    def test_nothing_that_grew_out_of_nothing_decides_nothing(self) -> None:
        nothing = level(0.0, unit="元", bound="<=")
        assert verdict(nothing, growth(5.0, bound="<"), base(3.0, unit="元")) == "not_comparable"

    def test_a_loss_does_not_grow(self) -> None:
        one = Told(indicator="profit_industry_scale")
        assert verdict(level(-5.0, **one), growth(20.0, **one), base(-4.0, **one)) == "not_comparable"
        assert verdict(level(5.0, **one), growth(20.0, **one), base(-4.0, **one)) == "not_comparable"
        assert verdict(level(5.0, **one), change(9.0, **one), base(-4.0, **one)) == "consistent"

    def test_amounts_in_units_of_two_kinds_are_not_comparable(self) -> None:
        area = Told(indicator="x:新增用地")
        pair = level(2.0, unit="万平方米", **area), growth(5.0, **area)
        found = only(*pair, base(30.0, unit="亩", **area))
        assert (found["verdict"], found["implied_base_low"], found["change"]) == ("not_comparable", None, None)
        assert only(*pair, base(1.9, unit="万平方米", **area))["verdict"] == "consistent"

    @pytest.mark.parametrize(
        ("here", "there", "expected"),
        [
            *(("亿元", "万元", "unchecked"), ("亿元", "亿美元", "not_comparable"), ("", "", "not_comparable")),
            *(("万", "万人次", "not_comparable"), (":1", ":1", "unchecked"), (":1", "桌", "not_comparable")),
        ],
    )
    def test_only_one_unit_compares_whatever_its_magnitude(self, here: str, there: str, expected: str) -> None:
        assert verdict(level(2.0, unit=here), base(3.0, unit=there)) == expected
        assert verdict(level(2.0, unit=there), base(3.0, unit=here)) == expected


Printed = tuple[int, int, int]
DIGITS = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))


def verdicts(*rows: Row) -> set[str]:
    """The verdicts of many series at once."""
    return set(comparisons(frame(*rows), INDICATORS)["verdict"])


def printed(number: float, digits: int, **told: object) -> Row:
    """A number as a report prints it."""
    return row(round(number, digits), decimals=digits, **told)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(10, 10_000), st.floats(-80, 300), DIGITS), min_size=1, max_size=60))
def test_rounding_never_raises_a_false_alarm(series: list[tuple[float, float, Printed]]) -> None:
    rows: list[Row] = []
    for place, (before, grown, (now, rate, then)) in enumerate(series):
        one = {"indicator": f"x:{place}甲"}
        after = before * (1 + grown / 100)
        rows += [printed(after, now, **one), printed(before, then, period="2023", **one)]
        rows += [printed(grown, rate, measure="growth", unit="%", **one)]
    assert verdicts(*rows) == {"consistent"}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(1, 1000), st.floats(1, 99), DIGITS), min_size=1, max_size=60))
def test_a_part_of_its_own_whole_always_fits(parts: list[tuple[float, float, Printed]]) -> None:
    rows: list[Row] = []
    for place, (part, share, (one, of, all_)) in enumerate(parts):
        area = {"area": f"CN-{place:06}"}
        rows += [printed(part, one, indicator="va_industry", **area), printed(part / share * 100, all_, **area)]
        rows += [printed(share, of, indicator="share_industry", measure="share", unit="%", **area)]
    assert verdicts(*rows) == {"consistent"}
