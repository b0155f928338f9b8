"""The automations as they are shipped, on a real Prefect server: what a run emits makes them call a webhook."""

from __future__ import annotations

import asyncio
import os
import subprocess
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from prefect import flow as prefect_flow
from prefect import tags
from prefect.settings import PREFECT_API_URL, temporary_settings
from ruamel.yaml import YAML
from support.june_runs import FIRST_REPORT, SiteStore, june
from support.processes import until
from support.receivers import Hook, hook
from support.requires import ROOT, program
from support.runs import flow

from flows.notify import prefect_events
from flows.notify.prefect_automations import NO_ID, make_ready
from flows.notify.prefect_events import emit_alert_events, emit_run_event
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("flows")

SHIPPED = ROOT / "infra" / "deploy" / "automations" / "gongbao.yaml"
SCRIPT = ROOT / "infra" / "deploy" / "scripts" / "set-up-automations.sh"
AUTOMATIONS = YAML(typ="safe").load(SHIPPED)["automations"]
RAISED = {"code": "source_down", "severity": "reject", "where": "http://a.example", "message": "no answer"}
RECORD = {
    "source": "seed",
    "store": "data/store",
    "run": "abcd1234",
    "outcome": "source_failed",
    "version": "",
    "counts": {},
    "alerts": {"raised": [RAISED], "changed": [], "cleared": [], "open": ["source_down"]},
}


@pytest.fixture
def automated(prefect_api: str, tmp_path: Path) -> Iterator[Hook]:
    """A webhook, called by the shipped automations, which the shipped script has set up."""
    with hook() as webhook:
        set_up(prefect_api, webhook, tmp_path)
        yield webhook
        for automation in known(prefect_api):
            httpx.delete(f"{prefect_api}/automations/{automation['id']}", timeout=60, trust_env=False)


def set_up(api: str, webhook: Hook, folder: Path) -> None:
    path = f"{os.path.dirname(program('prefect'))}:{os.environ['PATH']}"  # noqa: PTH120 - a text for PATH
    names = {"PREFECT_API_URL": api, "PREFECT_HOME": str(folder / "home"), "PATH": path, "DO_NOT_TRACK": "1"}
    environ = {**os.environ, **names, "GONGBAO_WEBHOOK_URL": f"{webhook.base}/events"}
    done = subprocess.run(["sh", SCRIPT], env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert webhook.base not in done.stdout + done.stderr


def known(api: str) -> list[dict[str, Any]]:
    answer = httpx.post(f"{api}/automations/filter", json={}, timeout=60, trust_env=False).raise_for_status()
    return [automation for automation in answer.json() if automation["name"].startswith("gongbao-")]


def called(webhook: Hook, event: str) -> Any:  # noqa: ANN401 - what the webhook was sent
    """The first call of an event, once it came."""
    return until(lambda: next((post.body for post in webhook.posts if post.body["event"] == event), None), event)


def test_every_automation_has_the_zeros_that_its_block_takes_the_place_of(tmp_path: Path) -> None:
    assert [automation["name"] for automation in AUTOMATIONS] == ["gongbao-alerts", "gongbao-runs"]
    assert {action["block_document_id"] for each in AUTOMATIONS for action in each["actions"]} == {NO_ID}
    assert all(automation["description"].endswith(".") for automation in AUTOMATIONS)
    for url in ("", "  "):
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


def test_a_source_that_fails_calls_the_webhook_once_and_once_when_it_is_back(
    automated: Hook, prefect_api: str, june_site: SiteStore, tmp_path: Path
) -> None:
    before = known(prefect_api)
    set_up(prefect_api, automated, tmp_path)
    after = known(prefect_api)
    assert sorted(automation["name"] for automation in after) == ["gongbao-alerts", "gongbao-runs"]
    assert not {automation["id"] for automation in before} & {automation["id"] for automation in after}, "replaced"
    assert automated.base not in str(after)

    async def run(day: int) -> str:
        return str((await flow(june_site.url, june_site.sources, june(day)))["outcome"])

    june_site.publish(1)
    june_site.editor.articles.clear()
    assert [asyncio.run(run(day)) for day in (2, 3)] == ["source_failed"] * 2
    raised = called(automated, "raised")
    june_site.editor.articles.append(FIRST_REPORT)
    assert asyncio.run(run(4)) == "unchanged"
    assert (raised["source"], raised["code"]) == ("seed", called(automated, "cleared")["code"])
    assert raised["zh"]
    assert automated.posts[0].headers["Content-Type"] == "application/json"
    assert [post.body["event"] for post in automated.posts] == ["raised", "cleared"]


def test_a_run_that_fails_without_an_alert_of_its_own_calls_it_too(automated: Hook) -> None:
    @prefect_flow(name="dies")
    def dies() -> None:
        raise MemoryError("no room")

    with tags("gongbao"), pytest.raises(MemoryError):
        dies()
    failed = called(automated, "prefect.flow-run.Failed")
    assert failed["state"] == "Failed"
    assert "no room" in failed["message"]
