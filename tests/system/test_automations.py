"""The automations as they are shipped, on a real Prefect server: what a run emits makes them call a webhook."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from prefect import flow as prefect_flow
from prefect.settings import PREFECT_API_URL, temporary_settings
from ruamel.yaml import YAML
from support.nights import flow
from support.receivers import Hook, hook
from support.requires import ROOT, program
from support.scenario import FIRST_REPORT, night

from flows.notify import prefect_events
from flows.notify.prefect_automations import NO_ID, make_ready
from flows.notify.prefect_events import emit_alert_events, emit_run_event
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cms import SiteEditor

pytestmark = pytest.mark.xdist_group("flows")

SHIPPED = ROOT / "infra" / "deploy" / "automations" / "gongbao.yaml"
SCRIPT = ROOT / "infra" / "deploy" / "scripts" / "set-up-automations.sh"
AUTOMATIONS = YAML(typ="safe").load(SHIPPED)["automations"]
ALERT = {"code": "source_down", "severity": "reject", "where": "http://a.example", "message": "no answer"}
RECORD = {
    "source": "seed",
    "store": "data/store",
    "run": "abcd1234",
    "outcome": "source_failed",
    "version": "",
    "counts": {},
    "alerts": {"raised": [ALERT], "changed": [], "cleared": [], "open": ["source_down"]},
}
PATIENCE = 300.0


@pytest.fixture
def webhook() -> Iterator[Hook]:
    with hook() as found:
        yield found


@pytest.fixture
def automated(prefect_api: str, webhook: Hook, tmp_path: Path) -> Iterator[Hook]:
    """The webhook, called by the shipped automations, which the shipped script has set up."""
    set_up(prefect_api, webhook, tmp_path)
    yield webhook
    for one in known(prefect_api):
        httpx.delete(f"{prefect_api}/automations/{one['id']}", timeout=60, trust_env=False).raise_for_status()


def set_up(api: str, webhook: Hook, folder: Path) -> None:
    names = {
        "PREFECT_API_URL": api,
        "PREFECT_HOME": str(folder / "home"),
        "GONGBAO_WEBHOOK_URL": f"{webhook.base}/told",
    }
    path = f"{os.path.dirname(program('prefect'))}:{os.environ['PATH']}"  # noqa: PTH120 - a text for PATH
    environ = {**os.environ, **names, "PATH": path, "DO_NOT_TRACK": "1"}
    done = subprocess.run(["sh", SCRIPT], env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert webhook.base not in done.stdout + done.stderr


def known(api: str) -> list[dict[str, Any]]:
    answer = httpx.post(f"{api}/automations/filter", json={}, timeout=60, trust_env=False).raise_for_status()
    return [one for one in answer.json() if one["name"].startswith("gongbao-")]


def called(webhook: Hook, wanted: str) -> Any:  # noqa: ANN401 - what the webhook was sent
    """The first call whose `event` is the one that is wanted, once it came."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := [post.body for post in webhook.posts if post.body["event"] == wanted]:
            return found[0]
        time.sleep(0.2)
    return pytest.fail(f"{wanted} called nobody; calls were {[post.body for post in webhook.posts]}")


def test_every_automation_has_the_zeros_that_its_block_takes_the_place_of() -> None:
    assert [one["name"] for one in AUTOMATIONS] == ["gongbao-alerts", "gongbao-runs"]
    assert {action["block_document_id"] for one in AUTOMATIONS for action in one["actions"]} == {NO_ID}
    assert all(one["description"].endswith(".") for one in AUTOMATIONS)


@pytest.mark.parametrize("url", ["", "  "])
def test_without_a_webhook_nothing_is_set_up(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="GONGBAO_WEBHOOK_URL"):
        make_ready(SHIPPED, tmp_path / "ready.yaml", url)
    assert not (tmp_path / "ready.yaml").exists()


def test_without_a_server_nothing_is_emitted(monkeypatch: pytest.MonkeyPatch) -> None:
    emitted: list[str] = []
    monkeypatch.setattr(prefect_events, "emit_event", lambda name, *_, **__: emitted.append(name))
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        emit_alert_events(RECORD)
        emit_run_event(RECORD)
    assert emitted == []
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}):
        emit_alert_events(RECORD)
        emit_run_event(RECORD)
    assert emitted == ["gongbao.alert.raised", "gongbao.run.source_failed"]


def test_set_up_again_they_are_replaced(prefect_api: str, automated: Hook, tmp_path: Path) -> None:
    before = known(prefect_api)
    set_up(prefect_api, automated, tmp_path)
    after = known(prefect_api)
    assert sorted(one["name"] for one in after) == ["gongbao-alerts", "gongbao-runs"]
    assert not {one["id"] for one in before} & {one["id"] for one in after}
    assert automated.base not in str(after)


def test_an_alert_that_is_raised_calls_the_webhook_with_all_that_is_known(automated: Hook) -> None:
    emit_alert_events(RECORD)
    told = called(automated, "raised")
    assert (told["code"], told["source"], told["run"], told["where"]) == (
        "source_down",
        "seed",
        "abcd1234",
        "http://a.example",
    )
    assert told["zh"] == "来源网站无法访问"
    assert automated.posts[0].headers["Content-Type"] == "application/json"


def test_a_source_that_fails_calls_it_once_and_once_when_it_is_back(
    automated: Hook, sources: str, editor: SiteEditor, tmp_path: Path
) -> None:
    async def nights() -> list[str]:
        told = []
        for day, articles in enumerate(([FIRST_REPORT], [], [], [FIRST_REPORT]), start=1):
            editor.articles[:] = articles
            told.append((await flow(str(tmp_path / "store"), sources, night(day)))["outcome"])
        return told

    assert asyncio.run(nights()) == ["published", "source_failed", "source_failed", "unchanged"]
    raised, cleared = called(automated, "raised"), called(automated, "cleared")
    assert raised["code"] == cleared["code"]
    time.sleep(2)
    assert [post.body["event"] for post in automated.posts] == ["raised", "cleared"]


def test_a_run_that_fails_without_an_alert_of_its_own_calls_it_too(automated: Hook) -> None:
    @prefect_flow(name="dies")
    def dies() -> None:
        raise MemoryError("no room")

    from prefect import tags  # noqa: PLC0415 - only here

    with tags("gongbao"), pytest.raises(MemoryError):
        dies()
    told = called(automated, "prefect.flow-run.Failed")
    assert told["state"] == "Failed"
    assert "no room" in told["message"]
