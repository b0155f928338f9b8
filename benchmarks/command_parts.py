"""One `gongbao run` in this process, and when each part of it ended.

::

    python benchmarks/command_parts.py ENGINE STORE

The last lines on standard error are `= PART SECONDS`, the time since the epoch at which a part ended: `imports`,
`server` (with it the imports of the flow, which take place at the same time), `flow`. `benchmarks/nightly.py` starts
this and knows when the process began and ended.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import time
from typing import Any
from unittest.mock import patch

from flows.cli import run as command
from flows.cli.main import main
from flows.run import prefect_server

ENDED = {"imports": time()}
RUNNERS = {"prefect": "_run_with_prefect", "local": "_run_locally"}


def marked(function: Callable[..., Any], part: str) -> Callable[..., Any]:
    """Return the function, which then notes when it ended."""

    def call(*args: Any) -> Any:  # noqa: ANN401 - as the function takes and returns
        try:
            return function(*args)
        finally:
            ENDED[part] = time()

    return call


if __name__ == "__main__":
    engine, store = sys.argv[1:]
    sys.argv = ["gongbao", "run", "--source", "samples", "--store", store, "--engine", engine]
    runner = RUNNERS[engine]
    try:
        with (
            patch.object(prefect_server, "wait_for_server", marked(prefect_server.wait_for_server, "server")),
            patch.object(command, runner, marked(getattr(command, runner), "flow")),
        ):
            main()
    finally:
        print(*(f"= {part} {ended}" for part, ended in ENDED.items()), sep="\n", file=sys.stderr)
