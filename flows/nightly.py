"""The nightly run of one source, from the official page to a published release."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact

from flows import tasks
from flows.bundled import bundled
from flows.known import Before
from flows.night import same_inputs
from flows.proposal import Proposal, findings_of
from flows.report import markdown
from flows.run import Result, Run, begin, counted, record
from infra.logs import be_heard
from publish.gate import judge
from schemas.codelists import Outcome, Verdict
from schemas.errors import ContentError, GongbaoError, SourceError, StoreError, UsageError


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
    run = begin(source, store, sources, now)
    with bundled(run.source):
        before, result = await night(run)
    await tasks.close(run, before, result)
    told = record(run, result)
    await acreate_markdown_artifact(markdown(told), key=f"nightly-{run.source.id}", description="What this run did")
    if result.exit_status and result.outcome is not Outcome.HELD:
        raise NightFailed(told)
    return told


async def night(run: Run) -> tuple[Before | None, Result]:
    """The night itself; whatever goes wrong becomes a result."""
    before = None
    try:
        before = await tasks.look(run)
        return before, await from_page_to_release(run, before)
    except GongbaoError as error:
        return before, Result(outcome=_outcome(error), error=error)
    except Exception as error:  # noqa: BLE001 - the one place: an unforeseen error must leave its record too
        unforeseen = GongbaoError(f"{type(error).__name__}: {error}", remedy="report it, with the record of this run")
        return before, Result(outcome=Outcome.FAILED, error=unforeseen)


async def from_page_to_release(run: Run, before: Before) -> Result:
    """Fetch and read; cut a release where something is new and nothing speaks against it."""
    pages = await tasks.fetch(run, before)
    readings = await tasks.read(run, pages)
    counts = counted(readings)
    if same_inputs(before, readings) and before.pointer:
        findings = findings_of(readings)
        return Result(outcome=Outcome.UNCHANGED, version=before.pointer.version, findings=findings, counts=counts)
    proposal = await tasks.check(run, before, readings)
    result = await decided(run, before, proposal)
    return result.having(counts)


async def decided(run: Run, before: Before, proposal: Proposal) -> Result:
    """Do what the gate's verdict says."""
    findings = proposal.inspection.findings
    former = before.manifest.release if before.manifest else None
    verdict = judge(findings, same_content=former is not None and former.content_sha256 == proposal.content)
    if verdict is Verdict.REJECT:
        return Result(outcome=Outcome.REJECTED, findings=findings)
    if verdict is Verdict.UNCHANGED and former:
        return Result(outcome=Outcome.UNCHANGED, version=former.version, findings=findings)
    if verdict is Verdict.HOLD:
        held = await tasks.hold(run, before, proposal)
        return Result(outcome=Outcome.HELD, version=held.version, held=held, findings=findings)
    shipped = await tasks.publish(run, before, proposal)
    return Result(outcome=shipped.outcome, version=shipped.version, findings=findings)


def _outcome(error: GongbaoError) -> Outcome:
    """The outcome that an error means."""
    kinds = {
        SourceError: Outcome.SOURCE_FAILED,
        ContentError: Outcome.REJECTED,
        StoreError: Outcome.STORE_FAILED,
        UsageError: Outcome.USAGE,
    }
    return next((outcome for kind, outcome in kinds.items() if isinstance(error, kind)), Outcome.FAILED)
