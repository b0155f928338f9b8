"""A process that has everything imported and read: it forks runs that publish, and kills them when it is told to.

`CrashRunner` starts it and speaks to it: a line of JSON for each run, a line of JSON for how that ended. A fork costs
milliseconds where a new process would import for seconds, and a release that is built beforehand leaves a killed run
little else to be killed at than its writes.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = 3
"""The day of June 2026 of the runs that are killed; the release that they follow is of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: its exit status, or -9 where it was killed; and how long it took."""

    status: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashRunner:
    """The running process; `base` is a folder store with one release, which the runs follow with another."""

    process: subprocess.Popen[str]
    base: Path

    def run(self, store: str, *, kill_after: float | None = None) -> Ended:
        """Publish into a store, a copy of `base`, and kill the run after so many seconds."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"store": store, "kill_after": kill_after}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the process that forks the runs has ended; its error output says why"
        return Ended(**json.loads(answer))


@contextmanager
def crash_runner(folder: Path) -> Iterator[CrashRunner]:
    """A runner in a folder of its own, with the environment of the caller."""
    paths = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    command = [sys.executable, "-c", "from support.crash_runner import main; main()", str(folder)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "GONGBAO_PORTAL": "0"}
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        runner = CrashRunner(process=process, base=folder / "base")
        assert process.stdout
        assert process.stdout.readline() == "ready\n", "the process that forks the runs did not start"
        try:
            yield runner
        finally:
            process.kill()


def main() -> None:
    """Make the base, then fork a run for each line."""
    os.fsync = lambda fd: None  # noqa: ARG005 - a kill cuts no power: what was written stays
    publish = _prepare(Path(sys.argv[1]))
    import_module("infra.store.s3")  # the base is a folder: each fork would import boto3 anew
    gc.freeze()  # a collection in a fork would copy every page that it looks at
    _say("ready")
    for line in sys.stdin:
        _say(json.dumps(_forked(publish, **json.loads(line))))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _prepare(folder: Path) -> Callable[[str], int]:
    """Publish a first release, read the page that follows it, and return what publishes that into any copy."""
    from support.june_runs import INVESTMENT, june, site  # noqa: PLC0415 - only the process that forks pays for it

    from flows.pipeline import LOCAL_STAGES, run_pipeline  # noqa: PLC0415 - as above
    from flows.run.context import create_context  # noqa: PLC0415 - as above
    from flows.run.previous_state import load_and_repair  # noqa: PLC0415 - as above
    from flows.stages import read_and_publish  # noqa: PLC0415 - as above
    from flows.stages.fetch import fetch  # noqa: PLC0415 - as above
    from publish.release.build_files import release_files  # noqa: PLC0415 - as above

    with site(folder, store=str(folder / "base")) as base:
        base.publish(1)
        base.editor.correct(*INVESTMENT)
        run = base.context(DAY)
        previous = load_and_repair(run)
        documents = asyncio.run(fetch(run, previous))
        readings = read_and_publish.read(run, documents)
        candidate = read_and_publish.check(run, previous, readings)
        settings = {name: value for name, value in os.environ.items() if name.startswith("GONGBAO_")}
    os.environ.update(settings)

    async def given(value: Any) -> Any:  # noqa: ANN401 - what a stage returned
        return value

    stages = replace(
        LOCAL_STAGES,
        fetch=lambda *_: given(documents),
        read=lambda *_: given(readings),
        check=lambda *_: given(candidate),
    )

    def publish(store: str) -> int:
        run = create_context("seed", store, base.sources, june(DAY))
        return asyncio.run(run_pipeline(run, stages)).exit_status

    reference = base.copied(folder / "reference").url
    assert publish(reference) == 0
    built = {}
    for release in Path(reference, "seed", "v").iterdir():
        if release.name.startswith(f"{june(DAY):%Y.%m.%d}"):
            built[release.name] = {name: (release / name).read_bytes() for name in _names(release)}
    patch.object(
        read_and_publish, "release_files", lambda made, version: built.get(version) or release_files(made, version)
    ).start()
    return publish


def _names(release: Path) -> list[str]:
    """Return the files of a release in the order in which they are written: the manifest first, the sums last."""
    entries = [entry["name"] for entry in json.loads((release / "manifest.json").read_bytes())["files"]]
    return ["manifest.json", *entries, "SHA256SUMS"]


def _forked(publish: Callable[[str], int], store: str, kill_after: float | None) -> dict[str, float]:
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 70
        try:
            status = publish(store)
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as its parent
            traceback.print_exc()
        finally:
            os._exit(status)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - begun}
