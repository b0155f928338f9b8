"""Scheduled runs by a worker, and kills for real in the middle of a run: of the worker, of Prefect and of the store."""

from __future__ import annotations

import asyncio
import json
import subprocess
from contextlib import ExitStack
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from ruamel.yaml import YAML
from support import prefect_server, seaweed
from support.cluster import BRISK, COMPOSE, EVERY, LEASES, POOL, SHIPPED, Cluster, NewsEditor
from support.processes import KillableProcess, until
from support.receivers import hook
from support.requires import ROOT, program
from support.runs import assert_copies_follow, consumer, data, flow, loaded, run_records, table, versions
from support.seaweed import BUCKET, Seaweed, clear_sockets, sockets
from support.site_editor import registry
from support.tcp_proxy import relayed
from system.test_automations import set_up

from flows.operator.store_queries import check
from infra.store import open_store
from publish.alerts.status import read_status
from publish.bucket.version import parse_version
from schemas.registry.sources import load_sources, pick

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("kills")  # they have servers of their own

PREFECT_YAML = YAML(typ="safe").load(ROOT / "prefect.yaml")
DEPLOYMENTS = PREFECT_YAML["deployments"]
LISTING = 2  # the second request of a run: the first is for the front page, the third for the report
FILE, POINTER = r"/seed/v/[^/ ]+/observations\.parquet ", r"/seed/latest\.json "
COPY, STATUS = r"/seed/latest/numbers\.parquet ", r"/status\.json "


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """All is up and the deployments are applied; there is no worker yet."""
    folder = tmp_path_factory.mktemp("cluster")
    weed, ports = seaweed.server(folder / "weed")
    prefect, api = prefect_server.server(folder / "prefect", **SHIPPED, **BRISK)
    editor = NewsEditor()
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
            api=api,
            weed=weed,
            seaweed=Seaweed(endpoint=f"http://127.0.0.1:{ports['s3']}"),
            relay=relay,
            editor=editor,
            store=open_store(given["GONGBAO_STORE"]),
            sources=registry(folder, base),
        )
        stack.callback(clear_sockets, sockets(ports))
        for server in (weed, prefect):
            stack.callback(server.end)
        prefect.start()
        found.start_store()
        found.start_prefect()
        deploy(found)
        stack.enter_context(temporary_settings({PREFECT_API_URL: found.api, PREFECT_LOGGING_TO_API_ENABLED: False}))
        yield found


def deploy(cluster: Cluster) -> None:
    """Apply the shipped file with two of its deployments changed: one fires every few seconds, the other not at all."""
    common = DEPLOYMENTS[0] | {"parameters": {"source": "seed", "sources": cluster.sources}}
    fires = common | {"name": "fires", "schedules": [{"interval": EVERY}]}
    rests = common | {"name": "rests", "schedules": [{"interval": EVERY, "active": False}]}
    YAML().dump(PREFECT_YAML | {"deployments": [fires, rests]}, cluster.folder / "prefect.yaml")
    for line in (("work-pool", "create", "--type", "process", POOL), ("deploy", "--all")):
        command = [program("prefect"), "--no-prompt", *line]
        done = subprocess.run(command, env=cluster.environ(), cwd=cluster.folder, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.fixture(autouse=True)
def restored(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test has killed and not started again does not concern the next, nor a place that a dead run holds."""
    yield
    if "cluster" in request.fixturenames:
        cluster = request.getfixturevalue("cluster")
        cluster.expire_leases()
        cluster.start_store()
        cluster.start_prefect()


@pytest.fixture
def worker(cluster: Cluster) -> Iterator[KillableProcess]:
    """A worker that takes one run at a time; started again it is another one, and knows nothing of the first."""
    found = cluster.worker()
    found.start()
    yield found
    found.end()


def test_each_source_has_one_deployment_one_run_at_a_time_from_one_pool() -> None:
    nightly = [source.id for source in pick(load_sources(), ())]
    assert sorted(nightly) == sorted(deployment["name"] for deployment in DEPLOYMENTS)
    assert all(deployment["parameters"] == {"source": deployment["name"]} for deployment in DEPLOYMENTS)
    assert {deployment["concurrency_limit"] for deployment in DEPLOYMENTS} == {1}
    assert {deployment["work_pool"]["name"] for deployment in DEPLOYMENTS} == {POOL}


def test_the_runs_follow_one_another_from_half_past_two_in_zhongshan() -> None:
    schedules = [schedule for deployment in DEPLOYMENTS for schedule in deployment["schedules"]]
    minutes = [int(schedule["cron"].removesuffix(" 2 * * *")) for schedule in schedules]
    assert {schedule["timezone"] for schedule in schedules} == {"Asia/Shanghai"}
    assert (len(minutes), minutes[0]) == (len(DEPLOYMENTS), 30)
    assert all(later - earlier >= 10 for earlier, later in pairwise(minutes))


def test_a_place_outlives_the_server_that_gave_it_where_gongbao_is_brought_up_by_compose() -> None:
    assert SHIPPED == {LEASES: "prefect.server.concurrency.lease_storage.filesystem"}
    server = COMPOSE["services"]["prefect-server"]
    assert "PREFECT_HOME" not in server["environment"]  # that of the image then, below /var/lib/gongbao
    assert server["volumes"] == ["prefect:/var/lib/gongbao"]
    assert "PREFECT_HOME=/var/lib/gongbao/prefect" in (ROOT / "infra/deploy/Dockerfile").read_text("utf-8")


def test_after_a_worker_is_killed_with_its_run_the_next_run_completes_and_the_one_after_finds_nothing_new(
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
        first = cluster.next_run(worker)
        assert len(cluster.runs("RUNNING")) >= 1  # the dead one, of which the server knows nothing more
        second = cluster.next_run(worker)
        stages = until(lambda: found if len(found := cluster.stages(second)) >= 3 else None, "its log", worker)
    assert (first["auto_scheduled"], second["auto_scheduled"]) == (True, True)
    assert (outcomes(cluster)[:2], stages) == (["published", "unchanged"], ["load", "fetch", "read"])
    assert cluster.runs("COMPLETED", "rests") == []
    assert_whole(cluster, number)
    assert seen.faults == []


def test_a_scheduled_run_whose_source_fails_makes_the_shipped_automation_call_a_webhook(
    cluster: Cluster, worker: KillableProcess
) -> None:
    """From `prefect.yaml` and the shipped automations on: the schedule fires, nothing is listed, somebody is called."""
    with hook() as webhook:
        set_up(cluster.api, webhook, cluster.folder)
        cluster.editor.articles = []
        failed = cluster.next_run(worker, "FAILED")
        events = until(lambda: [post.body for post in webhook.posts if "event" in post.body], "a call", worker)
    assert (events[0]["event"], events[0]["source"], events[0]["outcome"]) == ("raised", "seed", "source_failed")
    assert failed["auto_scheduled"]


def test_a_run_outlives_a_prefect_server_that_is_killed_and_comes_back(
    cluster: Cluster, worker: KillableProcess
) -> None:
    number = cluster.editor.report_another_number()
    with consumer(cluster.store, pause=1.0) as seen:
        with cluster.editor.silent(LISTING) as reached:
            until(reached.is_set, "a run that fetches", worker, cluster.prefect)
            begun = {run["id"] for run in cluster.runs("RUNNING")}
            cluster.prefect.kill()
            cluster.start_prefect()
        run = cluster.next_run(worker)
    assert run["id"] in begun
    assert_whole(cluster, number)
    assert outcomes(cluster)[-1] == "published"
    assert seen.faults == []


def test_after_all_is_killed_at_one_moment_the_next_run_completes(cluster: Cluster, worker: KillableProcess) -> None:
    number = cluster.editor.report_another_number()

    def power_cut() -> None:
        for process in (worker, cluster.weed, cluster.prefect):
            process.kill()

    with consumer(cluster.store, pause=1.0) as seen:
        cut = cluster.relay.set(COPY, power_cut)
        until(cut.is_set, "a release that is being copied", worker)
        cluster.start_store()
        assert read_status(cluster.store).of("seed").published != loaded(cluster.store, "seed/latest.json")["version"]

        cluster.expire_leases()
        cluster.start_prefect()
        worker.start()
        cluster.next_run(worker)
    assert_whole(cluster, number)
    assert outcomes(cluster)[-1] == "unchanged"
    assert seen.faults == []


async def test_a_run_whose_store_is_killed_leaves_its_record_in_the_spool_and_the_next_completes(
    cluster: Cluster,
) -> None:
    number, before = cluster.editor.report_another_number(), set(cluster.spool.glob("seed-*"))
    with consumer(cluster.store, pause=1.0) as seen:
        cluster.relay.set(STATUS, cluster.weed.kill)
        record = await flow("", cluster.sources)
        assert (record["outcome"], record["exit_status"]) == ("store_failed", 6)
        (left,) = set(cluster.spool.glob("seed-*")) - before
        kept = json.loads(left.read_bytes())
        assert (kept["outcome"], kept["error"]["code"]) == ("store_failed", "store_unavailable")

        await asyncio.to_thread(cluster.start_store)
        assert kept["run"] not in {each["run"] for each in run_records(cluster.store)}
        record = await flow("", cluster.sources)
    assert record["outcome"] == "unchanged"
    assert_whole(cluster, number)
    assert seen.faults == []


async def test_a_run_goes_on_when_its_store_is_killed_and_comes_back(cluster: Cluster) -> None:
    number = cluster.editor.report_another_number()

    def fall_and_rise() -> None:
        cluster.weed.kill()
        cluster.start_store()

    with consumer(cluster.store, pause=1.0) as seen:
        fallen = cluster.relay.set(POINTER, fall_and_rise)
        record = await flow("", cluster.sources)
    assert fallen.is_set()
    assert (record["outcome"], record["error"]) == ("published", None)
    assert_whole(cluster, number)
    assert seen.faults == []
    assert seen.seen == sorted(seen.seen, key=parse_version)


def outcomes(cluster: Cluster) -> list[str]:
    """How the runs ended that left their record, by time of start."""
    return [record["outcome"] for record in run_records(cluster.store)]


def assert_whole(cluster: Cluster, number: float) -> None:
    """The number is published, all that is published is sound, and what consumers see of it has no hole."""
    (value,) = table(cluster.store, "observations").filter(measure="level")["value"]
    assert value == number
    assert_copies_follow(cluster.store)
    checked, faults = check(cluster.store.url, ())
    assert faults == (), checked
    listed = loaded(cluster.store, "index.json")["datasets"]["seed"]["releases"]
    assert [each["previous"] for each in listed] == [*(each["version"] for each in listed[1:]), ""]
    assert {each["version"] for each in listed} <= set(versions(cluster.store))
    assert all(data(cluster.store, each["manifest"]) for each in listed)
