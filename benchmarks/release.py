"""What a row costs as a history grows, in time and memory, and how the diff compares with that of pandas.

    python benchmarks/release.py [--sizes 10000,100000,1000000] [--seconds 8]

For each size a process of its own builds a release upon the one before (what follows from the numbers, the change
notes, every table as CSV and Parquet; reading the pages and the workbook are left out), and another finds what changed
between the two.

Time is that of the processor, with one thread for Polars as pandas has one, and the best of several runs: so others at
work on the machine count little. Memory is the greatest that the process held after one run. Exits with 1 where a row
of a history costs more than 1.3 times as much as one of a history a tenth its size, where pandas finds another
difference, or where it takes less than five times as long.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from time import process_time
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import polars as pl
from synthetic import KINDS, SERIES, Case, case, prepared

from publish.bucket.serialize import from_parquet, to_csv, to_parquet
from publish.changelog.markdown import changes
from publish.compare.diff import evidence, revisions
from publish.tables.build import derived_tables
from schemas.tables.columns import STATED

if TYPE_CHECKING:
    import pandas as pd

SIZES = "10000,100000,1000000"
LEAST_SIZE = SERIES * len(KINDS)
MOST_GROWTH, LEAST_GAIN = 1.3, 5.0
ENOUGH_SECONDS, MOST_RUNS = 8.0, 200
"""Each task is run again until it had so many seconds of the processor, or so many runs."""
Figures: TypeAlias = dict[str, float]
Found: TypeAlias = tuple[frozenset[str], frozenset[str], frozenset[str]]


def main() -> None:
    """Measure every size, print the tables, and fail where a row grows dearer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", type=sizes_of, default=SIZES, help="how many observations, each size about ten times the last"
    )
    parser.add_argument("--seconds", type=float, default=ENOUGH_SECONDS, help="how long each task is repeated")
    parser.add_argument("--only", nargs=2, metavar=("TASK", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        task, folder = given.only
        print(json.dumps(TASKS[task](Path(folder), given.size, given.seconds)))
        return
    measured = {size: measure(size, given.seconds) for size in given.sizes}
    faults = [fault for task in ("build", "diff") for fault in compared(task, measured)]
    print(*faults, sep="\n")
    sys.exit(1 if faults else 0)


def sizes_of(given: str) -> list[int]:
    """Return the sizes to measure, the smallest first."""
    sizes = sorted(map(int, given.split(",")))
    if sizes[0] < LEAST_SIZE:
        raise argparse.ArgumentTypeError(f"{sizes[0]} observations are less than a report, which has {LEAST_SIZE}")
    return sizes


def compared(task: str, measured: Mapping[int, Mapping[str, Figures]]) -> list[str]:
    """Print what a row of each size costs; what is wrong with it."""
    figures = {size: tasks[task] for size, tasks in measured.items()}
    rows = {size: per_row(one) for size, one in figures.items()}
    print(f"\n| {task} | seconds | MB | µs a row | KB a row |\n|---:|---:|---:|---:|---:|")
    for size, one in figures.items():
        each = rows[size]
        print(f"| {size:,} | {one['seconds']:.3f} | {one['mb']:.0f} | {each['seconds']:.2f} | {each['mb']:.2f} |")
    faults = grown(task, rows)
    return [*faults, *beaten(figures)] if task == "diff" else faults


def per_row(figures: Figures) -> Figures:
    """Microseconds and KB that each row costs."""
    return {name: figures[name] / figures["rows"] * scale for name, scale in (("seconds", 1e6), ("mb", 1e3))}


def grown(task: str, rows: Mapping[int, Figures]) -> list[str]:
    """Print by how much a row costs more than in the size before; where that is too much."""
    faults = []
    for (less, before), (more, after) in pairwise(rows.items()):
        for name, what in (("seconds", "time"), ("mb", "memory")):
            ratio = after[name] / before[name]
            print(f"{what} a row, {less:,} to {more:,}: {ratio:.2f} times")
            if ratio > MOST_GROWTH:
                faults.append(f"FAILED: {task}: {what} per row grows {ratio:.2f} times from {less:,} to {more:,}")
    return faults


def beaten(measured: Mapping[int, Figures]) -> list[str]:
    """Print how much longer pandas takes; where that is too little, or it finds something else."""
    faults = []
    for size, figures in measured.items():
        gain = figures["pandas"] / figures["seconds"]
        told = f"{figures['found']:,.0f} changes found in {figures['pandas']:.2f} s"
        print(f"pandas at {size:,}: {told}, {gain:.1f} times as long")
        if gain < LEAST_GAIN:
            faults.append(f"FAILED: diff: only {gain:.1f} times as fast as pandas at {size:,}")
        if not figures["same"]:
            faults.append(f"FAILED: diff: pandas finds another difference at {size:,}")
    return faults


def measure(size: int, seconds: float) -> Mapping[str, Figures]:
    """Run each task in a process of its own, on frames that another process prepared."""
    with tempfile.TemporaryDirectory() as folder:
        return {task: alone(task, folder, size, seconds) for task in ("prepare", "build", "diff")}


def alone(task: str, folder: str, size: int, seconds: float) -> Figures:
    """Run one step in a fresh process."""
    command = [sys.executable, __file__, "--only", task, folder, "--size", str(size), "--seconds", str(seconds)]
    one_thread = {**os.environ, "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=one_thread)
    figures: Figures = json.loads(done.stdout)
    return figures


def prepare(folder: Path, size: int, _seconds: float) -> Figures:
    """Write the frames of a history."""
    for name, frame in prepared(size).items():
        frame.write_parquet(folder / f"{name}.parquet")
    return {}


def frames(folder: Path) -> Mapping[str, pl.DataFrame]:
    """Build the frames of a history."""
    return {file.stem: from_parquet(file.read_bytes()) for file in folder.glob("*.parquet")}


def build(folder: Path, _size: int, seconds: float) -> Figures:
    """Measure what it costs to build a release."""
    given = case(frames(folder))
    return costs(lambda: built(given), seconds) | {"rows": given.read["observations"].height}


def built(given: Case) -> list[bytes]:
    """Every file that grows with the numbers."""
    tables = derived_tables(given.read, given.material)
    notes = changes("synthetic", tables, given.material.previous_tables).encode()
    files = [data for frame in tables.values() for data in (to_csv(frame), to_parquet(frame, {}))]
    return [notes, *files]


def diff(folder: Path, _size: int, seconds: float) -> Figures:
    """Measure finding every change with its cause, and pandas finding the changes."""
    given = case(frames(folder))
    before, after = given.material.previous_tables, given.read

    def ours() -> pl.DataFrame:
        return revisions(before["observations"], after["observations"], evidence(before, after, same_reader=True))

    figures = costs(ours, seconds) | {"rows": after["observations"].height}
    found, of_pandas = by_pandas(before["observations"], after["observations"], seconds)
    told = ours().select("kind", "obs_id")
    same = found == tuple(frozenset(told.filter(kind=kind)["obs_id"]) for kind in ("changed", "added", "removed"))
    return figures | {"pandas": of_pandas, "same": float(same), "found": told.height}


def by_pandas(before: pl.DataFrame, after: pl.DataFrame, seconds: float) -> tuple[Found, float]:
    """Find changed, added and removed keys with pandas; making its frames does not count."""
    old, new = (frame.select("obs_id", *STATED).to_pandas().set_index("obs_id") for frame in (before, after))

    def compare() -> tuple[pd.Index[str], ...]:
        both = old.index.intersection(new.index)
        changed = old.loc[both].compare(new.loc[both]).index
        return changed, new.index.difference(old.index), old.index.difference(new.index)

    best = costs(compare, seconds)["seconds"]
    changed, came, went = (frozenset(map(str, keys)) for keys in compare())
    return (changed, came, went), best


def costs(task: Callable[[], object], enough: float) -> Figures:
    """Take the best time of as many runs as a few seconds hold, and the peak memory of the first."""
    seconds, memory = list[float](), 0.0
    while not seconds or (sum(seconds) < enough and len(seconds) < MOST_RUNS):
        began = process_time()
        task()
        seconds.append(process_time() - began)
        memory = memory or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": min(seconds), "mb": memory}


TASKS: Mapping[str, Callable[[Path, int, float], Figures]] = MappingProxyType(
    {"prepare": prepare, "build": build, "diff": diff}
)


if __name__ == "__main__":
    main()
