"""Events of Prefect where a run is killed or its store takes nothing, and runs that cannot start."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Never

import pytest
from support.commands import environment, process
from support.faults import ReadOnlyStore
from support.nights import Record, flow
from support.receivers import Hook
from support.scenario import night

from flows import nightly as nightly_flow
from flows.notify import prefect_events
from flows.run import context
from flows.run.start import RunFailedToStart, start_run
from flows.tasks import PREFECT_STAGES
from infra.store import Store, open_store
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from support.cms import SiteEditor

pytestmark = [pytest.mark.xdist_group("flows"), pytest.mark.usefixtures("prefect_api")]


def nightly(sources: str, store: Store, day: int) -> Record:
    return asyncio.run(flow(store.url, sources, night(day)))


def titles(channel: Hook) -> list[str]:
    return [post.body["title"].partition(" | ")[2].partition(":")[0] for post in channel.posts]


class TestEvents:
    def test_are_out_before_a_run_can_be_killed_over_its_status(
        self, june_site: tuple[SiteEditor, str, Store], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class KilledError(BaseException):
            """The process ends."""

        async def killed(*_: object) -> Never:
            raise KilledError

        editor, sources, store = june_site
        nightly(sources, store, 1)
        editor.articles.clear()
        emitted = list[str]()
        monkeypatch.setattr(prefect_events, "emit_event", lambda name, *_, **__: emitted.append(name))
        with monkeypatch.context() as patch:
            patch.setattr(nightly_flow, "PREFECT_STAGES", replace(PREFECT_STAGES, finalize=killed))
            with pytest.raises(KilledError):
                nightly(sources, store, 2)
        assert emitted == ["gongbao.alert.raised"]
        nightly(sources, store, 3)
        assert emitted[1:] == ["gongbao.alert.raised", "gongbao.run.source_failed"]

    def test_of_a_store_that_takes_nothing_are_emitted_too_and_once(
        self, june_site: tuple[SiteEditor, str, Store], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = june_site
        nightly(sources, store, 1)
        emitted = list[str]()
        monkeypatch.setattr(prefect_events, "emit_event", lambda name, *_, **__: emitted.append(name))
        monkeypatch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
        for day in (2, 3):
            nightly(sources, store, day)
        assert emitted == ["gongbao.alert.raised", "gongbao.run.store_failed", "gongbao.run.store_failed"]


def test_a_run_that_cannot_begin_has_failed_as_one_that_was_told_and_another_as_it_is(
    june_site: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sources, store = june_site
    with monkeypatch.context() as patch:
        patch.setenv("GONGBAO_MINISIGN_KEY", "/nowhere/key")
        for _ in range(2):
            with pytest.raises(RunFailedToStart, match="settings") as caught:
                start_run("seed", store.url, sources, None)
            assert isinstance(caught.value.error, SettingsError)
        assert len(channel.posts) == 1
        patch.setenv("GONGBAO_ALERT_URLS", "")
        with pytest.raises(SettingsError):
            start_run("seed", store.url, sources, None)
    assert fnmatch(f"Flow run encountered an exception: {RunFailedToStart.__name__}: ...", "*RunFailed*")
    start_run("seed", store.url, sources, None)
    start_run("seed", store.url, sources, None)
    assert titles(channel) == ["Gongbao alert, seed", "Gongbao alert cleared, seed"]


def test_two_runs_of_the_command_without_a_store_are_one_message(
    prefect_api: str, june_site: tuple[SiteEditor, str, Store], channel: Hook, tmp_path: Path
) -> None:
    """The settings are looked at before each night, and say nothing of the store."""
    _, sources, _ = june_site
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    url = f"json://{channel.place}/x"
    given = {"GONGBAO_ALERT_URLS": url, "GONGBAO_SPOOL": str(tmp_path / "spool"), "PREFECT_API_URL": prefect_api}
    command = ("run", "--source", "seed", "--sources", sources, "--store", str(file))
    for _ in range(2):
        done = process(*command, environ=environment(tmp_path, **given))
        assert done.status == 6, done.err
    assert titles(channel) == ["Gongbao alert, seed"]
    file.unlink()
    done = process(*command, environ=environment(tmp_path, **given))
    assert (done.status, titles(channel)[1:]) == (0, ["Gongbao alert cleared, seed"]), done.err
