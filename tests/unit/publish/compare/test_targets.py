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
    def test_the_outcome_is_the_actual_number_of_the_series_with_its_evidence(self) -> None:
        promised = promise(5.5, bound="~", quote="增长5.5%左右", sentence="力争增长5.5%左右。")
        reached = outcome(5.1, quote="增长5.1%", sentence="全年增长5.1%。")
        found = ledger(promised, reached, outcome(600, measure="level", unit="亿元"))
        kept = ("value", "bound", "unit", "measure", "period", "document", "quote", "sentence")
        assert [found[name] for name in kept] == [
            *(5.5, "~", "%", "growth", "2025", PLANNED, "增长5.5%左右", "力争增长5.5%左右。"),
        ]
        assert cells(found, "value", "unit_code", "document", "quote", "sentence") == (
            *(5.1, "percent", REPORTED, "增长5.1%", "全年增长5.1%。"),
        )
        assert found["outcome_obs_id"] == found["obs_id"].replace("target", "actual")
        assert (found["verdict"], found["match"], found["evidence"]) == ("near", "same_series", "gdp")
        assert (found["tolerance"], found["tolerance_kind"], found["alternatives"]) == (0.5, "about", 0)
        assert [found[f"margin{name}"] for name in ("", "_unit", "_kind", "_decimals")] == [
            -0.4,
            "个百分点",
            "points",
            1,
        ]

    def test_a_number_of_another_series_measure_scope_period_or_unit_kind_is_none(self) -> None:
        other_unit = {"measure": "level", "unit": "亿美元"}
        different = ({"indicator": "cpi"}, {"measure": "cagr"}, {"period": "2024"}, {"period": "2023/2025"}, other_unit)
        for told in different:
            found = ledger(promise(5.0), outcome(5.1, **told))
            assert (found["outcome_value"], found["margin"]) == (None, None), told
        ranked = {"measure": "rank", "unit": "位"}
        assert ledger(promise(5, scope="全省", **ranked), outcome(4, scope="全国", **ranked))["outcome_value"] is None

    def test_a_later_report_may_state_the_outcome(self) -> None:
        on = pl.concat([BOTH, documents(("report-2026", "2026"))])
        assert ledger(promise(5.0), outcome(5.2, document="report-2026"), on=on)["verdict"] == TargetVerdict.KEPT

    def test_what_a_report_says_of_a_year_after_its_own_is_no_outcome(self) -> None:
        found = ledger(promise(5.0), outcome(5.2, document=PLANNED))
        assert found["outcome_value"] is None

    def test_a_number_entered_by_hand_is_an_outcome_even_before_a_report_is_read(self) -> None:
        on = pl.concat([documents((PLANNED, "2024")), documents(("reviewed-1", None), origin=Origin.REVIEWED)])
        found = ledger(promise(5.0), outcome(5.2, document="reviewed-1", origin="reviewed"), on=on)
        assert (found["verdict"], found["origin"]) == (TargetVerdict.KEPT, Origin.REVIEWED)

    def test_a_promise_entered_by_hand_is_marked_too(self) -> None:
        assert ledger(promise(5.0, origin="reviewed"), outcome(5.2))["origin"] == Origin.REVIEWED
        assert ledger(promise(5.0), outcome(5.2))["origin"] == Origin.REPORT

    def test_figures_that_decide_nothing_give_no_verdict(self) -> None:
        parks: Row = {"measure": "level", "unit": "个"}
        found = ledger(promise(300, bound=">=", **parks), outcome(250, bound=">", **parks))
        assert (found["verdict"], found["margin"], found["outcome_value"]) == (TargetVerdict.UNTRACED, None, None)


def said(text: str, value: float, printed: str, **told: object) -> Row:
    """An outcome of 2025 that stands in a text."""
    return at(outcome(value, **told), text, printed)


def planned(text: str, value: float, printed: str, **told: object) -> Row:
    """A promise for 2025 that stands in a text."""
    return at(promise(value, **told), text, printed)


def answered(plan: str, promised: Row, review: str, *reached: Row) -> dict[str, Any]:
    """The row of a promise between two texts."""
    corpus = {PLANNED: report(plan), REPORTED: report(review)}
    return targets(frame(promised, *reached), BOTH, corpus).row(0, named=True)


COUNT: Row = {"measure": "level", "unit": "个"}


class TestWordsOfBoth:
    """Statements outside the registry, or with words that make different things of them."""

    @pytest.mark.parametrize(
        ("plan", "review", "verdict", "match"),
        [
            ("建设社区幸福院100个。", "建成社区幸福院120个。", "kept", "same_words"),
            ("建设社区幸福院100个。", "建成社区幸福院80个。", "missed", "same_words"),
            ("建设社区老年幸福院100个。", "建成社区老年人幸福院120个。", "kept", "near_words"),
            ("建设社区老年幸福院100个。", "建成社区老年人幸福院80个。", "untraced", None),
            ("新增社区幸福院100个。", "社区幸福院总数达到120个。", "untraced", None),
            ("建设省级社区幸福院100个。", "建成市级社区幸福院120个。", "untraced", None),
            ("建成社区幸福院100个。", "新开工社区幸福院120个。", "untraced", None),
            ("建设社区幸福院100个。", "五年累计建成社区幸福院120个。", "untraced", None),
            ("建设社区幸福院100个。", "改造社区幸福院120个。", "untraced", None),
            ("建设社区幸福院100个。", "建成社区幸福院900个。", "untraced", None),
            ("建设社区幸福院100个。", "建成社区幸福院20个。", "untraced", None),
            ("新建项目100个。", "新建项目20个。", "untraced", None),
        ],
    )
    def test_only_words_that_agree_are_held_against_each_other(
        self, plan: str, review: str, verdict: str, match: str | None
    ) -> None:
        number = review.rstrip("个。").lstrip("".join(set(review) - set("0123456789")))
        subjects = [words.rstrip("0123456789个。") for words in (plan, review)]
        promised = planned(plan, 100, "100个", indicator=f"x:{subjects[0]}", subject=subjects[0], **COUNT)
        reached = said(review, float(number), f"{number}个", indicator=f"x:{subjects[1]}", subject=subjects[1], **COUNT)
        found = answered(plan, promised, review, reached)
        assert (found["verdict"], found["match"]) == (verdict, match)

    def test_nobody_is_blamed_where_another_number_would_keep_the_promise(self) -> None:
        review = "建成社区幸福院80个。城区建成社区幸福院120个。"
        names: Row = {"indicator": "x:社区幸福院", "subject": "社区幸福院", **COUNT}
        rows = (
            said(review, 80, "80个", **names),
            said(review, 120, "120个", **{**names, "indicator": "x:社区幸福院~城区"}),
        )
        found = answered(
            "建设社区幸福院100个。", planned("建设社区幸福院100个。", 100, "100个", **names), review, *rows
        )
        assert (found["verdict"], found["alternatives"]) == (TargetVerdict.UNTRACED, 2)

    def test_a_share_of_a_known_part_is_the_ratio_that_it_makes(self) -> None:
        plan, review = "研发投入强度达到6%以上。", "研发投入28亿元，相当于地区生产总值的7.1%。"
        promised = planned(plan, 6.0, "6%", indicator="rnd_intensity", measure="rate", bound=">=")
        reached = said(review, 7.1, "7.1%", indicator="rnd_expenditure", measure="rate")
        assert answered(plan, promised, review, reached)["verdict"] == TargetVerdict.KEPT


class TestOpen:
    def test_a_promise_is_open_until_a_report_on_its_year_is_read(self) -> None:
        only = documents((PLANNED, "2024"))
        found = ledger(promise(5.0), text="地区生产总值稳步增长。", on=only)
        assert (found["verdict"], *cells(found, *PLACES)) == (TargetVerdict.OPEN, None, None, None, None)

    @pytest.mark.parametrize(("period", "verdict"), [("2026/2030", "open"), ("2023/2025", "untraced")])
    def test_of_several_years_the_last_counts(self, period: str, verdict: str) -> None:
        assert ledger(promise(5.0, period=period, measure="cagr"))["verdict"] == verdict

    def test_several_years_are_answered_by_the_same_years_only(self) -> None:
        promised = promise(30, period="2023/2025")
        assert ledger(promised, outcome(31, period="2023/2025"))["verdict"] == TargetVerdict.KEPT
        assert ledger(promised, outcome(31, period="2025"))["outcome_value"] is None
        assert ledger(promise(30), outcome(31, period="2023/2025"))["outcome_value"] is None

    def test_neither_facts_entered_by_hand_nor_a_report_that_does_not_say_its_year_are_a_report_on_it(self) -> None:
        by_hand = pl.concat([documents((PLANNED, "2024")), documents((REPORTED, "2025"), origin=Origin.REVIEWED)])
        for on in (by_hand, documents((PLANNED, None), (REPORTED, None))):
            assert ledger(promise(5.0), on=on)["verdict"] == TargetVerdict.OPEN

    def test_a_report_promises_nothing_for_its_own_year(self) -> None:
        assert targets(frame(promise(5.0, document=REPORTED)), BOTH, {}).is_empty()


class TestWords:
    def test_another_number_of_the_series_is_quoted_and_first_one_of_the_same_measure(self) -> None:
        level = outcome(600, measure="level", unit="亿元", quote="地区生产总值600亿元")
        found = ledger(promise(5.0), level)
        assert (found["verdict"], found["outcome_quote"]) == (TargetVerdict.NOT_QUANTIFIED, "地区生产总值600亿元")
        assert {name: found[name] for name in NO_OUTCOME} == NO_OUTCOME

    def test_additions_are_not_what_there_is_but_speak_of_it(self) -> None:
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

    def test_a_clause_with_a_number_that_was_not_read_gives_no_verdict(self) -> None:
        assert ledger(promise(5.0), text="3个片区的地区生产总值再上台阶。")["verdict"] == TargetVerdict.UNTRACED

    def test_a_report_in_which_nothing_resembles_the_series_falls_silent(self) -> None:
        found = ledger(promise(5.0), text="一年来，民生持续改善。")
        assert (found["verdict"], *cells(found, *PLACES)) == (TargetVerdict.FELL_SILENT, None, None, None, None)

    @pytest.mark.parametrize(
        "text",
        [
            "一年来，海洋生产总值再上台阶。",
            "一、2025年工作回顾\n一切平稳。\n二、2026年工作安排\n力争地区生产总值增长6%。",
        ],
        ids=["another thing of the name", "promised anew"],
    )
    def test_a_word_anywhere_in_the_report_is_enough_to_claim_no_silence(self, text: str) -> None:
        assert ledger(promise(5.0), text=text)["verdict"] == TargetVerdict.UNTRACED

    def test_of_a_series_outside_the_registry_no_silence_is_claimed(self) -> None:
        promised = promise(5.0, indicator="x:黑土地保护性耕作", quote="推进黑土地保护性耕作5%")
        found = ledger(promised, text="民生持续改善。")
        assert found["verdict"] == TargetVerdict.UNTRACED

    def test_a_report_of_another_kind_is_not_called_silent(self) -> None:
        on = BOTH.with_columns(kind=pl.Series(["work_report", "communique"]))
        assert ledger(promise(5.0), text="民生持续改善。", on=on)["verdict"] == TargetVerdict.UNTRACED


PEOPLE = "二、2025年工作安排\n办好10件民生实事：建设社区幸福院100个。"


class TestClaims:
    @pytest.mark.parametrize(
        ("review", "verdict", "quote"),
        [
            ("10件民生实事全部办结。", "claimed_done", "10件民生实事全部办结"),
            ("10件民生实事基本办结。", "untraced", None),
            ("社区幸福院全部建成。", "claimed_done", "社区幸福院全部建成"),
            ("改革任务圆满完成。", "untraced", None),
        ],
    )
    def test_a_report_that_says_so_claims_its_list_or_the_thing_itself(
        self, review: str, verdict: str, quote: str | None
    ) -> None:
        names: Row = {"indicator": "x:社区幸福院", "subject": "社区幸福院", **COUNT}
        found = answered(PEOPLE, planned(PEOPLE, 100, "100个", **names), review)
        assert (found["verdict"], found["outcome_quote"]) == (verdict, quote)

    def test_the_main_targets_are_claimed_as_a_whole_and_a_number_counts_before_the_claim(self) -> None:
        plan, review = "主要预期目标是：地区生产总值增长5%。", "全年目标任务圆满完成。地区生产总值增长4.2%。"
        promised = planned(plan, 5.0, "5%", decimals=1)
        assert answered(plan, promised, review)["verdict"] == TargetVerdict.CLAIMED_DONE
        assert answered(plan, promised, review, said(review, 4.2, "4.2%"))["verdict"] == TargetVerdict.MISSED

    @pytest.mark.parametrize(
        "review",
        ["地区生产总值增长目标调整为4%。", "圆满完成调整后的主要目标任务。"],
        ids=["the series", "all of them"],
    )
    def test_a_target_that_was_changed_is_superseded(self, review: str) -> None:
        plan = "主要预期目标是：地区生产总值增长5%。"
        found = answered(plan, planned(plan, 5.0, "5%"), review)
        assert found["verdict"] == TargetVerdict.SUPERSEDED


class TestProperties:
    """What must not change a verdict."""

    PLAN = "主要预期目标是：地区生产总值增长5.5%，社会消费品零售总额增长7.5%。"
    REVIEW = "地区生产总值增长5.6%。社会消费品零售总额增长7.6%。"

    def rows(self, review: str) -> list[Row]:
        promised = [planned(self.PLAN, 5.5, "5.5%"), planned(self.PLAN, 7.5, "7.5%", indicator="retail_sales")]
        stated = ((5.6, "5.6%", "gdp"), (7.6, "7.6%", "retail_sales"))
        reached = [said(review, value, text, indicator=name) for value, text, name in stated if text in review]
        return [*promised, *reached]

    def verdicts(self, review: str, on: pl.DataFrame = BOTH) -> list[str]:
        corpus = {PLANNED: report(self.PLAN), REPORTED: report(review)}
        return targets(frame(*self.rows(review)), on, corpus)["verdict"].to_list()

    @pytest.mark.parametrize("paragraph", ["公园更多了。", "建成幸福院120个。", "人口增长1.1%。", "水库安全度汛。"])
    def test_an_unrelated_paragraph_changes_none(self, paragraph: str) -> None:
        for text in (f"{paragraph}\n{self.REVIEW}", f"{self.REVIEW}\n{paragraph}"):
            assert self.verdicts(text) == ["kept", "kept"]

    def test_without_its_sentence_a_kept_promise_is_silent_or_untraced_and_never_missed(self) -> None:
        for sentence, left in (("地区生产总值增长5.6%。", 0), ("社会消费品零售总额增长7.6%。", 1)):
            found = self.verdicts(self.REVIEW.replace(sentence, ""))
            assert found[left] in {"fell_silent", "untraced"}
            assert found[1 - left] == "kept"

    def test_two_reports_that_are_swapped_give_no_verdict(self) -> None:
        swapped = documents((PLANNED, "2025"), (REPORTED, "2024"))
        assert self.verdicts(self.REVIEW, swapped) == []


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
    promised = {one["obs_id"] for one in rows if one["status"] == "target"}
    assert table["obs_id"].is_sorted()
    assert {*table["obs_id"]} <= promised
    assert examine("targets", table) == ()
    for found in table.iter_rows(named=True):
        decided = found["verdict"] in {"kept", "near", "missed"}
        assert (found["margin"] is not None) == decided == (found["match"] is not None)
        assert (found["verdict"] == "open") == (found["period"][-4:] == "2026" and not decided)
        assert found["verdict"] not in {"open", "fell_silent", "untraced"} or found["outcome_quote"] is None
