"""`gongbao run` as it is typed: what it says, how it ends, and whom it alerts where it fails."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from support.commands import environment, gongbao, process
from support.june_runs import SiteStore
from support.receivers import Hook

if TYPE_CHECKING:
    from pathlib import Path

STAGE = re.compile(r"(load|fetch|read|check|publish) +\S.*\S +\d+\.\d s")


@pytest.mark.xdist_group("samples")  # their site has one port
def test_two_runs_report_their_stages_end_with_the_next_command_and_mention_nothing_of_prefect(
    tmp_path: Path,
) -> None:
    """On a laptop: no server, no settings."""
    store = str(tmp_path / "store")
    command, environ = ("run", "--source", "samples", "--store", store), environment(tmp_path)
    first = gongbao(*command, environ=environ)
    assert first.status == 0, first.err
    begun, *lines = first.err.splitlines()
    assert begun == f"samples: into {store}"
    stages = [match[1] for line in lines if (match := STAGE.fullmatch(line))]
    assert stages == ["load", "fetch", "read", "check", "publish"]
    assert len(lines) == len(stages)
    head, *rest = first.out.splitlines()
    assert re.fullmatch(r"samples: published \d{4}\.\d\d\.\d\d\.1 \(2 documents, \d+ observations, .*\)", head)
    version = head.split()[2]
    assert f"  release: {store}/samples/v/{version}/" in rest
    assert rest[-1].endswith(f"gongbao show {store}")
    for noise in ("prefect", "| info", "traceback", "\x1b"):
        assert noise not in (first.out + first.err).lower()

    second = gongbao(*command, "--json", environ=environ)
    (record,) = json.loads(second.out)
    assert (second.status, record["outcome"], record["exit_status"]) == (0, "unchanged", 0)
    assert (record["version"], record["store"]) == (version, store)
    assert "prefect" not in second.err.lower()


@pytest.mark.xdist_group("flows")
@pytest.mark.usefixtures("quick_settings")
def test_a_failed_run_says_what_to_do_and_two_without_a_store_are_one_alert_that_the_next_run_clears(
    prefect_api: str, june_site: SiteStore, channel: Hook, tmp_path: Path
) -> None:
    """The settings are looked at before each run, and say nothing of the store."""
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    given = {"GONGBAO_ALERT_URLS": f"json://{channel.place}/x", "GONGBAO_SPOOL": str(tmp_path / "spool")}
    environ = environment(tmp_path, **given, PREFECT_API_URL=prefect_api)
    command = ("run", "--source", "seed", "--sources", june_site.sources, "--store", str(file))

    def titles() -> list[str]:
        return [post.body["title"].partition(" | ")[2].partition(":")[0] for post in channel.posts]

    done = process(*command, environ=environ)
    assert (done.status, titles()) == (6, ["Gongbao alert, seed"]), done.err
    assert "seed: store_failed" in done.out
    assert "store_unavailable: " in done.out
    assert "Traceback" not in done.out + done.err
    assert "prefect" not in (done.out + done.err).lower()
    local = {**environ, "PREFECT_API_URL": ""}
    assert gongbao(*command, "--engine", "local", environ=local).status == 6
    assert len(channel.posts) == 1
    file.unlink()
    done = gongbao(*command, "--engine", "local", environ=local)
    assert (done.status, titles()[1:]) == (0, ["Gongbao alert cleared, seed"]), done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--source nowhere", "nowhere"),
        ("--sources no-such-file.toml", "no-such-file.toml"),
        ("--store ftp://example.org/x --source samples", "ftp"),
        ("--frequency daily", "--frequency"),
    ],
    ids=str,
)
def test_wrong_usage_names_what_is_wrong(arguments: str, says: str, tmp_path: Path) -> None:
    assert says in gongbao("run", "--engine", "local", *arguments.split(), environ=environment(tmp_path)).usage_error()
