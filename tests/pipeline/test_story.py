"""Five runs and an upgrade of the reader: after each the tables say exactly what happened, and why."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest
from support.june_runs import FORMER_READER, INVESTMENT, NEW, NEXT_REPORT, OLD, earlier_reader, site
from support.runs import Record, data, loaded, run_records

from flows.operator.replay import replay_and_publish
from infra.store import Store
from publish.compare.vintages import as_of
from raw.extract.version import reader_version
from schemas.codelists import RunKind
from schemas.observation import Observation
from schemas.tables.columns import STATED, TABLES

AREA = "CN-442000-torch"
GROWTH = f"{AREA}|investment_fixed|growth||2024|actual"
OUTPUT = f"{AREA}|gdp|level||2024|actual"
FIRST, SECOND = f"post-{OLD}", f"post-{NEW}"
FIRMS = ("8700户", "9100户")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAfterRun:
    """What lay in the store after a run: its record and the tables of the latest release."""

    record: Record
    version: str
    tables: Mapping[str, pl.DataFrame]
    notes: str
    status: Record

    def rows(self, table: str, *columns: str, **where: str) -> list[tuple[object, ...]]:
        """The rows of a table that say this, these columns of them, in order."""
        return self.tables[table].filter(**where).select(columns).sort(columns).rows()

    def days(self, obs_id: str) -> list[tuple[object, ...]]:
        """The values of a series, each with its first and its last day."""
        history = self.tables["vintages"].filter(obs_id=obs_id).sort("realtime_start")
        return history.select("value", pl.col("realtime_start", "realtime_end").cast(str)).rows()


def store_after(store: Store) -> StoreAfterRun:
    """Read the latest release as a consumer does."""
    version = loaded(store, "seed/latest.json")["version"]
    folder = f"seed/v/{version}/"
    return StoreAfterRun(
        record=run_records(store)[-1],
        version=version,
        tables={name: pl.read_parquet(io.BytesIO(data(store, f"{folder}{name}.parquet"))) for name in TABLES},
        notes=data(store, f"{folder}CHANGES.md").decode(),
        status=json.loads(data(store, "status.json"))["sources"]["seed"],
    )


def halved(observation: Observation) -> Observation:
    """What the reader of the five runs makes of the new firms, which today's reads rightly."""
    return replace(observation, value=observation.value / 2) if observation.obs_text in FIRMS else observation


@pytest.fixture(scope="module")
def after_all(tmp_path_factory: pytest.TempPathFactory) -> list[StoreAfterRun]:
    """What lay in the store after each of five runs, and after the replay by which the reader of today took over."""
    with site(tmp_path_factory.mktemp("story")) as story:
        after_all = []
        with earlier_reader(FORMER_READER, halved):
            for day in range(1, 6):
                if day == 3:
                    story.editor.correct(*INVESTMENT)
                elif day == 4:
                    story.editor.articles.append(NEXT_REPORT)
                elif day == 5:
                    del story.editor.articles[0]
                story.run(day)
                after_all.append(store_after(story.store))
        replay_and_publish(replace(story.context(6), kind=RunKind.REPLAY), lambda *_: None)
        return [*after_all, store_after(story.store)]


@pytest.fixture(scope="module")
def after_runs(after_all: list[StoreAfterRun]) -> list[StoreAfterRun]:
    return after_all[:5]


@pytest.fixture(scope="module")
def upgraded(after_all: list[StoreAfterRun]) -> StoreAfterRun:
    return after_all[5]


def test_each_run_ends_as_it_should(after_runs: list[StoreAfterRun]) -> None:
    outcomes = [after.record["outcome"] for after in after_runs]
    assert outcomes == ["published", "unchanged", "published", "published", "published"], after_runs[-1].record
    assert [after.version for after in after_runs] == [f"2026.06.0{day}.1" for day in (1, 1, 3, 4, 5)]


def test_of_the_first_report_everything_is_new_and_its_promises_are_open(after_runs: list[StoreAfterRun]) -> None:
    first = after_runs[0]
    assert first.tables["observations"].height == 11
    assert set(first.tables["vintages"]["realtime_start"].cast(str)) == {"2026-06-01"}
    assert set(first.tables["vintages"]["realtime_end"].cast(str)) == {"9999-12-31"}
    promised = ("gdp", "investment_fixed", "retail_sales", "school_places_public")
    assert first.rows("targets", "indicator", "verdict") == [(indicator, "open") for indicator in promised]
    assert [name for name in ("revisions", "silences", "comparisons") if first.tables[name].height] == []
    assert first.rows("documents", "document", "reference_period", "origin", "state") == [
        (FIRST, "2024", "report", "ok")
    ]


def test_a_run_without_change_leaves_the_release_as_it_was(after_runs: list[StoreAfterRun]) -> None:
    first, second = after_runs[:2]
    assert all(first.tables[name].equals(frame) for name, frame in second.tables.items())
    assert second.status["last_checked"] > first.status["last_checked"]
    assert second.status["last_changed"] == first.status["last_changed"]


def test_a_silent_edit_is_a_revision_by_the_source_and_both_values_keep_their_days(
    after_runs: list[StoreAfterRun],
) -> None:
    edited = after_runs[2]
    columns = ("obs_id", "kind", "cause", "before_value", "after_value", "before_document", "after_document")
    assert edited.rows("revisions", *columns) == [(GROWTH, "changed", "source", 5.0, 5.2, FIRST, FIRST)]
    assert edited.days(GROWTH) == [(5.0, "2026-06-01", "2026-06-02"), (5.2, "2026-06-03", "9999-12-31")]
    history = edited.tables["vintages"].filter(obs_id=GROWTH).sort("realtime_start")
    assert history["first_quote"].to_list() == list(INVESTMENT)
    chinese, _, english = edited.notes.partition("## English")
    assert all(text in chinese for text in ("5.0%", "5.2%", "来源变动"))
    assert "the source changed" in english


class TestTheNewYearsReport:
    def test_the_restated_year_is_a_revision_all_else_is_new_and_nothing_is_lost(
        self, after_runs: list[StoreAfterRun]
    ) -> None:
        report = after_runs[3]
        columns = ("obs_id", "cause", "before_value", "after_value", "before_document", "after_document")
        changed = report.rows("revisions", *columns, kind="changed")
        assert changed == [(OUTPUT, "source", 573.72, 575.1, FIRST, SECOND)]
        kinds = report.tables["revisions"].group_by("kind", "cause").len().sort("kind").rows()
        assert kinds == [("added", "source", 6), ("changed", "source", 1)]

    def test_the_promises_are_held_against_what_came_of_them(self, after_runs: list[StoreAfterRun]) -> None:
        report = after_runs[3]
        assert report.rows("targets", "indicator", "verdict", "value", "outcome_value", period="2025") == [
            ("gdp", "kept", 6.5, 7.1),
            ("investment_fixed", "missed", 8.0, 4.2),
            ("retail_sales", "not_quantified", 5.0, None),
            ("school_places_public", "fell_silent", 3000.0, None),
        ]
        assert set(report.rows("targets", "verdict", period="2026")) == {("open",)}
        quotes = report.rows("targets", "outcome_quote", indicator="retail_sales")
        assert quotes == [("社会消费品零售总额保持平稳",)]

    def test_what_fell_silent_is_named_with_the_words_in_its_place(self, after_runs: list[StoreAfterRun]) -> None:
        silent = after_runs[3].rows("silences", "document", "indicator", "kind", "last_value", "words")
        assert silent == [
            (SECOND, "va_industry_scale", "in_words", 343.64, "规上工业增加值稳步增长"),
        ]

    def test_the_years_are_compared_and_the_gap_is_laid_to_prices(self, after_runs: list[StoreAfterRun]) -> None:
        columns = ("period", "base_period", "value", "base_value", "stated_growth", "verdict", "change")
        bounds = ("implied_base_low", "implied_base_high")
        (compared,) = after_runs[3].rows("comparisons", *columns, *bounds, indicator="gdp", measure="level")
        assert compared[:7] == ("2025", "2024", 612.3, 575.1, 7.1, "price_basis", None)
        assert compared[7:] == (pytest.approx(612.25e8 / 1.0715), pytest.approx(612.35e8 / 1.0705))


def test_of_a_withdrawn_page_the_numbers_stay_and_it_is_found_once(after_runs: list[StoreAfterRun]) -> None:
    fourth, fifth = after_runs[3:]
    assert fifth.rows("documents", "document", "state") == [(FIRST, "gone"), (SECOND, "ok")]
    for name in ("observations", "targets", "silences", "comparisons", "vintages"):
        assert fifth.tables[name].equals(fourth.tables[name]), name
    assert fifth.tables["revisions"].is_empty()
    withdrawn = [finding for finding in fifth.record["findings"] if finding["code"] == "document_withdrawn"]
    assert [(finding["severity"], finding["where"]) for finding in withdrawn] == [("warn", FIRST)]


def test_as_of_each_day_the_last_history_gives_that_days_numbers(after_runs: list[StoreAfterRun]) -> None:
    history, stated = after_runs[-1].tables["vintages"], ["obs_id", *STATED, "realtime_start"]
    for day, after in enumerate(after_runs, start=1):
        known = as_of(history, date(2026, 6, day)).select(stated).sort("obs_id")
        assert known.equals(after.tables["observations"].select(stated)), after.version


class TestTheUpgradeOfTheReader:
    def test_it_is_a_release_by_a_replay_of_today_s_reader_in_which_no_other_cause_appears(
        self, after_runs: list[StoreAfterRun], upgraded: StoreAfterRun
    ) -> None:
        record = upgraded.record
        assert (record["kind"], record["outcome"], record["version"]) == ("replay", "published", "2026.06.06.1")
        readers = [after.record["versions"]["reader"] for after in (after_runs[-1], upgraded)]
        assert readers == [FORMER_READER, reader_version()]
        columns = ("cause", "kind", "before_value", "after_value", "before_document", "after_document")
        assert upgraded.rows("revisions", *columns) == [
            ("reader", "changed", 4350.0, 8700.0, FIRST, FIRST),
            ("reader", "changed", 4550.0, 9100.0, SECOND, SECOND),
        ]
        assert upgraded.rows("documents", "document", "state") == [(FIRST, "gone"), (SECOND, "ok")]
        assert "读取程序更新" in upgraded.notes
        assert not [cause for cause in ("来源变动", "the source changed") if cause in upgraded.notes]

    def test_all_that_it_read_alike_is_as_it_was_and_the_history_says_what_was_said_on_each_day(
        self, after_runs: list[StoreAfterRun], upgraded: StoreAfterRun
    ) -> None:
        before, after = (
            each.tables["observations"].filter(~pl.col("obs_text").is_in(FIRMS)) for each in (after_runs[-1], upgraded)
        )
        assert after.equals(before)
        for name in ("targets", "silences"):
            assert upgraded.tables[name].equals(after_runs[-1].tables[name]), name
        ((firms,),) = upgraded.rows("observations", "obs_id", obs_text=FIRMS[0])
        assert upgraded.days(str(firms)) == [
            (4350.0, "2026-06-01", "2026-06-05"),
            (8700.0, "2026-06-06", "9999-12-31"),
        ]
        for day, each in enumerate([*after_runs, upgraded], start=1):
            known = as_of(upgraded.tables["vintages"], date(2026, 6, day)).select("obs_id", "value").sort("obs_id")
            assert known.equals(each.tables["observations"].select("obs_id", "value").sort("obs_id")), each.version
