"""The nightly run of one source, from the official page to a published release."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact

from flows import tasks
from flows.notify.alerts import heard_of, unbegun
from flows.notify.prefect_events import announce, announce_end
from flows.notify.run_report import markdown
from flows.run.context import Result, Run, begin, counted, record
from flows.run.previous_state import Before
from flows.stages.candidate import Proposal
from flows.stages.monitoring import heard
from flows.stages.outcome import concluded, ending, unchanged
from flows.stages.read_and_publish import same_inputs
from infra.logs import LOGGER, be_heard
from raw.samples.serve import bundled
from schemas.codelists import Outcome, Verdict
from schemas.errors import GongbaoError, StoreError


class NightFailed(Exception):
    """A run that published nothing because something went wrong; `record` is the run's record."""

    def __init__(self, record: dict[str, Any]) -> None:
        """Keep the record."""
        super().__init__(f"{record['source']}: {record['outcome']}: {record['error']}")
        self.record = record


class NightFailedToBegin(NightFailed):
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
    """Fetch, keep, read, check and publish one source; returns the run's record, `NightFailed` where it failed.

    `store` is a folder or `s3://bucket/prefix` (`GONGBAO_STORE` where empty), `sources` an operator's registry file,
    `now` the moment that the run takes for its start.
    """
    be_heard()
    run = begun(source, store, sources, now)
    with bundled(run.source):
        before, ended = await night(run)
    result = await closed(run, before, await alerted(run, before, ended))
    told = record(run, result)
    announce_end(told)
    await acreate_markdown_artifact(markdown(told), key=f"nightly-{run.source.id}", description="What this run did")
    if result.exit_status and result.outcome is not Outcome.HELD:
        raise NightFailed(told)
    return told


def begun(source: str, store: str, sources: str, now: datetime | None) -> Run:
    """The run, ready to begin; an error that keeps it from that is told by the channels that can be read.

    Where nobody was told, because no channel is named or none took the message, it is raised as it is, and calls.
    """
    try:
        run = begin(source, store, sources, now)
    except GongbaoError as error:
        turn = unbegun(source, error, os.environ)
        if heard_of(turn, os.environ):
            raise NightFailedToBegin(source, error) from error
        raise
    unbegun(source, None, os.environ)
    return run


async def closed(run: Run, before: Before | None, result: Result) -> Result:
    """The result of a run whose end is written, or which has failed because the store did not take it.

    Events go out before the status says so, as messages do: who is killed in between tells twice, never not at all.
    """
    announce(record(run, result))
    try:
        async with heard(run, before, result):
            end = await tasks.close(run, before, result)
    except StoreError as error:
        end = await tasks.unclosed(run, result, error)
    if end.turn and result.turn:
        announce(record(run, replace(end, turn=end.turn.beyond(result.turn))))
    return end


async def alerted(run: Run, before: Before | None, result: Result) -> Result:
    """The result with who was told of it; a fault on that way must not cost the run its record."""
    told = result
    with ending() as end:
        told = end.result = await tasks.alert(run, before, result)
    if end.result is not told:
        LOGGER.error("nobody could be told: %s", end.result.error)
    return told


async def night(run: Run) -> tuple[Before | None, Result]:
    """The night itself; whatever goes wrong becomes a result."""
    before = None
    with ending() as end:
        before = await tasks.look(run)
        end.result = await from_page_to_release(run, before)
    return before, end.result


async def from_page_to_release(run: Run, before: Before) -> Result:
    """Fetch and read; cut a release where something is new and nothing speaks against it."""
    pages = await tasks.fetch(run, before)
    readings = await tasks.read(run, pages)
    counts = counted(readings)
    if same_inputs(run, before, readings):
        return unchanged(before, readings).having(counts)
    proposal = await tasks.check(run, before, readings)
    result = await decided(run, before, proposal)
    return result.having(counts)


async def decided(run: Run, before: Before, proposal: Proposal) -> Result:
    """Do what the gate's verdict says."""
    verdict, result = concluded(before, proposal)
    if verdict is Verdict.HOLD:
        held = await tasks.hold(run, before, proposal)
        return replace(result, version=held.version, held=held)
    if verdict is Verdict.PUBLISH:
        shipped = await tasks.publish(run, before, proposal)
        return replace(result, outcome=shipped.outcome, version=shipped.version)
    return result
