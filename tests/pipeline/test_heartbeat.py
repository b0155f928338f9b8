"""After each run the dead man's switch is asked and the metrics are written, whatever became of the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Never

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import finding_code
from support.june_runs import SiteStore, june
from support.runs import local, run_records
from support.website import Website, serve
from unit.infra.test_metrics import parsed

from flows.run.context import EXIT_STATUS, RunContext, RunResult, create_context
from flows.stages.monitoring import GOOD, of_status, report, samples
from publish.alerts.lifecycle import Alert, AlertChanges
from publish.alerts.status import HeldCandidate, SourceStatus
from schemas.codelists import Outcome, Severity
from schemas.errors import StoreUnavailable
from schemas.finding import Finding

SECRET = "6b1d-secret"
ALERT = Alert(code="number_jumped", severity=Severity.HOLD, where="post-1", message="It jumped.")


@pytest.fixture
def switch() -> Iterator[Website]:
    """A web server whose log says what was asked for; that it has no such page changes nothing."""
    with serve() as website:
        yield website


@pytest.fixture
def run(site: SiteStore) -> RunContext:
    return replace(site.context(1), clock=lambda: june(1) + timedelta(seconds=90))


def metrics(run: RunContext, result: RunResult) -> dict[str, float]:
    """The metrics without labels of a run that has no earlier status."""
    found = samples(run, None, result)
    return {each.name.removeprefix("gongbao_"): each.value for each in found if not each.labels}


def test_each_outcome_is_reported_to_the_address_and_in_the_file(
    run: RunContext, switch: Website, tmp_path: Path
) -> None:
    assert (run.settings.ping_url, run.settings.metrics_file) == ("", "")
    report(run, None, RunResult(outcome=Outcome.PUBLISHED))  # nothing is set, nobody is asked
    url = f"{switch.base}/{SECRET}/{{source}}"
    settings = replace(run.settings, ping_url=url, metrics_file=str(tmp_path / "gongbao.prom"))
    for outcome in Outcome:
        report(replace(run, settings=settings), None, RunResult(outcome=outcome))
        good = EXIT_STATUS[outcome] in {0, 3}
        assert switch.paths[-1] == f"/{SECRET}/seed" + ("" if good else "/fail"), outcome
        assert (outcome in GOOD) is good
        written = parsed((tmp_path / "gongbao-seed.prom").read_text()).items()
        found = {dict(labels)["outcome"]: value for (name, labels), value in written if "outcome" in name}
        assert found == {each.value: float(each is outcome) for each in Outcome}
    assert len(switch.paths) == len(Outcome)


@given(st.lists(st.sampled_from(Severity), max_size=9))
def test_findings_are_counted_by_their_severity(severities: list[Severity]) -> None:
    findings = tuple(Finding(code=finding_code("x"), severity=each, where="y", message="z.") for each in severities)
    clock = SimpleNamespace(clock=lambda: june(2), started=june(1))
    found = samples(clock, None, RunResult(outcome=Outcome.HELD, findings=findings))  # type: ignore[arg-type]  # all that it asks of a run
    counted = {dict(each.labels)["severity"]: each.value for each in found if each.name == "gongbao_findings"}
    assert counted == {each.value: float(severities.count(each)) for each in Severity}


def test_counts_times_and_open_alerts_are_reported_and_what_is_unknown_is_left_out(run: RunContext) -> None:
    counts = (("documents", 2), ("observations", 70), ("numbers", 99), ("unread", 3))
    found = metrics(run, RunResult(outcome=Outcome.HELD, counts=counts, alert_changes=AlertChanges(raised=(ALERT,))))
    assert (found["documents"], found["observations"]) == (2.0, 70.0)
    assert (found["numbers"], found["numbers_unread"], found["alerts_open"]) == (99.0, 3.0, 1.0)
    assert found["run_duration_seconds"] == 90.0
    assert found["last_run_timestamp_seconds"] == (june(1) + timedelta(seconds=90)).timestamp()
    failed = metrics(run, RunResult(outcome=Outcome.SOURCE_FAILED))
    assert not failed.keys() & {"documents", "numbers_unread", "alerts_open", "candidate_waiting"}


def test_the_status_says_when_it_was_good_and_whether_something_waits() -> None:
    held = HeldCandidate(version="2026.06.03.1", inputs_sha256="c")
    status = SourceStatus(last_good="2026-06-01T02:30:00Z", next_due="2026-06-02T02:30:00Z", held=held)
    assert {each.name: each.value for each in of_status(status)} == {
        "gongbao_last_success_timestamp_seconds": june(1).timestamp(),
        "gongbao_next_due_timestamp_seconds": june(2).timestamp(),
        "gongbao_candidate_waiting": 1.0,
    }
    assert [each.value for each in of_status(SourceStatus())] == [0.0]


def test_two_runs_and_a_failure_are_reported_and_no_record_holds_the_address(
    site: SiteStore, switch: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gongbao-seed.prom"
    monkeypatch.setenv("GONGBAO_METRICS_FILE", str(tmp_path / "gongbao.prom"))
    monkeypatch.setenv("GONGBAO_PING_URL", f"{switch.base}/{SECRET}")
    site.publish(1)
    good = parsed(file.read_text())
    site.editor.articles.clear()
    assert site.run(2).outcome is Outcome.SOURCE_FAILED
    assert switch.paths == [f"/{SECRET}", f"/{SECRET}/fail"]
    seed, failed = (("source", "seed"),), parsed(file.read_text())
    success, last_run = "gongbao_last_success_timestamp_seconds", "gongbao_last_run_timestamp_seconds"
    assert failed[success, seed] == good[success, seed]
    assert failed["gongbao_documents", seed] == good["gongbao_documents", seed] == 1.0
    assert failed[last_run, seed] > good[last_run, seed]
    assert failed["gongbao_next_due_timestamp_seconds", seed] == june(3).timestamp()
    for record in run_records(site.store):
        assert record["settings"]["ping_url"] == "set"
        assert SECRET not in str(record)


def test_a_run_whose_record_cannot_be_stored_counts_as_failed(
    site: SiteStore, switch: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Never:
        raise StoreUnavailable("no answer")

    monkeypatch.setenv("GONGBAO_PING_URL", f"{switch.base}/{SECRET}")
    record = local(site.url, site.sources, june(1), finalize=broken)
    assert (record["outcome"], record["exit_status"]) == ("store_failed", 6)
    assert switch.paths == [f"/{SECRET}/fail"]


def test_an_address_and_a_file_that_are_broken_change_nothing(
    site: SiteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    monkeypatch.setenv("GONGBAO_METRICS_FILE", str(tmp_path / "file" / "x.prom"))
    monkeypatch.setenv("GONGBAO_PING_URL", "http://127.0.0.1:9/nobody")
    site.publish(1)
    assert site.status["last_outcome"] == "published"


def test_a_source_says_how_often_it_is_due(site: SiteStore, tmp_path: Path) -> None:
    file = tmp_path / "weekly.toml"
    file.write_text(Path(site.sources).read_text("utf-8") + "every_hours = 168\n", "utf-8")
    assert create_context("seed", site.url, str(file), None).source.every_hours == 168
    assert site.context(1).source.every_hours == 24
