"""Kills for real, in the middle of a run: of the worker, the Prefect server, the object store, and of all at once."""

from __future__ import annotations

import asyncio
import json
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from ruamel.yaml import YAML
from support.cluster import (
    COMPOSE,
    EVERY,
    LEASES,
    POOL,
    SHIPPED,
    Cluster,
    NewsEditor,
    object_store,
    prefect_server,
)
from support.cms import registry
from support.nights import assert_copies_follow, consumer, data, flow, loaded, run_records, table, versions
from support.processes import KillableProcess, until
from support.requires import ROOT, program
from support.seaweed import BUCKET, Seaweed, clear_sockets, sockets
from support.tcp_proxy import relayed

from flows.operator.store_queries import check
from infra.store import open_store
from publish.alerts.status import read_status
from publish.bucket.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("kills")  # they have servers of their own

LISTING = 2  # the second request of a night: the first is for the front page, the third for the report
FILE, POINTER = r"/seed/v/[^/ ]+/observations\.parquet ", r"/seed/latest\.json "
COPY, STATUS = r"/seed/latest/numbers\.parquet ", r"/status\.json "


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """All is up and the deployment is applied; there is no worker yet."""
    folder = tmp_path_factory.mktemp("cluster")
    (weed, ports), (prefect, port), editor = object_store(folder), prefect_server(folder), NewsEditor()
    with ExitStack() as stack:
        base, relay = stack.enter_context(editor.served()), stack.enter_context(relayed(ports["s3"]))
        environ = stack.enter_context(pytest.MonkeyPatch.context())
        given = Seaweed(endpoint=relay.endpoint).environ() | {
            "AWS_MAX_ATTEMPTS": "2",
            "GONGBAO_PACE": "0",
            "GONGBAO_TIMEOUT": "300",  # longer than any silence
            "GONGBAO_STORE": f"s3://{BUCKET}/kills",
            "GONGBAO_SPOOL": str(folder / "spool"),
        }
        for name, value in given.items():
            environ.setenv(name, value)
        found = Cluster(
            folder=folder,
            prefect=prefect,
            port=port,
            weed=weed,
            seaweed=Seaweed(endpoint=f"http://127.0.0.1:{ports['s3']}"),
            relay=relay,
            editor=editor,
            store=open_store(given["GONGBAO_STORE"]),
            sources=registry(folder, base),
        )
        stack.callback(clear_sockets, sockets(ports))
        for one in (weed, prefect):
            stack.callback(one.end)
        prefect.start()
        found.start_store()
        found.start_prefect()
        deploy(found)
        stack.enter_context(temporary_settings({PREFECT_API_URL: found.api, PREFECT_LOGGING_TO_API_ENABLED: False}))
        yield found


def deploy(cluster: Cluster) -> None:
    """Apply the shipped file with one of its deployments changed: another source, and a night every few seconds."""
    shipped = YAML(typ="safe").load(ROOT / "prefect.yaml")
    changed = {
        "parameters": {"source": "seed", "sources": cluster.sources},
        "schedules": [{"interval": EVERY}],
    }
    YAML().dump(shipped | {"deployments": [shipped["deployments"][0] | changed]}, cluster.folder / "prefect.yaml")
    for words in (("work-pool", "create", "--type", "process", POOL), ("deploy", "--all")):
        command = [program("prefect"), "--no-prompt", *words]
        done = subprocess.run(command, env=cluster.environ(), cwd=cluster.folder, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.fixture(autouse=True)
def risen(cluster: Cluster) -> Iterator[None]:
    """What a test has killed and not started again is no matter of the next, nor is a place that a dead night holds."""
    yield
    cluster.expire_leases()
    cluster.start_store()
    cluster.start_prefect()


@pytest.fixture
def worker(cluster: Cluster) -> Iterator[KillableProcess]:
    """A worker that takes one night at a time; started again it is another one, and knows nothing of the first."""
    found = cluster.worker()
    found.start()
    yield found
    found.end()


def test_a_place_outlives_the_server_that_gave_it_where_gongbao_is_brought_up_by_compose() -> None:
    assert SHIPPED == {LEASES: "prefect.server.concurrency.lease_storage.filesystem"}
    server = COMPOSE["services"]["prefect-server"]
    assert "PREFECT_HOME" not in server["environment"]  # that of the image then, below /var/lib/gongbao
    assert server["volumes"] == ["prefect:/var/lib/gongbao"]
    assert "PREFECT_HOME=/var/lib/gongbao/prefect" in (ROOT / "infra/deploy/Dockerfile").read_text("utf-8")


def test_after_a_worker_is_killed_with_its_run_the_next_run_completes(
    cluster: Cluster, worker: KillableProcess
) -> None:
    number = cluster.editor.report_another_number()
    with consumer(cluster.store, pause=1.0) as seen:
        half = cluster.relay.set(FILE, worker.kill)
        until(half.is_set, "a release that is being written", worker, cluster.prefect)
        assert cluster.store.get("seed/latest.json") is None
        assert [entry.key for entry in cluster.store.list("runs/")] == []

        cluster.expire_leases()
        worker.start()
        night = cluster.next_run(worker)
    assert night["auto_scheduled"] is True
    assert len(cluster.nights("RUNNING")) >= 1  # the dead one, of which the server knows nothing more
    whole(cluster, number)
    assert seen.faults == []


def test_a_run_outlives_a_prefect_server_that_is_killed_and_comes_back(
    cluster: Cluster, worker: KillableProcess
) -> None:
    number = cluster.editor.report_another_number()
    with consumer(cluster.store, pause=1.0) as seen:
        with cluster.editor.silent(LISTING) as asked:
            until(asked.is_set, "a night that fetches", worker, cluster.prefect)
            begun = {run["id"] for run in cluster.nights("RUNNING")}
            cluster.prefect.kill()
            cluster.start_prefect()
        night = cluster.next_run(worker)
    assert night["id"] in begun
    whole(cluster, number)
    assert outcomes(cluster)[-1] == "published"
    assert seen.faults == []


def test_after_all_is_killed_at_one_moment_the_next_run_completes(cluster: Cluster, worker: KillableProcess) -> None:
    number = cluster.editor.report_another_number()

    def power_cut() -> None:
        for one in (worker, cluster.weed, cluster.prefect):
            one.kill()

    with consumer(cluster.store, pause=1.0) as seen:
        cut = cluster.relay.set(COPY, power_cut)
        until(cut.is_set, "a release that is being copied", worker)
        cluster.start_store()
        assert read_status(cluster.store).of("seed").published != loaded(cluster.store, "seed/latest.json")["version"]

        cluster.expire_leases()
        cluster.start_prefect()
        worker.start()
        cluster.next_run(worker)
    whole(cluster, number)
    assert outcomes(cluster)[-1] == "unchanged"
    assert seen.faults == []


@pytest.mark.parametrize("moment", [FILE, STATUS], ids=["a file of a release", "the status"])
async def test_a_run_whose_store_is_killed_leaves_its_record_in_the_spool_and_the_next_completes(
    cluster: Cluster, moment: str
) -> None:
    number, before = cluster.editor.report_another_number(), set(cluster.spool.glob("seed-*"))
    with consumer(cluster.store, pause=1.0) as seen:
        cluster.relay.set(moment, cluster.weed.kill)
        record = await flow("", cluster.sources)
        assert (record["outcome"], record["exit_status"]) == ("store_failed", 6)
        (left,) = set(cluster.spool.glob("seed-*")) - before
        kept = json.loads(left.read_bytes())
        assert (kept["outcome"], kept["error"]["code"]) == ("store_failed", "store_unavailable")

        await asyncio.to_thread(cluster.start_store)
        assert kept["run"] not in {one["run"] for one in run_records(cluster.store)}
        record = await flow("", cluster.sources)
    assert record["outcome"] == ("published" if moment == FILE else "unchanged")
    whole(cluster, number)
    assert seen.faults == []


@pytest.mark.parametrize("moment", [POINTER, COPY], ids=["the pointer", "a copy"])
async def test_a_run_goes_on_when_its_store_is_killed_and_comes_back(cluster: Cluster, moment: str) -> None:
    number = cluster.editor.report_another_number()

    def fall_and_rise() -> None:
        cluster.weed.kill()
        cluster.start_store()

    with consumer(cluster.store, pause=1.0) as seen:
        fallen = cluster.relay.set(moment, fall_and_rise)
        record = await flow("", cluster.sources)
    assert fallen.is_set()
    assert (record["outcome"], record["error"]) == ("published", None)
    whole(cluster, number)
    assert seen.faults == []
    assert seen.seen == sorted(seen.seen, key=parse_version)


def outcomes(cluster: Cluster) -> list[str]:
    """How the nights ended that left their record, by time of start."""
    return [record["outcome"] for record in run_records(cluster.store)]


def whole(cluster: Cluster, number: float) -> None:
    """The news are published, all that is published is sound, and what consumers see of it has no hole."""
    (value,) = table(cluster.store, "observations").filter(measure="level")["value"]
    assert value == number
    assert_copies_follow(cluster.store)
    checked, faults = check(cluster.store.url, ())
    assert faults == (), checked
    listed = loaded(cluster.store, "index.json")["datasets"]["seed"]["releases"]
    assert [one["previous"] for one in listed] == [*(one["version"] for one in listed[1:]), ""]
    assert {one["version"] for one in listed} <= set(versions(cluster.store))
    assert all(data(cluster.store, one["manifest"]) for one in listed)
