from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from support.cms import SiteEditor, registry, seed_article, short_article
from support.counting import CountingStore
from support.faults import InterruptedStore, Killed, KilledStore
from support.nights import assert_copies_follow, consumer, data, flow, loaded, plain, release, table, versions

from flows.run import start
from flows.run.context import RunContext, create_context
from infra.store import Store, open_store
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from pathlib import Path

GDP = "2024年GDP573.72亿元,增长3.5%。"


@pytest.fixture
def views(tmp_path: Path, quick_settings: Path) -> Iterator[list[str]]:  # noqa: ARG001 - quick settings are in the environment
    """Three registries for the same dataset: their sites show the report with different numbers."""
    with ExitStack() as stack:
        files = []
        for number in ("570.00", "573.72", "574.81"):
            editor = SiteEditor(articles=[seed_article()])
            editor.correct("GDP573.72", f"GDP{number}")
            folder = tmp_path / number
            folder.mkdir()
            files.append(registry(folder, stack.enter_context(editor.served())))
        yield files


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two runs wait for one another when both have read the pointer."""
    both = Barrier(2)

    def begin_together(*given: Any) -> RunContext:  # noqa: ANN401 - handed on as the flow gives them
        run = create_context(*given)
        interrupted = InterruptedStore(
            within=run.store, method="get", suffix="seen.json", interrupt=partial(both.wait, 30)
        )
        return replace(run, store=interrupted)

    monkeypatch.setattr(start, "create_context", begin_together)


@pytest.mark.xdist_group("flows")
@pytest.mark.usefixtures("prefect_api")
@pytest.mark.parametrize("first", [True, False], ids=["first release", "second release"])
async def test_of_two_runs_at_the_same_moment_one_publishes_and_the_other_reports_it(
    store_url: str, views: list[str], request: pytest.FixtureRequest, *, first: bool
) -> None:
    store = open_store(store_url)
    if not first:
        await flow(store_url, views[0])
    request.getfixturevalue("together")
    with consumer(store) as seen:
        records = await asyncio.gather(*(flow(store_url, view) for view in views[1:]))

    winner, other = sorted(records, key=lambda record: str(record["outcome"]))
    assert (winner["outcome"], other["outcome"]) == ("published", "yielded")
    assert [record["exit_status"] for record in records] == [0, 0]
    assert loaded(store, "seed/latest.json")["version"] == winner["version"]
    assert seen.faults == []
    assert set(seen.seen) <= set(versions(store)) - {other["version"]}
    listed = loaded(store, "index.json")["datasets"]["seed"]["releases"]
    assert other["version"] not in {one["version"] for one in listed}
    assert_copies_follow(store)
    assert loaded(store, "status.json")["sources"]["seed"]["last_changed"] >= winner["started"]


@pytest.mark.xdist_group("flows")
@pytest.mark.usefixtures("prefect_api", "together")
async def test_two_runs_that_find_the_same_page_publish_it_once(store_url: str, sources: str) -> None:
    records = await asyncio.gather(flow(store_url, sources), flow(store_url, sources))
    assert sorted(record["outcome"] for record in records) == ["published", "yielded"]
    store = open_store(store_url)
    assert_copies_follow(store)
    assert len(loaded(store, "index.json")["datasets"]["seed"]["releases"]) == 1


def test_a_run_killed_before_each_kind_of_write_leaves_a_sound_release_and_the_next_completes(
    tmp_path: Path, sources: str, editor: SiteEditor
) -> None:
    editor.articles = [short_article(GDP)]
    base = tmp_path / "base"
    assert plain(create_context("seed", str(base), sources, None)) is Outcome.PUBLISHED
    former = data(open_store(str(base)), "seed/latest.json")
    editor.correct("573.72", "575.80")

    def copy(name: str) -> RunContext:
        shutil.copytree(base, tmp_path / name)
        return create_context("seed", str(tmp_path / name), sources, None)

    run = copy("whole")
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.PUBLISHED
    assert len(counting.moments()) >= 12
    for number in counting.moments():
        run = copy(f"killed before {number:03}")
        with pytest.raises(Killed):
            plain(replace(run, store=KilledStore(within=run.store, writes=number)))
        _left_sound_and_completed(run.store, sources, former)


def _left_sound_and_completed(store: Store, sources: str, former: bytes) -> None:
    """What a killed run left is a sound release, the former one until the pointer moved; the next run completes it."""
    moved = data(store, "seed/latest.json") != former
    assert _gdp(store) == (575.80 if moved else 573.72), store.url
    outcome = plain(create_context("seed", store.url, sources, None))
    assert outcome is (Outcome.UNCHANGED if moved else Outcome.PUBLISHED), store.url
    assert _gdp(store) == 575.80, store.url
    assert_copies_follow(store)


def _gdp(store: Store) -> float:
    """The one level of the latest release, all its files sound."""
    release(store)
    (value,) = table(store, "observations").filter(measure="level")["value"]
    return float(value)
