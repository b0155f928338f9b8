"""Programs that are killed with SIGKILL, with all that they started, and start again on the same folder and ports."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PATIENCE = 600.0
"""Seconds after which nothing comes any more; on two idle cores a twentieth of that is enough."""

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class KillableProcess:
    """A program with what it needs to be started once more; what it says goes to one log, life after life."""

    command: Sequence[str]
    folder: Path
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, unless it runs."""
        if self.process and self.alive:
            return self.process
        self.folder.mkdir(exist_ok=True)
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                self.command,
                env=self.environ,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def end(self) -> None:
        """Kill it if it lives."""
        if self.alive:
            self.kill()

    def kill(self) -> None:
        """End it and its children and theirs at one moment, so that none of them can clear up after another."""
        assert self.process
        assert self.alive, f"there is nothing to kill:\n{self.log_tail()}"
        doomed = stopped_tree(self.process.pid)
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: not any(map(is_alive, doomed)), "their end", self)

    def log_tail(self) -> str:
        return self.log.read_text("utf-8", errors="replace")[-4000:] if self.log.exists() else ""


def stopped_tree(pid: int) -> list[int]:
    """A process and all that it started, and what those did; none of them can start another any more."""
    try:
        os.kill(pid, signal.SIGSTOP)
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - a glob of pathlib's fails where the process ends meanwhile
        born = [
            int(one) for task in tasks for one in Path(f"/proc/{pid}/task/{task}/children").read_text("ascii").split()
        ]
    except OSError:
        return [pid]
    return [pid, *(one for child in born for one in stopped_tree(child))]


def is_alive(pid: int) -> bool:
    """Whether a process is there and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(ask: Callable[[], T | None], what: str, *witnesses: KillableProcess) -> T:
    """What is waited for, as soon as it is there; else the test fails with what the programs said."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.1)
    words = "\n".join(f"--- {one.command[0]}:\n{one.log_tail()}" for one in witnesses)
    return pytest.fail(f"waited {PATIENCE:.0f} s in vain for {what}\n{words}")
