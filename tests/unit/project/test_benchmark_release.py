"""The benchmark of releases runs, counts the changes that pandas finds, and says so where something is wrong.

At sizes as small as these the ratios say nothing, so that its exit status is left aside where it measures.
"""

from __future__ import annotations

import importlib
import io
import re
import sys
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.requires import ROOT

from schemas.tables.columns import STATED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

SIZES = (800, 4000)


@pytest.fixture(scope="module")
def release() -> Iterator[ModuleType]:
    """The module of the benchmark, which imports another beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield importlib.import_module("release")


def counted_changes(release: ModuleType, size: int) -> int:
    """How many numbers changed, came or went between the last two releases of a history, counted one by one."""
    before, after = (
        {row["obs_id"]: tuple(row[name] for name in STATED) for row in frame.iter_rows(named=True)}
        for frame in (release.prepared(size)[name] for name in ("before", "after"))
    )
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


def in_process(release: ModuleType, task: str, folder: str, size: int, seconds: float) -> dict[str, float]:
    return dict(release.TASKS[task](Path(folder), size, seconds))


def test_a_measurement_prints_costs_and_the_changes_that_pandas_finds(
    release: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "alone", partial(in_process, release))
    monkeypatch.setattr(sys, "argv", ["release", "--sizes", "4000,800", "--seconds", "0"])
    with redirect_stdout(io.StringIO()) as output, pytest.raises(SystemExit):
        release.main()
    printed = output.getvalue()
    less, more = (f"{size:,}" for size in SIZES)
    cell = r" *([\d.,]*[1-9][\d.,]*) *"
    for task in ("build", "diff"):
        lines = printed.partition(f"| {task} | seconds | MB | µs a row | KB a row |\n")[2].splitlines()[1:3]
        rows = [re.fullmatch(rf"\|{cell}\|{cell}\|{cell}\|{cell}\|{cell}\|", line) for line in lines]
        assert [row and row[1] for row in rows] == [less, more], printed
    for figure in ("time", "memory"):
        assert len(re.findall(rf"^{figure} a row, {less} to {more}: \d+\.\d\d times$", printed, re.MULTILINE)) == 2
    changes = re.findall(r"^pandas at ([\d,]+): ([\d,]+) changes found in", printed, re.MULTILINE)
    assert changes == [(f"{size:,}", f"{counted_changes(release, size):,}") for size in SIZES]
    assert "pandas finds another difference" not in printed


def test_each_step_has_a_process_of_its_own(release: ModuleType, tmp_path: Path) -> None:
    assert release.alone("prepare", str(tmp_path), 400, 0) == {}
    assert {file.stem for file in tmp_path.iterdir()} == {*release.prepared(400)}


def test_what_is_wrong_is_reported_and_nothing_else(release: ModuleType) -> None:
    small = {"rows": 1000, "seconds": 1.0, "mb": 1.0, "pandas": 6.0, "same": 1.0, "found": 3.0}
    large = small | {"rows": 10_000, "seconds": 10.0, "mb": 10.0, "pandas": 60.0}
    for later, fault in (
        ({}, ""),
        ({"seconds": 13.1, "pandas": 100.0}, "time per row grows 1.31 times from 1,000 to 10,000"),
        ({"mb": 13.1}, "memory per row grows 1.31 times from 1,000 to 10,000"),
        ({"pandas": 49.0}, "only 4.9 times as fast as pandas at 10,000"),
        ({"same": 0.0}, "pandas finds another difference at 10,000"),
    ):
        faults = release.compared("diff", {1000: {"diff": small}, 10_000: {"diff": large | later}})
        assert faults == ([f"FAILED: diff: {fault}"] if fault else [])


def test_less_than_a_report_is_refused(
    release: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for sizes in ("399", "10000,399", "many"):
        monkeypatch.setattr(sys, "argv", ["release", "--sizes", sizes])
        with pytest.raises(SystemExit) as end:
            release.main()
        assert (end.value.code, "--sizes" in capsys.readouterr().err) == (2, True)
