"""Content that drifted: what a changed text may do to the numbers, and what is noticed of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_rows import LIMITS, Text, base, drifted, edited, frame, growth, level, release

from publish.drift.content import DriftLimits, content_drift
from schemas.codelists import Severity

TARGET = {"status": "target", "period": "2025", "obs_status": "F"}


class TestNothing:
    def test_a_first_release_has_nothing_to_drift_from(self) -> None:
        assert content_drift({}, release(level(5)), LIMITS) == ()

    def test_the_same_release_has_not_drifted_in_whatever_order_its_rows_come(self) -> None:
        rows = level(573.72), growth(3.5), base(531.48), level(12, indicator="x:园区", unit="个")
        assert content_drift(release(*rows), release(*reversed(rows)), LIMITS) == ()

    @settings(max_examples=15)
    @given(st.floats(1.01, 9.9), st.floats(1, 1e6))
    def test_a_correction_within_the_limits_is_no_drift(self, factor: float, value: float) -> None:
        was, now = level(round(value, 2)), level(round(round(value, 2) * factor, 2))
        assert edited((was,), (now,)) == {}
        assert edited((now,), (was,)) == {}


class TestNumbersFewer:
    @settings(max_examples=15)
    @given(st.integers(1, 300), st.integers(0, 300))
    def test_a_document_is_held_that_lost_more_than_a_fifth_of_its_numbers(self, was: int, now: int) -> None:
        row = level(1)
        before, after = (
            release(row, texts=(Text(version=version, numbers=count),)) for version, count in (("a", was), ("b", now))
        )
        found = drifted(before, after)
        assert set(found) == ({"numbers_fewer"} if now < 0.8 * was else {"numbers_added"} if now > was else set())
        if "numbers_fewer" in found:
            assert found["numbers_fewer"].severity is Severity.HOLD
            assert found["numbers_fewer"].evidence == (f"report-2024: was {was} numbers | is {now}",)

    def test_what_stands_over_the_article_does_not_count(self) -> None:
        text = Text(numbers=20, header=100)
        before, after = (release(level(1), texts=(one,)) for one in (text, replace(text, version="b", header=0)))
        assert drifted(before, after) == {}

    def test_another_document_does_not_make_up_for_it(self) -> None:
        texts = Text(document="one"), Text(document="two")
        after = replace(texts[0], version="b", numbers=50), replace(texts[1], version="b", numbers=400)
        found = drifted(release(texts=texts), release(texts=after))["numbers_fewer"]
        assert (found.where, found.count) == ("one", 1)

    def test_several_are_one_finding(self) -> None:
        texts = tuple(Text(document=f"report-{number}") for number in range(7))
        half = tuple(replace(text, version="b", numbers=50) for text in texts)
        found = drifted(release(texts=texts), release(texts=half))["numbers_fewer"]
        assert (found.where, found.count, len(found.evidence)) == ("numbers", 7, 5)

    def test_a_document_whose_text_stayed_is_read_otherwise_and_not_cut(self) -> None:
        for now in (Text(numbers=5), Text(unread=50)):
            assert drifted(release(texts=(Text(),)), release(texts=(now,))) == {}

    def test_the_share_is_a_limit_of_its_own(self) -> None:
        before, after = release(texts=(Text(),)), release(texts=(Text(version="b", numbers=70),))
        assert set(drifted(before, after)) == {"numbers_fewer"}
        assert drifted(before, after, DriftLimits(least_numbers=0.7)) == {}


class TestUnread:
    @pytest.mark.parametrize(
        ("was", "now", "told"), [(0, 2, False), (0, 3, False), (0, 4, True), (5, 8, False), (5, 9, True), (9, 1, False)]
    )
    def test_a_rise_by_more_than_three_in_a_hundred_and_by_three_numbers_is_told_with_its_shares(
        self, was: int, now: int, *, told: bool
    ) -> None:
        before, after = Text(unread=was, header=0), Text(version="b", unread=now, header=0)
        found = drifted(release(texts=(before,)), release(texts=(after,)))
        assert set(found) == ({"unread_risen"} if told else set())
        for one in found.values():
            assert one.severity is Severity.WARN
            assert one.evidence == (f"report-2024: was {was} unread ({was:.1f}%) | is {now} ({now:.1f}%)",)


class TestSeries:
    def test_one_that_came_is_a_note_and_one_that_went_a_warning(self) -> None:
        found = edited((level(1), level(2, indicator="x:甲")), (level(1), level(3, indicator="x:乙")))
        assert {code: one.severity for code, one in found.items()} == {
            "indicators_vanished": Severity.WARN,
            "indicators_new": Severity.NOTE,
        }
        assert found["indicators_vanished"].evidence == ("report-2024: was x:甲, 2亿元 | is nothing",)

    def test_one_that_is_still_stated_elsewhere_is_not_gone(self) -> None:
        assert edited((level(1), growth(3)), (level(1),)) == {}

    def test_a_new_report_without_last_years_series_takes_none_away(self) -> None:
        before = release(base(2, indicator="x:甲"))
        after = release(base(2, indicator="x:甲"), level(9, indicator="x:乙"))
        assert set(drifted(before, after)) == {"indicators_new"}

    def test_the_same_number_at_the_same_place_under_another_name_is_renamed_and_neither_new_nor_gone(self) -> None:
        found = edited((level(7, indicator="x:甲"),), (level(7, indicator="x:乙", char_start=3, char_end=4),))
        assert set(found) == {"indicators_renamed"}
        assert found["indicators_renamed"].severity is Severity.WARN
        assert found["indicators_renamed"].evidence == ("report-2024: was x:甲 | is x:乙",)

    def test_another_place_year_measure_unit_or_value_is_another_number(self) -> None:
        named = {"document": "report-2024", "indicator": "x:乙"}
        moved = {"char_start": 900, "char_end": 901}
        others = [
            level(7, **named, **told) for told in (moved, {"period": "2022"}, {"measure": "share"}, {"unit": "元"})
        ]
        for now in (*others, level(8, **named)):
            assert set(edited((level(7, indicator="x:甲"),), (now,))) == {"indicators_new", "indicators_vanished"}

    def test_a_place_may_move_by_as_much_as_the_text_grew(self) -> None:
        was, now = level(7, indicator="x:甲"), level(7, indicator="x:乙", char_start=900, char_end=901)
        assert set(edited((was,), (now,), characters=1900)) == {"indicators_renamed"}

    def test_what_only_tells_two_numbers_apart_is_no_name(self) -> None:
        assert edited((level(7), level(8, indicator="gdp~甲")), (level(7), level(8, indicator="gdp~乙"))) == {}


class TestPeriod:
    def test_the_same_words_read_as_done_and_not_as_planned_are_held(self) -> None:
        planned = growth(5, quote="增长5%", document="report", **TARGET)
        done = growth(5, quote="增长5%", document="report")
        found = edited((planned, level(1)), (done, level(1)))["period_moved"]
        assert found.severity is Severity.HOLD
        assert "was 2025 target | is 2024 actual (report:0)" in found.evidence[0]

    def test_so_are_they_under_another_year_and_other_words_may_speak_of_another_year(self) -> None:
        for quote, expected in (("完成5亿元", {"period_moved"}), ("{}年5亿元", set())):
            years = "2024", "2023"
            was, now = (level(5, quote=quote.format(year), document="report", period=year) for year in years)
            assert set(edited((was,), (now,))) == expected


class TestReader:
    @settings(max_examples=15)
    @given(st.lists(st.floats(0.1, 1e6), min_size=1, max_size=9), st.sampled_from(["亿元", "万元", "人", "%"]))
    def test_where_no_text_changed_whatever_changed_is_our_reader_and_holds_nothing(
        self, values: list[float], unit: str
    ) -> None:
        was = [level(round(value, 2), indicator=f"x:{place}") for place, value in enumerate(values)]
        now = [level(round(value * 1000, 1), indicator=f"x:{place}", unit=unit) for place, value in enumerate(values)]
        found = drifted(release(*was), release(*now[1:], growth(2)))
        assert set(found) == {"reader_drift"}
        assert (found["reader_drift"].severity, found["reader_drift"].count) == (Severity.WARN, len(values) + 1)

    def test_changed_rows_are_told_before_lost_and_new_ones(self) -> None:
        was = level(1), level(2, indicator="x:甲")
        lines = drifted(release(*was), release(level(3), growth(4)))["reader_drift"].evidence
        assert [line.rpartition("(")[2] for line in lines] == ["changed)", "removed)", "added)"]
        assert lines[1].endswith("x:甲|level||2024|actual: was 2亿元 | is nothing (removed)")

    def test_where_a_text_changed_too_the_former_text_is_what_todays_reader_reads_in_it(self) -> None:
        """The reader took 亿 for 万; today's reads 亿 in the former text, and the source changed nothing but a word."""
        before, after = release(level(5, unit="万元")), release(level(5), texts=(Text(version="b"),))
        assert set(drifted(before, after)) == {"unit_moved"}
        assert set(drifted(before, after, reread=frame(level(5)))) == {"reader_drift"}

    def test_and_what_the_source_changed_is_still_held(self) -> None:
        before, after = release(level(5, unit="万元")), release(level(500), texts=(Text(version="b"),))
        assert set(drifted(before, after, reread=frame(level(5)))) == {"magnitude_jump", "reader_drift"}
