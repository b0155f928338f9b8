"""A real Prefect server on loopback: with one running, a flow costs a tenth of a second instead of its own server."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from support.processes import KillableProcess, until
from support.requires import program
from support.seaweed import free_ports
from support.shared_session import Started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


def server(folder: Path, **settings: str) -> tuple[KillableProcess, str]:
    """A server with a home of its own, not yet started, and the address of its API."""
    (port,) = free_ports(1)
    line = [program("prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environ = {**os.environ, **QUIET, **settings, "PREFECT_HOME": str(folder / "home")}
    return KillableProcess(command=line, folder=folder, environ=environ), f"http://127.0.0.1:{port}/api"


def start(folder: Path) -> Started:
    """Start a server and wait until it is healthy."""
    prefect, api = server(folder)
    process = prefect.start()
    await_health(api, prefect)
    return Started(address=api, process=process)


@contextmanager
def used(api: str) -> Iterator[str]:
    """Send all flows of this process to a server."""
    with temporary_settings({PREFECT_API_URL: api, PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield api


def await_health(api: str, prefect: KillableProcess) -> None:
    """Wait until the server says that it is well, or say how it ended."""

    def is_healthy() -> bool:
        assert prefect.alive, prefect.log_tail()
        with suppress(httpx.TransportError):
            return httpx.get(f"{api}/health", trust_env=False).is_success
        return False

    until(is_healthy, "the Prefect server", prefect)
