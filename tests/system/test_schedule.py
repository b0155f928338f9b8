"""The deployments as they are shipped, and that a schedule fires: a real server, a real worker, two real nights."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from ruamel.yaml import YAML
from support.cluster import EVERY, POOL, at_home, prefect_server
from support.cms import registry
from support.prefect_server import await_health
from support.processes import KillableProcess, until
from support.receivers import hook
from support.requires import ROOT, program
from system.test_automations import set_up

from infra.logs import LOGGER
from raw.samples.articles import load_samples
from raw.samples.site import serve
from schemas.registry.sources import load_sources, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("schedule")  # groups begin before single tests, and these take long

SHIPPED = YAML(typ="safe").load(ROOT / "prefect.yaml")
DEPLOYMENTS = SHIPPED["deployments"]
Run = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A Prefect server that nothing else asks, the worker that stands beside it, and the folder of the deployments."""

    api: str
    server: KillableProcess
    worker: KillableProcess
    folder: Path

    def typed(self, *words: str) -> None:
        """Type a command of Prefect's in that folder."""
        command, environ = [program("prefect"), *words], self.worker.environ
        done = subprocess.run(
            command, env=environ, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()

    def known(self, what: str, which: dict[str, Any], sort: str) -> list[Run]:
        """What the server knows."""
        answer = httpx.post(f"{self.api}/{what}/filter", json={**which, "sort": sort}, timeout=60, trust_env=False)
        found: list[Run] = answer.raise_for_status().json()
        return found

    def ended(self, deployment: str) -> list[Run]:
        """The runs of a deployment that ended, well or not, the first one first."""
        states = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}
        which = {"deployments": {"name": {"any_": [deployment]}}, "flow_runs": states}
        return self.known("flow_runs", which, sort="END_TIME_DESC")[::-1]

    def stages(self, run: Run) -> list[str]:
        """The stages that stand in the log of a run, of which some lines arrive a moment after the run has ended."""
        lines = self.known("logs", {"logs": {"flow_run_id": {"any_": [run["id"]]}}}, sort="TIMESTAMP_ASC")
        return [line["message"].split()[0] for line in lines if line["name"] == LOGGER.name]

    def awaited(self, ask: Callable[[], list[Any]], least: int, what: str) -> list[Any]:
        """What is asked for, once there is enough of it."""

        def enough() -> list[Any] | None:
            assert self.worker.alive, self.worker.log_tail()
            with suppress(httpx.TransportError):  # a busy server is asked again
                return found if len(found := ask()) >= least else None
            return None

        return until(enough, what, self.worker, self.server)


def test_each_source_of_the_run_has_one_deployment_that_bears_its_name() -> None:
    nightly = [source.id for source in pick(load_sources(), ())]
    assert sorted(nightly) == sorted(deployment["name"] for deployment in DEPLOYMENTS)
    assert all(deployment["parameters"] == {"source": deployment["name"]} for deployment in DEPLOYMENTS)


def test_the_runs_follow_one_another_from_half_past_two_in_zhongshan() -> None:
    schedules = [schedule for deployment in DEPLOYMENTS for schedule in deployment["schedules"]]
    minutes = [int(schedule["cron"].removesuffix(" 2 * * *")) for schedule in schedules]
    assert {schedule["timezone"] for schedule in schedules} == {"Asia/Shanghai"}
    assert len(minutes) == len(DEPLOYMENTS)
    assert minutes[0] == 30
    assert all(later - earlier >= 10 for earlier, later in pairwise(minutes))


def test_a_source_has_one_run_at_a_time_from_one_pool() -> None:
    assert {deployment["concurrency_limit"] for deployment in DEPLOYMENTS} == {1}
    assert {deployment["work_pool"]["name"] for deployment in DEPLOYMENTS} == {POOL}


@pytest.mark.usefixtures("quick_settings")
def test_a_schedule_fires_and_its_second_run_finds_nothing_new(tmp_path: Path) -> None:
    with serve(load_samples) as base, office(tmp_path) as at_work:
        deploy(at_work, base)
        first, second, *_ = at_work.awaited(lambda: at_work.ended("fires"), 2, "two nights")
        stages = at_work.awaited(lambda: at_work.stages(second), 3, "the log of the second night")
        rested = at_work.ended("rests")

    assert [(run["auto_scheduled"], run["state_type"]) for run in (first, second)] == [(True, "COMPLETED")] * 2
    store = tmp_path / "data" / "store"
    assert outcomes(store)[:2] == ["published", "unchanged"]
    assert (store / "seed" / "latest.json").is_file()
    assert stages == ["load", "fetch", "read"]
    assert rested == []


@pytest.mark.usefixtures("quick_settings")
def test_a_scheduled_run_whose_source_fails_makes_the_shipped_automation_call_a_webhook(tmp_path: Path) -> None:
    """From `prefect.yaml` and the shipped automations on: the schedule fires, nothing is listed, somebody is called."""
    with hook() as called, serve(list) as base, office(tmp_path) as at_work:
        set_up(at_work.api, called, tmp_path)
        deploy(at_work, base)
        told = at_work.awaited(lambda: [post.body for post in called.posts if "event" in post.body], 1, "a call")[0]
        ran = at_work.awaited(lambda: at_work.ended("fires"), 1, "the end of the night")[0]
    assert (told["event"], told["source"], told["outcome"]) == ("raised", "seed", "source_failed")
    assert (ran["auto_scheduled"], ran["state_type"]) == (True, "FAILED")


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """A server of this test's own: runs every few seconds keep one so busy that others would wait for it."""
    server, port = prefect_server(folder)
    api = f"http://127.0.0.1:{port}/api"
    words = [program("prefect"), "worker", "start", "--pool", POOL, "--limit", "1"]
    environ = at_home(folder, api) | {"GONGBAO_STORE": "data/store"}  # the store is left relative to the deployments
    worker = KillableProcess(command=words, folder=folder / "elsewhere", environ=environ)
    try:
        await_health(api, server.start(), server.log)
        yield Office(api=api, server=server, worker=worker, folder=folder)
    finally:
        worker.end()
        server.end()


def deploy(office: Office, site: str) -> None:
    """Apply the deployments and send the worker, who stands elsewhere, to work on them."""
    write_deployments(office.folder, registry(office.folder, site))
    office.typed("work-pool", "create", "--type", "process", POOL)
    office.typed("deploy", "--all")
    office.worker.start()


def write_deployments(folder: Path, sources: str) -> None:
    """The shipped file with two of its deployments changed: one fires every few seconds, the other not at all."""
    common = DEPLOYMENTS[0] | {"parameters": {"source": "seed", "sources": sources}}
    fires = common | {"name": "fires", "schedules": [{"interval": EVERY}]}
    rests = common | {"name": "rests", "schedules": [{"interval": EVERY, "active": False}]}
    YAML().dump(SHIPPED | {"deployments": [fires, rests]}, folder / "prefect.yaml")


def outcomes(store: Path) -> list[str]:
    """How the nights ended, by the records that they left."""
    return [json.loads(file.read_bytes())["outcome"] for file in sorted((store / "runs" / "seed").iterdir())]
