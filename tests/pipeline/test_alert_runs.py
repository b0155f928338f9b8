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
from support.june_runs import FIRST_REPORT, SiteStore, june, rewrite
from support.receivers import ALERT_TOKEN, Hook
from support.runs import Record, data, local, run_records
from support.wrapped_stores import ReadOnlyStore, WrappedStore

from flows.cli.main import cli
from flows.notify import alerts
from flows.run import context, previous_state
from flows.run.context import RunResult, run_record
from flows.stages import finalize
from infra.store import open_store
from publish.alerts.status import read_status
from publish.bucket.layout import FEED
from schemas.codelists import Outcome, RunKind
from schemas.errors import RegistryError, SettingsError, StoreUnavailable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "{http://www.w3.org/2005/Atom}title"


def run_on(site: SiteStore, *days: int, sources: str = "", **stages: Any) -> list[Record]:  # noqa: ANN401 - any stage
    """Return the records of runs of June 2026."""
    return [local(site.url, sources or site.sources, june(day), **stages) for day in days]


def outcomes(site: SiteStore, *days: int) -> list[str]:
    return [record["outcome"] for record in run_on(site, *days)]


def titles(channel: Hook) -> list[str]:
    return [post.body["title"].partition(" | ")[2] for post in channel.posts]


def open_alerts(site: SiteStore) -> list[str]:
    return [alert["code"] for alert in site.status["alerts"]]


@pytest.fixture
def released(june_site: SiteStore) -> SiteStore:
    """The site after a first run, on the first of June."""
    june_site.publish(1)
    return june_site


@pytest.fixture
def unreachable(june_site: SiteStore) -> str:
    """A registry file whose site does not answer."""
    file = Path(june_site.sources).with_name("unreachable.toml")
    text = re.sub(r'base = ".*"', 'base = "http://127.0.0.1:9/x"', Path(june_site.sources).read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    return str(file)


class TestRuns:
    def test_runs_without_change_alert_nobody(self, released: SiteStore, channel: Hook) -> None:
        assert outcomes(released, 2, 3) == ["unchanged"] * 2
        assert (channel.posts, released.status["alerts"], released.status["news"]) == ([], [], [])
        # An earlier version had neither.
        rewrite(released.store, "status.json", lambda data: re.sub(rb'"(alerts|news)"', rb'"not_\1"', data))
        source = read_status(released.store).of("seed")
        assert (source.alerts, source.news) == ((), ())

    def test_a_source_that_fails_is_alerted_once_and_once_that_it_came_back(
        self, released: SiteStore, channel: Hook
    ) -> None:
        released.editor.articles.clear()
        assert outcomes(released, 2, 3, 4) == ["source_failed"] * 3
        assert len(channel.posts) == 1
        (alert,) = released.status["alerts"]
        assert alert["since"].startswith("2026-06-02")
        run = replace(released.context(4), kind=RunKind.REPLAY)
        result = alerts.update_and_send(run, previous_state.load_and_repair(run), RunResult(outcome=Outcome.UNCHANGED))
        assert (result.alert_changes, len(channel.posts)) == (None, 1), "a replay neither raises nor clears"

        released.editor.articles.append(FIRST_REPORT)
        assert outcomes(released, 5) == ["unchanged"]
        assert released.status["alerts"] == []
        first, last = titles(channel)
        assert first.startswith("Gongbao alert, seed: ")
        assert last == first.replace("Gongbao alert", "Gongbao alert cleared")
        assert [each["event"] for each in released.status["news"]] == ["raised", "cleared"]
        entries = [str(each.text) for each in fromstring(data(released.store, FEED)).iter(TITLE)]  # noqa: S314 - bytes of our own
        code = alert["code"]
        assert [title for title in entries if code in title] == [f"seed: {code} cleared", f"seed: {code} raised"]

    def test_the_record_of_a_run_says_what_was_sent_where(self, june_site: SiteStore) -> None:
        june_site.editor.articles.clear()
        first, second = run_on(june_site, 1, 2)
        (raised,) = first["alerts"]["raised"]
        assert first["deliveries"] == [{"place": 1, "channel": "json://***", "message": raised["code"], "error": ""}]
        assert (second["alerts"]["raised"], second["deliveries"]) == ([], [])
        assert second["alerts"]["open"] == [raised["code"]]
        without = run_record(june_site.context(1), RunResult(outcome=Outcome.UNCHANGED))
        assert without["alerts"] == {"raised": [], "changed": [], "cleared": [], "open": []}
        assert (without["deliveries"], without["settings"]["alert_urls"]) == ([], "set")

    def test_a_held_release_is_one_message_that_names_the_candidate(self, released: SiteStore, channel: Hook) -> None:
        released.editor.correct("地区生产总值573.72亿元", "地区生产总值57372亿元")
        held, again = run_on(released, 2, 3)
        assert (held["outcome"], again["outcome"]) == ("held", "held")
        (post,) = channel.posts
        assert post.body["type"] == "failure"
        for text in (f"Candidate {held['version']} waits", "Latest release: 2026.06.01.1", "57372亿元"):
            assert text in post.body["message"]

    def test_alerts_that_cannot_be_sent_cost_a_run_nothing_but_a_line_in_its_log(
        self, june_site: SiteStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def broken(*_: object) -> RunResult:
            raise KeyError("a fault of our own")

        assert [record["outcome"] for record in run_on(june_site, 1, notify=broken)] == ["published"]
        assert [record["outcome"] for record in run_records(june_site.store)] == ["published"]
        assert "sending alerts failed" in caplog.text


class TestChannelsThatFail:
    def test_a_channel_that_takes_nothing_fails_no_run_and_is_sent_it_again(
        self, released: SiteStore, channel: Hook, caplog: pytest.LogCaptureFixture
    ) -> None:
        released.editor.articles.clear()
        channel.status = 500
        (record,) = run_on(released, 2)
        (delivery,) = record["deliveries"]
        assert (record["outcome"], delivery["channel"], delivery["error"]) == (
            "source_failed",
            "json://***",
            "HTTP 500",
        )
        assert [each["told"] for each in released.status["alerts"]] == [False]
        channel.status = 200
        run_on(released, 3, 4)
        assert len(channel.posts) == 2
        assert released.status["alerts"][0]["since"].startswith("2026-06-02")
        store = released.store
        stored = "".join(data(store, entry.key).decode(errors="replace") for entry in store.list(""))
        assert ALERT_TOKEN not in caplog.text + stored

    def test_one_channel_that_takes_it_is_enough(
        self, june_site: SiteStore, channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        places = (channel.place, "127.0.0.1:1")
        monkeypatch.setenv("GONGBAO_ALERT_URLS", ", ".join(f"json://{place}/{ALERT_TOKEN}" for place in places))
        june_site.editor.articles.clear()
        first, _ = run_on(june_site, 1, 2)
        assert len(channel.posts) == 1
        assert [bool(each["error"]) for each in first["deliveries"]] == [False, True]

    def test_without_a_channel_the_status_says_it(
        self, june_site: SiteStore, channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GONGBAO_ALERT_URLS")
        june_site.editor.articles.clear()
        (record,) = run_on(june_site, 1)
        assert (channel.posts, record["deliveries"], len(june_site.status["alerts"])) == ([], [], 1)


class DownStore(WrappedStore):
    """A store that gives no answer."""

    def before(self, method: str, key: str) -> None:
        raise StoreUnavailable("no answer", where=f"{method} {key}", remedy="wait")


class TestRunsThatCannotBegin:
    def test_a_store_that_is_down_for_runs_is_one_message_and_its_return_another(
        self, released: SiteStore, channel: Hook
    ) -> None:
        for day in (2, 3):
            run = released.context(day, DownStore(within=released.store))
            error = StoreUnavailable("no answer", where=released.url)
            result = alerts.update_and_send(run, None, RunResult(outcome=Outcome.STORE_FAILED, error=error))
            finalize.finalize(run, None, result)
        assert titles(channel) == ["Gongbao alert, seed: The store does not answer"]
        run_on(released, 4, 5)
        assert titles(channel)[1:] == ["Gongbao alert cleared, seed: The store does not answer"]
        assert released.status["alerts"] == []

    @pytest.mark.usefixtures("june_site")
    @pytest.mark.parametrize("error", [SettingsError("no"), RegistryError("no"), UsageError("no")])
    def test_a_run_that_cannot_begin_is_alerted_once(self, channel: Hook, error: UsageError) -> None:
        for failure in (error, error, None, None):
            alerts.notify_start_failure("seed", failure, os.environ)
        raised, cleared = titles(channel)
        assert raised.startswith("Gongbao alert, seed: A setting, a registry file or the command line is wrong")
        assert cleared == raised.replace("alert", "alert cleared", 1)

    def test_a_timer_that_starts_runs_with_wrong_settings_alerts_once_and_says_which(
        self, june_site: SiteStore, channel: Hook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        command = ["run", "--source", "samples", "--store", june_site.url]
        for _ in range(2):
            monkeypatch.setenv("GONGBAO_PACE", "fast")
            assert isinstance(CliRunner().invoke(cli, command).exception, SettingsError)
        monkeypatch.setenv("GONGBAO_PACE", "0")
        CliRunner().invoke(cli, ["run", "--source", "nobody"])
        (post,) = channel.posts
        assert "GONGBAO_PACE" in post.body["message"]

    def test_a_broken_file_of_spooled_alerts_is_forgotten(
        self, june_site: SiteStore, channel: Hook, tmp_path: Path
    ) -> None:
        (tmp_path / "spool").mkdir()
        (tmp_path / "spool" / "alerts-seed.json").write_text('{"alerts": [{}]}')
        june_site.publish(1)
        assert channel.posts == []
        assert not (tmp_path / "spool" / "alerts-seed.json").exists()


class TestAStoreThatTakesNothing:
    @pytest.fixture
    def read_only(self, released: SiteStore) -> Iterator[pytest.MonkeyPatch]:
        """The store takes nothing until this is undone."""
        assert released
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
            yield patch

    def test_is_alerted_once_and_once_that_it_takes_again(
        self, released: SiteStore, read_only: pytest.MonkeyPatch, channel: Hook, tmp_path: Path
    ) -> None:
        failed = run_on(released, 2, 3)
        read_only.undo()
        assert [(each["outcome"], each["exit_status"]) for each in failed] == [("store_failed", 6)] * 2
        assert [each["alerts"]["open"] for each in failed] == [["store_denied"]] * 2
        assert [len(each["alerts"]["raised"]) for each in failed] == [1, 0]
        spooled = [json.loads(path.read_bytes()) for path in (tmp_path / "spool").glob("seed-*.json")]
        assert {record["outcome"] for record in spooled} == {"store_failed"}

        again, _ = run_on(released, 4, 5)
        assert (again["outcome"], again["alerts"]["cleared"][0]["code"]) == ("unchanged", "store_denied")
        assert [title.partition(":")[0] for title in titles(channel)] == [
            "Gongbao alert, seed",
            "Gongbao alert cleared, seed",
        ]
        assert open_alerts(released) == []
        assert not (tmp_path / "spool" / "alerts-seed.json").exists()
        news = [(each["event"], each["alert"]["code"]) for each in released.status["news"]]
        assert news == [("cleared", "store_denied")]

    def test_sends_no_clearing_twice_though_it_cannot_record_that_it_was_sent(
        self, june_site: SiteStore, channel: Hook, unreachable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        june_site.publish(1)
        run_on(june_site, 2, sources=unreachable)
        (down,) = open_alerts(june_site)
        with monkeypatch.context() as patch:
            patch.setattr(context, "open_store", lambda url: ReadOnlyStore(within=open_store(url)))
            records = run_on(june_site, 3, 4)
        assert [[alert["code"] for alert in each["alerts"]["cleared"]] for each in records] == [[down], []]
        assert open_alerts(june_site) == [down]
        run_on(june_site, 5)
        assert (len(channel.posts), open_alerts(june_site)) == (4, [])

    @pytest.mark.usefixtures("read_only")
    def test_is_alerted_too_where_the_source_is_down_as_well(
        self, released: SiteStore, channel: Hook, unreachable: str
    ) -> None:
        records = run_on(released, 2, 3, sources=unreachable)
        assert [each["outcome"] for each in records] == ["source_failed"] * 2
        assert [len(each["alerts"]["open"]) for each in records] == [2, 2]
        assert len(channel.posts) == 2
