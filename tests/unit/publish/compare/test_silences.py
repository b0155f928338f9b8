"""The table `silences`: what was quantified for the year before and is not for this one."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.provinces import read_report
from support.report_readings import Mark, material, reading, tables
from support.requires import shared
from support.table_rows import BOTH, PLANNED, REPORTED, Row, at, documents, frame, outcome, report, row

from publish.compare.silences import silences
from publish.tables.build import build_tables
from schemas.codelists import Origin, SilenceKind
from schemas.reading import Reading
from schemas.tables.columns import frame_schema
from schemas.tables.pandera_models import examine

ZONE_2023 = "2023年，我区规模以上工业增加值达到343.64亿元，其增速为4.3%。"
INDUSTRY = {"subject": "规模以上工业增加值", "indicator": "va_industry_scale", "period": 2023}


def before(value: float, **told: object) -> Row:
    """A number of 2024, as the report on that year states it."""
    return row(value, **{"period": "2024", "document": PLANNED, "indicator": "va_industry_scale", **told})


def silent(*rows: Row, text: str = "一切平稳。", on: pl.DataFrame = BOTH) -> list[Row]:
    """The silences of the report on 2025, which says `text`."""
    table = silences(frame(*rows), on, {PLANNED: report(""), REPORTED: report(text)})
    assert dict(table.schema) == frame_schema("silences")
    assert examine("silences", table) == ()
    return table.rows(named=True)


def only(*rows: Row, text: str = "一切平稳。", on: pl.DataFrame = BOTH) -> Row:
    (found,) = silent(*rows, text=text, on=on)
    return found


class TestWords:
    def test_the_clause_that_stands_in_the_place_of_the_number_is_cut_out_of_the_report(self) -> None:
        text = "一年来，全区规上工业增加值稳步增长，一切平稳。"
        found = only(before(343.64), text=text)
        assert (found["kind"], found["words"]) == (SilenceKind.IN_WORDS, "规上工业增加值稳步增长")
        assert text[found["char_start"] : found["char_end"]] == found["words"]

    def test_nothing_stands_there(self) -> None:
        found = only(before(343.64), text="一年来，民生持续改善。")
        empty = [found[name] for name in ("words", "char_start", "char_end")]
        assert (found["kind"], empty) == (SilenceKind.ABSENT, [None, None, None])

    def test_a_word_in_a_plan_or_a_name_that_holds_it_claims_nothing(self) -> None:
        planned = "一、2025年工作回顾\n一切平稳。\n二、2026年工作安排\n推动规上工业增加值稳步增长。"
        assert silent(before(343.64), text=planned) == []
        text = "目标是规上工业增加值增长7%。"
        promised = at(outcome(7, status="target", period="2026", indicator="va_industry_scale"), text, "7%")
        assert silent(before(343.64), promised, text=text) == []
        assert silent(before(343.64), text="一年来，全部工业增加值稳步增长。") == []

    def test_a_number_that_the_reader_missed_is_no_silence(self) -> None:
        twice = "规上工业增加值稳步增长，规上工业增加值增速达7%。"
        for text in ("规上工业增加值增长7%。", twice, "登记规上工业增加值7亿元。"):
            assert silent(before(343.64), text=text) == [], text

    def test_a_number_of_something_else_with_the_name_in_it_leaves_the_words_what_they_are(self) -> None:
        found = only(before(343.64), text="规上工业增加值稳步增长，128家规上工业企业启动改造。")
        assert found["words"] == "规上工业增加值稳步增长"

    def test_a_clause_that_only_resembles_the_name_claims_nothing(self) -> None:
        roads = before(8, indicator="rural_roads_built", unit="公里")
        assert silent(roads, text="改造提升农村公路有力。") == []


class TestSeries:
    def test_a_series_with_a_number_for_the_year_is_not_silent_whatever_it_measures(self) -> None:
        industry = "va_industry_scale"
        for told in ({"indicator": industry}, {"indicator": f"{industry}~城区"}, {"period": "2021/2025"}):
            assert silent(before(343.64), outcome(4, **{"indicator": industry, **told})) == [], told
        assert only(before(343.64), outcome(4, indicator=industry, status="target")), "a promise is no number"

    def test_a_number_entered_by_hand_does_not_make_the_report_speak(self) -> None:
        on = pl.concat([BOTH, documents(("reviewed-1", None), origin=Origin.REVIEWED)])
        by_hand = outcome(4, indicator="va_industry_scale", document="reviewed-1", origin="reviewed")
        assert only(before(343.64), by_hand, on=on)["kind"] == SilenceKind.ABSENT

    def test_the_last_number_may_be_entered_by_hand_and_says_so(self) -> None:
        on = pl.concat([documents((REPORTED, "2025")), documents(("reviewed-1", None), origin=Origin.REVIEWED)])
        found = only(before(343.64, document="reviewed-1", origin="reviewed"), on=on)
        assert (found["origin"], found["last_document"]) == (Origin.REVIEWED, "reviewed-1")

    @pytest.mark.parametrize(
        "told",
        [{"period": "2023"}, {"document": REPORTED}, {"measure": "cagr", "unit": "%", "period": "2020/2024"}],
        ids=["an older year", "stated by the report itself", "several years"],
    )
    def test_only_a_number_of_the_year_before_in_its_own_report_is_what_a_report_drops(self, told: Row) -> None:
        assert silent(before(6, **told)) == []

    def test_the_level_is_shown_before_the_growth_and_all_earlier_years_are_counted(self) -> None:
        shown = before(343.64, quote="达到343.64亿元")
        rank = before(9, indicator="va_industry_scale~城区", measure="rank", unit="位")
        growth, older = before(4.3, measure="growth", unit="%"), (before(300, period=year) for year in ("2022", "2020"))
        found = only(growth, shown, rank, *older)
        assert (found["last_value"], found["last_measure"], found["last_quote"]) == (343.64, "level", "达到343.64亿元")
        assert (found["period"], found["last_period"], found["years"]) == ("2025", "2024", 3)
        assert (found["document"], found["indicator"]) == (REPORTED, "va_industry_scale")

    def test_words_outside_the_registry_are_no_series(self) -> None:
        park = {"indicator": "x:黑土地保护面积", "unit": "万亩"}
        assert silent(before(5, **park), before(4, period="2022", **park)) == []

    def test_a_report_without_its_text_or_its_year_is_silent_on_nothing(self) -> None:
        assert silences(frame(before(343.64)), BOTH, {}).is_empty()
        assert silent(before(343.64), on=documents((PLANNED, "2024"), (REPORTED, None))) == []

    def test_a_report_that_a_later_one_restates_is_not_called_silent(self) -> None:
        on = pl.concat([BOTH, documents(("report-2026", "2026"))])
        restated = outcome(350, measure="level", unit="亿元", indicator="va_industry_scale", document="report-2026")
        rows = silences(frame(before(343.64), restated), on, {REPORTED: report(""), "report-2026": report("")})
        assert rows["document"].to_list() == []

    def test_each_report_is_held_against_the_year_before_its_own(self) -> None:
        on = pl.concat([BOTH, documents(("report-2026", "2026"))])
        text = {name: report("一切平稳。") for name in (REPORTED, "report-2026")}
        rows = silences(frame(before(343.64), outcome(3, indicator="retail_sales")), on, text)
        expected = [(REPORTED, "va_industry_scale"), ("report-2026", "retail_sales")]
        assert rows.select("document", "indicator").rows() == expected


def seed() -> Reading:
    """The report on 2024 of the zone, read where it lies."""
    (file,) = sorted(shared("seed").glob("*.txt"))
    return replace(read_report(file, None, 2024), document_id="post-2024")


@pytest.mark.parametrize("origin", list(Origin))
def test_the_zone_put_words_in_the_place_of_the_value_added_of_its_industry(origin: Origin) -> None:
    level = Mark(printed="343.64亿元", value=343.64, unit="亿元", **INDUSTRY)  # type: ignore[arg-type] # three fields of a mark
    year = None if origin is Origin.REVIEWED else 2023
    earlier = replace(reading("post-2023", ZONE_2023, (level,)), origin=origin, reference_year=year)
    report = seed()
    table = build_tables(material(earlier, report))["silences"]
    (found,) = table.rows(named=True)
    assert (found["indicator"], found["kind"]) == ("va_industry_scale", SilenceKind.IN_WORDS)
    assert found["words"] == "规上工业增加值稳步增长"
    text = report.document.text
    assert text[found["char_start"] : found["char_end"]] == "规上工业增加值稳步增长"
    assert text.count("规上工业增加值稳步增长") == 1
    assert (found["last_value"], found["last_unit"], found["last_period"]) == (343.64, "亿元", "2023")
    assert (found["document"], found["period"], found["origin"]) == ("post-2024", "2024", origin)


def test_it_is_one_of_the_tables_of_a_release() -> None:
    assert tables()["silences"].is_empty()


SERIES = st.sampled_from(["gdp", "cpi", "pm25", "x:黑土地保护面积", "gdp~城区"])
ROWS = st.lists(
    st.builds(
        lambda value, **told: row(float(value), unit="%", **told),
        st.integers(1, 9),
        indicator=SERIES,
        period=st.sampled_from(["2022", "2023", "2024", "2025", "2021/2025"]),
        status=st.sampled_from(["actual", "actual", "target"]),
        measure=st.sampled_from(["growth", "level"]),
        document=st.sampled_from([PLANNED, REPORTED, "reviewed-1"]),
    ),
    max_size=14,
    unique_by=lambda cells: str(cells["obs_id"]),
)


@settings(max_examples=20)
@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_and_no_silent_series_is_stated(rows: list[Row], order: Random) -> None:
    on = pl.concat([BOTH, documents(("reviewed-1", None), origin=Origin.REVIEWED)])
    corpus = {PLANNED: report("生产总值稳步增长。"), REPORTED: report("物价总体平稳。")}
    table = silences(frame(*rows), on, corpus)
    assert table.equals(silences(frame(*order.sample(rows, k=len(rows))), on.reverse(), corpus))
    stated = {
        (one["indicator"].partition("~")[0], one["period"][-4:])
        for one in rows
        if one["status"] == "actual" and one["origin"] == "report" and one["document"] != PLANNED
    }
    assert not stated & set(table.select("indicator", "period").rows())
