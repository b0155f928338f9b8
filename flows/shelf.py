"""What the command line reads out of a store: releases, observations, faults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infra.store import Store, open_store
from publish.catalog import load_index, load_manifest, load_table
from publish.pointer import read_pointer
from publish.verify import verify
from raw.archive import Archive
from raw.reading import parse
from schemas.errors import UsageError
from schemas.finding import Finding
from schemas.release import DocumentEntry

SHOWN = (
    "label_zh",
    "measure",
    "period",
    "status",
    "bound",
    "value",
    "unit",
    "scope",
    "document",
    "char_start",
    "quote",
)


def releases(url: str) -> list[dict[str, Any]]:
    """Every release of a store, newest first in each dataset."""
    return [
        {"dataset": dataset, "version": one.version, "released_at": one.released_at, "previous": one.previous}
        for dataset, listed in load_index(open_store(url)).items()
        for one in listed
    ]


def observations(url: str, dataset: str) -> list[dict[str, Any]]:
    """The observations of a dataset's latest release."""
    store = open_store(url)
    pointer = read_pointer(store, dataset)
    if pointer is None:
        known = ", ".join(load_index(store)) or "none"
        raise UsageError(f"no dataset is called {dataset!r}", where=url, remedy=f"published are: {known}")
    frame = load_table(store, load_manifest(store, dataset, pointer), "observations")
    return list(frame.select(SHOWN).iter_rows(named=True))


def check(url: str, datasets: Iterable[str]) -> tuple[str, tuple[Finding, ...]]:
    """What was checked, in words, and what is wrong with it."""
    store = open_store(url)
    index = load_index(store)
    if not index:
        raise UsageError("nothing is published there", where=url, remedy="check the address of the store")
    chosen = tuple(datasets) or tuple(index)
    if unknown := [name for name in chosen if name not in index]:
        raise UsageError(f"no dataset is called {unknown[0]!r}", where=url, remedy=f"published are: {', '.join(index)}")

    def text_of(dataset: str, document: DocumentEntry) -> str:
        return archived_text(store, dataset, document)

    count = sum(len(index[name]) for name in chosen)
    return f"{count} releases of {len(chosen)} datasets", verify(store, text_of, chosen)


def archived_text(store: Store, dataset: str, document: DocumentEntry) -> str:
    """The canonical text of a released document, read again out of its capture."""
    snapshot = Archive.open(store, dataset).recall(document.archive_key)
    return parse(snapshot.body, snapshot.content_type).text
