"""One server of each kind for the whole test session, whichever of its processes needs it first.

The first process of pytest makes a folder and names it to its workers in the environment. Who needs a server takes the
lock of its kind there, starts it unless another process has, and reads its address. The first process stops them all.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

FOLDER = "GONGBAO_TEST_SERVERS"
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A server that answers at an address, as the head of its own process group."""

    address: str
    process: subprocess.Popen[bytes]
    leftovers: tuple[str, ...] = ()
    """Files outside its folder that a killed server leaves behind."""


def open_session() -> Path | None:
    """Make the folder of this session's servers, None in a worker, whose controller has made it."""
    if FOLDER in os.environ:
        return None
    folder = mkdtemp(prefix="gongbao-servers-")
    os.environ[FOLDER] = folder
    return Path(folder)


def close_session(folder: Path) -> None:
    """Kill every server of the session and everything that each started; their data are thrown away."""
    for record in folder.glob("*.json"):
        server = json.loads(record.read_bytes())
        with suppress(ProcessLookupError):
            os.killpg(server["pid"], signal.SIGKILL)
        for file in server["leftovers"]:
            Path(file).unlink(missing_ok=True)
    for child in _children:
        child.wait()
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[FOLDER]


def address_of(name: str, start: Callable[[Path], Started]) -> str:
    """Return where the session's server of a kind answers; `start` is called by the first who asks."""
    folder = Path(os.environ[FOLDER])
    record = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            (folder / name).mkdir()
            server = start(folder / name)
            _children.append(server.process)
            facts = {"address": server.address, "pid": server.process.pid, "leftovers": server.leftovers}
            record.write_text(json.dumps(facts), "utf-8")
        return str(json.loads(record.read_bytes())["address"])
