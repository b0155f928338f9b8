"""A temporary Prefect server for one command, started while the modules of the run are imported.

Prefect starts one by itself where no server is set, but imports its whole server into the client to do so, and only
once the flow begins: that doubles the time of a run that finds nothing new.
"""

import atexit
import os
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType

import httpx

from raw.extract.version import reader_version
from schemas.errors import GongbaoError

_SETTINGS = MappingProxyType(
    {
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT__SERVER_EPHEMERAL": "1",  # without the services for schedules and workers
        "PREFECT__SERVER_FINAL": "1",
        "PYDANTIC_DISABLE_PLUGINS": "1",  # looking for some costs a walk over every installed distribution
    }
)
# What Prefect imports at the first flow and the first task, which would then wait for it.
_IMPORTED_BY_THE_FLOW = ("fastapi.encoders", "prefect.flow_engine", "prefect.task_engine")
# Most of the start is imports, and the collector finds nothing to collect among new classes.
_PROGRAM = """
import gc
gc.disable()
import prefect.server.api.server, uvicorn.main
gc.freeze()
gc.enable()
uvicorn.main.main()
"""


def start_server() -> subprocess.Popen[bytes] | None:
    """Start a server and set PREFECT_API_URL to it; return None if the settings of Prefect name a server."""
    if _server_is_set():
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    program = (sys.executable, "-c", _PROGRAM, "--factory", "prefect.server.api.server:create_app")
    options = ("--host", "127.0.0.1", "--port", port, "--log-level", "error", "--lifespan", "on")
    server = subprocess.Popen((*program, *options), env={**os.environ, **_SETTINGS})  # noqa: S603 - our own interpreter
    atexit.register(_stop, server)  # before Prefect registers what sends its last events: handlers run in reverse
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    return server


def wait_for_server(server: subprocess.Popen[bytes]) -> None:
    """Prepare the flow, then wait until the server answers.

    Raises:
        GongbaoError: It ended, or did not answer in time.
    """
    from prefect.context import refresh_global_settings_context  # noqa: PLC0415 - slow to import
    from prefect.settings import get_current_settings  # noqa: PLC0415 - as above

    for module in _IMPORTED_BY_THE_FLOW:
        import_module(module)
    reader_version()
    refresh_global_settings_context()
    timeout = get_current_settings().server.ephemeral.startup_timeout_seconds
    health = f"{os.environ['PREFECT_API_URL']}/health"
    end = monotonic() + timeout
    with httpx.Client(trust_env=False) as client:
        while server.poll() is None and monotonic() < end:
            try:
                if client.get(health).is_success:
                    return
            except httpx.TransportError:
                sleep(0.05)
    remedy = "run with --engine local, or set PREFECT_API_URL to a Prefect server"
    raise GongbaoError("the temporary Prefect server did not start", where=health, remedy=remedy)


def _server_is_set() -> bool:
    """Return whether Prefect's settings name a server; ask Prefect, which is slow to import, only if a file may."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    files = {
        Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml")): "api_url",
        Path(".env"): "prefect_api_url",
        Path("prefect.toml"): "url",
        Path("pyproject.toml"): "[tool.prefect",
    }
    if os.environ.get("PREFECT_API_URL"):
        return True
    if not any(file.is_file() and mark in file.read_text("utf-8", "replace").lower() for file, mark in files.items()):
        return False
    from prefect.settings import get_current_settings  # noqa: PLC0415 - slow to import

    return bool(get_current_settings().api.url)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
