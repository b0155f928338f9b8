"""The nightly run of one source, from the official page to a published release."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact

from flows import tasks
from flows.notify.alerts import all_delivered, notify_start_failure
from flows.notify.prefect_events import emit_alert_events, emit_run_event
from flows.notify.run_report import markdown
from flows.run.context import RunContext, RunResult, count_numbers, create_context, run_record
from flows.run.previous_state import PreviousState
from flows.stages.candidate import ReleaseCandidate
from flows.stages.monitoring import report_heartbeat
from flows.stages.outcome import apply_gate, capture_errors, unchanged_result
from flows.stages.read_and_publish import inputs_unchanged
from infra.logs import LOGGER, set_default_log_level
from raw.samples.serve import serve_sample_site
from schemas.codelists import Outcome, Verdict
from schemas.errors import GongbaoError, StoreError


class RunFailed(Exception):
    """A run that published nothing because something went wrong; `record` is the run's record."""

    def __init__(self, record: dict[str, Any]) -> None:
        """Keep the record."""
        super().__init__(f"{record['source']}: {record['outcome']}: {record['error']}")
        self.record = record


class RunFailedToStart(RunFailed):
    """A run that could not even begin, which was told; `error` says why.

    Its name holds that of its parent: the shipped automation that calls for runs which failed without an alert leaves
    out every state whose message has it, or a wrong setting would call each night.
    """

    def __init__(self, source: str, error: GongbaoError) -> None:
        """Keep the error, and a record that is as short as such a run."""
        told = {"code": error.code, "what": error.what, "where": error.where, "remedy": error.remedy}
        super().__init__({"source": source, "outcome": Outcome.USAGE.value, "error": told})
        self.error = error


@flow(name="gongbao-nightly", flow_run_name="nightly-{source}", validate_parameters=True, persist_result=False)
async def nightly(source: str, store: str = "", sources: str = "", now: datetime | None = None) -> dict[str, Any]:
    """Fetch, keep, read, check and publish one source; returns the run's record, `RunFailed` where it failed.

    `store` is a folder or `s3://bucket/prefix` (`GONGBAO_STORE` where empty), `sources` an operator's registry file,
    `now` the moment that the run takes for its start.
    """
    set_default_log_level()
    run = start_run(source, store, sources, now)
    with serve_sample_site(run.source):
        before, ended = await run_stages(run)
    result = await finalize(run, before, await notify(run, before, ended))
    told = run_record(run, result)
    emit_run_event(told)
    await acreate_markdown_artifact(markdown(told), key=f"nightly-{run.source.id}", description="What this run did")
    if result.exit_status and result.outcome is not Outcome.HELD:
        raise RunFailed(told)
    return told


def start_run(source: str, store: str, sources: str, now: datetime | None) -> RunContext:
    """The run, ready to begin; an error that keeps it from that is told by the channels that can be read.

    Where nobody was told, because no channel is named or none took the message, it is raised as it is, and calls.
    """
    try:
        run = create_context(source, store, sources, now)
    except GongbaoError as error:
        turn = notify_start_failure(source, error, os.environ)
        if all_delivered(turn, os.environ):
            raise RunFailedToStart(source, error) from error
        raise
    notify_start_failure(source, None, os.environ)
    return run


async def finalize(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """The result of a run whose end is written, or which has failed because the store did not take it.

    Events go out before the status says so, as messages do: who is killed in between tells twice, never not at all.
    """
    emit_alert_events(run_record(run, result))
    try:
        async with report_heartbeat(run, before, result):
            end = await tasks.close(run, before, result)
    except StoreError as error:
        end = await tasks.finalize_offline(run, result, error)
    if end.alert_changes and result.alert_changes:
        emit_alert_events(
            run_record(run, replace(end, alert_changes=end.alert_changes.difference(result.alert_changes)))
        )
    return end


async def notify(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """The result with who was told of it; a fault on that way must not cost the run its record."""
    told = result
    with capture_errors() as end:
        told = end.result = await tasks.alert(run, before, result)
    if end.result is not told:
        LOGGER.error("nobody could be told: %s", end.result.error)
    return told


async def run_stages(run: RunContext) -> tuple[PreviousState | None, RunResult]:
    """The night itself; whatever goes wrong becomes a result."""
    before = None
    with capture_errors() as end:
        before = await tasks.load_state(run)
        end.result = await fetch_read_publish(run, before)
    return before, end.result


async def fetch_read_publish(run: RunContext, before: PreviousState) -> RunResult:
    """Fetch and read; cut a release where something is new and nothing speaks against it."""
    pages = await tasks.fetch(run, before)
    readings = await tasks.read(run, pages)
    counts = count_numbers(readings)
    if inputs_unchanged(run, before, readings):
        return unchanged_result(before, readings).with_counts(counts)
    proposal = await tasks.check(run, before, readings)
    result = await apply_verdict(run, before, proposal)
    return result.with_counts(counts)


async def apply_verdict(run: RunContext, before: PreviousState, proposal: ReleaseCandidate) -> RunResult:
    """Do what the gate's verdict says."""
    verdict, result = apply_gate(before, proposal)
    if verdict is Verdict.HOLD:
        held = await tasks.hold(run, before, proposal)
        return replace(result, version=held.version, held_candidate=held)
    if verdict is Verdict.PUBLISH:
        shipped = await tasks.publish(run, before, proposal)
        return replace(result, outcome=shipped.outcome, version=shipped.version)
    return result
