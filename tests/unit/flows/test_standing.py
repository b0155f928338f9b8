"""How a source stands at a moment, and `gongbao status` as one calls it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import environment, gongbao

from flows.operator.source_health import GRACE, SourceHealth, overall_exit_status, source_health
from infra.store import Store, open_store
from publish.alerts.lifecycle import Alert
from publish.alerts.status import HeldCandidate, RejectedCandidate, SourceStatus, read_status, write_status
from publish.bucket.layout import STATUS, headers
from publish.bucket.pointer import iso_utc
from schemas.codelists import Severity
from schemas.errors import StoreCorrupt

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
YESTERDAY = "2026-11-22T20:00:00Z"
FINE = SourceStatus(
    last_checked=YESTERDAY,
    last_good=YESTERDAY,
    last_changed="2026-11-20T20:00:00Z",
    published="2026.11.21.1",
    last_outcome="unchanged",
    next_due="2026-11-23T20:00:00Z",
)
MESSAGE = "A number is ten times\x1b[31m what it was."
ALERT = Alert(code="number_jumped", severity=Severity.HOLD, where="post-1", message=MESSAGE, since=YESTERDAY)
HELD = replace(FINE, held=HeldCandidate(version="2026.11.23.1", inputs_sha256="c" * 64, since=YESTERDAY))
OLD: dict[str, Any] = {
    **dict.fromkeys(("last_checked", "last_changed", "last_good"), "2025-01-01T00:00:00Z"),
    "state": "ok",
    "published": "2025.01.01.1",
    "held": {"version": "2025.01.02.1", "inputs_sha256": "c" * 64},
    "findings": [],
}
"""An entry as the first Gongbao wrote it."""


def at(status: SourceStatus, now: datetime = NOW) -> SourceHealth:
    return SourceHealth(source="torch", status=status, now=now)


def with_entry(folder: Path, **changed: object) -> Store:
    """A store whose `status.json` has the old entry with some changes."""
    store = open_store(str(folder))
    store.put_new(STATUS, json.dumps({"sources": {"torch": OLD | changed}}).encode(), headers(STATUS))
    return store


def stored(folder: Path, **sources: SourceStatus) -> str:
    store = open_store(str(folder))
    for name, status in sources.items():
        write_status(store, name, status, seen=read_status(store))
    return str(folder)


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("home"))


class TestStanding:
    def test_a_source_that_is_looked_at_and_good_needs_nobody(self) -> None:
        assert (at(FINE).overdue, at(FINE).exit_status, at(FINE).age) == (False, 0, timedelta(hours=8))

    @given(st.timedeltas(timedelta(days=-9), timedelta(days=9)))
    def test_a_run_is_overdue_when_its_grace_is_over_and_not_before(self, late: timedelta) -> None:
        due = NOW.replace(microsecond=0)
        assert at(replace(FINE, next_due=iso_utc(due)), due + late).overdue is (late > GRACE)
        assert not at(replace(FINE, next_due=""), due + late).overdue  # no run looks at it by itself

    def test_a_moment_that_no_run_has_written_counts_for_none_and_a_clock_that_went_back_for_now(self) -> None:
        for moment in ("soon", "2026-11-23", "2026-11-23T04:00:00"):
            health = at(replace(FINE, next_due=moment, last_good=moment), NOW + timedelta(days=9))
            assert (health.overdue, health.age) == (False, None)
        assert at(FINE, NOW - timedelta(days=3)).age == timedelta()

    def test_what_somebody_has_to_do_counts_in_this_order(self) -> None:
        alerting = replace(FINE, alerts=(ALERT,))
        both, late = replace(HELD, alerts=(ALERT,)), replace(HELD, alerts=(ALERT,), next_due="2026-11-20T00:00:00Z")
        assert [at(one).exit_status for one in (FINE, alerting, HELD, both, late)] == [0, 4, 3, 3, 5]
        groups = ((FINE, alerting), (alerting, HELD, FINE), (HELD, late, alerting), ())
        assert [overall_exit_status(tuple(map(at, group))) for group in groups] == [4, 3, 5, 0]


class TestStatusFile:
    def test_an_entry_of_the_first_gongbao_is_read_and_kept(self, tmp_path: Path) -> None:
        store = with_entry(tmp_path)
        (standing,) = source_health(str(tmp_path), NOW)
        assert standing.status.held == HeldCandidate(version="2025.01.02.1", inputs_sha256="c" * 64)
        assert (standing.status.next_due, standing.status.last_outcome, standing.status.rejected) == ("", "", None)
        assert (standing.overdue, standing.exit_status) == (False, 3)
        write_status(store, "torch", replace(standing.status, last_outcome="held"), seen=read_status(store))
        assert read_status(store).of("torch").last_outcome == "held"

    def test_fields_of_a_later_gongbao_are_left_alone(self, tmp_path: Path) -> None:
        rejected = {"version": "1", "inputs_sha256": "d", "at": "x", "z": 1}
        store = with_entry(tmp_path, mood="fine", rejected=rejected, held={**OLD["held"], "by": "nobody"})
        status = read_status(store).of("torch")
        assert status.rejected == RejectedCandidate(version="1", inputs_sha256="d", at="x")
        write_status(store, "torch", replace(status, last_outcome="held"), seen=read_status(store))
        found = store.get(STATUS)
        assert found
        assert json.loads(found.data)["sources"]["torch"]["mood"] == "fine"

    @pytest.mark.parametrize("rejected", [1, "x", {"version": "1"}])
    def test_what_was_rejected_is_a_record_or_an_error(self, tmp_path: Path, rejected: object) -> None:
        with pytest.raises(StoreCorrupt, match=r"status\.json"):
            read_status(with_entry(tmp_path, rejected=rejected))

    def test_an_empty_record_of_what_was_rejected_is_none(self, tmp_path: Path) -> None:
        assert read_status(with_entry(tmp_path, rejected=[])).of("torch").rejected is None


class TestCommand:
    def test_everything_fine_takes_two_lines_and_exits_with_0(self, tmp_path: Path, environ: dict[str, str]) -> None:
        later = replace(FINE, next_due="2999-01-01T00:00:00Z")
        done = gongbao("status", stored(tmp_path, torch=later), environ=environ)
        assert (done.status, done.err) == (0, "")
        first, second = done.out.splitlines()
        assert first == "torch: ok, last run unchanged, release 2026.11.21.1"
        assert second.endswith("next run 2999-01-01T00:00:00Z")

    def test_what_waits_and_is_late_acts_on_no_terminal(self, tmp_path: Path, environ: dict[str, str]) -> None:
        late = replace(HELD, alerts=(ALERT,), next_due="2020-01-01T00:00:00Z")
        url = stored(tmp_path, torch=late, samples=SourceStatus())
        done = gongbao("status", url, environ=environ)
        assert done.status == 5
        assert "OVERDUE since 2020-01-01T00:00:00Z" in done.out
        assert "hold: A number is ten times\ufffd[31m what it was. [number_jumped, post-1] since 2026" in done.out
        assert f"gongbao candidate show {url} 2026.11.23.1 --source torch" in done.out
        assert "samples: ok, release none\n  good never, checked never, no run is due by itself" in done.out

    def test_a_program_gets_it_all_as_json(self, tmp_path: Path, environ: dict[str, str]) -> None:
        url = stored(tmp_path, torch=replace(HELD, alerts=(ALERT,), next_due="2999-01-01T00:00:00Z"))
        done = gongbao("status", url, "--json", environ=environ)
        (told,) = json.loads(done.out)
        assert done.status == 3
        assert told["held"] == {"version": "2026.11.23.1", "since": "2026-11-22T20:00:00Z", "against": ""}
        assert [alert["code"] for alert in told["alerts"]] == ["number_jumped"]
        assert (told["overdue"], told["published"], told["last_outcome"]) == (False, "2026.11.21.1", "unchanged")
        assert told["hours_since_good"] > 0

    def test_an_empty_store_is_wrong_usage(self, tmp_path: Path, environ: dict[str, str]) -> None:
        done = gongbao("status", str(tmp_path / "empty"), environ=environ)
        assert (done.status, done.out) == (2, "")
        assert "no run has been here yet" in done.err
