"""The nightly run of one source, from the official page to a published release."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact

from flows import tasks
from flows.alerting import unbegun
from flows.bundled import bundled
from flows.ending import concluded, ending
from flows.events import announce
from flows.heartbeat import heard
from flows.known import Before
from flows.night import same_inputs
from flows.proposal import Proposal, findings_of
from flows.report import markdown
from flows.run import Result, Run, begin, counted, record
from infra.logs import LOGGER, be_heard
from schemas.codelists import Outcome, Verdict
from schemas.errors import GongbaoError


class NightFailed(Exception):
    """A run that published nothing because something went wrong; `record` is the run's record."""

    def __init__(self, record: dict[str, Any]) -> None:
        """Keep the record."""
        super().__init__(f"{record['source']}: {record['outcome']}: {record['error']}")
        self.record = record


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
    result = await alerted(run, before, ended)
    async with heard(run, before, result):
        await tasks.close(run, before, result)
    told = record(run, result)
    announce(told)
    await acreate_markdown_artifact(markdown(told), key=f"nightly-{run.source.id}", description="What this run did")
    if result.exit_status and result.outcome is not Outcome.HELD:
        raise NightFailed(told)
    return told


def begun(source: str, store: str, sources: str, now: datetime | None) -> Run:
    """The run, ready to begin; an error that keeps it from that is told by the channels that can be read."""
    try:
        return begin(source, store, sources, now)
    except GongbaoError as error:
        unbegun(source, error, os.environ)
        raise


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
    if before.manifest and same_inputs(run, before, readings):
        former = before.manifest.release
        findings = findings_of(readings, former)
        same = Result(outcome=Outcome.UNCHANGED, version=former.version, findings=findings, weighed=False)
        return same.having(counts)
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
