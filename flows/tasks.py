"""The stages of the pipeline as Prefect tasks: names, retries, timeouts and events, and nothing else.

A stage is tried again if waiting may help: the store gave no answer. The fetcher and the S3 SDK have retries of their
own before that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.notify.prefect_events import emit_alert_events
from flows.pipeline import LOCAL_STAGES, Stages
from flows.run.context import RunContext, RunResult, run_record
from flows.run.previous_state import PreviousState
from schemas.errors import StoreError, StoreUnavailable

HOUR = 3600

P = ParamSpec("P")
R = TypeVar("R")


async def retry_if_store_unavailable(_task: object, _run: object, state: State[Any]) -> bool:
    """Return whether a failed task is worth another try: only if the store gave no answer."""
    return isinstance(await state.aresult(raise_on_failure=False), StoreUnavailable)


def as_task(
    name: str, stage: Callable[P, Awaitable[R]], *, delays: tuple[float, ...] = (), timeout: int | None = None
) -> Callable[P, Awaitable[R]]:
    """Return a stage as a task that is tried again after each delay, in seconds, if the store gives no answer.

    The arguments are bound out of Prefect's sight: it would look for its own objects in every object of every argument
    and hash them all for a cache that is not used. With 10,000 observations that took 2.5 seconds.
    """

    @task(
        name=name,
        cache_policy=NO_CACHE,
        retries=len(delays),
        retry_delay_seconds=list(delays),
        retry_condition_fn=retry_if_store_unavailable,
        timeout_seconds=timeout,
    )
    async def bound(call: Callable[[], Awaitable[R]]) -> R:
        return await call()

    @wraps(stage)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return await bound(partial(stage, *args, **kwargs))

    return run


_notify = as_task("notify", LOCAL_STAGES.notify)
_finalize = as_task("finalize", LOCAL_STAGES.finalize, delays=(1, 5))
_finalize_offline = as_task("finalize_offline", LOCAL_STAGES.finalize_offline)


async def notify(run: RunContext, previous: PreviousState | None, result: RunResult) -> RunResult:
    """Send alerts as messages and as Prefect events, both before the status says so."""
    notified = await _notify(run, previous, result)
    emit_alert_events(run_record(run, notified))
    return notified


async def finalize(run: RunContext, previous: PreviousState | None, result: RunResult) -> RunResult:
    """Write status and record; emit the alerts that came of it."""
    return _emit_later_alerts(run, result, await _finalize(run, previous, result))


async def finalize_offline(run: RunContext, result: RunResult, error: StoreError) -> RunResult:
    """Save the record to the spool; emit the alerts that came of it."""
    return _emit_later_alerts(run, result, await _finalize_offline(run, result, error))


def _emit_later_alerts(run: RunContext, earlier: RunResult, result: RunResult) -> RunResult:
    if result.alert_changes and earlier.alert_changes:
        later = result.alert_changes.difference(earlier.alert_changes)
        emit_alert_events(run_record(run, replace(result, alert_changes=later)))
    return result


PREFECT_STAGES = Stages(
    load_state=as_task("load_state", LOCAL_STAGES.load_state, delays=(1, 5)),
    fetch=as_task("fetch", LOCAL_STAGES.fetch, delays=(5,), timeout=HOUR),
    read=as_task("read", LOCAL_STAGES.read, timeout=HOUR),
    check=as_task("check", LOCAL_STAGES.check, delays=(5,)),
    publish=as_task("publish", LOCAL_STAGES.publish, delays=(1, 5)),
    hold=as_task("hold", LOCAL_STAGES.hold, delays=(1, 5)),
    notify=notify,
    finalize=finalize,
    finalize_offline=finalize_offline,
    report=LOCAL_STAGES.report,
)
