"""Report a run to a dead-man's switch and a file of metrics, if they are set.

It cannot change how a run ended. If no run takes place at all, the switch notices the silence.
"""

from collections.abc import Iterator
from datetime import datetime

from flows.run.context import RunContext, RunResult
from flows.run.previous_state import PreviousState
from flows.stages.finalize import next_status
from infra.deadman_switch import ping_deadman_switch
from infra.metrics import Sample, write_metrics
from publish.alerts.status import SourceStatus
from schemas.codelists import Outcome, Severity

GOOD = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.YIELDED, Outcome.HELD})
"""Outcomes of runs that did their work: a held candidate has an alert of its own, and is no fault of the service."""


def report(run: RunContext, previous: PreviousState | None, result: RunResult) -> None:
    """Ping the dead-man's switch and write the metrics."""
    write_metrics(run.settings.metrics_file, run.source.id, samples(run, previous, result))
    ping_deadman_switch(run.settings.ping_url, run.source.id, good=result.outcome in GOOD)


def samples(run: RunContext, previous: PreviousState | None, result: RunResult) -> Iterator[Sample]:
    """Yield the metrics of a run; what it does not know is left out and keeps its last value."""
    now = run.clock()
    yield Sample(name="gongbao_last_run_timestamp_seconds", value=now.timestamp())
    yield Sample(name="gongbao_run_duration_seconds", value=(now - run.started).total_seconds())
    for outcome in Outcome:
        labels = (("outcome", outcome.value),)
        yield Sample(name="gongbao_run_outcome", value=float(outcome is result.outcome), labels=labels)
    for severity in Severity:
        count = sum(finding.severity is severity for finding in result.findings)
        yield Sample(name="gongbao_findings", value=float(count), labels=(("severity", severity.value),))
    for name, count in result.counts:
        metric = "gongbao_numbers_unread" if name == "unread" else f"gongbao_{name}"
        yield Sample(name=metric, value=float(count))
    if result.alert_changes:
        yield Sample(name="gongbao_alerts_open", value=float(len(result.alert_changes.open)))
    if previous:
        yield from of_status(next_status(run, previous.status, result))


def of_status(status: SourceStatus) -> Iterator[Sample]:
    """Yield the metrics of a source's status; a time that never was is left out."""
    times = {"last_success": status.last_good, "last_change": status.last_changed, "next_due": status.next_due}
    for name, moment in times.items():
        if moment:
            value = datetime.fromisoformat(moment).timestamp()
            yield Sample(name=f"gongbao_{name}_timestamp_seconds", value=value)
    yield Sample(name="gongbao_candidate_waiting", value=float(status.held is not None))
