"""A store that answers and takes nothing, nights that are killed, pages that fail in turn: each is told once."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Never

import pytest
from support.commands import environment, process
from support.nights import Record, flow, loaded, run_records
from support.receivers import Hook, hook
from support.release_store import site
from support.scenario import night

from flows import nightly as nightly_flow
from flows.notify import prefect_events
from flows.run import context
from flows.run.start import RunFailedToStart, start_run
from flows.tasks import PREFECT_STAGES
from infra.store import Entry, Headers, Store, Stored, open_store
from schemas.errors import SettingsError, StoreDenied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.cms import SiteEditor

pytestmark = [pytest.mark.xdist_group("flows"), pytest.mark.usefixtures("prefect_api")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnly:
    """A store in which a source may lay its own down, and nobody may write what is common: status, feed, records."""

    within: Store

    @property
    def url(self) -> str:
        return self.within.url

    def get(self, key: str) -> Stored | None:
        return self.within.get(key)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        return self.within.list(prefix)

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        self._allow(key)
        return self.within.put_new(key, data, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        self._allow(key)
        return self.within.swap(key, data, headers, expected=expected)

    def _allow(self, key: str) -> None:
        if not key.startswith(("raw/", "seed/")):
            raise StoreDenied("no right to write", where=key)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    """A webhook that is told of every alert."""
    with hook() as found:
        monkeypatch.setenv("GONGBAO_ALERT_URLS", f"json://{found.place}/x")
        yield found


@pytest.fixture
def place(tmp_path: Path, channel: Hook) -> Iterator[tuple[SiteEditor, str, Store]]:  # noqa: ARG001 - the channel is in the environment
    with site(tmp_path) as (editor, sources, store):
        yield editor, sources, open_store(store)


def nightly(sources: str, store: Store, day: int) -> Record:
    return asyncio.run(flow(store.url, sources, night(day)))


def nobody(sources: str) -> str:
    """A registry file whose site does not answer."""
    found = Path(sources).with_name("nobody.toml")
    text = re.sub(r'base = ".*"', 'base = "http://127.0.0.1:9/x"', Path(sources).read_text(encoding="utf-8"))
    found.write_text(text, encoding="utf-8")
    return str(found)


def titles(channel: Hook) -> list[str]:
    return [post.body["title"].partition(" | ")[2].partition(":")[0] for post in channel.posts]


def codes(store: Store) -> list[str]:
    """The alerts that are open, as the store has them."""
    return [alert["code"] for alert in loaded(store, "status.json")["sources"]["seed"]["alerts"]]


def spooled(tmp_path: Path) -> list[Record]:
    return [json.loads(path.read_bytes()) for path in sorted((tmp_path / "spool").glob("seed-*.json"))]


class TestAStoreThatTakesNothing:
    def test_is_told_once_and_once_that_it_takes_again(
        self, place: tuple[SiteEditor, str, Store], channel: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = place
        nightly(sources, store, 1)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnly(within=open_store(url)))
            failed = [nightly(sources, store, day) for day in (2, 3)]
        assert [(one["outcome"], one["exit_status"]) for one in failed] == [("store_failed", 6)] * 2
        assert [one["alerts"]["open"] for one in failed] == [["store_denied"]] * 2
        assert ([len(one["alerts"]["raised"]) for one in failed], titles(channel)) == ([1, 0], ["Gongbao alert, seed"])
        assert {one["outcome"] for one in spooled(tmp_path)} == {"store_failed"}

        assert [nightly(sources, store, day)["outcome"] for day in (4, 5)] == ["unchanged"] * 2
        assert titles(channel)[1:] == ["Gongbao alert cleared, seed"]
        assert (codes(store), run_records(store)[1]["alerts"]["cleared"][0]["code"]) == ([], "store_denied")
        assert not (tmp_path / "spool" / "alerts-seed.json").exists()
        news = loaded(store, "status.json")["sources"]["seed"]["news"]
        assert [(one["event"], one["alert"]["code"]) for one in news] == [("cleared", "store_denied")]

    def test_tells_no_clearing_twice_though_it_cannot_say_that_it_was_told(
        self, place: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = place
        nightly(sources, store, 1)
        nightly(nobody(sources), store, 2)
        (down,) = codes(store)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnly(within=open_store(url)))
            records = [nightly(sources, store, day) for day in (3, 4)]
        assert [[alert["code"] for alert in one["alerts"]["cleared"]] for one in records] == [[down], []]
        assert codes(store) == [down]
        nightly(sources, store, 5)
        assert len(titles(channel)) == 4
        assert codes(store) == []

    def test_is_told_too_where_the_source_is_down_as_well(
        self, place: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = place
        nightly(sources, store, 1)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnly(within=open_store(url)))
            records = [nightly(nobody(sources), store, day) for day in (2, 3)]
        assert [one["outcome"] for one in records] == ["source_failed"] * 2
        assert [len(one["alerts"]["open"]) for one in records] == [2, 2]
        assert len(channel.posts) == 2


class TestEvents:
    def test_are_out_before_a_run_can_be_killed_over_its_status(
        self, place: tuple[SiteEditor, str, Store], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class KilledError(BaseException):
            """The process ends."""

        async def killed(*_: object) -> Never:
            raise KilledError

        editor, sources, store = place
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
        self, place: tuple[SiteEditor, str, Store], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = place
        nightly(sources, store, 1)
        emitted = list[str]()
        monkeypatch.setattr(prefect_events, "emit_event", lambda name, *_, **__: emitted.append(name))
        monkeypatch.setattr(context, "open_store", lambda url: ReadOnly(within=open_store(url)))
        for day in (2, 3):
            nightly(sources, store, day)
        assert emitted == ["gongbao.alert.raised", "gongbao.run.store_failed", "gongbao.run.store_failed"]


def test_a_night_that_cannot_begin_has_failed_as_one_that_was_told_and_another_as_it_is(
    place: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sources, store = place
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


def test_two_nights_of_the_command_without_a_store_are_one_message(
    prefect_api: str, place: tuple[SiteEditor, str, Store], channel: Hook, tmp_path: Path
) -> None:
    """The settings are looked at before each night, and say nothing of the store."""
    _, sources, _ = place
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
