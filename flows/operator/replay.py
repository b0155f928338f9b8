"""Reading the archived pages of the latest release again with today's reader, and publishing what that changes.

Nothing here is asked of a source, and a store answers or fails: no stage gains by Prefect's tries, time-outs and
server, so that this is plain Python. What it publishes passes the same gate and is shipped like that of a night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from flows.run.context import RunContext, RunResult
from flows.run.previous_state import PreviousState, load, load_and_repair
from flows.stages import finalize
from flows.stages.candidate import ReleaseCandidate
from flows.stages.outcome import apply_gate, capture_errors
from flows.stages.read_and_publish import build_candidate, hold_candidate, publish, read_document
from flows.stages.reread import load_captured
from publish.changelog.markdown import changes
from schemas.codelists import Verdict
from schemas.errors import UsageError
from schemas.reading import Reading
from schemas.release import Release

ProgressCallback = Callable[[int, int, str], None]
"""Is told how many documents were read, of how many, and which was the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What today's reader would change in a release; `notes` tells it in sentences."""

    former: Release
    reader: str
    revisions: pl.DataFrame
    notes: str
    result: RunResult


def replay(run: RunContext, watch: ProgressCallback) -> ReplayReport:
    """What a replay would change; nothing is written."""
    before = load(run.store, run.source.id)
    former, proposal = _reread_release(run, before, watch)
    _, result = apply_gate(before, proposal)
    return _replay_report(former, proposal, result)


def replay_and_publish(run: RunContext, watch: ProgressCallback) -> tuple[ReplayReport | None, RunResult]:
    """Publish what a replay changes; a run that fails leaves its record too."""
    before, told = None, None
    with capture_errors() as end:
        before = load_and_repair(run)
        former, proposal = _reread_release(run, before, watch)
        end.result = _apply_verdict(run, before, proposal)
        told = _replay_report(former, proposal, end.result)
    finalize.close(run, before, end.result)
    return told, end.result


def _reread_release(
    run: RunContext, before: PreviousState, watch: ProgressCallback
) -> tuple[Release, ReleaseCandidate]:
    """Read every document of the latest release again, and hold what comes of it against the gate."""
    if before.manifest is None:
        raise UsageError(f"nothing of {run.source.id} is published", where=run.store.url, remedy="run it first")
    readings: list[Reading] = []
    for entry in before.documents:
        readings.append(read_document(load_captured(before.archive, entry), run.source))
        watch(len(readings), len(before.documents), entry.document)
    return before.manifest.release, build_candidate(run, before, tuple(readings))


def _replay_report(former: Release, proposal: ReleaseCandidate, result: RunResult) -> ReplayReport:
    draft = proposal.draft
    heading = f"{former.dataset} {former.version}: {former.reader_version} → {draft.reader_version}"
    return ReplayReport(
        former=former,
        reader=draft.reader_version,
        revisions=draft.tables["revisions"],
        notes=changes(heading, draft.tables, draft.previous_tables),
        result=result,
    )


def _apply_verdict(run: RunContext, before: PreviousState, proposal: ReleaseCandidate) -> RunResult:
    """Do what the gate's verdict says."""
    verdict, result = apply_gate(before, proposal)
    if verdict is Verdict.HOLD:
        held = hold_candidate(run, before, proposal)
        return replace(result, version=held.version, held_candidate=held)
    if verdict is Verdict.PUBLISH:
        shipped = publish(run, before, proposal)
        return replace(result, outcome=shipped.outcome, version=shipped.version)
    return result
