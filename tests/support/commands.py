"""The console script as an operator runs it: its words kept apart by where they were said.

What goes through Prefect gets a process of its own. The other commands run in this one, through the same entry: each
process would import for seconds what this one has.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from support.requires import program

from flows.cli.main import main

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
    quick = {"GONGBAO_PACE": "0", "GONGBAO_PORTAL": os.environ.get("GONGBAO_PORTAL", "1")}
    return {**inherited, "HOME": str(home), "PREFECT_HOME": str(home / "prefect"), **quick, **more}


def gongbao(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    """Run the command to its end."""
    return (process if "run" in arguments[:1] else _here)(*arguments, environ=environ, given=given)


def process(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    """Run it in a process of its own."""
    done = subprocess.run(
        [program("gongbao"), *arguments], env=environ, input=given, capture_output=True, timeout=300, check=False
    )
    return Done(status=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def _here(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    taken, out, err = (io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (given, b"", b""))
    with (
        patch.dict(os.environ, environ, clear=True),
        patch.object(sys, "argv", ["gongbao", *arguments]),
        patch.object(sys, "stdin", taken),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = _status()
    return Done(status=status, out=_said(out), err=_said(err))


def _status() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    said = stream.buffer
    assert isinstance(said, io.BytesIO)
    return said.getvalue().decode()
