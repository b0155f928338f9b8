"""A replay: today's reader on yesterday's pages; only the reader's changes appear, and nothing is written unasked."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.faults import InterruptedStore, KilledStore
from support.nights import loaded, table, versions
from support.release_store import earlier_reader, live, objects, publish, rewrite, site
from support.scenario import NEXT_REPORT, night

from flows.operator.replay import ReplayReport, replay, replay_and_publish
from flows.run.context import RunContext, RunResult, create_context
from infra.store import open_store
from raw.extract.version import reader_version
from schemas.codelists import Outcome, RunKind
from schemas.errors import StoreCorrupt, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.cms import SiteEditor

    from infra.store import Store
    from schemas.observation import Observation

OLD = "0.0.9+old"
JOBS, GROWTH = "8700户", "6.5%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A store whose release an earlier reader read, and what a run is given."""

    editor: SiteEditor
    sources: str
    store: Store

    def run(self, day: int = 9) -> RunContext:
        return replace(create_context("seed", self.store.url, self.sources, night(day)), kind=RunKind.REPLAY)

    def replayed(self) -> ReplayReport:
        return replay(self.run(), quiet)

    def published(self, day: int = 9) -> RunResult:
        _, result = replay_and_publish(self.run(day), quiet)
        return result


def quiet(_count: int, _total: int, _document: str) -> None:
    """Watch nothing."""


def misread(one: Observation) -> Observation | None:
    """One number is lost and another is taken for ten times what it is."""
    if one.obs_text == JOBS:
        return None
    return replace(one, value=one.value * 10) if one.obs_text == GROWTH else one


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        editor, sources, store = stack.enter_context(site(tmp_path))
        editor.articles.append(NEXT_REPORT)
        with earlier_reader(OLD, misread):
            publish(sources, store, 1)
        yield Stage(editor=editor, sources=sources, store=open_store(store))


def causes(told: ReplayReport) -> list[tuple[str, str, float | None, float | None]]:
    return told.revisions.select("cause", "kind", "before_value", "after_value").sort("kind").rows()


READERS_CHANGES = [("reader", "added", None, 8700.0), ("reader", "changed", 65.0, 6.5)]


class TestWithoutPublishing:
    def test_it_shows_what_today_s_reader_would_change_and_why(self, stage: Stage) -> None:
        told = stage.replayed()
        assert causes(told) == READERS_CHANGES
        assert (told.previous.version, told.previous.reader_version) == ("2026.06.01.1", OLD)
        assert told.reader == reader_version()
        assert told.result.outcome is Outcome.PUBLISHED
        assert "读取程序更新" in told.notes
        assert "来源变动" not in told.notes

    def test_nothing_is_written(self, stage: Stage) -> None:
        before = objects(stage.store)
        told = replay(replace(stage.run(), store=KilledStore(within=stage.store, writes=0)), quiet)
        assert causes(told) == READERS_CHANGES
        assert objects(stage.store) == before

    def test_not_even_what_a_killed_run_left_undone_is_put_right(self, stage: Stage) -> None:
        rewrite(
            stage.store, "status.json", lambda data: data.replace(b'"published": "2026.06.01.1"', b'"published": ""')
        )
        assert replay(replace(stage.run(), store=KilledStore(within=stage.store, writes=0)), quiet).previous

    def test_the_source_is_not_asked(self, stage: Stage) -> None:
        stage.editor.articles.clear()
        assert causes(stage.replayed()) == READERS_CHANGES

    def test_the_same_reader_would_change_nothing(self, stage: Stage) -> None:
        with earlier_reader(OLD, misread):
            told = stage.replayed()
        assert told.revisions.is_empty()
        assert told.result.outcome is Outcome.UNCHANGED

    def test_each_document_is_told_as_it_is_read(self, stage: Stage) -> None:
        seen: list[tuple[int, int, str]] = []
        replay(stage.run(), lambda *told: seen.append(told))
        assert seen == [(1, 2, "post-2612346"), (2, 2, "post-2698765")]

    def test_what_the_gate_would_hold_or_refuse_is_said(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GONGBAO_UNREAD_LIMIT", "0")

        def half(one: Observation) -> Observation | None:
            return None if one.measure.value == "growth" else one

        with earlier_reader("0.0.8+half", half):
            told = stage.replayed()
        assert told.result.outcome is Outcome.HELD
        assert "documents_unread" in {finding.code for finding in told.result.findings}

    def test_a_dataset_without_releases_is_wrong_usage(self, stage: Stage, tmp_path: Path) -> None:
        empty = open_store(str(tmp_path / "empty"))
        with pytest.raises(UsageError, match="nothing of seed is published"):
            replay(replace(stage.run(), store=empty), quiet)

    def test_a_capture_that_is_lost_is_named(self, stage: Stage) -> None:
        key = str(table(stage.store, "documents")["archive_key"][0])
        (Path(stage.store.url) / key).unlink()
        with pytest.raises(StoreCorrupt, match=key):
            stage.replayed()


class TestPublishing:
    def test_a_release_is_cut_in_which_only_the_reader_is_a_cause(self, stage: Stage) -> None:
        result = stage.published()
        assert (result.outcome, result.version) == (Outcome.PUBLISHED, "2026.06.09.1")
        told = table(stage.store, "revisions").select("cause", "kind", "before_value", "after_value").sort("kind")
        assert told.rows() == READERS_CHANGES
        assert versions(stage.store) == ["2026.06.01.1", "2026.06.09.1"]
        manifest = loaded(stage.store, "seed/v/2026.06.09.1/manifest.json")
        assert (manifest["reader_version"], manifest["previous"]) == (reader_version(), "2026.06.01.1")

    def test_the_history_keeps_what_the_earlier_reader_said(self, stage: Stage) -> None:
        stage.published()
        history = table(stage.store, "vintages").filter(
            indicator="gdp", measure="growth", period="2025", status="target"
        )
        days = history.select("value", "realtime_start", "realtime_end").rows()
        assert [(value, str(start), str(end)) for value, start, end in days] == [
            (65.0, "2026-06-01", "2026-06-08"),
            (6.5, "2026-06-09", "9999-12-31"),
        ]

    def test_the_run_leaves_its_record_like_a_run(self, stage: Stage) -> None:
        stage.published()
        *_, record = [loaded(stage.store, entry.key) for entry in stage.store.list("runs/seed/")]
        assert (record["kind"], record["outcome"], record["version"]) == ("replay", "published", "2026.06.09.1")
        assert record["versions"]["reader"] == reader_version()

    def test_the_status_says_what_is_published_and_not_that_the_source_was_looked_at(self, stage: Stage) -> None:
        before = loaded(stage.store, "status.json")["sources"]["seed"]
        stage.published()
        after = loaded(stage.store, "status.json")["sources"]["seed"]
        assert after["published"] == "2026.06.09.1"
        assert after["last_changed"] > before["last_changed"]
        same = ("state", "last_checked", "last_good", "held", "changes", "findings")
        assert [after[name] for name in same] == [before[name] for name in same]

    def test_a_second_replay_and_the_next_run_find_nothing_new(self, stage: Stage) -> None:
        stage.published()
        assert stage.published(10).outcome is Outcome.UNCHANGED
        assert live(stage.sources, stage.store.url, 11) is Outcome.UNCHANGED
        assert versions(stage.store) == ["2026.06.01.1", "2026.06.09.1"]

    def test_a_page_that_changed_since_is_left_to_the_next_run(self, stage: Stage) -> None:
        stage.editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        stage.published()
        assert set(table(stage.store, "revisions")["cause"]) == {"reader"}
        publish(stage.sources, stage.store.url, 10)
        assert table(stage.store, "revisions").select("cause", "after_value").rows() == [("source", 5.2)]

    def test_what_the_gate_holds_waits_and_is_no_release(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GONGBAO_UNREAD_LIMIT", "0")
        published = objects(stage.store, "seed/v/")

        def half(one: Observation) -> Observation | None:
            return None if one.measure.value == "growth" else one

        with earlier_reader("0.0.8+half", half):
            result = stage.published()
        assert (result.outcome, result.exit_status) == (Outcome.HELD, 3)
        assert objects(stage.store, "seed/v/") == published
        assert loaded(stage.store, "status.json")["sources"]["seed"]["held"]["version"] == result.version
        assert objects(stage.store, f"seed/candidate/{result.version}/")

    def test_a_run_that_fails_leaves_its_record_and_the_release(self, stage: Stage) -> None:
        key = str(table(stage.store, "documents")["archive_key"][0])
        (Path(stage.store.url) / key).unlink()
        published = objects(stage.store, "seed/")
        result = stage.published()
        assert (result.outcome, result.exit_status) == (Outcome.STORE_FAILED, 6)
        assert objects(stage.store, "seed/") == published
        *_, record = [loaded(stage.store, entry.key) for entry in stage.store.list("runs/seed/")]
        assert record["outcome"] == "store_failed"
        assert key in record["error"]["where"]

    def test_an_unforeseen_error_leaves_its_record_too(self, stage: Stage) -> None:
        def broken(*_: object) -> None:
            raise KeyError("unforeseen")

        told, result = replay_and_publish(stage.run(), broken)
        assert told is None
        assert (result.outcome, result.exit_status) == (Outcome.FAILED, 1)
        assert "unforeseen" in str(result.error)
        assert [entry.key for entry in stage.store.list("runs/seed/") if "failed" in entry.key]

    def test_it_yields_to_a_run_that_publishes_meanwhile(self, stage: Stage) -> None:
        stage.editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")

        def meanwhile() -> None:
            with earlier_reader(OLD, misread):
                publish(stage.sources, stage.store.url, 9)

        interrupted = InterruptedStore(
            within=stage.store, method="swap", suffix="seed/latest.json", interrupt=meanwhile
        )
        _, result = replay_and_publish(replace(stage.run(10), store=interrupted), quiet)
        assert interrupted.done
        assert result.outcome is Outcome.YIELDED
        assert loaded(stage.store, "seed/latest.json")["version"] == "2026.06.09.1"
