"""The order of the stages of a run, written once and without Prefect.

    load_state -> fetch -> read -> check -> publish | hold | nothing -> notify -> finalize -> report

`run_pipeline` says when a stage is called, `Stages` what is called: `LOCAL_STAGES` here, the same as Prefect tasks in
`flows.tasks`, pages of the archive instead of fetched ones in `flows.operator.replay`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar

from flows.notify.alerts import update_and_send
from flows.run.context import RunContext, RunResult, count_numbers
from flows.run.previous_state import PreviousState, load_and_repair
from flows.stages.fetch import fetch
from flows.stages.finalize import finalize, finalize_offline
from flows.stages.monitoring import report
from flows.stages.outcome import failed_result, gate_result, unchanged_result
from flows.stages.read_and_publish import check, hold, inputs_unchanged, publish, read
from infra.logs import LOGGER
from publish.alerts.status import HeldCandidate
from publish.release.build_files import ReleaseCandidate
from publish.release.publish import PublishResult
from schemas.codelists import Outcome, RunKind
from schemas.errors import GongbaoError, StoreError
from schemas.reading import CapturedDocument, Reading

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The functions that a run calls, one for each stage."""

    load_state: Callable[[RunContext], Awaitable[PreviousState]]
    fetch: Callable[[RunContext, PreviousState], Awaitable[tuple[CapturedDocument, ...]]]
    read: Callable[[RunContext, tuple[CapturedDocument, ...]], Awaitable[tuple[Reading, ...]]]
    check: Callable[[RunContext, PreviousState, tuple[Reading, ...]], Awaitable[ReleaseCandidate]]
    publish: Callable[[RunContext, PreviousState, ReleaseCandidate], Awaitable[PublishResult]]
    hold: Callable[[RunContext, PreviousState, ReleaseCandidate], Awaitable[HeldCandidate]]
    notify: Callable[[RunContext, PreviousState | None, RunResult], Awaitable[RunResult]]
    finalize: Callable[[RunContext, PreviousState | None, RunResult], Awaitable[RunResult]]
    finalize_offline: Callable[[RunContext, RunResult, StoreError], Awaitable[RunResult]]
    report: Callable[[RunContext, PreviousState | None, RunResult], Awaitable[None]]


async def run_pipeline(run: RunContext, stages: Stages) -> RunResult:
    """Run one source from its previous state to the record of the run.

    An error in any stage up to `publish` or `hold` becomes the result, and the stages after it take place all the same.
    """
    previous = await _attempt(stages.load_state(run))
    if isinstance(previous, GongbaoError):
        return await _conclude(run, stages, None, failed_result(previous))
    result = await _attempt(_publish_changes(run, stages, previous))
    if isinstance(result, GongbaoError):
        result = failed_result(result)
    return await _conclude(run, stages, previous, result)


async def _publish_changes(run: RunContext, stages: Stages, previous: PreviousState) -> RunResult:
    """Fetch, read and check the source; publish or hold what has changed."""
    documents = await stages.fetch(run, previous)
    readings = await stages.read(run, documents)
    counts = count_numbers(readings)
    if run.kind is not RunKind.REPLAY and inputs_unchanged(run, previous, readings):
        return replace(unchanged_result(previous, readings), counts=counts)
    candidate = await stages.check(run, previous, readings)
    result = replace(gate_result(previous, candidate), counts=counts)
    if result.outcome is Outcome.PUBLISHED:
        published = await stages.publish(run, previous, candidate)
        return replace(result, outcome=published.outcome, version=published.version)
    if result.outcome is Outcome.HELD:
        held = await stages.hold(run, previous, candidate)
        return replace(result, version=held.version, held_candidate=held)
    return result


async def _conclude(run: RunContext, stages: Stages, previous: PreviousState | None, result: RunResult) -> RunResult:
    """Send alerts, then write status and record: after a crash an alert may be sent twice, but is never lost."""
    notified = await _attempt(stages.notify(run, previous, result))
    if isinstance(notified, GongbaoError):
        LOGGER.error("sending alerts failed: %s", notified)
    else:
        result = notified
    reported = replace(result, outcome=Outcome.STORE_FAILED)
    try:
        final = await stages.finalize(run, previous, result)
        reported = result
    except StoreError as error:
        final = await stages.finalize_offline(run, result, error)
    finally:
        await stages.report(run, previous, reported)
    return final


async def _attempt(stage: Awaitable[T]) -> T | GongbaoError:
    """Await a stage and return what it returns, or its error."""
    try:
        return await stage
    except GongbaoError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the one place: an unforeseen error must leave its record too
        return GongbaoError(f"{type(error).__name__}: {error}", remedy="report it, with the record of this run")


def in_thread(stage: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Return a stage that runs in a thread, so that the event loop goes on."""

    @wraps(stage)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(stage, *args, **kwargs)

    return call


LOCAL_STAGES = Stages(
    load_state=in_thread(load_and_repair),
    fetch=fetch,
    read=in_thread(read),
    check=in_thread(check),
    publish=in_thread(publish),
    hold=in_thread(hold),
    notify=in_thread(update_and_send),
    finalize=in_thread(finalize),
    finalize_offline=in_thread(finalize_offline),
    report=in_thread(report),
)
