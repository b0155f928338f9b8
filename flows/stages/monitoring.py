"""That a run took place, and how: told to a dead-man's switch and to a file of metrics, where they are set.

It comes last and cannot change how a run ended. Where no run comes at all, it is the silence that tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from flows.run.context import RunContext, RunResult
from flows.run.previous_state import PreviousState
from flows.stages.finalize import next_status
from infra.deadman_switch import ping_deadman_switch
from infra.metrics import Sample, write_metrics
from publish.alerts.status import SourceStatus
from schemas.codelists import Outcome, Severity

GOOD = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.YIELDED, Outcome.HELD})
"""Outcomes of runs that did their work: a candidate that waits is told by an alert, and is no fault of the service."""

_COUNTS = ("documents", "observations", "numbers")


@asynccontextmanager
async def report_heartbeat(run: RunContext, before: PreviousState | None, result: RunResult) -> AsyncIterator[None]:
    """Tell how a run ended once it is closed; one that could not be closed has failed."""
    closed = False
    try:
        yield
        closed = True
    finally:
        ended = result if closed else replace(result, outcome=Outcome.STORE_FAILED)
        await asyncio.to_thread(send, run, before, ended)


def send(run: RunContext, before: PreviousState | None, result: RunResult) -> None:
    """Ping the address and write the metrics."""
    write_metrics(run.settings.metrics_file, run.source.id, samples(run, before, result))
    ping_deadman_switch(run.settings.ping_url, run.source.id, good=result.outcome in GOOD)


def samples(run: RunContext, before: PreviousState | None, result: RunResult) -> Iterator[Sample]:
    """What a run says in numbers; what it cannot tell is left out, and keeps its former value."""
    now = run.clock()
    yield Sample(name="gongbao_last_run_timestamp_seconds", value=now.timestamp())
    yield Sample(name="gongbao_run_duration_seconds", value=(now - run.started).total_seconds())
    for outcome in Outcome:
        labels = (("outcome", outcome.value),)
        yield Sample(name="gongbao_run_outcome", value=float(outcome is result.outcome), labels=labels)
    for severity in Severity:
        count = sum(finding.severity is severity for finding in result.findings)
        yield Sample(name="gongbao_findings", value=float(count), labels=(("severity", severity.value),))
    counts = dict(result.counts)
    yield from (Sample(name=f"gongbao_{name}", value=float(counts[name])) for name in _COUNTS if name in counts)
    if "unread" in counts:
        yield Sample(name="gongbao_numbers_unread", value=float(counts["unread"]))
    if result.alert_changes:
        yield Sample(name="gongbao_alerts_open", value=float(len(result.alert_changes.open)))
    if before:
        yield from of_status(next_status(run, before.status.of(run.source.id), result))


def of_status(status: SourceStatus) -> Iterator[Sample]:
    """What the status of a source says in numbers; a time that never was is left out."""
    times = {"last_success": status.last_good, "last_change": status.last_changed, "next_due": status.next_due}
    for name, moment in times.items():
        if moment:
            value = datetime.fromisoformat(moment).timestamp()
            yield Sample(name=f"gongbao_{name}_timestamp_seconds", value=value)
    yield Sample(name="gongbao_candidate_waiting", value=float(status.held is not None))
