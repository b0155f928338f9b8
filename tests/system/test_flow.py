"""The flow and its tasks on a real Prefect: what is tried again, how a run ends, what is emitted, what cannot start."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, Never

import httpx
import pytest
from prefect import task
from support.june_runs import SiteStore, june
from support.receivers import Hook
from support.runs import assert_copies_follow, data, flow, run_records, versions
from support.site_editor import SiteEditor, registry, short_article
from support.wrapped_stores import ReadOnlyStore, WrappedStore

from flows import nightly as nightly_flow
from flows import tasks
from flows.nightly import nightly
from flows.notify import prefect_events
from flows.run import context
from flows.run.context import create_context
from flows.run.start import RunFailed, RunFailedToStart, start_run
from flows.tasks import PREFECT_STAGES, as_task
from infra.store import open_store
from schemas.errors import SettingsError, SourceUnreachable, StoreDenied, StoreUnavailable

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
    """How a run at this base ended on the server, and the report that stands beside it."""
    state = await nightly("seed", str(folder / "store"), registry(folder, base), return_state=True)
    which = {"flow_run_id": {"any_": [str(state.state_details.flow_run_id)]}, "type": {"any_": ["markdown"]}}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{api}/artifacts/filter", json={"artifacts": which})
    (artifact,) = answer.raise_for_status().json()
    assert artifact["key"] == "nightly-seed"
    return state, artifact["data"]


@pytest.mark.usefixtures("quick_settings")
async def test_a_run_whose_source_is_away_fails_on_the_server_and_says_why(prefect_api: str, tmp_path: Path) -> None:
    state, report = await ended(prefect_api, tmp_path, "http://127.0.0.1:9/zshjq")
    assert state.is_failed()
    assert isinstance(await state.aresult(raise_on_failure=False), RunFailed)
    assert report.startswith("# seed: source_failed")
    assert "What to do: " in report


@pytest.mark.usefixtures("quick_settings")
@pytest.mark.parametrize(("limit", "outcome"), [("1", "published"), ("0", "held"), ("", "rejected")])
async def test_a_run_that_publishes_or_holds_completes_on_the_server_and_one_that_rejects_fails(
    prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, outcome: str
) -> None:
    foreign = replace(short_article(SENTENCE), publisher="某某网络科技有限公司")
    if limit:
        monkeypatch.setenv("GONGBAO_UNREAD_LIMIT", limit)
    with SiteEditor(articles=[short_article(SENTENCE) if limit else foreign]).served() as base:
        state, report = await ended(prefect_api, tmp_path, base)
    assert (state.is_completed(), state.is_failed()) == (outcome != "rejected", outcome == "rejected")
    assert report.startswith(f"# seed: {outcome}")


async def test_a_report_is_released_once_and_again_only_when_a_number_in_it_changes(
    s3_url: str, sources: str, editor: SiteEditor
) -> None:
    store = open_store(s3_url)
    first = await flow(s3_url, sources)
    assert (first["outcome"], first["exit_status"], first["error"]) == ("published", 0, None)
    pointer = data(store, "seed/latest.json")

    second = await flow(s3_url, sources)
    assert (second["outcome"], second["version"]) == ("unchanged", first["version"])
    assert data(store, "seed/latest.json") == pointer
    assert versions(store) == [first["version"]]

    editor.correct("GDP573.72亿元", "GDP575.80亿元")
    third = await flow(s3_url, sources)
    assert third["outcome"] == "published"
    assert versions(store) == [first["version"], third["version"]]
    notes = data(store, f"seed/v/{third['version']}/CHANGES.md").decode().rpartition("## ")[2]
    (change,) = [line for line in notes.splitlines() if line.startswith("- ")]
    assert "573.72亿元" in change
    assert "575.80亿元" in change
    assert_copies_follow(store)
    assert [record["outcome"] for record in run_records(store)] == ["published", "unchanged", "published"]


class KilledError(BaseException):
    """The process ends."""


def test_events_are_out_before_a_run_can_be_killed_over_its_status_and_of_a_store_that_takes_nothing_too(
    june_site: SiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> Never:
        raise KilledError

    def run(day: int) -> list[str]:
        emitted.clear()
        asyncio.run(flow(june_site.url, june_site.sources, june(day)))
        return emitted

    emitted = list[str]()
    june_site.publish(1)
    monkeypatch.setattr(prefect_events, "emit_event", lambda name, *_, **__: emitted.append(name))
    articles = list(june_site.editor.articles)
    june_site.editor.articles.clear()
    with monkeypatch.context() as patch:
        patch.setattr(nightly_flow, "PREFECT_STAGES", replace(PREFECT_STAGES, finalize=killed))
        with pytest.raises(KilledError):
            run(2)
    assert emitted == ["gongbao.alert.raised"]
    assert run(3) == ["gongbao.alert.raised", "gongbao.run.source_failed"]
    june_site.editor.articles[:] = articles
    june_site.run(4)
    monkeypatch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
    assert run(5) == ["gongbao.alert.raised", "gongbao.run.store_failed"]
    assert run(6) == ["gongbao.run.store_failed"]


def test_a_run_that_cannot_begin_has_failed_and_is_alerted_where_there_is_a_channel(
    june_site: SiteStore, channel: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start() -> None:
        start_run("seed", june_site.url, june_site.sources, None)

    with monkeypatch.context() as patch:
        patch.setenv("GONGBAO_MINISIGN_KEY", "/nowhere/key")
        for _ in range(2):
            with pytest.raises(RunFailedToStart, match="settings") as caught:
                start()
            assert isinstance(caught.value.error, SettingsError)
        assert len(channel.posts) == 1
        patch.setenv("GONGBAO_ALERT_URLS", "")
        with pytest.raises(SettingsError):
            start()
    assert fnmatch(f"Flow run encountered an exception: {RunFailedToStart.__name__}: ...", "*RunFailed*")
    start()
    start()
    titles = [post.body["title"].partition(" | ")[2].partition(":")[0] for post in channel.posts]
    assert titles == ["Gongbao alert, seed", "Gongbao alert cleared, seed"]
