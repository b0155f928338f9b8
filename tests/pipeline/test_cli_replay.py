"""`gongbao replay` as an operator calls it, on a folder and on S3: what it shows, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import Done, gongbao, on_a_terminal
from support.june_runs import FORMER_READER, SiteStore, objects
from support.runs import data, loaded, table

from infra.store import open_store
from publish.bucket.layout import headers
from raw.extract.version import reader_version

if TYPE_CHECKING:
    from support.seaweed import Seaweed


def replay(site: SiteStore, *arguments: str, environ: dict[str, str]) -> Done:
    return gongbao("replay", site.url, "--sources", site.sources, *arguments, environ=environ)


def test_it_shows_what_would_change_and_the_command_that_publishes_it(
    misread_site: SiteStore, environ: dict[str, str]
) -> None:
    before = objects(misread_site.store)
    done = replay(misread_site, environ=environ)
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[:3] == [
        "seed: would be published",
        f"  2026.06.01.1 was read by {FORMER_READER}, now {reader_version()}",
        "  reader: 1 added",
    ]
    assert "新增2024年新增经营主体：8700户（读取程序更新）。" in done.out
    assert lines[-1] == f"  next:    gongbao replay {misread_site.url} --source seed --publish"
    assert done.err == "seed: read 1 of 1, post-2612346\n", "a line of progress for each document"
    assert objects(misread_site.store) == before


def test_a_terminal_gets_a_bar(misread_site: SiteStore, environ: dict[str, str]) -> None:
    arguments = ("replay", misread_site.url, "--sources", misread_site.sources)
    status, shown = on_a_terminal(*arguments, environ=environ, columns=100)
    assert status == 0
    assert "━" in shown
    assert "1/1" in shown


def test_json_holds_every_change_with_its_cause(misread_site: SiteStore, environ: dict[str, str]) -> None:
    (record,) = json.loads(replay(misread_site, "--source", "seed", "--json", environ=environ).out)
    names = ("kind", "outcome", "published", "exit_status", "release", "reader_then", "reader_now")
    expected = ["replay", "published", False, 0, "2026.06.01.1", FORMER_READER, reader_version()]
    assert [record[name] for name in names] == expected
    assert record["changes"] == [{"cause": "reader", "kind": "added", "count": 1}]
    (change,) = record["revisions"]
    assert (change["cause"], change["after_value"], change["before_value"]) == ("reader", 8700.0, None)


def test_with_publish_a_release_is_cut_on_s3_too(
    misread_site: SiteStore, environ: dict[str, str], seaweed: Seaweed, s3_url: str
) -> None:
    store = open_store(s3_url)
    for key in objects(misread_site.store):
        assert store.put_new(key, data(misread_site.store, key), headers(key))
    command = ("replay", s3_url, "--sources", misread_site.sources, "--publish")
    done = gongbao(*command, environ={**environ, **seaweed.environ()})
    assert done.status == 0, done.err
    version = loaded(store, "seed/latest.json")["version"]
    assert done.out.startswith(f"seed: published {version}\n")
    assert "next:" not in done.out
    assert table(store, "revisions").select("kind", "cause").rows() == [("added", "reader")]
    assert [entry.key for entry in store.list("runs/seed/") if "-published-" in entry.key]
    assert f"seed {version}".encode() in data(store, "atom.xml")


def test_what_is_published_is_not_published_again(misread: SiteStore, environ: dict[str, str]) -> None:
    (first,), (second,) = (json.loads(replay(misread, "--publish", "--json", environ=environ).out) for _ in range(2))
    assert (first["outcome"], second["outcome"], second["changes"]) == ("published", "unchanged", [])
    assert first["version"] == second["version"]
    assert replay(misread, environ=environ).out.startswith("seed: nothing would change")


def test_a_capture_that_is_lost_ends_with_6_and_is_named(misread: SiteStore, environ: dict[str, str]) -> None:
    (key,) = table(misread.store, "documents")["archive_key"]
    (Path(misread.url) / key).unlink()
    dry, done = (replay(misread, *publish, environ=environ) for publish in ((), ("--publish",)))
    assert (dry.status, dry.out, done.status) == (6, "", 6)
    assert key in dry.err
    assert key in done.out
    assert [entry for entry in objects(misread.store, "runs/seed/") if "-store_failed-" in entry]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--source torch", "published are: seed"),
        ("", "unknown source seed"),
        ("--sources no-such-file.toml", "no-such-file.toml"),
        ("--publish yes", "yes"),
    ],
    ids=str,
)
def test_wrong_usage_says_what_is_wrong(
    misread_site: SiteStore, environ: dict[str, str], arguments: str, says: str
) -> None:
    assert says in gongbao("replay", misread_site.url, *arguments.split(), environ=environ).usage_error()
