"""Alerts over several runs: a site that goes, changes and comes back, stores and channels that are down."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import pytest
from click.testing import CliRunner
from support.faults import ReadOnlyStore
from support.nights import Record, data, loaded, local, run_records
from support.receivers import ALERT_TOKEN, Hook
from support.scenario import FIRST_REPORT, night

from flows.cli.main import cli
from flows.notify import alerts
from flows.run import context, previous_state
from flows.run.context import RunResult, create_context, run_record
from flows.stages import finalize
from infra.store import Store, open_store
from publish.alerts.status import read_status
from publish.bucket.layout import FEED, headers
from schemas.codelists import Outcome, RunKind
from schemas.errors import RegistryError, SettingsError, StoreUnavailable, UsageError

if TYPE_CHECKING:
    from support.cms import SiteEditor

TITLE = "{http://www.w3.org/2005/Atom}title"


def run_on(sources: str, store: Store, day: int, **stages: Any) -> Record:  # noqa: ANN401 - any stage
    """Return the record of a run of June 2026."""
    return local(store.url, sources, night(day), **stages)


def titles(channel: Hook) -> list[str]:
    return [post.body["title"].partition(" | ")[2] for post in channel.posts]


def status(store: Store) -> Any:  # noqa: ANN401 - a JSON object
    return loaded(store, "status.json")["sources"]["seed"]


def senders(channel: Hook) -> list[str]:
    """Return what stands before the message of each alert."""
    return [title.partition(":")[0] for title in titles(channel)]


def nobody(sources: str) -> str:
    """A registry file whose site does not answer."""
    found = Path(sources).with_name("nobody.toml")
    text = re.sub(r'base = ".*"', 'base = "http://127.0.0.1:9/x"', Path(sources).read_text(encoding="utf-8"))
    found.write_text(text, encoding="utf-8")
    return str(found)


def codes(store: Store) -> list[str]:
    """The alerts that are open, as the store has them."""
    return [alert["code"] for alert in loaded(store, "status.json")["sources"]["seed"]["alerts"]]


def spooled(tmp_path: Path) -> list[Record]:
    return [json.loads(path.read_bytes()) for path in sorted((tmp_path / "spool").glob("seed-*.json"))]


class TestRuns:
    def test_runs_without_change_tell_nobody(self, june_site: tuple[SiteEditor, str, Store], channel: Hook) -> None:
        _, sources, store = june_site
        outcomes = [run_on(sources, store, day)["outcome"] for day in (1, 2, 3)]
        assert outcomes == ["published", "unchanged", "unchanged"]
        assert channel.posts == []
        assert (status(store)["alerts"], status(store)["news"]) == ([], [])

    def test_a_source_that_fails_is_told_once_and_once_that_it_came_back(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook
    ) -> None:
        editor, sources, store = june_site
        run_on(sources, store, 1)
        editor.articles.clear()
        assert [run_on(sources, store, day)["outcome"] for day in (2, 3, 4)] == ["source_failed"] * 3
        assert len(channel.posts) == 1
        (open_alert,) = status(store)["alerts"]
        assert open_alert["since"].startswith("2026-06-02")

        editor.articles.append(FIRST_REPORT)
        assert run_on(sources, store, 5)["outcome"] == "unchanged"
        assert status(store)["alerts"] == []
        first, last = titles(channel)
        assert first.startswith("Gongbao alert, seed: ")
        assert last == first.replace("Gongbao alert", "Gongbao alert cleared")
        assert [one["event"] for one in status(store)["news"]] == ["raised", "cleared"]

    def test_the_record_of_a_run_says_who_was_told_what(self, june_site: tuple[SiteEditor, str, Store]) -> None:
        editor, sources, store = june_site
        editor.articles.clear()
        run_on(sources, store, 1)
        run_on(sources, store, 2)
        first, second = run_records(store)
        (raised,) = first["alerts"]["raised"]
        assert first["deliveries"] == [{"place": 1, "channel": "json://***", "message": raised["code"], "error": ""}]
        assert (second["alerts"]["raised"], second["deliveries"]) == ([], [])
        assert second["alerts"]["open"] == [raised["code"]]

    def test_a_held_release_is_one_message_that_names_the_candidate(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook
    ) -> None:
        editor, sources, store = june_site
        run_on(sources, store, 1)
        editor.correct("地区生产总值573.72亿元", "地区生产总值57372亿元")
        held = [run_on(sources, store, day) for day in (2, 3)]
        assert [one["outcome"] for one in held] == ["held"] * 2
        (post,) = channel.posts
        assert post.body["type"] == "failure"
        assert f"Candidate {held[0]['version']} waits" in post.body["message"]
        assert "Latest release: 2026.06.01.1" in post.body["message"]
        assert "57372亿元" in post.body["message"]

    def test_the_feed_has_an_entry_for_each_turn_of_an_alert(self, june_site: tuple[SiteEditor, str, Store]) -> None:
        editor, sources, store = june_site
        run_on(sources, store, 1)
        editor.articles.clear()
        for day in (2, 3):
            run_on(sources, store, day)
        editor.articles.append(FIRST_REPORT)
        run_on(sources, store, 4)
        entries = [str(one.text) for one in fromstring(data(store, FEED)).iter(TITLE)]  # noqa: S314 - bytes of our own
        code = status(store)["news"][0]["alert"]["code"]
        assert [title for title in entries if code in title] == [f"seed: {code} cleared", f"seed: {code} raised"]

    def test_a_replay_neither_tells_nor_clears(self, june_site: tuple[SiteEditor, str, Store], channel: Hook) -> None:
        editor, sources, store = june_site
        run_on(sources, store, 1)
        editor.articles.clear()
        run_on(sources, store, 2)
        run = replace(create_context("seed", store.url, sources, night(3)), kind=RunKind.REPLAY)
        result = alerts.update_and_send(run, previous_state.load_and_repair(run), RunResult(outcome=Outcome.UNCHANGED))
        assert (result.alert_changes, len(channel.posts)) == (None, 1)

    def test_alerts_that_cannot_be_told_cost_a_run_nothing_but_a_line_in_its_log(
        self, june_site: tuple[SiteEditor, str, Store], caplog: pytest.LogCaptureFixture
    ) -> None:
        async def broken(*_: object) -> RunResult:
            raise KeyError("a fault of our own")

        _, sources, store = june_site
        assert run_on(sources, store, 1, notify=broken)["outcome"] == "published"
        assert [one["outcome"] for one in run_records(store)] == ["published"]
        assert "sending alerts failed" in caplog.text

    def test_a_status_of_an_earlier_version_has_no_alerts(self, june_site: tuple[SiteEditor, str, Store]) -> None:
        _, sources, store = june_site
        run_on(sources, store, 1)
        stored = store.get("status.json")
        assert stored
        file = json.loads(stored.data)
        for name in ("alerts", "news"):
            del file["sources"]["seed"][name]
        (old := open_store(f"{store.url}-old")).put_new(
            "status.json", json.dumps(file).encode(), headers("status.json")
        )
        assert (read_status(old).of("seed").alerts, read_status(old).of("seed").news) == ((), ())


class TestChannelsThatFail:
    def test_a_channel_that_takes_nothing_fails_no_run_and_is_told_again(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, caplog: pytest.LogCaptureFixture
    ) -> None:
        editor, sources, store = june_site
        run_on(sources, store, 1)
        editor.articles.clear()
        channel.status = 500
        assert run_on(sources, store, 2)["outcome"] == "source_failed"
        (delivery,) = run_records(store)[-1]["deliveries"]
        assert (delivery["channel"], delivery["error"]) == ("json://***", "HTTP 500")
        assert [one["told"] for one in status(store)["alerts"]] == [False]
        channel.status = 200
        run_on(sources, store, 3)
        run_on(sources, store, 4)
        assert len(channel.posts) == 2
        assert status(store)["alerts"][0]["since"].startswith("2026-06-02")
        everything = caplog.text + "".join(data(store, entry.key).decode(errors="replace") for entry in store.list(""))
        assert ALERT_TOKEN not in everything

    def test_one_channel_that_takes_it_is_enough(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        editor, sources, store = june_site
        monkeypatch.setenv(
            "GONGBAO_ALERT_URLS", f"json://{channel.place}/{ALERT_TOKEN}, json://127.0.0.1:1/{ALERT_TOKEN}"
        )
        editor.articles.clear()
        run_on(sources, store, 1)
        run_on(sources, store, 2)
        assert len(channel.posts) == 1
        assert [bool(one["error"]) for one in run_records(store)[0]["deliveries"]] == [False, True]

    def test_without_a_channel_the_status_says_it(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        editor, sources, store = june_site
        monkeypatch.delenv("GONGBAO_ALERT_URLS")
        editor.articles.clear()
        run_on(sources, store, 1)
        assert channel.posts == []
        assert (run_records(store)[0]["deliveries"], len(status(store)["alerts"])) == ([], 1)


class Down:
    """A store that is down."""

    url = "s3://gongbao/down"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any call of a store
        def call(*_: object, **__: object) -> None:
            raise StoreUnavailable("no answer", where=self.url, remedy="wait")

        del name
        return call


class TestWithoutAStore:
    def test_a_store_that_is_down_for_runs_is_one_message_and_its_return_another(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook
    ) -> None:
        _, sources, store = june_site
        run_on(sources, store, 1)
        down: Any = Down()
        for day in (2, 3):
            run = replace(create_context("seed", store.url, sources, night(day)), store=down)
            error = StoreUnavailable("no answer", where=down.url)
            result = alerts.update_and_send(run, None, RunResult(outcome=Outcome.STORE_FAILED, error=error))
            finalize.finalize(run, None, result)
        assert titles(channel) == ["Gongbao alert, seed: The store does not answer"]
        run_on(sources, store, 4)
        run_on(sources, store, 5)
        assert titles(channel)[1:] == ["Gongbao alert cleared, seed: The store does not answer"]
        assert status(store)["alerts"] == []

    @pytest.mark.usefixtures("june_site")
    @pytest.mark.parametrize(
        "error", [SettingsError("no", where="GONGBAO_PACE"), RegistryError("no", where="a.toml"), UsageError("no")]
    )
    def test_a_run_that_cannot_begin_is_told_once(self, channel: Hook, error: UsageError) -> None:
        for _ in range(2):
            alerts.notify_start_failure("seed", error, os.environ)
        (title,) = titles(channel)
        assert title.startswith("Gongbao alert, seed: A setting, a registry file or the command line is wrong")
        for _ in range(2):
            alerts.notify_start_failure("seed", None, os.environ)
        assert titles(channel)[1:] == [title.replace("alert", "alert cleared", 1)]

    @pytest.mark.usefixtures("june_site")
    def test_a_timer_that_starts_a_run_with_wrong_settings_is_told_of_it_once(
        self, channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(2):
            monkeypatch.setenv("GONGBAO_PACE", "fast")
            done = CliRunner().invoke(cli, ["run", "--source", "samples"])
            assert isinstance(done.exception, SettingsError)
        assert len(channel.posts) == 1
        monkeypatch.setenv("GONGBAO_PACE", "0")
        CliRunner().invoke(cli, ["run", "--source", "nobody"])
        assert len(channel.posts) == 1

    def test_settings_that_are_wrong_still_say_whom_to_tell(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = june_site
        monkeypatch.setenv("GONGBAO_PACE", "fast")
        with pytest.raises(SettingsError) as caught:
            create_context("seed", store.url, sources, None)
        alerts.notify_start_failure("../../seed", caught.value, os.environ)
        assert "GONGBAO_PACE" in channel.posts[0].body["message"]
        monkeypatch.setenv("GONGBAO_PACE", "0")
        run_on(sources, store, 1)

    def test_what_the_spool_remembers_badly_is_forgotten(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, tmp_path: Path
    ) -> None:
        _, sources, store = june_site
        (tmp_path / "spool").mkdir()
        (tmp_path / "spool" / "alerts-seed.json").write_text('{"alerts": [{}]}')
        assert run_on(sources, store, 1)["outcome"] == "published"
        assert channel.posts == []
        assert not (tmp_path / "spool" / "alerts-seed.json").exists()


class TestAStoreThatTakesNothing:
    def test_is_told_once_and_once_that_it_takes_again(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = june_site
        run_on(sources, store, 1)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
            failed = [run_on(sources, store, day) for day in (2, 3)]
        assert [(one["outcome"], one["exit_status"]) for one in failed] == [("store_failed", 6)] * 2
        assert [one["alerts"]["open"] for one in failed] == [["store_denied"]] * 2
        assert ([len(one["alerts"]["raised"]) for one in failed], senders(channel)) == ([1, 0], ["Gongbao alert, seed"])
        assert {one["outcome"] for one in spooled(tmp_path)} == {"store_failed"}

        assert [run_on(sources, store, day)["outcome"] for day in (4, 5)] == ["unchanged"] * 2
        assert senders(channel)[1:] == ["Gongbao alert cleared, seed"]
        assert (codes(store), run_records(store)[1]["alerts"]["cleared"][0]["code"]) == ([], "store_denied")
        assert not (tmp_path / "spool" / "alerts-seed.json").exists()
        news = loaded(store, "status.json")["sources"]["seed"]["news"]
        assert [(one["event"], one["alert"]["code"]) for one in news] == [("cleared", "store_denied")]

    def test_tells_no_clearing_twice_though_it_cannot_say_that_it_was_told(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = june_site
        run_on(sources, store, 1)
        run_on(nobody(sources), store, 2)
        (down,) = codes(store)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
            records = [run_on(sources, store, day) for day in (3, 4)]
        assert [[alert["code"] for alert in one["alerts"]["cleared"]] for one in records] == [[down], []]
        assert codes(store) == [down]
        run_on(sources, store, 5)
        assert len(titles(channel)) == 4
        assert codes(store) == []

    def test_is_told_too_where_the_source_is_down_as_well(
        self, june_site: tuple[SiteEditor, str, Store], channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, sources, store = june_site
        run_on(sources, store, 1)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
            records = [run_on(nobody(sources), store, day) for day in (2, 3)]
        assert [one["outcome"] for one in records] == ["source_failed"] * 2
        assert [len(one["alerts"]["open"]) for one in records] == [2, 2]
        assert len(channel.posts) == 2


def test_a_record_of_a_run_without_alerts_says_so(june_site: tuple[SiteEditor, str, Store]) -> None:
    _, sources, store = june_site
    told = run_record(create_context("seed", store.url, sources, night(1)), RunResult(outcome=Outcome.UNCHANGED))
    assert told["alerts"] == {"raised": [], "changed": [], "cleared": [], "open": []}
    assert told["deliveries"] == []
    assert told["settings"]["alert_urls"] == "set"
