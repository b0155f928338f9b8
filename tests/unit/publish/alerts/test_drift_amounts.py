"""Units and magnitudes that moved: in a document that was edited, between documents, and from year to year."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_rows import Row, Text, base, drifted, edited, growth, level, release

from publish.drift.content import DriftLimits
from schemas.codelists import Severity

OWN = {"indicator": "x:泵站", "unit": "座"}


class TestUnit:
    @pytest.mark.parametrize(
        ("was", "now", "held"),
        [
            *(((573.72, "亿元"), (573.72, "万元"), True), ((573.72, "亿元"), (5737200, "万元"), False)),
            *(((573.72, "亿元"), (0.06, "万亿元"), False), ((573.72, "亿元"), (6.7, "万亿元"), True)),
            *(((3600, "亩"), (3600, "平方公里"), True), ((510, "家"), (510, "人"), True)),
            *(((510, "家"), (510, "个"), False), ((510, "家"), (510, ""), True), ((12, "个"), (12, "万个"), True)),
        ],
    )
    def test_another_kind_or_another_magnitude_with_another_amount_is_held(
        self, was: tuple[float, str], now: tuple[float, str], *, held: bool
    ) -> None:
        before, after = (level(value, unit=unit, indicator="x:甲") for value, unit in (was, now))
        found = edited((before,), (after,))
        assert set(found) == ({"unit_moved"} if held else set())
        assert all(one.severity is Severity.HOLD for one in found.values())

    def test_it_is_told_with_key_numbers_and_place(self) -> None:
        (line,) = edited((level(5),), (level(5, unit="万元", char_start=7, char_end=9),))["unit_moved"].evidence
        assert line == "CN-442000-torch|gdp|level||2024|actual: was 5亿元 | is 5万元 (report-2024:7)"

    def test_one_cause_is_one_finding(self) -> None:
        """The unit of last year's number moved: that this year's is far from it now is no cause of its own."""
        before = base(531.48), level(573.72)
        assert set(edited(before, (base(531.48, unit="万元"), level(573.72)))) == {"unit_moved"}

    def test_a_newer_document_may_state_what_is_no_series_otherwise_and_count_in_another_unit_of_the_kind(self) -> None:
        for indicator, units, held in (
            ("gdp", ("亿元", "万元"), {"unit_moved"}),
            ("x:甲", ("亿元", "万元"), set()),
            ("gdp", ("平方公里", "亩"), set()),
        ):
            was, now = (level(573.72, indicator=indicator, unit=unit, document=unit) for unit in units)
            assert set(drifted(release(was), release(now))) == held


class TestSameKey:
    @settings(max_examples=25)
    @given(
        st.floats(0.001, 1000).filter(lambda one: abs(one - 10) > 0.02 and abs(one - 0.1) > 0.002),
        st.integers(1000, 10**6),
    )
    def test_ten_times_or_a_tenth_is_held_and_nothing_between(self, factor: float, value: int) -> None:
        found = edited((level(float(value), indicator="x:甲"),), (level(value * factor, indicator="x:甲"),))
        assert set(found) == (set() if 0.1 < factor < 10 else {"magnitude_jump"})

    def test_the_limit_itself_is_beyond_it(self) -> None:
        for factor in (10, 0.1, 100, 0, -10):
            assert set(edited((level(52.5),), (level(52.5 * factor),))) == {"magnitude_jump"}, factor

    def test_any_measure_counts_however_small_in_the_same_document_but_of_nothing_there_are_no_times(self) -> None:
        assert set(edited((growth(3.5),), (growth(35),))) == {"magnitude_jump"}
        assert set(edited((level(3, **OWN),), (level(40, **OWN),))) == {"magnitude_jump"}
        assert edited((growth(0),), (growth(35),)) == {}

    def test_a_newer_document_is_held_only_for_a_level_of_the_registry(self) -> None:
        for was, now, held in (
            (level(50, document="old"), level(500, document="new"), {"magnitude_jump"}),
            (growth(0.3, document="old"), growth(5, document="new"), set()),
            (level(50, document="old", **OWN), level(5000, document="new", **OWN), set()),
        ):
            assert set(drifted(release(was), release(now))) == held

    def test_the_factor_is_a_limit_of_its_own(self) -> None:
        texts = [(Text(version=version),) for version in "ab"]
        before, after = release(level(5), texts=texts[0]), release(level(20), texts=texts[1])
        assert drifted(before, after) == {}
        assert set(drifted(before, after, DriftLimits(jump=4))) == {"magnitude_jump"}


class TestLastYear:
    """A new report's number beside that of the year before."""

    @staticmethod
    def of(last: float, this: float, **told: Any) -> set[str]:  # noqa: ANN401 - any column
        before = base(last, **told)
        return set(drifted(release(before), release(before, level(this, **told)))) - {"indicators_new"}

    @pytest.mark.parametrize(
        ("this", "held"), [(573.72, False), (5314, False), (5737.2, True), (53.2, False), (53.1, True)]
    )
    def test_ten_times_or_a_tenth_of_it_is_held(self, this: float, *, held: bool) -> None:
        assert self.of(531.48, this) == ({"magnitude_jump"} if held else set())

    @pytest.mark.parametrize(
        ("last", "this", "held"), [(3, 40, False), (99, 2000, False), (100, 1000, True), (4000, 40, True)]
    )
    def test_small_counts_may_jump(self, last: float, this: float, *, held: bool) -> None:
        assert self.of(last, this, indicator="firms_champion", unit="家") == ({"magnitude_jump"} if held else set())

    def test_only_levels_of_the_registry_that_were_are_compared(self) -> None:
        named = ({"indicator": series} for series in ("x:甲", "gdp~2"))
        for told in (*named, {"measure": "change"}, {"measure": "growth", "unit": "%"}, {"status": "target"}):
            assert self.of(500, 50000, **told) == set(), told

    def test_another_unit_or_another_year_is_not_compared(self) -> None:
        before = base(500)
        for now in (level(50000, unit="美元"), level(50000, period="2026"), level(50000, period="2024/2026")):
            assert set(drifted(release(before), release(before, now))) <= {"indicators_new"}

    def test_both_numbers_are_told(self) -> None:
        before = base(531.48)
        (line,) = drifted(release(before), release(before, level(5737.2)))["magnitude_jump"].evidence
        was, now = "531.48亿元 (CN-442000-torch|gdp|level||2023|actual)", "5737.2亿元 (report-2024:0)"
        assert line == f"CN-442000-torch|gdp|level||2024|actual: was {was} | is {now}"

    def test_what_an_operator_accepted_is_not_held_again(self) -> None:
        accepted = base(531.48), level(5737.2)
        news = growth(3, document="report-2025", period="2025")
        assert drifted(release(*accepted), release(*accepted, news)) == {}

    def test_a_number_of_last_year_that_came_late_counts_too(self) -> None:
        now = level(5737.2)
        assert set(drifted(release(now), release(now, base(531.48)))) == {"magnitude_jump"}


class TestTwins:
    """The same number twice in a document, and one of the two changed: it gets a key of its own."""

    FIRST = level(573.72)

    def after(self, *now: Row) -> set[str]:
        found = set(edited((self.FIRST,), (self.FIRST, *now)))
        assert "numbers_added" in found, "a row more than before is told whatever it says"
        return found - {"numbers_added"}

    def test_the_same_digits_with_another_point_or_unit_are_held_and_other_digits_are_another_number(self) -> None:
        for value in (5737.2, 57.372, 57372):
            assert self.after(level(value, indicator="gdp~全年")) == {"magnitude_jump"}, value
        assert self.after(level(573.72, indicator="gdp~全年", unit="万元")) == {"unit_moved"}
        assert self.after(level(5737.3, indicator="gdp~全年")) == set()

    def test_a_few_digits_say_nothing(self) -> None:
        ten = level(10, **OWN)
        hundred = level(100, **{**OWN, "indicator": "x:泵站~新"})
        assert set(edited((ten,), (ten, hundred))) == {"numbers_added"}

    def test_a_document_that_is_new_may_say_so(self) -> None:
        other = level(1, document="report-2020", period="2020")
        assert set(drifted(release(other), release(other, self.FIRST, level(57.372, indicator="gdp~甲")))) == set()
