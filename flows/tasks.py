"""The stages as Prefect tasks: names, retries and timeouts, and nothing else.

What touches the outside is tried again where waiting may help; a fetcher's and an SDK's own retries come before that.
The stages are synchronous and run in a thread, so that the flow's heartbeat goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.notify import alerts
from flows.run import previous_state
from flows.run.context import RunContext, RunResult
from flows.run.previous_state import PreviousState
from flows.stages import fetch as fetching
from flows.stages import finalize, read_and_publish
from flows.stages.candidate import ReleaseCandidate
from publish.alerts.status import HeldCandidate
from publish.release.publish import PublishResult
from schemas.errors import StoreError, StoreUnavailable
from schemas.reading import CapturedDocument, Reading

HOUR = 3600

P = ParamSpec("P")
R = TypeVar("R")


async def retry_if_store_unavailable(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether a failed try is worth another: only where the store gave no answer."""
    return isinstance(await state.aresult(raise_on_failure=False), StoreUnavailable)


def as_task(
    name: str, *, delays: tuple[float, ...] = (), timeout: int | None = None
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Make a stage a task that is tried again after each delay, in seconds, while the store gives no answer.

    Its arguments reach it bound, out of Prefect's sight: Prefect looks for its own objects in each object of each
    argument, and hashes them all for a cache that nobody asks. With 10,000 observations that took 2.5 seconds.
    """

    def decorate(stage: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
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

    return decorate


@as_task("look", delays=(1, 5))
async def load_state(run: RunContext) -> PreviousState:
    """What was published and seen."""
    return await asyncio.to_thread(previous_state.load_and_repair, run)


@as_task("fetch", delays=(5,), timeout=HOUR)
async def fetch(run: RunContext, before: PreviousState) -> tuple[CapturedDocument, ...]:
    """The source's documents, kept."""
    return await fetching.capture(run, before)


@as_task("read", timeout=HOUR)
async def read(run: RunContext, pages: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """What they say."""
    return await asyncio.to_thread(read_and_publish.read, run, pages)


@as_task("check", delays=(5,))
async def check(run: RunContext, before: PreviousState, readings: tuple[Reading, ...]) -> ReleaseCandidate:
    """The release that would be, and what the gate says of it."""
    return await asyncio.to_thread(read_and_publish.build_candidate, run, before, readings)


@as_task("publish", delays=(1, 5))
async def publish(run: RunContext, before: PreviousState, proposal: ReleaseCandidate) -> PublishResult:
    """The release, published; writing it again does no harm."""
    return await asyncio.to_thread(read_and_publish.publish, run, before, proposal)


@as_task("hold", delays=(1, 5))
async def hold(run: RunContext, before: PreviousState, proposal: ReleaseCandidate) -> HeldCandidate:
    """The candidate, laid aside."""
    return await asyncio.to_thread(read_and_publish.hold_candidate, run, before, proposal)


@as_task("alert")
async def alert(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """Who has to know of it, told."""
    return await asyncio.to_thread(alerts.update_and_send, run, before, result)


@as_task("close", delays=(1, 5))
async def close(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """Status, sightings and the record of the run."""
    return await asyncio.to_thread(finalize.close, run, before, result)


@as_task("unclosed")
async def finalize_offline(run: RunContext, result: RunResult, error: StoreError) -> RunResult:
    """That the store takes none of them, told."""
    return await asyncio.to_thread(finalize.record_in_spool, run, result, error)
