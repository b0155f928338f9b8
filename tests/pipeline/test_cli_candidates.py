"""`gongbao candidates` and `gongbao candidate` as an operator calls them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from support.commands import Done, gongbao
from support.june_runs import FIRST, HELD, SiteStore, objects, rewrite
from support.runs import loaded

from publish.alerts.status import HeldCandidate, read_status, write_status

GIVEN = ("--by", "Li Wei", "--why", "the page says so")


def candidate(act: str, held_release: SiteStore, *given: str, environ: dict[str, str]) -> Done:
    return gongbao("candidate", act, held_release.url, HELD, *given, environ=environ)


def test_what_waits_is_listed_with_what_held_it(held_site: SiteStore, environ: dict[str, str]) -> None:
    done = gongbao("candidates", held_site.url, environ=environ)
    assert (done.status, done.err) == (0, "")
    head, finding, then = done.out.splitlines()
    assert head == f"seed {HELD}: waits, since 2026-06-03T02:30:00Z, compared with {FIRST}"
    assert finding.startswith("  hold: A number is many times what it was")
    assert finding.endswith("[magnitude_jump, post-2612346]")
    assert then.endswith(f"gongbao candidate show {held_site.url} {HELD} --source seed")
    (listed,) = json.loads(gongbao("candidates", held_site.url, "--source", "seed", "--json", environ=environ).out)
    assert (listed["version"], listed["against"], listed["state"]) == (HELD, FIRST, "waits")
    assert [one["code"] for one in listed["findings"]] == ["magnitude_jump"]


def test_one_is_shown_with_evidence_documents_and_each_change_with_its_cause(
    held_site: SiteStore, environ: dict[str, str]
) -> None:
    done = candidate("show", held_site, environ=environ)
    assert done.status == 0
    assert done.out.startswith(f"seed {HELD}, compared with {FIRST}\n  hold: ")
    assert "was 573.72亿元 | is 5737.2亿元" in done.out
    assert "post-2612346 (ok) 火炬高新区2024年工作总结暨2025年工作部署 http://127.0.0.1" in done.out
    assert "2024年地区生产总值由 573.72亿元 改为 5737.2亿元（来源变动）。" in done.out
    assert "573.72亿元 became 5737.2亿元 (the source changed)." in done.out
    assert f"gongbao candidate accept {held_site.url} {HELD} --source seed --by NAME --why TEXT" in done.out


def test_one_is_shown_to_a_program(held_site: SiteStore, environ: dict[str, str]) -> None:
    shown = json.loads(candidate("show", held_site, "--json", environ=environ).out)
    assert (shown["dataset"], shown["version"], shown["waits"], shown["decision"]) == ("seed", HELD, True, None)
    (change,) = [row for row in shown["revisions"] if row["indicator"] == "gdp"]
    assert (change["before_value"], change["after_value"], change["cause"]) == (573.72, 5737.2, "source")
    assert [document["document"] for document in shown["documents"]] == ["post-2612346"]


def test_one_is_accepted_and_the_store_is_sound(held_release: SiteStore, environ: dict[str, str]) -> None:
    done = candidate("accept", held_release, *GIVEN, environ=environ)
    assert (done.status, done.err) == (0, "")
    head, *rest = done.out.splitlines()
    assert head.startswith(f"seed: published {HELD}, by Li Wei on 20")
    assert head.endswith(": the page says so")
    assert f"  release: {held_release.url}/seed/v/{HELD}/" in rest
    verified = gongbao("verify", held_release.url, environ=environ)
    assert (verified.status, verified.out) == (0, "sound: 2 releases of 1 datasets\n")
    assert gongbao("candidates", held_release.url, environ=environ).out == "nothing waits\n"
    assert json.loads(gongbao("candidates", held_release.url, "--json", environ=environ).out) == []
    again = candidate("accept", held_release, "--by", "x", "--why", "y", "--json", environ=environ)
    assert (again.status, json.loads(again.out)["decision"]["by"]) == (0, "Li Wei")
    shown = candidate("show", held_release, environ=environ).out
    assert "accepted by Li Wei on " in shown
    assert "candidate accept" not in shown


def test_one_is_rejected_and_what_was_published_stays(held_release: SiteStore, environ: dict[str, str]) -> None:
    before = objects(held_release.store, "seed/v/")
    done = candidate("reject", held_release, *GIVEN, "--source", "seed", environ=environ)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"seed: rejected {HELD}, by Li Wei on ")
    assert objects(held_release.store, "seed/v/") == before
    assert gongbao("candidates", held_release.url, environ=environ).out == "nothing waits\n"
    assert loaded(held_release.store, "status.json")["sources"]["seed"]["rejected"]["version"] == HELD
    assert "it was rejected by Li Wei" in candidate("accept", held_release, *GIVEN, environ=environ).usage_error()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["candidate", "accept", "{store}", HELD, "--why", "x"], "--by"),
        (["candidate", "accept", "{store}", HELD, "--by", "x"], "--why"),
        (["candidate", "reject", "{store}", HELD, "--by", " ", "--why", "x"], "--by is empty"),
        (["candidate", "accept", "{store}", "2026.06.04.1", *GIVEN], f"what waits: seed {HELD}"),
        (["candidate", "accept", "{store}", FIRST, "--source", "seed", *GIVEN], f"what waits is {HELD}"),
        (["candidate", "show", "{store}", "latest"], "invalid version"),
        (["candidate", "show", "{store}", HELD, "--source", "sead"], "there are: seed"),
        (["candidates", "{store}", "--source", "sead"], "there are: seed"),
        (["candidate", "postpone", "{store}", HELD], "postpone"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_wrong_usage_exits_with_2_and_writes_nothing(
    held_site: SiteStore, environ: dict[str, str], arguments: list[str], says: str
) -> None:
    before = objects(held_site.store)
    done = gongbao(*(word.format(store=held_site.url) for word in arguments), environ=environ)
    assert says in done.usage_error()
    assert objects(held_site.store) == before


def test_a_candidate_that_somebody_touched_exits_with_6_and_is_listed_as_such(
    held_release: SiteStore, environ: dict[str, str]
) -> None:
    rewrite(held_release.store, f"seed/candidate/{HELD}/numbers.csv", lambda old: old + b"x")
    for act, given in (("accept", GIVEN), ("show", ())):
        done = candidate(act, held_release, *given, environ=environ)
        assert (done.status, done.out) == (6, "")
        assert f"seed/candidate/{HELD}/numbers.csv" in done.err
    listed = gongbao("candidates", held_release.url, environ=environ)
    assert listed.status == 0
    assert f"seed {HELD}: cannot be accepted: seed/candidate/{HELD}/numbers.csv" in listed.out


def test_the_same_version_in_two_datasets_asks_for_one(held_release: SiteStore, environ: dict[str, str]) -> None:
    seen = read_status(held_release.store)
    twin = replace(seen.of("seed"), held=HeldCandidate(version=HELD, inputs_sha256="c" * 64))
    write_status(held_release.store, "torch", twin, seen=seen)
    assert "add --source: seed, torch" in candidate("show", held_release, environ=environ).usage_error()
    assert candidate("show", held_release, "--source", "seed", environ=environ).status == 0
    lines = gongbao("candidates", held_release.url, environ=environ).out.splitlines()
    assert any(line.startswith(f"torch {HELD}: cannot be accepted") for line in lines)


def test_another_latest_release_is_said_in_the_list(held_release: SiteStore, environ: dict[str, str]) -> None:
    pointer = loaded(held_release.store, "seed/latest.json")
    later = json.dumps({**pointer, "version": "2026.06.04.1"}).encode()
    rewrite(held_release.store, "seed/latest.json", lambda _: later)
    assert (
        f"seed {HELD}: too late: the latest release is 2026.06.04.1"
        in gongbao("candidates", held_release.url, environ=environ).out
    )
