from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Barrier, Lock
from typing import TYPE_CHECKING, Any

import pytest
from support.cms import SiteEditor, registry, seed_article, short_article
from support.faults import InterruptedStore
from support.nights import assert_copies_follow, consumer, data, flow, loaded, plain, release, table, versions

from flows.run import start
from flows.run.context import RunContext, create_context
from infra.store import Entry, Headers, Store, Stored, open_store
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


def test_a_run_killed_between_any_two_writes_leaves_a_sound_release_and_the_next_completes(
    tmp_path: Path, sources: str, editor: SiteEditor
) -> None:
    editor.articles = [short_article(GDP)]
    store = open_store(str(tmp_path / "store"))
    assert plain(create_context("seed", store.url, sources, None)) is Outcome.PUBLISHED
    former = data(store, "seed/latest.json")
    editor.correct("573.72", "575.80")
    run = create_context("seed", store.url, sources, None)
    watched = Watched(within=run.store, folder=tmp_path / "store", moments=tmp_path / "moments")
    assert plain(replace(run, store=watched)) is Outcome.PUBLISHED

    moments = sorted((tmp_path / "moments").iterdir())
    assert len(moments) > 30
    assert any(map(_is_page, watched.written))
    for moment in moments:
        _left_sound_and_mended(moment, sources, former)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A folder store of which a copy is taken before each write: what a run that is killed there leaves behind.

    Of the pages, which are many and alike, it takes one in ten. Writes of several threads wait for one another.
    """

    within: Store
    folder: Path
    moments: Path
    alone: Lock = field(default_factory=Lock)
    written: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.within.url

    def get(self, key: str) -> Stored | None:
        return self.within.get(key)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        return self.within.list(prefix)

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        with self.alone:
            self._copy(key)
            return self.within.put_new(key, data, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        with self.alone:
            self._copy(key)
            return self.within.swap(key, data, headers, expected=expected)

    def _copy(self, key: str) -> None:
        self.written.append(key)
        if _is_page(key) and len(self.written) % 10:
            return
        shutil.copytree(self.folder, self.moments / f"before write {len(self.written):03}")


def _is_page(key: str) -> bool:
    return key.startswith("seed/") and key.split("/")[1] not in {"v", "latest", "latest.json", "candidate"}


def _left_sound_and_mended(moment: Path, sources: str, former: bytes) -> None:
    """What a killed run left is a sound release, the former one until the pointer moved; the next run completes it."""
    store = open_store(str(moment))
    moved = data(store, "seed/latest.json") != former
    assert _gdp(store) == (575.80 if moved else 573.72), moment
    outcome = plain(create_context("seed", store.url, sources, None))
    assert outcome is (Outcome.UNCHANGED if moved else Outcome.PUBLISHED), moment
    assert _gdp(store) == 575.80, moment
    assert_copies_follow(store)


def _gdp(store: Store) -> float:
    """The one level of the latest release, all its files sound."""
    release(store)
    (value,) = table(store, "observations").filter(measure="level")["value"]
    return float(value)
