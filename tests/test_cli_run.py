"""`gongbao run` as a process: what it says, how it ends, and what a kill leaves."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from commands import Done, environment, gongbao
from need import program
from nights import data, plain, release, shelves, versions
from played import Played, through
from seaweed import Seaweed
from seed import Desk, short_article

from flows.run import begin
from infra.store import open_store
from schemas.codelists import Outcome

pytestmark = pytest.mark.xdist_group("flows")

STAGE = re.compile(r"(look|fetch|read|check|publish) +\S.*\S +\d+\.\d s")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> str:
    return str(home / "store")


@pytest.fixture(scope="module")
def first(home: Path, store: str) -> Done:
    """The first run on a laptop: no server, no settings."""
    return gongbao("run", "--source", "samples", "--store", store, environ=environment(home))


@pytest.fixture(scope="module")
def second(first: Done, home: Path, store: str, prefect_api: str) -> Done:
    """The run of the night after, on a running server, for a program."""
    assert first.status == 0, first.err
    environ = environment(home, PREFECT_API_URL=prefect_api)
    return gongbao("run", "--source", "samples", "--store", store, "--json", environ=environ)


def test_a_run_tells_its_stages_with_counts_and_times_in_plain_lines(first: Done, store: str) -> None:
    assert first.status == 0
    begun, *lines = first.err.splitlines()
    assert begun == f"samples: into {store}"
    assert [found[1] for line in lines if (found := STAGE.fullmatch(line))] == [
        "look",
        "fetch",
        "read",
        "check",
        "publish",
    ]
    assert len(lines) == 5
    assert "\x1b" not in first.out + first.err


def test_a_run_ends_with_its_release_and_the_next_command(first: Done, store: str) -> None:
    head, *rest = first.out.splitlines()
    assert re.fullmatch(r"samples: published \d{4}\.\d\d\.\d\d\.1 \(2 documents, \d+ observations, .*\)", head)
    version = head.split()[2]
    assert f"  release: {store}/samples/v/{version}/" in rest
    assert rest[-1].endswith(f"gongbao show {store}")


def test_nothing_of_prefect_is_heard_in_a_normal_run(first: Done) -> None:
    said = first.out + first.err
    assert "prefect" not in said.lower()
    assert "| INFO" not in said
    assert "Traceback" not in said


def test_the_second_run_is_unchanged_and_told_as_json(second: Done, first: Done, store: str) -> None:
    (record,) = json.loads(second.out)
    assert (second.status, record["outcome"], record["exit_status"]) == (0, "unchanged", 0)
    assert record["version"] in first.out
    assert record["store"] == store
    assert "prefect" not in second.err.lower()


def test_a_failed_run_exits_with_its_status_and_says_what_to_do(
    sources: str, desk: Desk, home: Path, prefect_api: str
) -> None:
    desk.articles.clear()
    environ = environment(home, PREFECT_API_URL=prefect_api, GONGBAO_TRIES="1")
    done = gongbao("run", "--source", "seed", "--sources", sources, "--store", str(home / "other"), environ=environ)
    assert done.status == 5
    assert "seed: source_failed" in done.out
    assert "source_" in done.out
    assert "Traceback" not in done.out + done.err
    assert "prefect" not in (done.out + done.err).lower()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--source", "nowhere"], "nowhere"),
        (["--sources", "no-such-file.toml"], "no-such-file.toml"),
        (["--store", "ftp://example.org/x", "--source", "samples"], "ftp"),
        (["--frequency", "daily"], "--frequency"),
    ],
    ids=str,
)
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(arguments: list[str], says: str, home: Path) -> None:
    done = gongbao("run", *arguments, environ=environment(home))
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_killed_run_leaves_the_former_release_and_the_next_run_completes(
    sources: str, desk: Desk, seaweed: Seaweed, s3_url: str, prefect_api: str
) -> None:
    desk.articles = [short_article("2024年GDP573.72亿元,增长3.5%。")]
    assert plain(begin("seed", s3_url, sources, None)) is Outcome.PUBLISHED
    store = open_store(s3_url)
    former = data(store, "seed/latest.json")
    desk.correct("573.72", "575.80")
    home = Path(sources).parent
    environ = environment(home, **seaweed.environ(), PREFECT_API_URL=prefect_api)
    arguments = ["--source", "seed", "--sources", sources, "--store", s3_url]
    assert _killed_at("seed/latest.json", arguments, environ, seaweed) == -signal.SIGKILL

    assert len(versions(store)) == 2
    assert data(store, "seed/latest.json") == former
    release(store)
    assert plain(begin("seed", s3_url, sources, None)) is Outcome.PUBLISHED
    assert data(store, "seed/latest.json") != former
    release(store)
    shelves(store)


def _killed_at(key: str, arguments: list[str], environ: dict[str, str], seaweed: Seaweed) -> int:
    """Run a night whose process gets SIGKILL when it sets out to write a key; how it ended."""
    running: list[subprocess.Popen[bytes]] = []
    pass_on = through(seaweed)

    def kill_or_pass(played: Played) -> None:
        if played.command == "PUT" and played.path.partition("?")[0].endswith(key):
            running[0].send_signal(signal.SIGKILL)
            played.close_connection = True
        else:
            pass_on(played)

    handler = type("Handler", (Played,), {"answers": [kill_or_pass], "taken": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.server_port}"
        running.append(subprocess.Popen([program("gongbao"), "run", *arguments], env=environ))
        try:
            return running[0].wait(120)
        finally:
            running[0].kill()
            server.shutdown()
