"""The table `targets`: which number answers a promise, and what is said where none does."""

from __future__ import annotations

from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_readings import tables
from support.table_rows import BOTH, PLANNED, REPORTED, Row, at, documents, frame, ledger, outcome, promise, report, row

from publish.compare.targets import targets
from schemas.codelists import Origin, TargetVerdict
from schemas.tables.columns import frame_schema
from schemas.tables.pandera_models import examine

NUMBERS = ("obs_id", "value", "value_upper", "bound", "unit", "unit_code", "unit_mult", "value_base", "decimals")
PLACES = ("document", "char_start", "char_end", "quote")
DIFFERENT = {"indicator": "cpi", "measure": "cagr", "scope": "全省", "period": "2024", "area": "CN-440000"}
NO_OUTCOME = dict.fromkeys(f"outcome_{name}" for name in NUMBERS)


def cells(found: Row, *names: str) -> tuple[Any, ...]:
    return tuple(found[f"outcome_{name}"] for name in names)


class TestForm:
    def test_the_table_has_the_published_columns_and_passes_the_checks_of_a_release(self) -> None:
        table = targets(frame(promise(5.0), outcome(5.1), promise(6.0, indicator="cpi")), BOTH, {})
        assert dict(table.schema) == frame_schema("targets")
        assert examine("targets", table) == ()
        assert table["obs_id"].is_sorted()

        assert targets(frame(outcome(5.0)), BOTH, {}).is_empty()

    def test_it_is_one_of_the_tables_of_a_release(self) -> None:
        assert tables()["targets"]["verdict"].to_list() == ["open"]


class TestNumbers:
    def test_the_outcome_is_the_actual_number_under_the_same_key(self) -> None:
        promised = promise(5.0, bound="~", quote="增长5%左右")
        found = ledger(promised, outcome(5.1, quote="增长5.1%"), outcome(600, measure="level", unit="亿元"))
        kept = ("value", "bound", "unit", "measure", "period", "document", "quote")
        assert [found[name] for name in kept] == [5.0, "~", "%", "growth", "2025", PLANNED, "增长5%左右"]
        assert cells(found, "value", "unit_code", *PLACES[::3]) == (5.1, "percent", REPORTED, "增长5.1%")
        assert found["outcome_obs_id"] == found["obs_id"].replace("target", "actual")
        assert found["margin"] == pytest.approx(0.1)
        assert found["verdict"] == TargetVerdict.KEPT

    def test_a_number_that_differs_in_any_dimension_is_none(self) -> None:
        for name, other in DIFFERENT.items():
            found = ledger(promise(5.0), outcome(5.1, **{name: other}))
            assert (found["outcome_value"], found["margin"]) == (None, None), name

    def test_the_margin_has_no_magnitude(self) -> None:
        money: Row = {"measure": "level", "indicator": "investment_fixed"}
        found = ledger(promise(1.2, unit="万亿元", **money), outcome(11900, unit="亿元", **money))
        assert found["margin"] == pytest.approx(-100e8)

    def test_a_later_report_may_state_the_outcome(self) -> None:
        on = pl.concat([BOTH, documents(("report-2026", "2026"))])
        assert ledger(promise(5.0), outcome(5.2, document="report-2026"), on=on)["verdict"] == TargetVerdict.KEPT

    def test_what_a_report_says_of_a_year_after_its_own_is_no_outcome(self) -> None:
        found = ledger(promise(5.0), outcome(5.2, document=PLANNED))
        assert found["outcome_value"] is None
        assert found["verdict"] == TargetVerdict.FELL_SILENT

    def test_a_number_entered_by_hand_is_an_outcome_even_before_a_report_is_read(self) -> None:
        on = pl.concat([documents((PLANNED, "2024")), documents(("reviewed-1", None), origin=Origin.REVIEWED)])
        found = ledger(promise(5.0), outcome(5.2, document="reviewed-1", origin="reviewed"), on=on)
        assert (found["verdict"], found["origin"]) == (TargetVerdict.KEPT, Origin.REVIEWED)

    def test_a_promise_entered_by_hand_is_marked_too(self) -> None:
        assert ledger(promise(5.0, origin="reviewed"), outcome(5.2))["origin"] == Origin.REVIEWED
        assert ledger(promise(5.0), outcome(5.2))["origin"] == Origin.REPORT

    def test_figures_that_decide_nothing_stand_there_without_a_margin(self) -> None:
        parks: Row = {"measure": "level", "unit": "个"}
        found = ledger(promise(300, bound=">=", **parks), outcome(250, bound=">", **parks))
        assert cells(found, "value", "bound") == (250, ">")
        assert (found["verdict"], found["margin"]) == (TargetVerdict.NOT_QUANTIFIED, None)

    def test_units_of_two_kinds_are_not_held_against_each_other(self) -> None:
        promised = promise(5, measure="level", unit="亿美元", indicator="fdi_used")
        found = ledger(promised, outcome(36, measure="level", unit="亿元", indicator="fdi_used", quote="36亿元"))
        assert {name: found[name] for name in NO_OUTCOME} == NO_OUTCOME
        assert cells(found, "document", "quote") == (REPORTED, "36亿元")
        assert (found["verdict"], found["margin"]) == (TargetVerdict.NOT_QUANTIFIED, None)


class TestOpen:
    def test_a_promise_is_open_until_a_report_on_its_year_is_read(self) -> None:
        only = documents((PLANNED, "2024"))
        found = ledger(promise(5.0), text="地区生产总值稳步增长。", on=only)
        assert (found["verdict"], *cells(found, *PLACES)) == (TargetVerdict.OPEN, None, None, None, None)

    @pytest.mark.parametrize(("period", "verdict"), [("2026/2030", "open"), ("2023/2025", "fell_silent")])
    def test_of_several_years_the_last_counts(self, period: str, verdict: str) -> None:
        assert ledger(promise(5.0, period=period, measure="cagr"))["verdict"] == verdict

    def test_the_outcome_of_several_years_is_the_number_of_the_same_years(self) -> None:
        promised = promise(30, period="2023/2025")
        assert ledger(promised, outcome(31, period="2023/2025"))["verdict"] == TargetVerdict.KEPT
        assert ledger(promised, outcome(9, period="2025", quote="增长9%"))["outcome_quote"] == "增长9%"

    def test_neither_facts_entered_by_hand_nor_a_report_that_does_not_say_its_year_are_a_report_on_it(self) -> None:
        by_hand = pl.concat([documents((PLANNED, "2024")), documents((REPORTED, "2025"), origin=Origin.REVIEWED)])
        for on in (by_hand, documents((PLANNED, None), (REPORTED, None))):
            assert ledger(promise(5.0), on=on)["verdict"] == TargetVerdict.OPEN

    def test_a_page_that_is_gone_was_read_all_the_same(self) -> None:
        gone = BOTH.with_columns(state=pl.lit("gone"))
        assert ledger(promise(5.0), on=gone)["verdict"] == TargetVerdict.FELL_SILENT


class TestWords:
    def test_another_number_of_the_series_is_quoted_and_first_one_of_the_same_measure(self) -> None:
        level = outcome(600, measure="level", unit="亿元", quote="地区生产总值600亿元")
        found = ledger(promise(5.0), level)
        assert (found["verdict"], found["outcome_quote"]) == (TargetVerdict.NOT_QUANTIFIED, "地区生产总值600亿元")
        assert {name: found[name] for name in NO_OUTCOME} == NO_OUTCOME
        growth = outcome(5.5, indicator="gdp~城区", quote="城区增长5.5%")
        assert ledger(promise(5.0), level, growth)["outcome_quote"] == "城区增长5.5%"

    def test_a_key_that_is_told_apart_by_words_is_answered_by_the_same_key_only(self) -> None:
        told = {"indicator": "gdp~城区"}
        assert ledger(promise(5.0, **told), outcome(5.5, **told))["verdict"] == TargetVerdict.KEPT
        plain = ledger(promise(5.0, **told), outcome(5.5, quote="增长5.5%"))
        assert (plain["verdict"], plain["outcome_quote"]) == (TargetVerdict.NOT_QUANTIFIED, "增长5.5%")

    def test_new_ones_are_not_what_there_is_but_speak_of_it(self) -> None:
        promised = promise(100, measure="level", unit="家", indicator="firms_hightech_new")
        there = outcome(900, measure="level", unit="家", indicator="firms_hightech", quote="高新技术企业900家")
        found = ledger(promised, there)
        assert (found["verdict"], found["outcome_quote"]) == (TargetVerdict.NOT_QUANTIFIED, "高新技术企业900家")

    def test_a_clause_that_names_the_series_is_quoted_where_it_stands(self) -> None:
        text = "一年来，全区地区生产总值再上台阶，一切平稳。"
        found = ledger(promise(5.0), text=text)
        start = text.index("地区生产总值")
        assert cells(found, *PLACES) == (REPORTED, start, start + 10, "地区生产总值再上台阶")
        assert found["verdict"] == TargetVerdict.NOT_QUANTIFIED

    def test_a_report_that_does_not_name_it_falls_silent(self) -> None:
        found = ledger(promise(5.0), text="一年来，海洋生产总值再上台阶，数字经济蓬勃发展。")
        assert (found["verdict"], *cells(found, *PLACES)) == (TargetVerdict.FELL_SILENT, None, None, None, None)

    def test_to_promise_it_anew_is_to_be_silent_on_what_came_of_it(self) -> None:
        text = "一、2025年工作回顾\n一切平稳。\n二、2026年工作安排\n力争地区生产总值增长6%。"
        anew = at(promise(6.0, period="2026", document=REPORTED), text, "6%")
        corpus = {PLANNED: report(""), REPORTED: report(text)}
        rows = targets(frame(promise(5.0), anew), BOTH, corpus)
        assert dict(rows.select("period", "verdict").rows()) == {"2025": "fell_silent", "2026": "open"}

    def test_what_a_report_states_of_the_year_after_its_own_is_promised_there(self) -> None:
        text = "主要目标：地区生产总值增长6%。"
        misread = at(outcome(6.0, period="2026"), text, "6%")
        assert ledger(promise(5.0), misread, text=text)["verdict"] == TargetVerdict.FELL_SILENT

    @pytest.mark.parametrize(
        ("indicator", "text", "verdict", "quote"),
        [
            ("x:开展黑土地保护工程", "黑土地保护工程全面铺开。", "not_quantified", "黑土地保护工程全面铺开"),
            ("x:黑土地保护性耕作", "黑土地保护有力。", "not_quantified", None),
            ("x:黑土地保护性耕作", "民生持续改善。", "fell_silent", None),
            ("x:项目", "民生持续改善。", "not_quantified", None),
        ],
    )
    def test_of_a_series_outside_the_registry_silence_is_claimed_only_where_nothing_resembles_it(
        self, indicator: str, text: str, verdict: str, quote: str | None
    ) -> None:
        found = ledger(promise(5.0, indicator=indicator), text=text)
        assert (found["verdict"], found["outcome_quote"]) == (verdict, quote)

    @pytest.mark.parametrize(
        ("series", "one", "other"),
        [
            ("gdp", "一切平稳。", "地区生产总值保持稳定"),
            ("x:黑土地保护性耕作", "黑土地保护有力。", "黑土地保护性耕作铺开"),
        ],
        ids=["silence", "hint"],
    )
    def test_of_two_reports_on_a_year_the_one_that_names_it_counts(self, series: str, one: str, other: str) -> None:
        on = pl.concat([BOTH, documents(("report-2025-b", "2025"))])
        corpus = {PLANNED: report(""), REPORTED: report(one), "report-2025-b": report(f"{other}。")}
        found = targets(frame(promise(5.0, indicator=series)), on, corpus).row(0, named=True)
        stated = found["verdict"], found["outcome_document"], found["outcome_quote"]
        assert stated == ("not_quantified", "report-2025-b", other)


SERIES = st.sampled_from(["gdp", "cpi", "pm25", "x:公园", "gdp~城区", "firms_hightech_new"])
PERIODS = st.sampled_from(["2024", "2025", "2026", "2021/2025"])
ROWS = st.lists(
    st.builds(
        lambda value, **told: row(float(value), unit="%", **told),
        st.integers(-5, 9),
        indicator=SERIES,
        period=PERIODS,
        status=st.sampled_from(["actual", "target"]),
        measure=st.sampled_from(["growth", "level"]),
        bound=st.sampled_from(["=", ">", "~", "<="]),
        document=st.sampled_from([PLANNED, REPORTED]),
    ),
    max_size=14,
    unique_by=lambda cells: str(cells["obs_id"]),
)
CORPUS = {PLANNED: report("一切平稳。"), REPORTED: report("生产总值再上台阶，公园更多，物价总体平稳。")}


@settings(max_examples=12)
@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_whatever_the_order_of_the_rows_every_promise_has_one_row_whose_verdict_says_what_its_columns_hold(
    rows: list[Row], order: Random
) -> None:
    shuffled = order.sample(rows, k=len(rows))
    table = targets(frame(*rows), BOTH, CORPUS)
    assert table.equals(targets(frame(*shuffled), BOTH.reverse(), CORPUS))
    assert table["obs_id"].to_list() == sorted(one["obs_id"] for one in rows if one["status"] == "target")
    assert examine("targets", table) == ()
    for found in table.iter_rows(named=True):
        decided = found["verdict"] in {"kept", "missed"}
        assert (found["margin"] is not None) == decided
        assert (found["verdict"] == "open") == (found["period"][-4:] == "2026" and not decided)
        assert found["verdict"] not in {"open", "fell_silent"} or found["outcome_quote"] is None
        assert not decided or found["outcome_unit_code"] == found["unit_code"]
