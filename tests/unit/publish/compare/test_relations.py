"""Which numbers stand beside which, and what is taken to be stated of the two."""

from __future__ import annotations

import random

import polars as pl
import pytest
from support.table_rows import INDICATORS, Row, Told, base, change, compared, growth, level, only, row, verdict

from schemas.registry.units import resolve
from schemas.tables.columns import KEYS

POINTS = Told(indicator="urbanisation", unit="个百分点")
RATE = Told(indicator="urbanisation", unit="%", measure="rate")


PART, WHOLE = level(30.0, indicator="va_industry"), level(120.0)
SHARE = row(25.0, indicator="share_industry", measure="share", unit="%")


class TestPairs:
    @pytest.mark.parametrize("measure", ["level", "share", "rate", "rank", "multiple", "ratio"])
    def test_a_number_stands_beside_that_of_the_year_before(self, measure: str) -> None:
        found = only(row(9.0, measure=measure), row(7.0, measure=measure, period="2023"))
        assert (found["measure"], found["period"], found["base_period"]) == (measure, "2024", "2023")
        assert (found["value"], found["base_value"], found["change"]) == (9.0, 7.0, 200_000_000.0)
        assert (found["verdict"], found["stated_obs_id"], found["gap"]) == ("unchecked", None, None)

    @pytest.mark.parametrize("measure", ["growth", "cagr", "change", "streak"])
    def test_what_spans_years_by_itself_has_no_neighbour(self, measure: str) -> None:
        assert compared(row(9.0, measure=measure), row(7.0, measure=measure, period="2023")).is_empty()

    @pytest.mark.parametrize(
        "other",
        [Told(period=period) for period in ("2022", "2020", "2021/2023")]
        + [Told(status="target"), Told(area="CN-442000-other"), Told(measure="share")]
        + [Told(indicator="va_industry"), Told(indicator="gdp~市区")],
        ids=str,
    )
    def test_another_series_year_or_status_is_no_neighbour(self, other: Told) -> None:
        assert compared(level(9.0), row(7.0, **{"period": "2023", **other})).is_empty()

    def test_a_rank_is_compared_among_the_same_group(self) -> None:
        one = Told(measure="rank", unit="位")
        assert compared(level(3, scope="全市", **one), base(30, scope="全省", **one)).is_empty()
        assert only(level(3, scope="全市", **one), base(5, scope="全市", **one))["change"] == -2

    def test_a_series_has_a_name_and_not_only_a_place_in_its_text(self) -> None:
        assert compared(level(9.0, indicator="x:公园~2"), base(7.0, indicator="x:公园~2")).is_empty()
        assert compared(level(9.0, indicator="x:公园~民众"), base(7.0, indicator="x:公园~民众")).height == 1

    def test_differences_bear_no_noise_of_binary_fractions(self) -> None:
        one = Told(indicator="urbanisation", unit="%", measure="rate")
        assert only(level(62.1, **one), base(61.2, **one))["change"] == 0.9
        assert only(level(573.72), base(531.48))["change"] == 4_224_000_000

    def test_any_order_of_the_rows_gives_the_same_table(self) -> None:
        rows = [number for year in range(2000, 2030) for number in history(year)]
        table = compared(*rows)
        assert table.height == 29 * 2
        assert table.equals(table.sort(KEYS["comparisons"]))
        for seed in range(2):
            random.Random(seed).shuffle(rows)
            assert compared(*rows).equals(table)

    def test_nothing_to_compare_gives_an_empty_table_of_the_right_form(self) -> None:
        assert compared().is_empty()
        assert compared(level(9.0)).is_empty()
        assert compared(growth(5.0), change(3.0)).is_empty()


def history(year: int) -> list[Row]:
    """A year of a series, of its growth, and of another series whose growth nobody states."""
    told = Told(period=str(year))
    return [row(100.0 + year, **told), growth(1.0, **told), row(5.0, indicator="tourists", unit="万人次", **told)]


class TestStated:
    def test_growth_speaks_of_levels_only(self) -> None:
        one = Told(indicator="unemployment_surveyed", unit="%", measure="rate")
        stated = growth(5.0, indicator="unemployment_surveyed")
        assert verdict(level(5.2, **one), stated, base(9.9, **one)) == "unchecked"

    def test_a_growth_that_is_promised_says_nothing_of_what_was(self) -> None:
        assert verdict(level(573.72), growth(3.5, status="target"), base(531.48)) == "unchecked"

    @pytest.mark.parametrize(("unit", "value"), [("%", 120.0), ("倍", 1.2), ("‰", 1200.0)])
    def test_growth_is_published_in_per_cent_whatever_its_unit(self, unit: str, value: float) -> None:
        found = only(level(220.0), row(value, measure="growth", unit=unit, decimals=1), base(100.0))
        assert (found["stated_growth"], found["verdict"]) == (120.0, "consistent")

    def test_growth_in_a_unit_that_is_no_ratio_states_nothing(self) -> None:
        assert verdict(level(220.0), row(5.0, measure="growth", unit="个"), base(100.0)) == "unchecked"

    def test_growth_counts_before_a_change_and_only_it_is_named(self) -> None:
        found = only(level(105.0), change(30.0), growth(5.0), base(100.0))
        assert (found["stated_growth"], found["stated_change"], found["verdict"]) == (5.0, None, "consistent")
        assert found["stated_obs_id"] == growth(5.0)["obs_id"]

    def test_an_amount_may_be_stated_to_have_risen_by_an_amount(self) -> None:
        found = only(level(105.0), change(5000.0, unit="万元"), base(104.5))
        assert (found["stated_change"], found["verdict"], found["change"]) == (50_000_000, "consistent", 50_000_000)
        assert verdict(level(105.0), change(5.0, unit="个"), base(100.0)) == "unchecked"

    @pytest.mark.parametrize("measure", ["share", "rate"])
    def test_a_ratio_rises_and_falls_by_points(self, measure: str) -> None:
        one = Told(indicator="urbanisation", unit="%", measure=measure)
        rose, fell = change(0.9, **POINTS), change(-0.2, **POINTS)
        found = only(level(62.1, **one), rose, base(61.2, **one))
        assert (found["verdict"], found["stated_change"], found["change"]) == ("consistent", 0.9, 0.9)
        assert (found["implied_base_low"], found["implied_base_high"]) == pytest.approx((61.1, 61.3))
        assert verdict(level(62.1, **one), rose, base(60.0, **one)) == "revised"
        assert verdict(level(5.1, **one), fell, base(5.3, **one)) == "consistent"
        assert verdict(level(5.1, **one), fell, base(4.9, **one)) == "revised"

    def test_a_change_that_may_speak_of_two_numbers_speaks_of_none(self) -> None:
        one = Told(measure="rank", unit="位")
        pairs = [level(5, scope="全国", **one), base(9, scope="全国", **one), level(1, scope="全市", **one)]
        rose = change(1, unit="位")
        assert compared(*pairs, rose)["verdict"].to_list() == ["unchecked"]
        assert compared(*pairs[:2], rose)["verdict"].to_list() == ["revised"]

    def test_what_is_stated_against_others_or_another_year_is_left_aside(self) -> None:
        others = "城镇化率高于全国0.9个百分点", "比全省高0.9个百分点", "城镇化率62.1%、快于平均水平0.9个百分点"
        for quote in (*others, "较2020年提高0.9个百分点", "近3年提升0.9个百分点"):
            aside = change(0.9, quote=quote, **POINTS)
            assert verdict(level(62.1, **RATE), aside, base(50.0, **RATE)) == "unchecked", quote
        for quote in ("比上年提高0.9个百分点", "较2023年提高0.9个百分点", "城镇化率提升0.9个百分点"):
            stated = change(0.9, quote=quote, **POINTS)
            assert verdict(level(62.1, **RATE), stated, base(61.2, **RATE)) == "consistent", quote

    def test_growth_since_another_year_is_no_growth_of_the_year(self) -> None:
        assert verdict(level(190.0), growth(90.0, quote="较2020年增长90%"), base(180.0)) == "unchecked"
        beside = growth(90.0, quote="增长90%、高于全国80个百分点")
        assert verdict(level(190.0), beside, base(100.0)) == "consistent"

    def test_two_numbers_of_one_clause_are_not_judged_by_the_growth_of_a_year(self) -> None:
        one = Told(indicator="budget_revenue", document="report-2025", quote="由3826.5亿元增至4398.6亿元")
        stated = growth(2.0, indicator="budget_revenue")
        assert verdict(level(4398.6, **one), stated, base(3826.5, **one)) == "unchecked"
        elsewhere: Told = {**one, "document": "report-2024"}
        assert verdict(level(4398.6, **one), stated, base(3826.5, **elsewhere)) == "revised"


class TestWholes:
    PAIRS = tuple(INDICATORS.filter(pl.col("part").is_not_null()).select("id", "part", "whole").rows())

    @pytest.mark.parametrize(("ratio", "part", "whole"), PAIRS)
    def test_every_ratio_of_the_registry_is_held_against_its_numbers(self, ratio: str, part: str, whole: str) -> None:
        units = dict(INDICATORS.select("id", "unit").rows())
        numbers = level(30.0, indicator=part, unit=units[part]), level(120.0, indicator=whole, unit=units[whole])
        found = only(*numbers, row(25.0, indicator=ratio, measure="share", unit="%"))
        assert (found["indicator"], found["verdict"], found["gap"]) == (part, "consistent", 0.0)
        assert resolve(found["unit"]).mult == found["unit_mult"]
        for wrong in (40.0, 27.0):
            assert verdict(*numbers, row(wrong, indicator=ratio, measure="rate", unit="%")) == "scope_break"

    def test_a_share_counts_before_a_rate_of_the_same_whole(self) -> None:
        rate = row(40.0, indicator="share_industry", measure="rate", unit="%")
        assert only(PART, WHOLE, rate, SHARE)["stated_obs_id"] == SHARE["obs_id"]

    @pytest.mark.parametrize(
        ("bound", "value", "expected"),
        [
            *((">", 20.0, "not_comparable"), (">", 30.0, "scope_break")),
            *(("<", 30.0, "not_comparable"), ("~", 24.5, "consistent")),
        ],
    )
    def test_a_bounded_share_decides_where_it_can(self, bound: str, value: float, expected: str) -> None:
        share = row(value, indicator="share_industry", measure="share", unit="%", bound=bound)
        assert verdict(PART, WHOLE, share) == expected

    def test_all_three_are_of_one_year_and_area(self) -> None:
        assert compared(SHARE, PART, WHOLE).height == 1
        for other in (base(120.0), level(120.0, area="CN-440000")):
            assert compared(SHARE, PART, other).is_empty()
        promised = row(25.0, indicator="share_industry", measure="share", unit="%", status="target")
        assert compared(promised, PART, WHOLE).is_empty()

    def test_one_number_entered_by_hand_marks_the_row(self) -> None:
        by_hand = Told(origin="reviewed")
        assert only(SHARE, PART, WHOLE)["origin"] == "report"
        assert only(SHARE | by_hand, PART, WHOLE)["origin"] == "reviewed"
        assert only(SHARE, PART, WHOLE | by_hand)["origin"] == "reviewed"
