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
from flows.run.context import Result, Run
from flows.run.previous_state import Before
from flows.stages import fetch as fetching
from flows.stages import finalize, read_and_publish
from flows.stages.candidate import Proposal
from publish.alerts.status import Held
from publish.release.publish import Shipped
from schemas.errors import StoreError, StoreUnavailable
from schemas.reading import CapturedDocument, Reading

HOUR = 3600

P = ParamSpec("P")
R = TypeVar("R")


async def store_may_come_back(_task: object, _run: object, state: State[Any]) -> bool:
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
            retry_condition_fn=store_may_come_back,
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
async def look(run: Run) -> Before:
    """What was published and seen."""
    return await asyncio.to_thread(previous_state.look, run)


@as_task("fetch", delays=(5,), timeout=HOUR)
async def fetch(run: Run, before: Before) -> tuple[CapturedDocument, ...]:
    """The source's documents, kept."""
    return await fetching.capture(run, before)


@as_task("read", timeout=HOUR)
async def read(run: Run, pages: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """What they say."""
    return await asyncio.to_thread(read_and_publish.read, run, pages)


@as_task("check", delays=(5,))
async def check(run: Run, before: Before, readings: tuple[Reading, ...]) -> Proposal:
    """The release that would be, and what the gate says of it."""
    return await asyncio.to_thread(read_and_publish.propose, run, before, readings)


@as_task("publish", delays=(1, 5))
async def publish(run: Run, before: Before, proposal: Proposal) -> Shipped:
    """The release, published; writing it again does no harm."""
    return await asyncio.to_thread(read_and_publish.publish, run, before, proposal)


@as_task("hold", delays=(1, 5))
async def hold(run: Run, before: Before, proposal: Proposal) -> Held:
    """The candidate, laid aside."""
    return await asyncio.to_thread(read_and_publish.lay_aside, run, before, proposal)


@as_task("alert")
async def alert(run: Run, before: Before | None, result: Result) -> Result:
    """Who has to know of it, told."""
    return await asyncio.to_thread(alerts.alerted, run, before, result)


@as_task("close", delays=(1, 5))
async def close(run: Run, before: Before | None, result: Result) -> Result:
    """Status, sightings and the record of the run."""
    return await asyncio.to_thread(finalize.close, run, before, result)


@as_task("unclosed")
async def unclosed(run: Run, result: Result, error: StoreError) -> Result:
    """That the store takes none of them, told."""
    return await asyncio.to_thread(finalize.unclosed, run, result, error)
