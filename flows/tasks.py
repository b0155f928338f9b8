"""The stages as Prefect tasks: names, retries and timeouts, and nothing else.

What touches the outside is tried again where waiting may help; a fetcher's and an SDK's own retries come before that.
The stages are synchronous and run in a thread, so that the flow's heartbeat goes on.
"""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import task
from prefect.client.schemas.objects import State

from flows import closing, night
from flows.night import Before, Proposal
from flows.run import Result, Run
from publish.ship import Held, Shipped
from schemas.errors import StoreUnavailable
from schemas.reading import CapturedDocument, Reading

HOUR = 3600


async def store_may_come_back(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether a failed try is worth another: only where the store gave no answer."""
    return isinstance(await state.aresult(raise_on_failure=False), StoreUnavailable)


@task(name="look", retries=2, retry_delay_seconds=[1, 5], retry_condition_fn=store_may_come_back)
async def look(run: Run) -> Before:
    """What was published and seen."""
    return await asyncio.to_thread(night.look, run)


@task(name="fetch", retries=1, retry_delay_seconds=5, retry_condition_fn=store_may_come_back, timeout_seconds=HOUR)
async def fetch(run: Run, before: Before) -> tuple[CapturedDocument, ...]:
    """The source's documents, kept."""
    return await night.capture(run, before)


@task(name="read", timeout_seconds=HOUR)
async def read(run: Run, pages: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """What they say."""
    return await asyncio.to_thread(night.read, run, pages)


@task(name="check", retries=1, retry_delay_seconds=5, retry_condition_fn=store_may_come_back)
async def check(run: Run, before: Before, readings: tuple[Reading, ...]) -> Proposal:
    """The release that would be, and what the gate says of it."""
    return await asyncio.to_thread(night.propose, run, before, readings)


@task(name="publish", retries=2, retry_delay_seconds=[1, 5], retry_condition_fn=store_may_come_back)
async def publish(run: Run, before: Before, proposal: Proposal) -> Shipped:
    """The release, published; writing it again does no harm."""
    return await asyncio.to_thread(night.publish, run, before, proposal)


@task(name="hold", retries=2, retry_delay_seconds=[1, 5], retry_condition_fn=store_may_come_back)
async def hold(run: Run, before: Before, proposal: Proposal) -> Held:
    """The candidate, laid aside."""
    return await asyncio.to_thread(night.lay_aside, run, before, proposal)


@task(name="close", retries=2, retry_delay_seconds=[1, 5], retry_condition_fn=store_may_come_back)
async def close(run: Run, before: Before | None, result: Result) -> None:
    """Status, sightings and the record of the run."""
    await asyncio.to_thread(closing.close, run, before, result)
