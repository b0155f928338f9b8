"""Two runs of one source at the same moment, and a run that is killed before each kind of write."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from support.june_runs import INVESTMENT, site
from support.runs import Record, apart, assert_copies_follow, consumer, data, loaded, local, release, table, versions
from support.site_editor import SiteEditor, registry, short_article
from support.wrapped_stores import CountingStore, InterruptedStore, Killed, KilledStore

from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import create_context, run_record
from infra.store import Store, open_store
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def views(tmp_path: Path, quick_settings: Path) -> Iterator[list[str]]:  # noqa: ARG001 - quick settings are in the environment
    """Three registries for the same dataset: their sites show the report with different numbers."""
    with ExitStack() as stack:
        files = []
        for number in ("570.00", "573.72", "574.81"):
            editor = SiteEditor(articles=[short_article(f"2024年GDP{number}亿元,增长3.5%。")])
            (tmp_path / number).mkdir()
            files.append(registry(tmp_path / number, stack.enter_context(editor.served())))
        yield files


def together(store: str, *sources: str) -> list[Record]:
    """The records of runs which wait for one another when all have read the pointer."""
    barrier = Barrier(len(sources))

    def run(source: str) -> Record:
        context = create_context("seed", store, source, None)
        waiting = InterruptedStore(
            within=context.store, method="get", suffix="seen.json", interrupt=partial(barrier.wait, 60)
        )
        context = replace(context, store=waiting)
        return run_record(context, apart(run_pipeline(context, LOCAL_STAGES)))

    with ThreadPoolExecutor(len(sources)) as pool:
        return list(pool.map(run, sources))


@pytest.mark.parametrize("first", [True, False], ids=["first release", "second release"])
def test_of_two_runs_at_the_same_moment_one_publishes_and_the_other_reports_it(
    store_url: str, views: list[str], *, first: bool
) -> None:
    store = open_store(store_url)
    if not first:
        local(store_url, views[0])
    with consumer(store) as seen:
        records = together(store_url, *views[1:])

    winner, other = sorted(records, key=lambda record: str(record["outcome"]))
    assert (winner["outcome"], other["outcome"]) == ("published", "yielded")
    assert [record["exit_status"] for record in records] == [0, 0]
    assert loaded(store, "seed/latest.json")["version"] == winner["version"]
    assert seen.faults == []
    assert set(seen.seen) <= set(versions(store)) - {other["version"]}
    listed = loaded(store, "index.json")["datasets"]["seed"]["releases"]
    assert other["version"] not in {release["version"] for release in listed}
    assert_copies_follow(store)
    assert loaded(store, "status.json")["sources"]["seed"]["last_changed"] >= winner["started"]


def test_two_runs_that_find_the_same_page_publish_it_once(store_url: str, views: list[str]) -> None:
    records = together(store_url, views[0], views[0])
    assert sorted(record["outcome"] for record in records) == ["published", "yielded"]
    store = open_store(store_url)
    assert_copies_follow(store)
    assert len(loaded(store, "index.json")["datasets"]["seed"]["releases"]) == 1


def test_a_run_killed_before_each_kind_of_write_leaves_a_sound_release_and_the_next_completes(tmp_path: Path) -> None:
    with site(tmp_path / "site") as base:
        base.publish(1)
        former = data(base.store, "seed/latest.json")
        base.editor.correct(*INVESTMENT)
        counting = CountingStore(within=base.copied(tmp_path / "whole").store)
        base.publish(2, counting)
        assert len(counting.moments()) >= 12
        for writes in counting.moments():
            copy = base.copied(tmp_path / f"killed after {writes:03}")
            with pytest.raises(Killed):
                copy.run(2, KilledStore(within=copy.store, writes=writes))
            moved = data(copy.store, "seed/latest.json") != former
            assert growth(copy.store) == (5.2 if moved else 5.0), copy.url
            assert copy.run(3).outcome is (Outcome.UNCHANGED if moved else Outcome.PUBLISHED), copy.url
            assert growth(copy.store) == 5.2, copy.url
            assert_copies_follow(copy.store)


def growth(store: Store) -> float:
    """The growth of investment in the latest release, all its files sound."""
    release(store)
    rows = table(store, "observations").filter(indicator="investment_fixed", status="actual")
    return float(rows["value"].item())
