"""Stages as tasks of a real Prefect: what is tried again, what is not looked into, and how the run of a flow ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Never

import httpx
import pytest
from prefect import task
from support.cms import SiteEditor, registry, short_article
from support.faults import WrappedStore
from support.seaweed import free_ports

from flows import tasks
from flows.nightly import nightly
from flows.run.context import create_context
from flows.run.start import RunFailed
from flows.tasks import as_task
from infra.store import open_store
from schemas.errors import SourceUnreachable, StoreDenied, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from prefect.client.schemas.objects import State


pytestmark = [pytest.mark.xdist_group("flows"), pytest.mark.usefixtures("prefect_api")]

SENTENCE = "2024年，地区生产总值573.72亿元，增长3.5%。其余：17，23，99。"


@dataclass(slots=True, kw_only=True)
class FailingStore(WrappedStore):
    """A store that gives no answer to the first read."""

    reads: int = 0

    def before(self, method: str, key: str) -> None:
        self.reads += method == "get"
        if self.reads == 1:
            raise StoreUnavailable("no answer", where=key)


class Sealed(tuple[int, ...]):
    """An argument that breaks when it is walked through or taken apart to be hashed."""

    __slots__ = ()

    def __iter__(self) -> Never:
        raise AssertionError("walked through")

    def __reduce_ex__(self, protocol: object) -> Never:
        raise AssertionError("taken apart")


async def count(numbers: tuple[int, ...]) -> int:
    return len(numbers)


def failing(error: Exception, delays: tuple[float, ...]) -> tuple[list[None], Callable[[], Awaitable[None]]]:
    """A task that always fails with this error, and the list of its tries."""
    tries: list[None] = []

    async def fails() -> None:
        tries.append(None)
        raise error

    return tries, as_task("fails", fails, delays=delays)


async def test_a_store_that_gave_no_answer_is_asked_again(tmp_path: Path) -> None:
    store = FailingStore(within=open_store(str(tmp_path / "store")))
    before = await tasks.PREFECT_STAGES.load_state(replace(create_context("torch", "", "", None), store=store))
    assert before.pointer is None
    assert store.reads > 1


async def test_a_store_that_never_answers_is_given_up_after_the_last_delay() -> None:
    tries, fails = failing(StoreUnavailable("no answer"), delays=(0, 0))
    with pytest.raises(StoreUnavailable, match="no answer"):
        await fails()
    assert len(tries) == 3


@pytest.mark.parametrize("error", [StoreDenied("not allowed"), SourceUnreachable("away"), KeyError("unforeseen")])
async def test_what_waiting_does_not_help_is_not_tried_again(error: Exception) -> None:
    tries, fails = failing(error, delays=(0, 0))
    with pytest.raises(type(error)):
        await fails()
    assert len(tries) == 1


async def test_prefect_looks_into_no_argument_of_a_stage(caplog: pytest.LogCaptureFixture) -> None:
    assert await as_task("counts", count)(Sealed((1, 2))) == 2
    assert not [line for line in caplog.messages if "cache key" in line]
    with pytest.raises(AssertionError, match="walked through"):  # as it does, were the stage a plain task
        await task(count)(Sealed((1, 2)))


async def ended(api: str, folder: Path, base: str) -> tuple[State[Any], str]:
    """How a night at this base ended on the server, and the report that stands beside it."""
    state = await nightly("seed", str(folder / "store"), registry(folder, base), return_state=True)
    which = {"flow_run_id": {"any_": [str(state.state_details.flow_run_id)]}, "type": {"any_": ["markdown"]}}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{api}/artifacts/filter", json={"artifacts": which})
    (artifact,) = answer.raise_for_status().json()
    assert artifact["key"] == "nightly-seed"
    return state, artifact["data"]


@pytest.mark.usefixtures("quick_settings")
async def test_a_run_whose_source_is_away_fails_on_the_server_and_says_why(prefect_api: str, tmp_path: Path) -> None:
    (closed,) = free_ports(1)
    state, report = await ended(prefect_api, tmp_path, f"http://127.0.0.1:{closed}/zshjq")
    assert state.is_failed()
    assert isinstance(await state.aresult(raise_on_failure=False), RunFailed)
    assert report.startswith("# seed: source_failed")
    assert "What to do: " in report


@pytest.mark.usefixtures("quick_settings")
async def test_a_run_that_rejects_what_it_read_fails_on_the_server(prefect_api: str, tmp_path: Path) -> None:
    foreign = replace(short_article(SENTENCE), publisher="某某网络科技有限公司")
    with SiteEditor(articles=[foreign]).served() as base:
        state, report = await ended(prefect_api, tmp_path, base)
    assert state.is_failed()
    assert report.startswith("# seed: rejected")


@pytest.mark.usefixtures("quick_settings")
@pytest.mark.parametrize(("limit", "outcome"), [("1", "published"), ("0", "held")])
async def test_a_run_that_publishes_or_lays_aside_completes_on_the_server(
    prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, outcome: str
) -> None:
    monkeypatch.setenv("GONGBAO_UNREAD_LIMIT", limit)
    with SiteEditor(articles=[short_article(SENTENCE)]).served() as base:
        state, report = await ended(prefect_api, tmp_path, base)
    assert state.is_completed()
    assert report.startswith(f"# seed: {outcome} ")
