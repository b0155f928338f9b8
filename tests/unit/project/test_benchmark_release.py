"""The benchmark of releases runs, finds the changes that pandas finds, and says so where something is wrong.

At sizes as small as these the ratios say nothing, so that its exit status is left aside where it measures.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from support.requires import ROOT

from schemas.tables.columns import STATED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

SIZES = (800, 4000)
CELL = r" *([\d.,]+) *"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """The two modules of the benchmark, as they import each other."""

    release: ModuleType
    synthetic: ModuleType


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "release.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def printed() -> str:
    done = run("--sizes", ",".join(map(str, reversed(SIZES))), "--seconds", "0")
    assert done.returncode in {0, 1}, done.stderr
    assert not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def benchmark_modules() -> Iterator[Benchmark]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield Benchmark(release=importlib.import_module("release"), synthetic=importlib.import_module("synthetic"))


def changes(modules: Benchmark, size: int) -> int:
    """How many numbers changed, came or went between the last two releases of a history, counted one by one."""
    frames = modules.synthetic.prepared(size)
    before, after = (
        {row["obs_id"]: tuple(row[name] for name in STATED) for row in frames[name].iter_rows(named=True)}
        for name in ("before", "after")
    )
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


@pytest.mark.parametrize("task", ["build", "diff"])
def test_a_table_for_each_task_has_a_row_for_each_size_the_smallest_first(printed: str, task: str) -> None:
    _, _, table = printed.partition(f"| {task} | seconds | MB | µs a row | KB a row |\n")
    lines = table.splitlines()[1 : 1 + len(SIZES)]
    rows = [re.fullmatch(rf"\|{CELL}\|{CELL}\|{CELL}\|{CELL}\|{CELL}\|", line) for line in lines]
    assert [row[1] for row in rows if row] == [f"{size:,}" for size in SIZES]
    assert all(float(row[place].replace(",", "")) > 0 for row in rows if row for place in (2, 3, 4, 5))


@pytest.mark.parametrize("what", ["time", "memory"])
def test_the_growth_of_a_row_is_told_for_both_tasks(printed: str, what: str) -> None:
    less, more = (f"{size:,}" for size in SIZES)
    assert len(re.findall(rf"^{what} a row, {less} to {more}: \d+\.\d\d times$", printed, re.MULTILINE)) == 2


@pytest.mark.parametrize("size", SIZES)
def test_the_changes_are_those_that_pandas_finds_and_that_a_count_by_hand_finds(
    printed: str, benchmark_modules: Benchmark, size: int
) -> None:
    (found,) = re.findall(rf"^pandas at {size:,}: ([\d,]+) changes found in", printed, re.MULTILINE)
    expected = changes(benchmark_modules, size)
    assert expected > 10
    assert int(found.replace(",", "")) == expected
    assert "pandas finds another difference" not in printed


def figures(*, rows: int = 1000, **others: float) -> dict[str, float]:
    return {"rows": rows, "seconds": 1.0, "mb": 1.0, "pandas": 6.0, "same": 1.0, "found": 3.0, **others}


@pytest.mark.parametrize(
    ("later", "fault"),
    [
        ({}, ""),
        ({"seconds": 13.1}, "time per row grows 1.31 times from 1,000 to 10,000"),
        ({"mb": 13.1}, "memory per row grows 1.31 times from 1,000 to 10,000"),
        ({"pandas": 49.0}, "only 4.9 times as fast as pandas at 10,000"),
        ({"same": 0.0}, "pandas finds another difference at 10,000"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_else(
    benchmark_modules: Benchmark, later: dict[str, float], fault: str
) -> None:
    larger: dict[str, Any] = {"seconds": 10.0, "mb": 10.0, "pandas": 60.0, **later}
    if "seconds" in later:
        larger["pandas"] = 100.0
    measured = {1000: {"diff": figures()}, 10_000: {"diff": figures(rows=10_000, **larger)}}
    told = benchmark_modules.release.compared("diff", measured)
    assert told == ([f"FAILED: diff: {fault}"] if fault else [])


@pytest.mark.parametrize("sizes", ["399", "10000,399", "many"])
def test_a_history_of_less_than_a_report_is_refused(sizes: str) -> None:
    done = run("--sizes", sizes)
    assert done.returncode == 2
    assert "--sizes" in done.stderr
    assert "Traceback" not in done.stderr
