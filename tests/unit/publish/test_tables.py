"""The consumer's tables: which row holds for a key, since when, and what became of each number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from support.report_readings import (
    DAY,
    MARKS_2023,
    MARKS_2024,
    TEXT_2023,
    Mark,
    corrected,
    material,
    reading,
    recaptured,
    report_2023,
    report_2024,
    tables,
)

from publish.tables.build import build_tables
from schemas.codelists import Measure, NumberStatus
from schemas.tables.columns import TABLES, frame_schema, names

LATER = DAY + timedelta(days=9)
AREA = "CN-442000-torch"
GDP_2024 = f"{AREA}|gdp|level||2024|actual"


def row(key: str, **frames: pl.DataFrame) -> dict[str, object]:
    return frames["observations"].row(by_predicate=pl.col("obs_id") == key, named=True)


class TestForm:
    def test_each_table_has_the_published_columns_in_their_order_and_types_also_without_readings(self) -> None:
        empty = build_tables(material())
        assert list(tables()) == list(empty) == list(TABLES)
        for name in TABLES:
            assert dict(tables()[name].schema) == dict(empty[name].schema) == frame_schema(name)
            assert tuple(tables()[name].columns) == names(name)
        assert empty["observations"].is_empty()

    def test_rows_are_sorted_by_their_key(self) -> None:
        built = tables()
        assert built["observations"]["obs_id"].is_sorted()
        places = built["numbers"].select("document", "char_start").rows()
        assert places == sorted(places)


class TestRow:
    def test_an_observation_says_what_where_and_how_firmly(self) -> None:
        dimensions = {"ref_area": AREA, "indicator": "gdp", "measure": "level", "scope": "", "period": "2024"}
        stated = {"value": 573.72, "value_upper": None, "bound": "=", "decimals": 2, "obs_text": "573.72亿元"}
        unit = {"unit": "亿元", "unit_code": "CNY", "unit_mult": 8, "value_base": 57372000000.0, "price_basis": None}
        named = {"subject": "地区生产总值", "label_zh": "地区生产总值", "label_en": "Gross regional product"}
        place = {"document": "post-2", "section": "一/(一)", "char_start": 16, "char_end": 24}
        about = {"obs_id": GDP_2024, "status": "actual", "obs_status": "P", "theme": "output", "origin": "report"}
        about |= {"quote": "全区完成地区生产总值573.72亿元", "sentence": "", "rank_of": ""}
        dates = {"published_on": date(2025, 1, 20), "realtime_start": DAY}
        assert row(GDP_2024, **tables()) == {
            **about,
            **dimensions,
            **stated,
            **unit,
            **named,
            **place,
            **dates,
            "year": 2024,
        }

    def test_an_indicator_outside_the_registry_is_named_by_its_subject_and_a_target_is_a_forecast(self) -> None:
        found = row(f"{AREA}|x:工业投资|share||2024|actual", **tables())
        assert (found["label_zh"], found["label_en"], found["theme"]) == ("工业投资", None, None)
        assert row(f"{AREA}|gdp|level||2025|target", **tables())["obs_status"] == "F"

    @pytest.mark.parametrize(
        ("published_on", "status"),
        [(date(2024, 1, 18), "P"), (date(2023, 6, 1), "P"), (date(2025, 1, 20), "A"), (None, "A")],
    )
    def test_a_number_is_provisional_in_the_year_after_its_own(self, published_on: date | None, status: str) -> None:
        report = reading("post-1", TEXT_2023, MARKS_2023, published_on=published_on)
        assert set(tables(report)["observations"]["obs_status"]) == {status}

    def test_a_newer_report_leaves_the_rows_of_the_older_one_as_they_are(self) -> None:
        alone = tables(report_2023())["observations"]
        both = tables()["observations"].filter(pl.col("document") == "post-1")
        assert both.equals(alone)


class TestAsLastKnown:
    @pytest.mark.parametrize(
        ("published_on", "value"), [(date(2026, 1, 20), 570.0), (date(2024, 12, 1), 573.72), (None, 573.72)]
    )
    def test_of_two_documents_the_one_published_last_wins_and_one_without_a_date_is_the_oldest(
        self, published_on: date | None, value: float
    ) -> None:
        mark = replace(MARKS_2024[0], printed="570.0亿元", value=570.0)
        restating = reading("post-3", "去年地区生产总值570.0亿元。", (mark,), published_on=published_on)
        assert row(GDP_2024, **tables(restating, report_2024()))["value"] == value

    def test_a_number_is_known_since_the_release_that_first_stated_it(self) -> None:
        first = tables()
        later = tables(report_2023(), corrected(), previous=first, released_on=LATER)
        since = dict(later["observations"].select("obs_id", "realtime_start").iter_rows())
        assert since.pop(GDP_2024) == LATER
        assert set(since.values()) == {DAY}

    def test_a_number_that_only_moved_in_the_text_is_known_since_before(self) -> None:
        moved = reading("post-2", "　　" + report_2024().document.text, MARKS_2024)
        later = tables(report_2023(), moved, previous=tables(), released_on=LATER)
        assert set(later["observations"]["realtime_start"]) == {DAY}
        assert row(GDP_2024, **later)["char_start"] == 18

    def test_a_number_that_comes_back_is_known_since_its_return(self) -> None:
        without = tables(report_2023())
        later = tables(previous=without, released_on=LATER)
        assert row(GDP_2024, **later)["realtime_start"] == LATER


class TestDocuments:
    def test_a_document_has_its_labels_and_what_became_of_its_numbers(self) -> None:
        found = tables()["documents"].row(by_predicate=pl.col("document") == "post-2", named=True)
        numbers = "1142000007333422Y/2025-00206", "11442000007333422Y/2025-00206"
        assert (found["index_number"], found["index_number_repaired"]) == numbers
        assert (found["category"], found["captured_at"]) == (None, "2026-11-23T04:00:00Z")
        assert (found["claimed"], found["ignored"], found["unread"]) == (5, 2, 0)

    def test_other_bytes_with_the_same_text_keep_the_capture_first_published(self) -> None:
        first = tables()
        counted = recaptured(report_2024(), b"viewed 2 times")
        later = tables(report_2023(), counted, previous=first, released_on=DAY + timedelta(days=1))
        assert all(frame.equals(first[name]) for name, frame in later.items())

    def test_another_text_has_its_own_capture(self) -> None:
        later = tables(report_2023(), recaptured(corrected(), b"new"), previous=tables())
        captured = later["documents"].filter(pl.col("document") == "post-2")["captured_at"].to_list()
        assert captured == ["2026-11-24T04:00:00Z"]


class TestNumbers:
    def test_each_number_says_what_became_of_it(self) -> None:
        numbers = tables(report_2023())["numbers"].select("obs_text", "fate", "reason", "obs_id").rows()
        assert numbers == [
            ("2023", "ignored", "date", None),
            ("550.1", "claimed", None, f"{AREA}|gdp|level||2023|actual"),
            ("5", "claimed", None, f"{AREA}|gdp|growth||2023|actual"),
            ("510", "claimed", None, f"{AREA}|x:规模以上工业企业|level||2023|actual"),
        ]

    def test_a_further_mention_points_to_the_one_row(self) -> None:
        text = "规模以上工业企业510家，即510家。"
        again = replace(MARKS_2023[2], nth=1)
        built = tables(reading("post-9", text, (MARKS_2023[2], again)))
        assert built["observations"]["char_start"].to_list() == [8]
        assert (built["numbers"]["obs_id"].n_unique(), built["numbers"].height) == (1, 2)

    def test_a_number_that_two_subjects_share_names_both(self) -> None:
        text = "投资总额和项目数均居全市第一位，增长3%。"
        subject: dict[str, Any] = {"subject": "投资总额", "indicator": "x:投资总额", "scope": "全市"}
        rank = Mark(printed="第一位", value=1, unit="位", measure=Measure.RANK, **subject)
        report = reading("post-9", text, (rank, replace(rank, subject="项目数", indicator="x:项目数")))
        place = report.observations[0].span
        number = replace(report.numbers[0], span=place, text="第一位", fate=NumberStatus.CLAIMED, reason=None)
        built = tables(replace(report, numbers=(number,)))
        assert built["numbers"]["obs_id"].to_list() == [
            f"{AREA}|x:投资总额|rank|全市|2024|actual {AREA}|x:项目数|rank|全市|2024|actual"
        ]


def test_the_registry_is_published_as_it_stands() -> None:
    built = tables()["indicators"]
    gdp = built.row(by_predicate=pl.col("id") == "gdp", named=True)
    assert (gdp["label_zh"], gdp["unit"], gdp["nbs_code"]) == ("地区生产总值", "亿元", "fsnd:A0201")
    assert gdp["range_min"] < gdp["range_max"]
    assert 0.0 in built["range_min"].to_list(), "a range that starts at nothing is a range"
