"""Tests that share a server or a port must meet on one process: xdist says nothing where it cannot group them."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from need import program

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
import pytest
{mark}
@pytest.mark.parametrize("number", range(6))
def test_some(number): pass
"""


def processes(folder: Path, mark: str) -> set[str]:
    """On which processes the six tests of a module ran."""
    (folder / "test_some.py").write_text(MODULE.format(mark=mark))
    command = [program("pytest"), "-v", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run([*command, "test_some.py"], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.count("PASSED") == 6
    return set(re.findall(r"\[(gw\d)\]", done.stdout))


def test_a_group_of_tests_runs_on_one_process_and_others_are_spread(tmp_path: Path) -> None:
    assert len(processes(tmp_path, "")) == 2
    assert len(processes(tmp_path, "pytestmark = pytest.mark.xdist_group('flows')")) == 1
