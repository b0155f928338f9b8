"""`gongbao run` where it fails or is killed: what it says, how it ends, what it leaves."""

from __future__ import annotations

import signal
import subprocess
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from support.cms import SiteEditor, short_article
from support.commands import environment, gongbao
from support.fake_store import Played, through
from support.nights import assert_copies_follow, data, plain, release, versions
from support.requires import program
from support.seaweed import Seaweed

from flows.run.context import create_context
from infra.store import open_store
from schemas.codelists import Outcome


@pytest.mark.xdist_group("flows")
def test_a_failed_run_exits_with_its_status_and_says_what_to_do(
    sources: str, editor: SiteEditor, tmp_path: Path, prefect_api: str
) -> None:
    editor.articles.clear()
    environ = environment(tmp_path, PREFECT_API_URL=prefect_api, GONGBAO_TRIES="1")
    done = gongbao("run", "--source", "seed", "--sources", sources, "--store", str(tmp_path / "store"), environ=environ)
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
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = gongbao("run", *arguments, environ=environment(tmp_path))
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


@pytest.mark.xdist_group("flows")
def test_a_killed_run_leaves_the_former_release_and_the_next_run_completes(
    sources: str, editor: SiteEditor, seaweed: Seaweed, s3_url: str, prefect_api: str
) -> None:
    editor.articles = [short_article("2024年GDP573.72亿元,增长3.5%。")]
    assert plain(create_context("seed", s3_url, sources, None)) is Outcome.PUBLISHED
    store = open_store(s3_url)
    former = data(store, "seed/latest.json")
    editor.correct("573.72", "575.80")
    home = Path(sources).parent
    environ = environment(home, **seaweed.environ(), PREFECT_API_URL=prefect_api)
    arguments = ["--source", "seed", "--sources", sources, "--store", s3_url]
    assert _killed_at("seed/latest.json", arguments, environ, seaweed) == -signal.SIGKILL

    assert len(versions(store)) == 2
    assert data(store, "seed/latest.json") == former
    release(store)
    assert plain(create_context("seed", s3_url, sources, None)) is Outcome.PUBLISHED
    assert data(store, "seed/latest.json") != former
    release(store)
    assert_copies_follow(store)


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
