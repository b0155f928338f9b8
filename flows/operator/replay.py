"""Reading the archived pages of the latest release again with today's reader, and publishing what that changes.

Nothing here is asked of a source, and a store answers or fails: no stage gains by Prefect's tries, time-outs and
server, so that this is plain Python. What it publishes passes the same gate and is shipped like that of a night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from flows.run.context import Result, Run
from flows.run.previous_state import Before, look, seen
from flows.stages import finalize
from flows.stages.candidate import Proposal
from flows.stages.outcome import concluded, ending
from flows.stages.read_and_publish import lay_aside, propose, publish, reading_of
from flows.stages.reread import recalled
from publish.changelog.markdown import changes
from schemas.codelists import Verdict
from schemas.errors import UsageError
from schemas.reading import Reading
from schemas.release import Release

Watch = Callable[[int, int, str], None]
"""Is told how many documents were read, of how many, and which was the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What today's reader would change in a release; `notes` tells it in sentences."""

    former: Release
    reader: str
    revisions: pl.DataFrame
    notes: str
    result: Result


def replay(run: Run, watch: Watch) -> Replayed:
    """What a replay would change; nothing is written."""
    before = seen(run.store, run.source.id)
    former, proposal = _again(run, before, watch)
    _, result = concluded(before, proposal)
    return _told(former, proposal, result)


def replay_and_publish(run: Run, watch: Watch) -> tuple[Replayed | None, Result]:
    """Publish what a replay changes; a run that fails leaves its record too."""
    before, told = None, None
    with ending() as end:
        before = look(run)
        former, proposal = _again(run, before, watch)
        end.result = _done(run, before, proposal)
        told = _told(former, proposal, end.result)
    finalize.close(run, before, end.result)
    return told, end.result


def _again(run: Run, before: Before, watch: Watch) -> tuple[Release, Proposal]:
    """Read every document of the latest release again, and hold what comes of it against the gate."""
    if before.manifest is None:
        raise UsageError(f"nothing of {run.source.id} is published", where=run.store.url, remedy="run it first")
    readings: list[Reading] = []
    for entry in before.documents:
        readings.append(reading_of(recalled(before.archive, entry), run.source))
        watch(len(readings), len(before.documents), entry.document)
    return before.manifest.release, propose(run, before, tuple(readings))


def _told(former: Release, proposal: Proposal, result: Result) -> Replayed:
    draft = proposal.draft
    heading = f"{former.dataset} {former.version}: {former.reader_version} → {draft.reader_version}"
    return Replayed(
        former=former,
        reader=draft.reader_version,
        revisions=draft.tables["revisions"],
        notes=changes(heading, draft.tables, draft.before),
        result=result,
    )


def _done(run: Run, before: Before, proposal: Proposal) -> Result:
    """Do what the gate's verdict says."""
    verdict, result = concluded(before, proposal)
    if verdict is Verdict.HOLD:
        held = lay_aside(run, before, proposal)
        return replace(result, version=held.version, held=held)
    if verdict is Verdict.PUBLISH:
        shipped = publish(run, before, proposal)
        return replace(result, outcome=shipped.outcome, version=shipped.version)
    return result
