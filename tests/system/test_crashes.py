"""Kills at random moments: whatever a run was writing, consumers see one release whole, and the next run completes it.

`--kills N` sets how many runs are killed (300 in the suite); `--seed` repeats the moments of a run that failed.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from support.crash_runner import CrashRunner, crash_runner
from support.june_runs import objects
from support.runs import assert_copies_follow, data, loaded, release, table, versions
from support.seaweed import BUCKET, Seaweed

from flows.operator.store_queries import check
from infra.store import open_store
from publish.bucket.layout import headers
from schemas.finding import FindingCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from infra.store import Store

pytestmark = pytest.mark.xdist_group("crashes")  # what forks the runs is started once

ENOUGH = 20
"""From how many kills on each kind of end must be among them."""
PARTS = 3
UNFINISHED = frozenset({FindingCode.VERIFY_POINTER, FindingCode.VERIFY_LATEST, FindingCode.VERIFY_LOST})
"""What `verify` may find before the next run: the pointer is ahead of the list, the copies are behind the pointer."""


@pytest.fixture(scope="module")
def runner(seaweed: Seaweed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrashRunner]:
    """One runner for all tests, whose environment names the S3 server."""
    with patch.dict(os.environ, seaweed.environ()), crash_runner(tmp_path_factory.mktemp("crashes")) as started:
        yield started


@pytest.mark.parametrize("part", range(PARTS))
def test_a_run_killed_at_any_moment_leaves_one_release_whole_and_the_next_completes_it_in_a_folder(
    part: int, runner: CrashRunner, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    def fresh() -> Store:
        shutil.rmtree(tmp_path / "store", ignore_errors=True)
        shutil.copytree(runner.base, tmp_path / "store")
        return open_store(str(tmp_path / "store"))

    kills = pytestconfig.getoption("--kills") * 9 // 10 // PARTS
    kill_at_random(runner, fresh, kills=kills, chance=chance(pytestconfig, part))


@pytest.mark.usefixtures("s3_url")
def test_a_run_killed_at_any_moment_leaves_one_release_whole_and_the_next_completes_it_on_s3(
    runner: CrashRunner, pytestconfig: pytest.Config
) -> None:
    def fresh() -> Store:
        store, base = open_store(f"s3://{BUCKET}/{uuid.uuid4().hex}"), open_store(str(runner.base))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(partial(copy, base, store), objects(base)))
        return store

    kills = pytestconfig.getoption("--kills") // 10
    kill_at_random(runner, fresh, kills=kills, chance=chance(pytestconfig, PARTS))


def chance(config: pytest.Config, part: int) -> Random:
    """Return the moments of a part; `--seed`, which the head of the report names, repeats them."""
    return Random(f"{config.getoption('--seed')} {part}")


def kill_at_random(runner: CrashRunner, fresh: Callable[[], Store], *, kills: int, chance: Random) -> None:
    """Kill as many runs, each on a fresh store, at moments spread over the time that a run takes."""
    store = fresh()
    whole = runner.run(store.url)
    assert whole.status == 0
    assert_complete(store, "nobody was killed")
    ends: Counter[str] = Counter()
    for number in range(kills):
        store = fresh()
        former, moment = loaded(store, "seed/latest.json")["version"], chance.uniform(0, whole.seconds)
        case = f"kill {number} after {moment:.4f} s of {whole.seconds:.4f}"
        killed = runner.run(store.url, kill_after=moment)
        assert killed.status in {0, -9}, case
        moved = json.loads(release(store)["manifest.json"])["version"] != former
        assert growth(store) == (5.2 if moved else 5.0), case
        _, findings = check(store.url, ())
        assert {finding.code for finding in findings} <= UNFINISHED, (case, findings)
        ends["completed" if killed.status == 0 else "published" if moved else "not published"] += 1
        assert runner.run(store.url).status == 0, case
        assert_complete(store, case)
    if kills >= ENOUGH:
        assert ends["not published"], "no run was killed before the pointer moved"
        assert ends["published"], "no run was killed after the pointer moved"


def assert_complete(store: Store, case: str) -> None:
    """The next release is published, all that follows the pointer says so, and everything verifies."""
    assert growth(store) == 5.2, case
    assert_copies_follow(store)
    assert check(store.url, ()) == ("2 releases of 1 datasets", ()), case
    assert len(versions(store)) == 2, case


def growth(store: Store) -> float:
    """Return the number that the second release corrects, each file of the latest release checked by its hash."""
    rows = table(store, "observations").filter(obs_text="5.0%", status="actual")
    return 5.0 if rows.height else 5.2


def copy(base: Store, store: Store, key: str) -> None:
    assert store.put_new(key, data(base, key), headers(key))
