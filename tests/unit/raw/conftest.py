"""What tests of fetching and of the archive work on: a website, an archive and the store below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.website import Website, serve
from support.wrapped_stores import CountingStore

from infra.store import open_store
from raw.archive.warc_archive import Archive


@pytest.fixture
def site() -> Iterator[Website]:
    with serve() as website:
        yield website


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(within=open_store(str(tmp_path / "store")))


@pytest.fixture
def archive(store: CountingStore) -> Archive:
    return Archive.open(store, "torch")
