"""The console script as an operator runs it: a process of its own, its words kept apart by where they were said."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from need import program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh laptop: nothing of Gongbao, Prefect or AWS is set but `more`."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("GONGBAO_", "PREFECT_", "AWS_"))
    }
    return {**inherited, "HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "GONGBAO_PACE": "0", **more}


def gongbao(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    """Run the command to its end."""
    done = subprocess.run(
        [program("gongbao"), *arguments], env=environ, input=given, capture_output=True, timeout=300, check=False
    )
    return Done(status=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())
