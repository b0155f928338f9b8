"""The deployments as they are shipped, and that a schedule fires: a real server, a real worker, two real nights."""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from listening import Hook, hook
from need import ROOT, program
from ruamel.yaml import YAML
from seaweed import stop
from seed import registry
from test_automations import set_up

from infra.logs import LOGGER
from raw.samples.articles import load_samples
from raw.samples.site import serve
from schemas.sources import load_sources, pick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("flows")

SHIPPED = YAML(typ="safe").load(ROOT / "prefect.yaml")
DEPLOYMENTS = SHIPPED["deployments"]
POOL = "gongbao"
EVERY = 5  # seconds; a worker that takes one run at a time makes it as long as a night
PATIENCE = 600.0  # on two idle cores it takes a tenth of that
Run = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A running worker and what it says."""

    process: subprocess.Popen[bytes]
    log: Path


def test_each_source_of_the_night_has_one_deployment_that_bears_its_name() -> None:
    nightly = [source.id for source in pick(load_sources(), ())]
    assert sorted(nightly) == sorted(deployment["name"] for deployment in DEPLOYMENTS)
    assert all(deployment["parameters"] == {"source": deployment["name"]} for deployment in DEPLOYMENTS)


def test_the_nights_follow_one_another_from_half_past_two_in_zhongshan() -> None:
    schedules = [schedule for deployment in DEPLOYMENTS for schedule in deployment["schedules"]]
    minutes = [int(schedule["cron"].removesuffix(" 2 * * *")) for schedule in schedules]
    assert {schedule["timezone"] for schedule in schedules} == {"Asia/Shanghai"}
    assert len(minutes) == len(DEPLOYMENTS)
    assert minutes[0] == 30
    assert all(later - earlier >= 10 for earlier, later in pairwise(minutes))


def test_a_source_has_one_night_at_a_time_from_one_pool() -> None:
    assert {deployment["concurrency_limit"] for deployment in DEPLOYMENTS} == {1}
    assert {deployment["work_pool"]["name"] for deployment in DEPLOYMENTS} == {POOL}


@pytest.mark.usefixtures("brisk")
def test_a_schedule_fires_and_its_second_night_finds_nothing_new(prefect_api: str, tmp_path: Path) -> None:
    with serve(load_samples) as base, deployed(prefect_api, tmp_path, base), worker(prefect_api, tmp_path) as at_work:
        first, second = two_nights(prefect_api, at_work, own("fires", tmp_path))
        stages = said(prefect_api, second, least=3)

    assert [(run["auto_scheduled"], run["state_type"]) for run in (first, second)] == [(True, "COMPLETED")] * 2
    store = tmp_path / "data" / "store"
    assert outcomes(store)[:2] == ["published", "unchanged"]
    assert (store / "seed" / "latest.json").is_file()
    assert stages == ["look", "fetch", "read"]
    assert ask(prefect_api, "flow_runs", of(own("rests", tmp_path)), sort="ID_DESC") == []


@pytest.mark.usefixtures("brisk")
def test_a_scheduled_night_whose_source_fails_makes_the_shipped_automation_call_a_webhook(
    prefect_api: str, tmp_path: Path
) -> None:
    """From `prefect.yaml` and the shipped automations on: the schedule fires, nothing is listed, somebody is called."""
    with hook() as called, serve(list) as base:
        set_up(prefect_api, called, tmp_path)
        with deployed(prefect_api, tmp_path, base), worker(prefect_api, tmp_path) as at_work:
            told = alarm_of(called, at_work)
            ran = two_nights(prefect_api, at_work, own("fires", tmp_path))[0]
    assert (told["event"], told["source"], told["outcome"]) == ("raised", "seed", "source_failed")
    assert (ran["auto_scheduled"], ran["state_type"]) == (True, "FAILED")


def alarm_of(called: Hook, at_work: Worker) -> dict[str, Any]:
    """What the webhook was told of an alert, once it was."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and at_work.process.poll() is None:
        if posts := [post for post in called.posts if "event" in post.body]:
            return dict(posts[0].body)
        time.sleep(0.5)
    return pytest.fail(f"nobody was called; the worker says:\n{at_work.log.read_text('utf-8')[-5000:]}")


def own(name: str, folder: Path) -> str:
    """A name of this test alone: what it leaves on the server, a place that is taken or a late night, is its own."""
    return f"{name}-{folder.name}"


@contextmanager
def deployed(api: str, folder: Path, site: str) -> Iterator[None]:
    """A pool and its deployments while the block runs; left there, the server would count late nights for ever."""
    write_deployments(folder, registry(folder, site))
    typed("work-pool", "create", "--type", "process", own(POOL, folder), api=api, folder=folder)
    typed("deploy", "--all", api=api, folder=folder)
    try:
        yield
    finally:
        which = {"deployments": {"name": {"any_": [own(name, folder) for name in ("fires", "rests")]}}}
        for deployment in ask(api, "deployments", which, sort="NAME_ASC"):
            gone = httpx.delete(f"{api}/deployments/{deployment['id']}", timeout=60, trust_env=False)
            assert gone.is_success, gone.text


def write_deployments(folder: Path, sources: str) -> None:
    """The shipped file with two of its deployments changed: one fires every few seconds, the other not at all."""
    pool = DEPLOYMENTS[0]["work_pool"] | {"name": own(POOL, folder)}
    common = DEPLOYMENTS[0] | {"parameters": {"source": "seed", "sources": sources}, "work_pool": pool}
    fires = common | {"name": own("fires", folder), "schedules": [{"interval": EVERY}]}
    rests = common | {"name": own("rests", folder), "schedules": [{"interval": EVERY, "active": False}]}
    YAML().dump(SHIPPED | {"deployments": [fires, rests]}, folder / "prefect.yaml")


def environ(api: str, folder: Path) -> dict[str, str]:
    """What a shell in that folder would hand on, with the server named and the store left relative."""
    names = {"PREFECT_API_URL": api, "PREFECT_HOME": str(folder / "home"), "PWD": str(folder), "DO_NOT_TRACK": "1"}
    return {**os.environ, **names, "PREFECT_WORKER_QUERY_SECONDS": "1", "GONGBAO_STORE": "data/store"}


def typed(*words: str, api: str, folder: Path) -> None:
    """Type a command of Prefect's in that folder."""
    command = [program("prefect"), *words]
    done = subprocess.run(
        command, env=environ(api, folder), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@contextmanager
def worker(api: str, folder: Path) -> Iterator[Worker]:
    """A worker that stands elsewhere than the deployments, and the nights that it starts in its process group."""
    log, elsewhere = folder / "worker.log", folder / "elsewhere"
    elsewhere.mkdir()
    command = [program("prefect"), "worker", "start", "--pool", own(POOL, folder), "--limit", "1"]
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            command,
            env=environ(api, folder),
            cwd=elsewhere,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Worker(process=process, log=log)
        finally:
            stop(process)


def two_nights(api: str, at_work: Worker, deployment: str) -> tuple[Run, Run]:
    """The first two runs that ended, once they have; fails when the schedule does not fire in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and at_work.process.poll() is None:
        match ask(api, "flow_runs", of(deployment), sort="END_TIME_DESC")[::-1]:
            case [first, second, *_]:
                return first, second
        time.sleep(0.5)
    return pytest.fail(f"the schedule did not fire twice; the worker says:\n{at_work.log.read_text('utf-8')[-5000:]}")


def of(deployment: str) -> dict[str, Any]:
    """Which runs are meant: those of a deployment that ended, well or not."""
    ended = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}
    return {"deployments": {"name": {"any_": [deployment]}}, "flow_runs": ended}


def ask(api: str, what: str, which: dict[str, Any], sort: str) -> list[Run]:
    """What the server knows."""
    answer = httpx.post(f"{api}/{what}/filter", json={**which, "sort": sort}, timeout=60, trust_env=False)
    found: list[Run] = answer.raise_for_status().json()
    return found


def said(api: str, run: Run, least: int) -> list[str]:
    """The stages that stand in the log of a run, of which some lines arrive a moment after the run has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines = ask(api, "logs", {"logs": {"flow_run_id": {"any_": [run["id"]]}}}, sort="TIMESTAMP_ASC")
        if len(found := [line["message"].split()[0] for line in lines if line["name"] == LOGGER.name]) >= least:
            return found
        time.sleep(0.5)
    return []


def outcomes(store: Path) -> list[str]:
    """How the nights ended, by the records that they left."""
    return [json.loads(file.read_bytes())["outcome"] for file in sorted((store / "runs" / "seed").iterdir())]
