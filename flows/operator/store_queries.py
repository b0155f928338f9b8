"""Queries of the command line on a store: releases, observations, faults, keys."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flows.stages.reread import load_captured
from infra.store import Store, open_store
from publish.bucket.catalog import load_index, load_manifest, load_table
from publish.bucket.layout import key_public
from publish.bucket.pointer import read_pointer
from publish.signing.keys import KeyRecord, key_names, read_key, retire
from publish.signing.schemes import read_keys
from publish.verify.context import DatasetUnderCheck
from publish.verify.store import published, verify
from raw.archive.warc_archive import Archive
from raw.reading import parse
from schemas.errors import StoreCorrupt, UsageError
from schemas.finding import Finding
from schemas.release import DocumentEntry

SHOWN = (
    *("label_zh", "measure", "period", "status", "bound", "value", "unit", "scope", "document", "char_start", "quote"),
)


def releases(url: str) -> list[dict[str, Any]]:
    """Return every release of a store, newest first in each dataset."""
    return [
        {"dataset": dataset, "version": entry.version, "released_at": entry.released_at, "previous": entry.previous}
        for dataset, entries in load_index(open_store(url)).items()
        for entry in entries
    ]


def observations(url: str, dataset: str) -> list[dict[str, Any]]:
    """Return the observations of a dataset's latest release."""
    store = open_store(url)
    pointer = read_pointer(store, dataset)
    if pointer is None:
        published = ", ".join(load_index(store)) or "none"
        raise UsageError(f"no dataset is called {dataset!r}", where=url, remedy=f"published are: {published}")
    frame = load_table(store, load_manifest(store, dataset, pointer), "observations")
    return list(frame.select(SHOWN).iter_rows(named=True))


def check(url: str, datasets: Iterable[str], trusted: Iterable[str] = ()) -> tuple[str, tuple[Finding, ...]]:
    """Return what was checked, as text, and what is wrong with it; `trusted` are files of public keys."""
    store, chosen = open_store(url), tuple(datasets)
    pins = tuple(key for file in trusted for key in read_keys(_bytes(file), file))
    cases = _datasets_to_check(store, chosen)

    count = sum(len(case.releases) for case in cases)
    return f"{count} releases of {len(cases)} datasets", verify(store, partial(archived_text, store), chosen, pins)


def keys(url: str) -> list[dict[str, Any]]:
    """Return the keys that sign the releases of a store."""
    store = open_store(url)
    return [_key_record(read_key(store, name)) for name in key_names(store)]


def retire_key(url: str, name: str, on: date) -> dict[str, Any]:
    """Retire a key and return it."""
    return _key_record(retire(open_store(url), name, on))


def archived_text(store: Store, dataset: str, document: DocumentEntry) -> str:
    """Return the canonical text of a released document, read again out of its capture."""
    captured = load_captured(Archive.open(store, dataset), document)
    return parse(captured.body, captured.content_type, captured.text).text


def _datasets_to_check(store: Store, chosen: tuple[str, ...]) -> tuple[DatasetUnderCheck, ...]:
    """Return the datasets to check; none if their list cannot be read, which `verify` reports."""
    try:
        known = {case.dataset: case for case in published(store)}
    except StoreCorrupt:
        return ()
    if not known:
        raise UsageError("nothing is published there", where=store.url, remedy="check the address of the store")
    if unknown := [name for name in chosen if name not in known]:
        remedy = f"published are: {', '.join(known)}"
        raise UsageError(f"no dataset is called {unknown[0]!r}", where=store.url, remedy=remedy)
    return tuple(known[name] for name in chosen or known)


def _key_record(key: KeyRecord) -> dict[str, Any]:
    ended = key.retired_on.isoformat() if key.retired_on else ""
    name = key.public.name
    return {"key": name, "since": key.since.isoformat(), "retired_on": ended, "public_key": key_public(name)}


def _bytes(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise UsageError(what, where=file, remedy="give a file of public keys") from error
