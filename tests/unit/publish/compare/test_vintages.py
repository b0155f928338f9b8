"""What was known when: the history of a release says of each day what the releases said on it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.histories import STATEMENT, Nights, live, nights, report
from support.report_readings import DAY

from publish.compare.vintages import FOREVER, as_of, vintages
from schemas.reading import Reading
from schemas.tables.columns import KEYS
from schemas.tables.pandera_models import examine

KNOWN = (*STATEMENT, "realtime_start")
ONE_HALF, FIFTEEN_THOUSAND = 0, 3


def output(form: int | None) -> tuple[Reading, ...]:
    """One report that states the output in some form, or nothing."""
    return (report("post-1", {} if form is None else {"地区生产总值": form}, date(2026, 1, 9)),)


def intervals(*told: tuple[int, int | None]) -> list[tuple[float, int, int | None]]:
    """The history of the output after releases of some form: value, first and last day counted from the first."""
    cuts = live([(days, output(form)) for days, form in told])
    rows = cuts[-1].tables["vintages"].select("value", "realtime_start", "realtime_end").rows()
    return [(value, (a - DAY).days, None if b == FOREVER else (b - DAY).days) for value, a, b in rows]


class TestIntervals:
    def test_a_number_that_stays_is_one_interval_that_goes_on_and_without_numbers_there_is_none(self) -> None:
        assert intervals((0, ONE_HALF), (4, ONE_HALF), (1, ONE_HALF)) == [(1.5, 0, None)]
        assert intervals((0, None), (1, None)) == []

    def test_a_changed_number_ends_the_day_before_the_new_one_begins_and_has_two_intervals_if_it_comes_back(
        self,
    ) -> None:
        told = intervals((0, ONE_HALF), (4, FIFTEEN_THOUSAND), (2, ONE_HALF))
        assert told == [(1.5, 0, 3), (15000.0, 4, 5), (1.5, 6, None)]

    def test_a_removed_number_ends_and_opens_anew_when_it_is_back(self) -> None:
        assert intervals((0, ONE_HALF), (4, None)) == [(1.5, 0, 3)]
        assert intervals((0, ONE_HALF), (4, None), (3, ONE_HALF)) == [(1.5, 0, 3), (1.5, 7, None)]

    def test_of_two_releases_of_a_day_the_later_is_what_was_known_on_it(self) -> None:
        assert intervals((0, ONE_HALF), (0, FIFTEEN_THOUSAND)) == [(15000.0, 0, None)]
        told = intervals((0, ONE_HALF), (4, FIFTEEN_THOUSAND), (0, ONE_HALF))
        assert told == [(1.5, 0, 3), (1.5, 4, None)]

    def test_where_the_clock_went_back_days_are_those_of_the_release_before(self) -> None:
        told = intervals((0, ONE_HALF), (9, FIFTEEN_THOUSAND), (-5, None), (1, ONE_HALF))
        assert told == [(1.5, 0, 8), (1.5, 9, None)]

    def test_the_place_is_where_it_was_first_read(self) -> None:
        moved = (report("post-1", {"地区生产总值": ONE_HALF}, date(2026, 1, 9), lead="　　"),)
        before, after = live([(0, output(ONE_HALF)), (1, moved)])
        assert after.tables["vintages"].equals(before.tables["vintages"])
        (start,), (later,) = before.tables["vintages"]["first_char_start"], after.tables["observations"]["char_start"]
        assert later == start + 2


@settings(max_examples=12)
@given(nights)
def test_the_last_history_says_of_each_day_what_the_last_release_until_then_said(told: Nights) -> None:
    cuts = live(told)
    for cut in cuts:
        assert_frame_equal(as_of(cut.tables["vintages"], cut.day).select(KNOWN), cut.statements)
    history, last_of = cuts[-1].tables["vintages"], {cut.day: cut for cut in cuts}
    first, known = cuts[0].day, cuts[0]
    assert as_of(history, first - timedelta(days=1)).is_empty()
    for number in range((cuts[-1].day - first).days + 3):
        day = first + timedelta(days=number)
        known = last_of.get(day, known)
        assert_frame_equal(as_of(history, day).select(KNOWN), known.statements)


@settings(max_examples=12)
@given(nights.filter(lambda told: len(told) > 1), st.integers(0, 99))
def test_in_any_order_of_the_rows_intervals_are_valid_and_those_of_a_key_do_not_overlap(
    told: Nights, seed: int
) -> None:
    *_, before, after = live(told)
    known = after.tables["vintages"]
    assert examine("vintages", known) == ()
    assert known.rows() == known.sort(KEYS["vintages"]).rows()
    following = known.select("realtime_end", later=pl.col("realtime_start").shift(-1).over("obs_id")).drop_nulls()
    assert (following["later"] > following["realtime_end"]).all()
    rows = after.tables["observations"].sample(fraction=1, shuffle=True, seed=seed)
    history = before.tables["vintages"].sample(fraction=1, shuffle=True, seed=seed)
    assert_frame_equal(vintages(rows, history, after.day), known)
