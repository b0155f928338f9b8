"""`gongbao run` on a laptop without any server, twice: what it says, and what it does not."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from support.commands import Done, environment, gongbao

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("samples")  # their site has one port

STAGE = re.compile(r"(load|fetch|read|check|publish) +\S.*\S +\d+\.\d s")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> str:
    return str(home / "store")


@pytest.fixture(scope="module")
def first(home: Path, store: str) -> Done:
    """The first run on a laptop: no server, no settings."""
    return gongbao("run", "--source", "samples", "--store", store, environ=environment(home, GONGBAO_PORTAL="1"))


@pytest.fixture(scope="module")
def second(first: Done, home: Path, store: str) -> Done:
    """The run of the night after, for a program."""
    assert first.status == 0, first.err
    return gongbao(
        "run", "--source", "samples", "--store", store, "--json", environ=environment(home, GONGBAO_PORTAL="1")
    )


def test_a_run_tells_its_stages_with_counts_and_times_in_plain_lines(first: Done, store: str) -> None:
    assert first.status == 0
    begun, *lines = first.err.splitlines()
    assert begun == f"samples: into {store}"
    assert [found[1] for line in lines if (found := STAGE.fullmatch(line))] == [
        "load",
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
