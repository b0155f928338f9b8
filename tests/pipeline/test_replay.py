"""A replay: today's reader on yesterday's pages; only the reader's changes appear, and nothing is written unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.june_runs import (
    FORMER_READER,
    INVESTMENT,
    SiteStore,
    earlier_reader,
    objects,
    rewrite,
    without_enterprises,
)
from support.runs import loaded, run_records, table, versions
from support.wrapped_stores import InterruptedStore, KilledStore

from flows.operator.replay import ReplayReport, replay, replay_and_publish
from infra.store import open_store
from raw.extract.version import reader_version
from schemas.codelists import Outcome, RunKind
from schemas.errors import StoreCorrupt, UsageError

if TYPE_CHECKING:
    from flows.run.context import RunContext, RunResult
    from infra.store import Store
    from schemas.observation import Observation

GROWTH = "6.5%"
READERS_CHANGES = [("reader", "added", None, 8700.0), ("reader", "changed", 65.0, 6.5)]
FIRST, REPLAYED = "2026.06.01.1", "2026.06.09.1"


def misreading(observation: Observation) -> Observation | None:
    """Lose one number and take another for ten times what it is."""
    tenfold = observation.obs_text == GROWTH
    return without_enterprises(replace(observation, value=observation.value * 10) if tenfold else observation)


def without_growth(observation: Observation) -> Observation | None:
    return None if observation.measure.value == "growth" else observation


@pytest.fixture(scope="module")
def misread_site(misread_site: SiteStore, tmp_path_factory: pytest.TempPathFactory) -> SiteStore:
    """The site of that name, and a store whose release has both mistakes."""
    found = replace(misread_site, url=str(tmp_path_factory.mktemp("tenfold") / "store"))
    with earlier_reader(FORMER_READER, misreading):
        found.publish(1)
    return found


def quiet(_count: int, _total: int, _document: str) -> None:
    """Watch nothing."""


def run(site: SiteStore, *, day: int = 9, store: Store | None = None) -> RunContext:
    return replace(site.context(day, store), kind=RunKind.REPLAY)


def published(site: SiteStore, day: int = 9) -> RunResult:
    _, result = replay_and_publish(run(site, day=day), quiet)
    return result


def causes(report: ReplayReport) -> list[tuple[str, str, float | None, float | None]]:
    return report.revisions.select("cause", "kind", "before_value", "after_value").sort("kind").rows()


def lose_capture(site: SiteStore) -> str:
    key = str(table(site.store, "documents")["archive_key"][0])
    (Path(site.url) / key).unlink()
    return key


class TestWithoutPublishing:
    def test_it_shows_what_today_s_reader_would_change_and_why_without_the_source_and_writes_nothing(
        self, misread: SiteStore
    ) -> None:
        before = objects(misread.store)
        misread.editor.articles.clear()
        read: list[tuple[int, int, str]] = []
        store = KilledStore(within=misread.store, writes=0)
        report = replay(run(misread, store=store), lambda *progress: read.append(progress))
        assert causes(report) == READERS_CHANGES
        assert (report.previous.version, report.previous.reader_version) == (FIRST, FORMER_READER)
        assert (report.reader, report.result.outcome) == (reader_version(), Outcome.PUBLISHED)
        assert "读取程序更新" in report.notes
        assert "来源变动" not in report.notes
        assert read == [(1, 1, "post-2612346")]
        assert objects(misread.store) == before

    def test_not_even_what_a_killed_run_left_undone_is_put_right(self, misread: SiteStore) -> None:
        published = b'"published": "%s"'
        rewrite(misread.store, "status.json", lambda data: data.replace(published % FIRST.encode(), published % b""))
        assert replay(run(misread, store=KilledStore(within=misread.store, writes=0)), quiet).previous

    def test_the_same_reader_would_change_nothing(self, misread: SiteStore) -> None:
        with earlier_reader(FORMER_READER, misreading):
            report = replay(run(misread), quiet)
        assert report.revisions.is_empty()
        assert report.result.outcome is Outcome.UNCHANGED

    def test_a_dataset_without_releases_is_wrong_usage(self, misread: SiteStore, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="nothing of seed is published"):
            replay(run(misread, store=open_store(str(tmp_path / "empty"))), quiet)

    def test_a_capture_that_is_lost_is_named(self, misread: SiteStore) -> None:
        with pytest.raises(StoreCorrupt, match=lose_capture(misread)):
            replay(run(misread), quiet)


class TestPublishing:
    def test_a_release_is_cut_in_which_only_the_reader_is_a_cause(self, misread: SiteStore) -> None:
        before = misread.status
        result = published(misread)
        assert (result.outcome, result.version) == (Outcome.PUBLISHED, REPLAYED)
        revisions = table(misread.store, "revisions").select("cause", "kind", "before_value", "after_value")
        assert revisions.sort("kind").rows() == READERS_CHANGES
        assert versions(misread.store) == [FIRST, REPLAYED]
        manifest = loaded(misread.store, f"seed/v/{REPLAYED}/manifest.json")
        assert (manifest["reader_version"], manifest["previous"]) == (reader_version(), FIRST)

        # The status does not say that the source was looked at; tests/pipeline/test_story.py reads the history.
        after = misread.status
        assert after["published"] == REPLAYED
        assert after["last_changed"] > before["last_changed"]
        same = ("state", "last_checked", "last_good", "held", "changes", "findings")
        assert [after[name] for name in same] == [before[name] for name in same]

        assert published(misread, 10).outcome is Outcome.UNCHANGED
        assert misread.run(11).outcome is Outcome.UNCHANGED
        assert versions(misread.store) == [FIRST, REPLAYED]

    def test_a_page_that_changed_since_is_left_to_the_next_run(self, misread: SiteStore) -> None:
        misread.editor.correct(*INVESTMENT)
        published(misread)
        assert set(table(misread.store, "revisions")["cause"]) == {"reader"}
        misread.publish(10)
        assert table(misread.store, "revisions").select("cause", "after_value").rows() == [("source", 5.2)]

    def test_what_the_gate_holds_waits_and_is_no_release(
        self, misread: SiteStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GONGBAO_UNREAD_LIMIT", "0")
        releases = objects(misread.store, "seed/v/")
        with earlier_reader("0.0.8+half", without_growth):
            report, result = replay(run(misread), quiet), published(misread)
        assert report.result.outcome is result.outcome is Outcome.HELD
        assert "documents_unread" in {finding.code for finding in report.result.findings}
        assert result.exit_status == 3
        assert objects(misread.store, "seed/v/") == releases
        assert misread.status["held"]["version"] == result.version
        assert objects(misread.store, f"seed/candidate/{result.version}/")

    def test_a_run_that_fails_leaves_its_record_and_the_release(self, misread: SiteStore) -> None:
        key, releases = lose_capture(misread), objects(misread.store, "seed/")
        result = published(misread)
        assert (result.outcome, result.exit_status) == (Outcome.STORE_FAILED, 6)
        assert objects(misread.store, "seed/") == releases
        *_, record = run_records(misread.store)
        assert record["outcome"] == "store_failed"
        assert key in record["error"]["where"]

    def test_an_unforeseen_error_leaves_its_record_too(self, misread: SiteStore) -> None:
        def broken(*_: object) -> None:
            raise KeyError("unforeseen")

        report, result = replay_and_publish(run(misread), broken)
        assert (report, result.outcome, result.exit_status) == (None, Outcome.FAILED, 1)
        assert "unforeseen" in str(result.error)
        assert [record["outcome"] for record in run_records(misread.store)] == ["published", "failed"]

    def test_it_yields_to_a_run_that_publishes_meanwhile(self, misread: SiteStore) -> None:
        misread.editor.correct(*INVESTMENT)

        def meanwhile() -> None:
            with earlier_reader(FORMER_READER, misreading):
                misread.publish(9)

        interrupted = InterruptedStore(
            within=misread.store, method="swap", suffix="seed/latest.json", interrupt=meanwhile
        )
        _, result = replay_and_publish(run(misread, day=10, store=interrupted), quiet)
        assert interrupted.done
        assert result.outcome is Outcome.YIELDED
        assert loaded(misread.store, "seed/latest.json")["version"] == "2026.06.09.1"
