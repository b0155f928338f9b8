"""All that a night needs, each a process of its own that can be killed: Prefect, a worker, SeaweedFS behind a relay."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx
from ruamel.yaml import YAML
from support.cms import SiteEditor, short_article
from support.prefect_server import QUIET, await_health
from support.processes import KillableProcess, until
from support.requires import ROOT, program
from support.seaweed import Seaweed, await_first_put, command, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.tcp_proxy import Relay

    from infra.store import Store
    from raw.samples.articles import Article

EVERY = 5  # seconds between two nights; a worker that takes one run at a time makes it as long as a night
POOL = "gongbao"
COMPOSE = YAML(typ="safe").load(ROOT / "infra" / "deploy" / "compose.yaml")
LEASES = "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"
SHIPPED = {
    name: value for name, value in COMPOSE["services"]["prefect-server"]["environment"].items() if name == LEASES
}
BRISK = {
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "1",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    # An hour of nights every few seconds would be hundreds of runs, each of which the server finds late and says so.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT1M",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "12",
}
Run = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class NewsEditor(SiteEditor):
    """A site whose editor brings news, and which can fall silent in the middle of a run."""

    edition: int = 0
    asked: int = 0
    silent_from: int = 0
    reached: Event = field(default_factory=Event)
    spoken: Event = field(default_factory=Event)

    def __call__(self) -> list[Article]:
        self.asked += 1
        if self.asked == self.silent_from:
            self.reached.set()
            self.spoken.wait()
        return self.articles

    def report_another_number(self) -> float:
        """Print another number, and say which."""
        self.edition += 1
        self.articles = [short_article(f"2024年GDP{570 + self.edition}.25亿元,增长3.5%。")]
        return 570.25 + self.edition

    @contextmanager
    def silent(self, request: int) -> Iterator[Event]:
        """Answer this request, counted from now, only when the block is left; the event says that it has come."""
        self.asked, self.silent_from, self.reached, self.spoken = 0, request, Event(), Event()
        try:
            yield self.reached
        finally:
            self.silent_from = 0
            self.spoken.set()


@dataclass(slots=True, kw_only=True)
class Cluster:
    """Where the tests take place."""

    folder: Path
    prefect: KillableProcess
    port: int
    weed: KillableProcess
    seaweed: Seaweed
    relay: Relay
    editor: NewsEditor
    store: Store
    sources: str

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def start_prefect(self) -> None:
        await_health(self.api, self.prefect.start(), self.prefect.log)

    def start_store(self) -> None:
        await_first_put(self.seaweed, self.weed.start(), self.weed.log)

    def worker(self) -> KillableProcess:
        """A new worker, not yet started; the nights inherit its environment."""
        words = [program("prefect"), "worker", "start", "--pool", POOL, "--limit", "1"]
        return KillableProcess(command=words, folder=self.folder / "worker", environ=self.environ())

    def environ(self) -> dict[str, str]:
        return at_home(self.folder, self.api)

    def nights(self, state: str) -> list[Run]:
        """The nights of the deployment that are in a state."""
        which = {"flow_runs": {"state": {"type": {"any_": [state]}}, "deployment_id": {"is_null_": False}}}
        answer = httpx.post(f"{self.api}/flow_runs/filter", json=which, timeout=60, trust_env=False)
        found: list[Run] = answer.raise_for_status().json()
        return found

    def expire_leases(self) -> None:
        """Let every lease run out at once: a dead night holds the only place of its deployment for five minutes."""
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        leases = self.folder / "prefect" / "home" / "concurrency_leases"
        for file in sorted(leases.glob("*-*.json")):
            file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"expiration": past}), "utf-8")
        index = leases / "expirations.json"
        if index.exists():
            index.write_text(json.dumps(dict.fromkeys(json.loads(index.read_text("utf-8")), past)), "utf-8")

    def next_run(self, worker: KillableProcess) -> Run:
        """The next night that ends well, once it has."""
        known = {run["id"] for run in self.nights("COMPLETED")}

        def found() -> Run | None:
            assert worker.alive, worker.log_tail()
            return next((run for run in self.nights("COMPLETED") if run["id"] not in known), None)

        return until(found, "the next night", worker, self.prefect)


def at_home(folder: Path, api: str) -> dict[str, str]:
    """What a shell in that folder hands on to a worker, with the server named and nothing else said to Prefect."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    names = {"PREFECT_API_URL": api, "PREFECT_HOME": str(folder / "home"), "DO_NOT_TRACK": "1"}
    return {**inherited, **names, "PWD": str(folder), "PREFECT_WORKER_QUERY_SECONDS": "1"}


def prefect_server(folder: Path) -> tuple[KillableProcess, int]:
    """A Prefect server, as it is shipped but for its loops, which are shorter, and its silence."""
    (port,) = free_ports(1)
    words = [program("prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environ = {**os.environ, **QUIET, **SHIPPED, **BRISK, "PREFECT_HOME": str(folder / "prefect" / "home")}
    return KillableProcess(command=words, folder=folder / "prefect", environ=environ), port


def object_store(folder: Path) -> tuple[KillableProcess, dict[str, int]]:
    """SeaweedFS on a folder and on ports that it keeps."""
    ports = dict(zip(("master", "volume", "filer", "s3"), free_ports(4), strict=True))
    home = folder / "weed"
    home.mkdir()
    return KillableProcess(command=command(home, ports), folder=home), ports
