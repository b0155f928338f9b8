"""What is made once for the whole test session, whichever of its processes needs it first: servers and releases.

The first process of pytest makes a folder and names it to its workers in the environment. Who needs something takes its
lock there, makes it unless another process has, and reads what was made. The first process takes all away.
"""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import shutil
import signal
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

FOLDER = "GONGBAO_TEST_SESSION"
T = TypeVar("T")
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A server that answers at an address, as the head of its own process group."""

    address: str
    process: subprocess.Popen[bytes]
    leftovers: tuple[str, ...] = ()
    """Files outside its folder that a killed server leaves behind."""


def open_session() -> Path | None:
    """Make the folder of this session, None in a worker, whose controller has made it."""
    if FOLDER in os.environ:
        return None
    folder = mkdtemp(prefix="gongbao-tests-")
    os.environ[FOLDER] = folder
    return Path(folder)


def close_session(folder: Path) -> None:
    """Kill every server of the session and everything that each started, and delete what was made."""
    for record in folder.glob("*.server"):
        server = json.loads(record.read_bytes())
        with suppress(ProcessLookupError):
            os.killpg(server["pid"], signal.SIGKILL)
        for file in server["leftovers"]:
            Path(file).unlink(missing_ok=True)
    for child in _children:
        child.wait()
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[FOLDER]


def server_address(name: str, start: Callable[[Path], Started]) -> str:
    """Return where the session's server of a kind answers; `start` is called by the first who asks."""
    with _locked(f"{name}.server") as record:
        if not record.exists():
            record.with_suffix("").mkdir()
            server = start(record.with_suffix(""))
            _children.append(server.process)
            facts = {"address": server.address, "pid": server.process.pid, "leftovers": server.leftovers}
            record.write_text(json.dumps(facts), "utf-8")
        return str(json.loads(record.read_bytes())["address"])


def built_once(name: str, build: Callable[[], T]) -> T:
    """Return what `build` returns, built by the first who asks and pickled for the others."""
    if FOLDER not in os.environ:
        return build()
    with _locked(f"{name}.pickle") as file:
        if not file.exists():
            file.write_bytes(pickle.dumps(build()))
        built: T = pickle.loads(file.read_bytes())  # noqa: S301 - this session wrote it
        return built


def folder_once(name: str, build: Callable[[Path], object]) -> Path:
    """Return a folder that `build` has filled for the first who asked; nobody may change what lies in it."""
    with _locked(f"{name}.done") as done:
        folder = done.with_suffix("")
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            done.touch()
        return folder


@contextmanager
def _locked(name: str) -> Iterator[Path]:
    file = Path(os.environ[FOLDER], name)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file
