"""Runs of the night, by Prefect and without it, and looks at what they leave in a store."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch

import polars as pl

from flows.nightly import nightly
from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import create_context, run_record
from flows.run.start import RunFailed
from schemas.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from flows.run.context import RunContext
    from infra.store import Store
    from schemas.codelists import Outcome

Record = dict[str, Any]
T = TypeVar("T")


async def flow(store: str, sources: str, now: datetime | None = None) -> Record:
    """Run the flow on the source `seed`; the record of the run, also of one that failed."""
    try:
        return await nightly("seed", store, sources, now)
    except RunFailed as failed:
        return failed.record


def apart(task: Coroutine[Any, Any, T]) -> T:
    """What a task returns, on a loop in a thread of its own: whoever asks may have one running, as playwright does."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, task).result()


def plain(run: RunContext) -> Outcome:
    """Run the pipeline without Prefect; the outcome, or the error that ended the run."""
    result = apart(run_pipeline(run, LOCAL_STAGES))
    if result.error:
        raise result.error
    return result.outcome


def local(store: str, sources: str, now: datetime | None = None, **stages: Any) -> Record:  # noqa: ANN401 - any stage
    """Run the pipeline on the source `seed` without Prefect, some stages replaced; the record, whatever came of it."""
    run = create_context("seed", store, sources, now)
    return run_record(run, apart(run_pipeline(run, replace(LOCAL_STAGES, **stages))))


def with_portal() -> AbstractContextManager[Any]:
    """Let runs draw the pages of a release, which conftest turns off: they are most of what a release costs."""
    return patch.dict(os.environ, GONGBAO_PORTAL="1")


def data(store: Store, key: str) -> bytes:
    """An object that must be there."""
    stored = store.get(key)
    assert stored, f"{key} is missing"
    return stored.data


def loaded(store: Store, key: str) -> Record:
    """A JSON object that must be there."""
    record = json.loads(data(store, key))
    assert isinstance(record, dict)
    return record


def versions(store: Store) -> list[str]:
    """The release folders."""
    return sorted({entry.key.split("/")[2] for entry in store.list("seed/v/")})


def run_records(store: Store) -> list[Record]:
    """Every run that left its record in the store, by time of start."""
    return [loaded(store, entry.key) for entry in store.list("runs/seed/")]


def release(store: Store) -> dict[str, bytes]:
    """The latest release as a consumer takes it, each file held against its hash."""
    pointer = loaded(store, "seed/latest.json")
    manifest = data(store, pointer["manifest"])
    assert hashlib.sha256(manifest).hexdigest() == pointer["manifest_sha256"]
    files = {"manifest.json": manifest}
    for entry in json.loads(manifest)["files"]:
        files[entry["name"]] = data(store, f"seed/v/{pointer['version']}/{entry['name']}")
        assert hashlib.sha256(files[entry["name"]]).hexdigest() == entry["sha256"], entry["name"]
    assert json.loads(manifest)["version"] == pointer["version"]
    return files


def table(store: Store, name: str) -> pl.DataFrame:
    """A table of the latest release."""
    return pl.read_parquet(io.BytesIO(release(store)[f"{name}.parquet"]))


def assert_copies_follow(store: Store) -> None:
    """What follows the pointer must say what the pointer says: copies, list and status."""
    pointer = loaded(store, "seed/latest.json")
    for entry in store.list(f"seed/v/{pointer['version']}/"):
        name = entry.key.rpartition("/")[2]
        assert data(store, f"seed/latest/{name}") == data(store, entry.key), name
    listed = loaded(store, "index.json")["datasets"]["seed"]
    assert listed["latest"] == listed["releases"][0]["version"] == pointer["version"]
    assert listed["releases"][0]["manifest_sha256"] == pointer["manifest_sha256"]
    assert loaded(store, "status.json")["sources"]["seed"]["published"] == pointer["version"]


@dataclass(slots=True, kw_only=True)
class Consumer:
    """Somebody who takes the latest release over and over, also while the store is down.

    `faults` names what was wrong with a release, `seen` the versions that came.
    """

    store: Store
    faults: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def take(self) -> None:
        """Take the latest release, once there is one."""
        try:
            if self.store.get("seed/latest.json") is not None:
                self.seen.append(json.loads(release(self.store)["manifest.json"])["version"])
        except StoreUnavailable:
            return
        except AssertionError as fault:
            self.faults.append(str(fault))


@contextmanager
def consumer(store: Store, *, pause: float = 0.005) -> Iterator[Consumer]:
    """Let a consumer take releases all the while, with so many seconds between two."""
    watching, over = Consumer(store=store), threading.Event()

    def watch() -> None:
        while not over.wait(pause):
            watching.take()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield watching
    finally:
        over.set()
        thread.join()
