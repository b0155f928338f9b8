"""The console script as an operator runs it: its words kept apart by where they were said.

What goes through Prefect gets a process of its own. The other commands run in this one, through the same entry: each
process would import for seconds what this one has.
"""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
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

    def usage_error(self) -> str:
        """What is said of wrong usage, which ends with 2 and prints nothing else."""
        assert (self.status, self.out) == (2, ""), self.err
        assert "Traceback" not in self.err
        return self.err


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh laptop: nothing of Gongbao, Prefect or AWS is set but `more`."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("GONGBAO_", "PREFECT_", "AWS_"))
    }
    quick = {"GONGBAO_PACE": "0", "GONGBAO_PORTAL": os.environ.get("GONGBAO_PORTAL", "1")}
    return {**inherited, "HOME": str(home), "PREFECT_HOME": str(home / "prefect"), **quick, **more}


def gongbao(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    """Run the command to its end."""
    by_prefect = arguments[:1] == ("run",) and "local" not in arguments
    return (process if by_prefect else _here)(*arguments, environ=environ, given=given)


def process(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    """Run it in a process of its own."""
    done = subprocess.run(
        [program("gongbao"), *arguments], env=environ, input=given, capture_output=True, timeout=300, check=False
    )
    return Done(status=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def on_a_terminal(*arguments: str, environ: Mapping[str, str], columns: int = 80) -> tuple[int, str]:
    """How it ends in a process of its own and what it shows on a terminal of this width."""
    ours, theirs = pty.openpty()
    names = {**environ, "COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen([program("gongbao"), *arguments], env=names, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # how Linux says that the other end is closed
            while chunk := os.read(ours, 65536):
                shown += chunk
    os.close(ours)
    return running.returncode, shown.decode().replace("\r\n", "\n")


def _here(*arguments: str, environ: Mapping[str, str], given: bytes = b"") -> Done:
    streams = [io.BytesIO(given), io.BytesIO(), io.BytesIO()]
    stdin, out, err = (io.TextIOWrapper(stream, encoding="utf-8") for stream in streams)
    status: object = 0
    with (
        patch.dict(os.environ, environ, clear=True),
        patch.object(sys, "argv", ["gongbao", *arguments]),
        patch.object(sys, "stdin", stdin),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code
    for stream in (out, err):
        stream.flush()
    status = status if isinstance(status, int) else int(status is not None)
    return Done(status=status, out=streams[1].getvalue().decode(), err=streams[2].getvalue().decode())
