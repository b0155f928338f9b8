"""All that a nightly run needs, each a process of its own that can be killed: Prefect, a worker, SeaweedFS."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx
from ruamel.yaml import YAML
from support.prefect_server import await_health
from support.processes import KillableProcess, until
from support.requires import ROOT, program
from support.seaweed import Seaweed, await_first_put
from support.site_editor import SiteEditor, short_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.tcp_proxy import Relay

    from infra.store import Store
    from raw.samples.articles import Article

EVERY = 5  # seconds between two runs; a worker that takes one run at a time makes it as long as a run
POOL = "gongbao"
COMPOSE = YAML(typ="safe").load(ROOT / "infra" / "deploy" / "compose.yaml")
LEASES = "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"
SHIPPED = {
    name: value for name, value in COMPOSE["services"]["prefect-server"]["environment"].items() if name == LEASES
}
BRISK = {
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "1",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    # An hour of runs every few seconds would be hundreds of runs, each of which the server finds late and says so.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT1M",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "12",
}
Run = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class NewsEditor(SiteEditor):
    """A site whose editor prints new numbers, and which can fall silent in the middle of a run."""

    edition: int = 0
    requests: int = 0
    silent_from: int = 0
    reached: Event = field(default_factory=Event)
    answered: Event = field(default_factory=Event)

    def __call__(self) -> list[Article]:
        self.requests += 1
        if self.requests == self.silent_from:
            self.reached.set()
            self.answered.wait()
        return self.articles

    def report_another_number(self) -> float:
        """Print another number, and say which."""
        self.edition += 1
        self.articles = [short_article(f"2024年GDP{570 + self.edition}.25亿元,增长3.5%。")]
        return 570.25 + self.edition

    @contextmanager
    def silent(self, request: int) -> Iterator[Event]:
        """Answer this request, counted from now, only when the block is left; the event says that it has come."""
        self.requests, self.silent_from, self.reached, self.answered = 0, request, Event(), Event()
        try:
            yield self.reached
        finally:
            self.silent_from = 0
            self.answered.set()


@dataclass(slots=True, kw_only=True)
class Cluster:
    """The running programs, the site, and the store of the releases."""

    folder: Path
    prefect: KillableProcess
    api: str
    weed: KillableProcess
    seaweed: Seaweed
    relay: Relay
    editor: NewsEditor
    store: Store
    sources: str

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def start_prefect(self) -> None:
        self.prefect.start()
        await_health(self.api, self.prefect)

    def start_store(self) -> None:
        self.weed.start()
        await_first_put(self.seaweed, self.weed)

    def worker(self) -> KillableProcess:
        """A new worker, not yet started; the runs inherit its environment."""
        line = [program("prefect"), "worker", "start", "--pool", POOL, "--limit", "1"]
        return KillableProcess(command=line, folder=self.folder / "worker", environ=self.environ())

    def environ(self) -> dict[str, str]:
        """What a shell in the folder hands on to a worker, with the server named and nothing else set for Prefect."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        names = {"PREFECT_API_URL": self.api, "PREFECT_HOME": str(self.folder / "home"), "DO_NOT_TRACK": "1"}
        return {**inherited, **names, "PWD": str(self.folder), "PREFECT_WORKER_QUERY_SECONDS": "1"}

    def runs(self, state: str, deployment: str = "") -> list[Run]:
        """The runs of the deployments, or of one of them, that are in a state."""
        which = {"flow_runs": {"state": {"type": {"any_": [state]}}, "deployment_id": {"is_null_": False}}}
        return self.asked(
            "flow_runs", which | ({"deployments": {"name": {"any_": [deployment]}}} if deployment else {})
        )

    def stages(self, run: Run) -> list[str]:
        """The stages that stand in the log of a run, of which some lines arrive a moment after the run has ended."""
        lines = self.asked("logs", {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"})
        return [line["message"].split()[0] for line in lines if line["name"] == "gongbao"]

    def asked(self, what: str, which: dict[str, Any]) -> list[Run]:
        """What the Prefect server knows."""

        def answer() -> httpx.Response | None:
            with suppress(httpx.TransportError):  # a busy server is asked again
                return httpx.post(f"{self.api}/{what}/filter", json=which, timeout=60, trust_env=False)
            return None

        found: list[Run] = until(answer, "an answer of Prefect", self.prefect).raise_for_status().json()
        return found

    def expire_leases(self) -> None:
        """Let every lease run out at once: a dead run holds the only place of its deployment for five minutes."""
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        leases = self.folder / "prefect" / "home" / "concurrency_leases"
        for file in sorted(leases.glob("*-*.json")):
            file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"expiration": past}), "utf-8")
        index = leases / "expirations.json"
        if index.exists():
            index.write_text(json.dumps(dict.fromkeys(json.loads(index.read_text("utf-8")), past)), "utf-8")

    def next_run(self, worker: KillableProcess, state: str = "COMPLETED") -> Run:
        """The next run that ends so, once it has."""
        known = {run["id"] for run in self.runs(state)}

        def ended() -> Run | None:
            assert worker.alive, worker.log_tail()
            return next((run for run in self.runs(state) if run["id"] not in known), None)

        return until(ended, f"the next run in state {state}", worker, self.prefect)
