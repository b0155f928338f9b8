"""`gongbao replay` as an operator calls it, on a folder and on S3: what it shows, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import environment, gongbao
from support.nights import loaded, table
from support.release_store import earlier_reader, objects, publish, site
from support.requires import program

from infra.store import open_store
from publish.bucket.layout import headers
from raw.extract.version import reader_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.seaweed import Seaweed

    from infra.store import Store
    from schemas.observation import Observation

OLD = "0.0.9+old"


def misread(one: Observation) -> Observation | None:
    return None if one.obs_text == "8700户" else one


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The registry file of a source, and a store whose release an earlier reader read; the tests only copy it."""
    with site(tmp_path_factory.mktemp("replay")) as (_, sources, store):
        with earlier_reader(OLD, misread):
            publish(sources, store, 1)
        yield sources, store


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("home"))


@pytest.fixture
def store(made: tuple[str, str], tmp_path: Path) -> str:
    copy = tmp_path / "copy"
    shutil.copytree(made[1], copy)
    return str(copy)


def copied(folder: str, store: Store) -> None:
    """Put what a folder store holds into another."""
    source = open_store(folder)
    for entry in source.list(""):
        stored = source.get(entry.key)
        assert stored is not None
        assert store.put_new(entry.key, stored.data, headers(entry.key))


def test_it_shows_what_would_change_and_the_command_that_publishes_it(
    made: tuple[str, str], store: str, environ: dict[str, str]
) -> None:
    before = objects(open_store(store))
    done = gongbao("replay", store, "--sources", made[0], environ=environ)
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[:3] == [
        "seed: would be published",
        f"  2026.06.01.1 was read by {OLD}, now {reader_version()}",
        "  reader: 1 added",
    ]
    assert "新增2024年新增经营主体：8700户（读取程序更新）。" in done.out
    assert lines[-1] == f"  next:    gongbao replay {store} --source seed --publish"
    assert objects(open_store(store)) == before


def test_elsewhere_than_on_a_terminal_progress_is_a_line_for_each_document(
    made: tuple[str, str], store: str, environ: dict[str, str]
) -> None:
    done = gongbao("replay", store, "--sources", made[0], environ=environ)
    assert done.err == "seed: read 1 of 1, post-2612346\n"


def test_a_terminal_gets_a_bar(made: tuple[str, str], store: str, environ: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    command = [program("gongbao"), "replay", store, "--sources", made[0]]
    look = {"COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(command, env={**environ, **look}, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert "━" in shown.decode()
    assert "1/1" in shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def test_json_holds_every_change_with_its_cause(made: tuple[str, str], store: str, environ: dict[str, str]) -> None:
    done = gongbao("replay", store, "--source", "seed", "--sources", made[0], "--json", environ=environ)
    (told,) = json.loads(done.out)
    assert (told["kind"], told["outcome"], told["published"], told["exit_status"]) == ("replay", "published", False, 0)
    assert (told["release"], told["reader_then"], told["reader_now"]) == ("2026.06.01.1", OLD, reader_version())
    assert told["changes"] == [{"cause": "reader", "kind": "added", "count": 1}]
    (change,) = told["revisions"]
    assert (change["cause"], change["after_value"], change["before_value"]) == ("reader", 8700.0, None)


def test_with_publish_a_release_is_cut_on_s3_too(
    made: tuple[str, str], environ: dict[str, str], seaweed: Seaweed, s3_url: str
) -> None:
    store = open_store(s3_url)
    copied(made[1], store)
    done = gongbao("replay", s3_url, "--sources", made[0], "--publish", environ={**environ, **seaweed.environ()})
    assert done.status == 0, done.err
    version = loaded(store, "seed/latest.json")["version"]
    assert done.out.startswith(f"seed: published {version}\n")
    assert "next:" not in done.out
    assert table(store, "revisions").select("kind", "cause").rows() == [("added", "reader")]
    assert [entry.key for entry in store.list("runs/seed/") if "-published-" in entry.key]
    assert f"seed {version}".encode() in (store.get("atom.xml") or pytest.fail("no feed")).data


def test_what_is_published_is_not_published_again(made: tuple[str, str], store: str, environ: dict[str, str]) -> None:
    first, second = (
        gongbao("replay", store, "--sources", made[0], "--publish", "--json", environ=environ) for _ in range(2)
    )
    ((one,), (other,)) = (json.loads(done.out) for done in (first, second))
    assert (one["outcome"], other["outcome"], other["changes"]) == ("published", "unchanged", [])
    assert one["version"] == other["version"]
    last = gongbao("replay", store, "--sources", made[0], environ=environ)
    assert last.out.startswith("seed: nothing would change")


def test_a_capture_that_is_lost_ends_with_6_and_is_named(
    made: tuple[str, str], store: str, environ: dict[str, str]
) -> None:
    (key,) = table(open_store(store), "documents")["archive_key"]
    (Path(store) / key).unlink()
    dry = gongbao("replay", store, "--sources", made[0], environ=environ)
    assert (dry.status, dry.out) == (6, "")
    assert key in dry.err
    done = gongbao("replay", store, "--sources", made[0], "--publish", environ=environ)
    assert done.status == 6
    assert key in done.out
    assert [entry for entry in objects(open_store(store), "runs/seed/") if "-store_failed-" in entry]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--source", "torch"], "published are: seed"),
        ([], "unknown source seed"),
        (["--sources", "no-such-file.toml"], "no-such-file.toml"),
        (["--publish", "yes"], "yes"),
    ],
    ids=str,
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    store: str, environ: dict[str, str], arguments: list[str], says: str
) -> None:
    done = gongbao("replay", store, *arguments, environ=environ)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err
