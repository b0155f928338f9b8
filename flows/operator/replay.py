"""Read the archived pages of the latest release again with this reader, and publish what that changes.

It is the pipeline with other stages: pages come out of the archive instead of the source, no alert is sent and no
metric written. What it publishes passes the same gate as a nightly run.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from flows.pipeline import LOCAL_STAGES, Stages, run_pipeline
from flows.run.context import RunContext, RunResult
from flows.run.previous_state import PreviousState, load
from flows.stages.read_and_publish import read_document
from flows.stages.reread import load_captured
from publish.alerts.status import HeldCandidate
from publish.changelog.markdown import changes
from publish.release.build_files import ReleaseCandidate
from publish.release.publish import PublishResult
from schemas.codelists import Outcome
from schemas.errors import StoreError, UsageError
from schemas.reading import CapturedDocument, Reading
from schemas.release import Release

ProgressCallback = Callable[[int, int, str], None]
"""Called after each document with how many were read, of how many, and the id of the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What this reader would change in a release; `notes` says it in sentences."""

    previous: Release
    reader: str
    revisions: pl.DataFrame
    notes: str
    result: RunResult


def replay(run: RunContext, progress: ProgressCallback) -> ReplayReport:
    """Return what a replay would change; nothing is written.

    Raises:
        GongbaoError: A page cannot be read, or nothing is published.
    """
    candidates: list[ReleaseCandidate] = []
    result = asyncio.run(run_pipeline(run, _without_writing(_stages(progress, candidates))))
    if result.error:
        raise result.error
    return _report(candidates[0], result)


def replay_and_publish(run: RunContext, progress: ProgressCallback) -> tuple[ReplayReport | None, RunResult]:
    """Publish what a replay changes; a run that fails has no report, but leaves its record."""
    candidates: list[ReleaseCandidate] = []
    result = asyncio.run(run_pipeline(run, _stages(progress, candidates)))
    return (_report(candidates[0], result) if candidates and not result.error else None), result


def _stages(progress: ProgressCallback, candidates: list[ReleaseCandidate]) -> Stages:
    """Return stages that read the archive and append the candidate that they check."""

    async def fetch(run: RunContext, previous: PreviousState) -> tuple[CapturedDocument, ...]:
        if previous.manifest is None:
            raise UsageError(f"nothing of {run.source.id} is published", where=run.store.url, remedy="run it first")
        return tuple(load_captured(previous.archive, entry) for entry in previous.documents)

    async def read(run: RunContext, documents: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
        readings: list[Reading] = []
        for document in documents:
            readings.append(read_document(document, run.source))
            progress(len(readings), len(documents), document.document_id)
        return tuple(readings)

    async def check(run: RunContext, previous: PreviousState, readings: tuple[Reading, ...]) -> ReleaseCandidate:
        candidates.append(await LOCAL_STAGES.check(run, previous, readings))
        return candidates[-1]

    async def report(_run: RunContext, _previous: PreviousState | None, _result: RunResult) -> None:
        """Report nothing: a replay says nothing about the source."""

    return replace(LOCAL_STAGES, fetch=fetch, read=read, check=check, report=report)


def _without_writing(stages: Stages) -> Stages:
    """Return the stages with each that writes or sends replaced by one that does not."""

    async def load_state(run: RunContext) -> PreviousState:
        return load(run.store, run.source.id)

    async def publish(_run: RunContext, _previous: PreviousState, _candidate: ReleaseCandidate) -> PublishResult:
        return PublishResult(outcome=Outcome.PUBLISHED, version="")

    async def hold(_run: RunContext, _previous: PreviousState, candidate: ReleaseCandidate) -> HeldCandidate:
        return HeldCandidate(version="", inputs_sha256=candidate.inputs_sha256)

    async def keep(_run: RunContext, _previous: PreviousState | None, result: RunResult) -> RunResult:
        return result

    async def keep_offline(_run: RunContext, result: RunResult, _error: StoreError) -> RunResult:
        return result

    unwritten = replace(stages, load_state=load_state, publish=publish, hold=hold)
    return replace(unwritten, notify=keep, finalize=keep, finalize_offline=keep_offline)


def _report(candidate: ReleaseCandidate, result: RunResult) -> ReplayReport:
    inputs, previous = candidate.inputs, candidate.inputs.previous_release
    assert previous, "a replay has a previous release"  # noqa: S101 - `fetch` has checked it
    heading = f"{previous.dataset} {previous.version}: {previous.reader_version} → {inputs.reader_version}"
    return ReplayReport(
        previous=previous,
        reader=inputs.reader_version,
        revisions=candidate.tables["revisions"],
        notes=changes(heading, candidate.tables, inputs.previous_tables),
        result=result,
    )
