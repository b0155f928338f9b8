"""Tests that share a server or a port must meet on one process: xdist says nothing where it cannot group them."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from support.requires import program

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
import pytest

@pytest.mark.xdist_group("flows")
@pytest.mark.parametrize("number", range(6))
def test_together(number): pass

@pytest.mark.parametrize("number", range(6))
def test_spread(number): pass
"""


def test_a_group_of_tests_runs_on_one_process_and_others_are_spread(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(MODULE)
    command = [program("pytest"), "-v", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run([*command, "test_some.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    ran = re.findall(r"\[(gw\d)\].* PASSED .*::test_(\w+)\[", done.stdout)
    assert len(ran) == 12
    assert len({process for process, test in ran if test == "together"}) == 1
    assert len({process for process, _ in ran}) == 2
