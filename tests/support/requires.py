"""What a test needs from the machine: absent, the test is skipped on a laptop and fails where all is required."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lacking(what: str) -> None:
    """Skip the test, or fail it under `GONGBAO_REQUIRE_ALL=1`."""
    if os.environ.get("GONGBAO_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is required here (GONGBAO_REQUIRE_ALL=1)")
    pytest.skip(f"{what} is not on this machine")


def program(name: str, remedy: str = "") -> str:
    """The path of a program on this machine or in the running environment."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        lacking(f"the program {name} {remedy}".strip())
    return str(found)


def shared(*parts: str) -> Path:
    """A file or folder of the reference material that lies beside the project."""
    path = ROOT.parent.joinpath("shared", *parts)
    if not path.exists():
        lacking(f"the reference material {'/'.join(parts)} beside the project")
    return path
