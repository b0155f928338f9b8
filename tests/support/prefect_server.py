"""A real Prefect server on loopback: with one running, a flow costs a tenth of a second instead of its own server."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from support.requires import program
from support.seaweed import free_ports
from support.shared_session import Started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 180.0
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


def start(folder: Path) -> Started:
    """Start the server with a home of its own, and wait until it is healthy."""
    (port,) = free_ports(1)
    api, log = f"http://127.0.0.1:{port}/api", folder / "prefect.log"
    environ = {**os.environ, **QUIET, "PREFECT_HOME": str(folder / "home")}
    command = [program("prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, env=environ, cwd=folder, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    await_health(api, process, log)
    return Started(address=api, process=process)


@contextmanager
def used(api: str) -> Iterator[str]:
    """Send all flows of this process to a server."""
    with temporary_settings({PREFECT_API_URL: api, PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield api


def await_health(api: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server says that it is well, or say how it ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{api}/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    message = f"the Prefect server did not come up; the end of its log:\n{log.read_text(errors='replace')[-3000:]}"
    raise RuntimeError(message)
