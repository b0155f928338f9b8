"""What the pages of a release cost: seconds and memory, with every process that it starts.

    python benchmarks/pages_of_release.py [--size 5000]

The history is that of `synthetic.py`, but every series that the registry does not know is of one report alone, as most
are: half of the numbers are of fifty series over the years, which get charts, and half of about a thousand others.
Time is that of the processor, of all processes that one run starts, from the tables to the last byte of the bundle: so
others at work on the machine count little. Memory is the most that all
processes held together at any moment, looked at every few milliseconds. Exits with 1 where the pages of 5,000
observations take more than 20 seconds or 300 MB.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter

import polars as pl
from synthetic import Case, case, prepared

from publish.metadata.description import ReleaseDescription
from publish.portal.build import portal_pages
from publish.portal.html.bundle import pack
from publish.portal.html.page import SiteContext
from publish.tables.build import derived_tables
from schemas.document import Document
from schemas.registry.sources import Source
from schemas.release import Release
from schemas.tables.frames import Tables

SIZE, MOST_SECONDS, MOST_MB = 5_000, 20.0, 300.0
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024
_BETWEEN_LOOKS = 0.02


@dataclass(slots=True, kw_only=True)
class Memory:
    """The most that this process and its children held together."""

    peak_mb: float = 0.0
    over: Event = field(default_factory=Event)

    def watch(self) -> None:
        """Look until it is over."""
        while not self.over.wait(_BETWEEN_LOOKS):
            self.peak_mb = max(self.peak_mb, sum(held(process) for process in family()))


def family() -> list[str]:
    """List this process and those it started."""
    own = str(os.getpid())
    started: list[str] = []
    for task in Path(f"/proc/{own}/task").iterdir():
        started += task.joinpath("children").read_text("utf-8").split()
    return [own, *started]


def held(process: str) -> float:
    """Return the megabytes that a process holds, none for one that has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1]) * _PAGE_KB / 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


@contextmanager
def watched() -> Iterator[Memory]:
    """Memory, watched from now to the end of the block."""
    memory = Memory()
    thread = Thread(target=memory.watch, daemon=True)
    thread.start()
    yield memory
    memory.over.set()
    thread.join()


def site(size: int) -> SiteContext:
    """Build a release of so many observations, with what its pages are made of."""
    given = case({name: apart(frame) for name, frame in prepared(size).items()})
    tables = derived_tables(given.read, given.material)
    about = ReleaseDescription(release=release(given), source=given.material.source, tables=tables, files={})
    return SiteContext(
        about=about, documents=given.material.documents_by_id(), previous_tables=given.material.previous_tables
    )


def apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Tell series outside the registry apart by the report that states them."""
    if "indicator" not in frame.columns:
        return frame
    unknown = pl.col("indicator").str.starts_with("x:")
    report = pl.col("document" if "document" in frame.columns else "first_document").str.strip_prefix("post-")
    renamed = pl.when(unknown).then(pl.concat_str("indicator", report)).otherwise("indicator")
    key = pl.concat_str("ref_area", "indicator", "measure", "scope", "period", "status", separator="|")
    return frame.with_columns(indicator=renamed).with_columns(obs_id=key).sort("obs_id")


def release(given: Case) -> Release:
    """Describe the release, as far as pages print it."""
    former = given.material.previous_release
    if former is None:
        raise ValueError
    return replace(former, version="2026.04.01.1", previous=former.version, released_on=given.material.released_on)


def main() -> None:
    """Measure, print, and fail where it is too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=SIZE, help="how many observations")
    parser.add_argument("--only", choices=("prepare", "render"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only == "prepare":
        given.file.write_bytes(pickle.dumps(_parts(site(given.size))))
    elif given.only == "render":
        sys.exit(render(given.file, max(given.size / SIZE, 1.0)))
    else:
        with TemporaryDirectory() as folder:
            sys.exit(max(alone(step, Path(folder, "site"), given.size) for step in ("prepare", "render")))


def alone(step: str, file: Path, size: int) -> int:
    """Run a step in a process of its own, so that what one held does not count for the other."""
    command = [sys.executable, __file__, "--only", step, "--file", str(file), "--size", str(size)]
    return subprocess.run(command, check=False).returncode


def render(file: Path, allowed: float) -> int:
    """Make the pages of a site and say what they cost; 1 where it is more than so many times the limits."""
    made_of = _whole(pickle.loads(file.read_bytes()))  # noqa: S301 # written by the step before
    began, worked = perf_counter(), processor_seconds()
    with watched() as memory:
        pages = portal_pages(made_of)
        bundle = pack(pages)
    waited, seconds = perf_counter() - began, processor_seconds() - worked
    told(made_of, pages, bundle)
    print(f"{seconds:.1f} s of the processor, {waited:.1f} s of the clock, {memory.peak_mb:.0f} MB")
    faults = [f"FAILED: {seconds:.1f} seconds"] if seconds > MOST_SECONDS * allowed else []
    faults += [f"FAILED: {memory.peak_mb:.0f} MB"] if memory.peak_mb > MOST_MB * allowed else []
    print(*faults, sep="\n")
    return 1 if faults else 0


def processor_seconds() -> float:
    """Return the CPU time that this process and its children took so far."""
    return sum(os.times()[:4])


def told(made_of: SiteContext, pages: Mapping[str, bytes], bundle: bytes) -> None:
    """Say what was made."""
    tables = made_of.about.tables
    charts = sum(data.count(b"<figure") for name, data in pages.items() if name.endswith(".html")) // 2
    whole = sum(map(len, pages.values())) / 1e6
    print(f"{tables['observations'].height:,} observations, {tables['targets'].height:,} promises")
    print(f"{len(pages):,} files, {charts:,} charts, {whole:.1f} MB, packed {len(bundle) / 1e6:.1f} MB")


def _parts(made_of: SiteContext) -> tuple[object, ...]:
    """Reduce a site to what can be pickled."""
    about = made_of.about
    return about.release, about.source, dict(about.tables), dict(made_of.documents), dict(made_of.previous_tables)


def _whole(parts: tuple[Release, Source, Tables, Mapping[str, Document], Tables]) -> SiteContext:
    released, source, tables, documents, before = parts
    about = ReleaseDescription(release=released, source=source, tables=tables, files={})
    return SiteContext(about=about, documents=documents, previous_tables=before)


if __name__ == "__main__":
    main()
