"""Release against release: which numbers changed, and what tells why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.histories import STATEMENT, Nights, live, nights
from support.report_readings import (
    DAY,
    MARKS_2023,
    MARKS_2024,
    TEXT_2023,
    TEXT_2024,
    Mark,
    corrected,
    material,
    reading,
    report_2023,
    report_2024,
)

from publish.compare.diff import CauseEvidence, evidence, revisions
from publish.compare.pairs import paired
from publish.tables.from_readings import read_tables
from schemas.codelists import Bound, Origin
from schemas.document import Labels
from schemas.reading import Reading
from schemas.tables.columns import STATED
from schemas.tables.comparison_columns import PLACE
from schemas.tables.frames import Tables
from schemas.tables.pandera_models import examine

GDP = "CN-442000-torch|gdp|level||2024|actual"
ENTERPRISES = "CN-442000-torch|x:规模以上工业企业|level||2023|actual"
INVESTMENT = "CN-442000-torch|x:工业投资|share||2024|actual"
WITHOUT = (*MARKS_2024[:3], MARKS_2024[4])
"""The numbers of the second report but for the share of investment."""
LATER = DAY + timedelta(days=1)
NOTHING = CauseEvidence(moved=frozenset(), same_reader=True)


def tables(*readings: Reading, previous: Tables | None = None, released_on: date = DAY) -> Tables:
    """The tables that hold what these reports say, of both reports where none is named."""
    chosen = readings or (report_2023(), report_2024())
    return read_tables(material(*chosen, previous=previous, released_on=released_on))


def diff(before: Tables, after: Tables, *, same_reader: bool = True, reread: Tables | None = None) -> pl.DataFrame:
    former = reread["observations"] if reread else None
    seen = evidence(before, after, same_reader=same_reader, reread=former)
    return revisions(before["observations"], after["observations"], seen)


def told(found: pl.DataFrame) -> list[tuple[str, str, str]]:
    return found.select("obs_id", "kind", "cause").rows()


def causes(found: pl.DataFrame) -> set[str]:
    return set(found["cause"])


def otherwise(*marks: Mark) -> Tables:
    """The same texts as ever, with the second report read otherwise."""
    return tables(report_2023(), reading("post-2", TEXT_2024, marks))


def by_hand(value: int) -> Reading:
    """A fact that was entered by hand: the count of enterprises of 2023."""
    mark = replace(MARKS_2023[2], printed=f"{value}家", value=value)
    text = f"规模以上工业企业{value}家。"
    entered = reading("reviewed-0123456789ab", text, (mark,), published_on=date(2023, 5, 1))
    return replace(entered, origin=Origin.REVIEWED)


class TestKinds:
    def test_a_changed_number_shows_both_its_sides(self) -> None:
        found = diff(tables(), tables(report_2023(), corrected(), previous=tables(), released_on=LATER))
        (row,) = found.to_dicts()
        assert (row["obs_id"], row["kind"], row["cause"]) == (GDP, "changed", "source")
        assert (row["before_value"], row["after_value"]) == (573.72, 575.8)
        quotes = "全区完成地区生产总值573.72亿元", "全区完成地区生产总值575.8亿元"
        assert (row["before_quote"], row["after_quote"]) == quotes
        assert (row["indicator"], row["period"], row["label_en"]) == ("gdp", "2024", "Gross regional product")

    def test_a_new_document_adds_and_a_lost_one_removes(self) -> None:
        alone, both = tables(report_2023()), tables()
        added, removed = diff(alone, both), diff(both, alone)
        assert (set(added["kind"]), set(removed["kind"])) == ({"added"}, {"removed"})
        assert added["obs_id"].to_list() == removed["obs_id"].to_list()
        assert added.height == len(MARKS_2024)
        assert causes(added) == causes(removed) == {"source"}
        before = [name for name in added.columns if name.startswith("before_")]
        assert added.select(before).null_count().row(0) == (added.height,) * len(before)
        assert examine("revisions", added) == ()

    def test_whatever_is_stated_counts(self) -> None:
        before = tables()["observations"]
        for column in STATED:
            other = {pl.String: "A2", pl.Int64: 77, pl.Float64: 77.0}[type(before.schema[column])]
            new = pl.lit(other, before.schema[column])
            after = before.with_columns(pl.when(obs_id=GDP).then(new).otherwise(pl.col(column)).alias(column))
            assert told(revisions(before, after, NOTHING)) == [(GDP, "changed", "registry")], column
            assert told(revisions(after, before, NOTHING)) == [(GDP, "changed", "registry")], column

    def test_where_a_number_stands_does_not(self) -> None:
        before = tables()["observations"]
        for column in ("quote", "section", "char_start", "document", "published_on", "realtime_start"):
            assert revisions(before, before.with_columns(pl.col(column).reverse()), NOTHING).is_empty(), column


class TestCauses:
    def test_the_same_text_read_otherwise_is_the_reader(self) -> None:
        marks = (replace(MARKS_2024[0], bound=Bound.ABOVE), *MARKS_2024[1:])
        assert told(diff(tables(), otherwise(*marks), same_reader=False)) == [(GDP, "changed", "reader")]

    def test_the_same_text_and_reader_leave_the_registry(self) -> None:
        marks = (*MARKS_2024[:3], replace(MARKS_2024[3], indicator="x:投资"), MARKS_2024[4])
        found = diff(tables(), otherwise(*marks))
        assert set(found["kind"]) == {"added", "removed"}
        assert causes(found) == {"registry"}

    def test_a_newer_document_that_restates_a_number_or_is_withdrawn_is_the_source_whatever_the_reader(self) -> None:
        mark = replace(MARKS_2024[0], printed="570亿元", value=570.0)
        newer = reading("post-3", "去年地区生产总值570亿元。", (mark,), published_on=date(2026, 1, 20))
        restated = tables(report_2023(), report_2024(), newer)
        assert told(diff(tables(), restated, same_reader=False)) == [(GDP, "changed", "source")]
        assert told(diff(restated, tables())) == [(GDP, "changed", "source")]

    def test_a_page_that_dates_itself_otherwise_is_the_source_though_its_text_stays(self) -> None:
        report = report_2024()
        labelled = replace(report.document, labels=Labels(published_on="2025-01-20"))
        redated = replace(labelled, published_on=date(2026, 6, 1), labels=Labels(published_on="2026-06-01"))
        before, after = (tables(report_2023(), replace(report, document=one)) for one in (labelled, redated))
        assert causes(diff(before, after)) == {"source"}
        assert causes(diff(before, after, same_reader=False)) == {"reader"}

    def test_a_page_that_is_only_gone_says_what_it_said(self) -> None:
        gone = tables()["documents"].with_columns(state=pl.lit("gone"))
        assert evidence(tables(), {**tables(), "documents": gone}, same_reader=True).moved == frozenset()


class TestReaderAndTextAtOnce:
    """The reader is another, and the page is too: the former page, read again, tells which of the two it was."""

    def test_what_the_new_reader_takes_out_of_the_former_text_as_well_is_the_reader(self) -> None:
        above = replace(MARKS_2024[0], bound=Bound.ABOVE)
        wider = "据初步统计，" + TEXT_2024
        after = tables(report_2023(), reading("post-2", wider, (above, *MARKS_2024[1:])))
        found = diff(tables(), after, same_reader=False, reread=otherwise(above, *MARKS_2024[1:]))
        assert told(found) == [(GDP, "changed", "reader")]

    def test_what_it_reads_in_the_former_text_as_before_or_cannot_is_the_source(self) -> None:
        for former in (tables(), None):
            found = diff(tables(), tables(report_2023(), corrected()), same_reader=False, reread=former)
            assert told(found) == [(GDP, "changed", "source")]

    @pytest.mark.parametrize(
        ("text", "read_again", "cause"),
        [("　　" + TEXT_2024, WITHOUT, "reader"), (TEXT_2024.replace("工业投资占比40.5%。", ""), MARKS_2024, "source")],
        ids=["no longer read in either text", "still read in the former text"],
    )
    def test_a_number_that_is_gone_was_taken_out_by_the_reader_only_if_the_former_text_gives_it_no_longer(
        self, text: str, read_again: tuple[Mark, ...], cause: str
    ) -> None:
        after = tables(report_2023(), reading("post-2", text, WITHOUT))
        found = diff(tables(), after, same_reader=False, reread=otherwise(*read_again))
        assert told(found) == [(INVESTMENT, "removed", cause)]

    def test_a_former_page_that_cannot_be_read_again_clears_the_source_of_nothing(self) -> None:
        found = diff(tables(), tables(report_2023()), same_reader=False, reread=tables(report_2023()))
        assert found.height == len(MARKS_2024)
        assert causes(found) == {"source"}


class TestByHand:
    def test_a_fact_that_is_entered_corrected_or_taken_back_is_a_correction(self) -> None:
        none, one, other = tables(report_2024()), *(tables(report_2024(), by_hand(value)) for value in (498, 499))
        assert told(diff(none, one)) == [(ENTERPRISES, "added", "correction")]
        assert told(diff(one, other)) == [(ENTERPRISES, "changed", "correction")]
        assert told(diff(other, none)) == [(ENTERPRISES, "removed", "correction")]

    def test_a_report_that_now_states_it_is_the_source(self) -> None:
        before, after = tables(report_2024(), by_hand(498)), tables(report_2024(), by_hand(498), report_2023())
        found = diff(before, after).filter(obs_id=ENTERPRISES)
        assert found.select("cause", "before_origin", "after_origin").rows() == [("source", "reviewed", "report")]

    def test_a_report_that_no_longer_states_it_is_the_source_and_gives_way_to_what_was_entered(self) -> None:
        shorter = reading("post-1", TEXT_2023.partition("规模")[0], MARKS_2023[:2], published_on=date(2024, 1, 18))
        before, after = tables(report_2023(), by_hand(498)), tables(shorter, by_hand(498))
        found = diff(before, after)
        assert found.select("obs_id", "cause", "after_origin").rows() == [(ENTERPRISES, "source", "reviewed")]

    def test_a_fact_that_stays_while_the_registry_renames_it_is_no_correction(self) -> None:
        fact = by_hand(498)
        renamed = replace(fact, observations=(replace(fact.observations[0], indicator="x:企业"),))
        assert causes(diff(tables(fact), tables(renamed))) == {"registry"}


def test_pairs_tell_the_row_of_each_side_and_whether_they_agree() -> None:
    left, right = tables(report_2023())["observations"], tables(report_2024())["observations"]
    both = paired(pl.concat([left, right[:1]]), right)
    assert both.height == left.height + right.height
    shared = both.filter(obs_id=right["obs_id"][0])
    assert shared.select("before_row", "after_row", "same").rows() == [(left.height, 0, True)]
    assert both.filter(pl.col("before_row").is_null() | pl.col("after_row").is_null())["same"].any() is False


def applied(before: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """What a release states after its revisions: those of the rows before that stay, and the new side of the others."""
    sides: Mapping[str, pl.Expr] = {name: pl.col(f"after_{name}") for name in STATED}
    stays = before.select(STATEMENT).join(changed, on="obs_id", how="anti")
    comes = changed.filter(pl.col("kind") != "removed").select("obs_id", **sides)
    return pl.concat([stays, comes]).sort("obs_id")


@settings(max_examples=15)
@given(nights)
def test_a_release_and_its_revisions_make_the_next(history: Nights) -> None:
    cuts = live(history)
    for before, after in pairwise(cuts):
        changed = after.tables["revisions"]
        rows = after.tables["observations"]
        assert_frame_equal(applied(before.tables["observations"], changed), rows.select(STATEMENT))
        assert examine("revisions", changed) == ()
        stands = rows.join(changed.filter(pl.col("kind") != "removed"), on="obs_id")
        assert all(stands[name].equals(stands[f"after_{name}"], null_equal=True) for name in PLACE)
        assert causes(changed) <= {"source"}


@settings(max_examples=10)
@given(nights, st.integers(0, 99))
def test_any_two_releases_of_a_history_can_be_held_against_each_other(history: Nights, seed: int) -> None:
    cuts = live(history)
    first, last = cuts[0].tables, cuts[-1].tables
    changed = diff(first, last)
    assert_frame_equal(applied(first["observations"], changed), last["observations"].select(STATEMENT))
    assert_frame_equal(applied(last["observations"], diff(last, first)), first["observations"].select(STATEMENT))
    assert diff(last, last).is_empty()
    mixed = (one["observations"].sample(fraction=1, shuffle=True, seed=seed) for one in (first, last))
    before, after = ({**one, "observations": rows} for one, rows in zip((first, last), mixed, strict=True))
    assert_frame_equal(diff(before, after), changed)
