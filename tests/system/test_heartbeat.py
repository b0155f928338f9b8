"""After each run somebody is told that it took place: the switch and the metrics, whatever became of the run."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Never

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cms import SiteEditor, registry, short_article
from support.codes import finding_code
from support.nights import flow, loaded, run_records
from support.scenario import night
from unit.infra.test_metrics import parsed
from unit.infra.test_ping import SECRET, listening

from flows import nightly as nightly_flow
from flows import tasks
from flows.run.context import EXIT_STATUS, RunContext, RunResult, create_context
from flows.stages.monitoring import GOOD, of_status, report, samples
from infra.settings import Settings
from infra.store import open_store
from publish.alerts.lifecycle import Alert, AlertChanges
from publish.alerts.status import HeldCandidate, SourceStatus
from schemas.codelists import Outcome, Severity
from schemas.errors import StoreUnavailable
from schemas.finding import Finding

PAGE = "2024年,完成地区生产总值573.72亿元,增长3.5%。"
ALERT = Alert(code="number_jumped", severity=Severity.HOLD, where="post-1", message="It jumped.")


@pytest.fixture
def run(tmp_path: Path, sources: str) -> RunContext:
    begun = create_context("seed", str(tmp_path / "store"), sources, night(1))
    return replace(begun, clock=lambda: night(1) + timedelta(seconds=90))


def told(run: RunContext, result: RunResult) -> dict[str, float]:
    """The metrics without labels of a run that has no earlier status."""
    return {one.name: one.value for one in samples(run, None, result) if not one.labels}


def of(name: str) -> str:
    return f"gongbao_{name}"


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_told_to_the_address_and_in_the_file(run: RunContext, outcome: Outcome, tmp_path: Path) -> None:
    file = tmp_path / "gongbao-seed.prom"
    with listening() as (url, asked):
        settings = replace(run.settings, ping_url=url + "/{source}", metrics_file=str(tmp_path / "gongbao.prom"))
        report(replace(run, settings=settings), None, RunResult(outcome=outcome))
    good = EXIT_STATUS[outcome] in {0, 3}
    assert asked == [f"/{SECRET}/seed" + ("" if good else "/fail")]
    assert (outcome in GOOD) is good
    found = {
        dict(labels)["outcome"]: value
        for (name, labels), value in parsed(file.read_text()).items()
        if "outcome" in name
    }
    assert found == {one.value: float(one is outcome) for one in Outcome}


def test_what_is_not_set_is_not_told(run: RunContext) -> None:
    assert (run.settings.ping_url, run.settings.metrics_file) == ("", "")
    report(run, None, RunResult(outcome=Outcome.PUBLISHED))


@given(st.lists(st.sampled_from(Severity), max_size=9))
def test_findings_are_counted_by_their_severity(severities: list[Severity]) -> None:
    findings = tuple(Finding(code=finding_code("x"), severity=one, where="y", message="z.") for one in severities)
    clock = SimpleNamespace(clock=lambda: night(2), started=night(1))
    found = {
        dict(one.labels)["severity"]: one.value
        for one in samples(clock, None, RunResult(outcome=Outcome.HELD, findings=findings))  # type: ignore[arg-type]  # all that it asks of a run
        if one.name == "gongbao_findings"
    }
    assert found == {one.value: float(severities.count(one)) for one in Severity}


def test_counts_times_and_open_alerts_are_told_and_what_is_unknown_is_left_out(run: RunContext) -> None:
    counts = (("documents", 2), ("observations", 70), ("numbers", 99), ("unread", 3))
    found = told(run, RunResult(outcome=Outcome.HELD, counts=counts, alert_changes=AlertChanges(raised=(ALERT,))))
    assert (found[of("documents")], found[of("observations")]) == (2.0, 70.0)
    assert (found[of("numbers")], found[of("numbers_unread")], found[of("alerts_open")]) == (99.0, 3.0, 1.0)
    assert found[of("run_duration_seconds")] == 90.0
    assert found[of("last_run_timestamp_seconds")] == (night(1) + timedelta(seconds=90)).timestamp()
    failed = told(run, RunResult(outcome=Outcome.SOURCE_FAILED))
    assert not failed.keys() & {of("documents"), of("numbers_unread"), of("alerts_open"), of("candidate_waiting")}


def test_the_status_says_when_it_was_good_and_whether_something_waits() -> None:
    held = HeldCandidate(version="2026.06.03.1", inputs_sha256="c")
    status = SourceStatus(last_good="2026-06-01T02:30:00Z", next_due="2026-06-02T02:30:00Z", held=held)
    assert {one.name: one.value for one in of_status(status)} == {
        "gongbao_last_success_timestamp_seconds": night(1).timestamp(),
        "gongbao_next_due_timestamp_seconds": night(2).timestamp(),
        "gongbao_candidate_waiting": 1.0,
    }
    assert [one.value for one in of_status(SourceStatus())] == [0.0]


@pytest.mark.xdist_group("flows")
@pytest.mark.usefixtures("prefect_api")
class TestRuns:
    async def test_two_runs_and_a_failure_are_heard_and_no_record_holds_the_address(
        self, tmp_path: Path, sources: str, editor: SiteEditor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        editor.articles[:] = [short_article(PAGE)]
        store, file = str(tmp_path / "store"), tmp_path / "gongbao-seed.prom"
        monkeypatch.setenv("GONGBAO_METRICS_FILE", str(tmp_path / "gongbao.prom"))
        with listening() as (url, asked):
            monkeypatch.setenv("GONGBAO_PING_URL", url)
            assert (await flow(store, sources, night(1)))["outcome"] == "published"
            good = parsed(file.read_text())
            editor.articles.clear()
            assert (await flow(store, sources, night(2)))["outcome"] == "source_failed"
        assert asked == [f"/{SECRET}", f"/{SECRET}/fail"]
        seed, failed = (("source", "seed"),), parsed(file.read_text())
        success = ("gongbao_last_success_timestamp_seconds", seed)
        assert failed[success] == good[success]
        assert failed["gongbao_documents", seed] == good["gongbao_documents", seed] == 1.0
        assert failed["gongbao_last_run_timestamp_seconds", seed] > good["gongbao_last_run_timestamp_seconds", seed]
        assert failed["gongbao_next_due_timestamp_seconds", seed] == night(3).timestamp()
        for record in run_records(open_store(store)):
            assert record["settings"]["ping_url"] == "set"
            assert SECRET not in str(record)

    async def test_a_run_that_cannot_be_closed_counts_as_failed(
        self, tmp_path: Path, sources: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: object) -> Never:
            raise StoreUnavailable("no answer")

        monkeypatch.setattr(nightly_flow, "PREFECT_STAGES", replace(tasks.PREFECT_STAGES, finalize=broken))
        with listening() as (url, asked):
            monkeypatch.setenv("GONGBAO_PING_URL", url)
            record = await flow(str(tmp_path / "store"), sources, night(1))
        assert (record["outcome"], record["exit_status"]) == ("store_failed", 6)
        assert asked == [f"/{SECRET}/fail"]

    async def test_an_address_and_a_file_that_are_broken_change_nothing(
        self, tmp_path: Path, sources: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("x", "utf-8")
        monkeypatch.setenv("GONGBAO_METRICS_FILE", str(tmp_path / "file" / "x.prom"))
        monkeypatch.setenv("GONGBAO_PING_URL", "http://127.0.0.1:9/nobody")
        record = await flow(str(tmp_path / "store"), sources, night(1))
        assert (record["outcome"], record["exit_status"]) == ("published", 0)
        assert (
            loaded(open_store(str(tmp_path / "store")), "status.json")["sources"]["seed"]["last_outcome"] == "published"
        )


def test_a_source_says_how_often_it_is_due(tmp_path: Path, sources: str) -> None:
    assert Settings.from_env(os.environ).ping_url == ""
    file = tmp_path / "weekly.toml"
    (tmp_path / "own").mkdir()
    own = registry(tmp_path / "own", "http://127.0.0.1:1/x")
    file.write_text(Path(own).read_text("utf-8") + "every_hours = 168\n", "utf-8")
    assert create_context("seed", str(tmp_path / "store"), str(file), None).source.every_hours == 168
    assert create_context("seed", str(tmp_path / "store"), sources, None).source.every_hours == 24
