"""The archive: bytes are kept before they are read, each payload once, every visit on record.

::

    raw/{dataset}/warc/{ab}/{sha256}.warc.gz    one capture, named by its payload's SHA-256; written once, never changed
    raw/{dataset}/sightings/{stamp}-{id}.jsonl  one file per run, one line per visit: when, what answered, which capture
    raw/{dataset}/seen.json                     the last visit of each page; read once, swapped once in a run

Pages are visited; what no server sent, facts entered by hand, is deposited: the same files, and a line where it is new.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from infra.store import Headers, Store
from raw.archive.fetch_state import FetchState, dump, load, merge, utc
from raw.archive.warc import Record, pack, pack_resource, sha256, unpack
from raw.http.client import Fetcher, Validators
from raw.http.response import NOT_MODIFIED, Response
from schemas.errors import SourceError, StoreCorrupt, StoreUnavailable
from schemas.reading import Capture

WARC = Headers(content_type="application/warc", cache_control="max-age=31536000, immutable")
LINES = Headers(content_type="application/jsonl", cache_control="max-age=31536000, immutable")
JSON = Headers(content_type="application/json", cache_control="no-cache")
SWAP_TRIES = 5
DEPOSITED = "deposited:"  # no address of a page begins so


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The bytes of one page with where they are kept; `captured_at` is when these bytes were first seen."""

    key: str
    url: str
    sha256: str
    captured_at: datetime
    content_type: str
    body: bytes

    @property
    def capture(self) -> Capture:
        """What goes downstream: the place without the bytes."""
        return Capture(url=self.url, captured_at=self.captured_at, sha256=self.sha256, key=self.key)


class Archive:
    """The archive of one dataset during one run: `fetch` pages, `store_local_file` what is none, then `flush` once."""

    def __init__(self, store: Store, dataset: str, seen: dict[str, FetchState], tag: str | None) -> None:
        """Take what `open` read."""
        self._store = store
        self._root = f"raw/{dataset}"
        self._seen = seen
        self._tag = tag
        self._visited: dict[str, FetchState] = {}
        self._sightings: list[dict[str, object]] = []

    @classmethod
    def open(cls, store: Store, dataset: str) -> Self:
        """The archive of a dataset, with what the last run left; the one read of `seen.json`."""
        key = f"raw/{dataset}/seen.json"
        stored = store.get(key)
        return cls(store, dataset, load(stored.data, key=key) if stored else {}, stored.etag if stored else None)

    def known(self, url: str) -> FetchState | None:
        """The last successful visit of a page, if it ever was one."""
        return self._visited.get(url) or self._seen.get(url)

    async def fetch(self, fetcher: Fetcher, url: str) -> Snapshot:
        """Fetch a page, asking only for what changed, and keep it; a visit that fails leaves its sighting too."""
        known = self.known(url)
        try:
            response = await fetcher.get(url, known.validators if known else Validators())
        except SourceError as error:
            self._log_visit(when=fetcher.now(), url=url, error=error.code, what=error.what)
            raise
        return self.keep(response)

    def keep(self, response: Response) -> Snapshot:
        """The snapshot of an answer, its bytes in the store; bytes kept before keep the date of their first capture."""
        known = self.known(response.requested_url)
        if response.status == NOT_MODIFIED:
            snapshot = self._unmodified(response, known)
        elif known and known.sha256 == sha256(response.body):
            snapshot = _snapshot_from_state(response, known)
        else:
            snapshot = self._write_capture(response)
        self._note(response, snapshot, known)
        return snapshot

    def store_local_file(
        self, *, document_id: str, url: str, body: bytes, content_type: str, now: datetime
    ) -> Snapshot:
        """Keep bytes that no server sent, under the address that they cite; nothing is asked or written twice.

        They are remembered by their document and not by their address, which may be that of a page too.
        """
        name = f"{DEPOSITED}{document_id}"
        known = self.known(name)
        if known is None or known.sha256 != sha256(body):
            record = Record(url=url, captured_at=_truncate_seconds(now), content_type=content_type, body=body)
            known = self._write_resource(name, record)
        return Snapshot(
            key=known.key,
            url=url,
            sha256=known.sha256,
            captured_at=known.captured_at,
            content_type=content_type,
            body=body,
        )

    def load_capture(self, key: str) -> Snapshot:
        """An earlier capture, its bytes checked against the name under which they are kept."""
        stored = self._store.get(key)
        if stored is None:
            remedy = f"restore it, or remove {self._root}/seen.json: the next run then fetches every page in full"
            raise StoreCorrupt("the capture is missing", where=key, remedy=remedy)
        digest = key.rpartition("/")[2].partition(".")[0]
        found = unpack(stored.data, key=key, digest=digest)
        return Snapshot(
            key=key,
            url=found.url,
            sha256=digest,
            captured_at=found.captured_at,
            content_type=found.content_type,
            body=found.body,
        )

    def flush(self, now: datetime) -> None:
        """Write what this run saw: its sightings, then `seen.json`; for the end of a run, a failed one too."""
        if self._sightings:
            lines = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in self._sightings)
            stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256(lines.encode())[:8]}"
            self._store.put_new(f"{self._root}/sightings/{stamp}.jsonl", lines.encode(), LINES)
        if self._visited:
            self._swap_seen()

    def _unmodified(self, response: Response, known: FetchState | None) -> Snapshot:
        if known is None:
            raise StoreCorrupt("304 for a page of which nothing is kept", where=response.url, remedy="run again")
        return replace(self.load_capture(known.key), url=response.url)

    def _write_resource(self, name: str, record: Record) -> FetchState:
        digest = sha256(record.body)
        key = self._key(digest)
        new = self._store.put_new(key, pack_resource(record), WARC)
        first = record.captured_at if new else self.load_capture(key).captured_at
        self._visited[name] = FetchState(
            etag="",
            last_modified="",
            sha256=digest,
            key=key,
            captured_at=first,
            content_type=record.content_type,
            last_seen=record.captured_at,
        )
        self._log_visit(when=record.captured_at, url=record.url, document=name, sha256=digest, key=key)
        return self._visited[name]

    def _key(self, digest: str) -> str:
        return f"{self._root}/warc/{digest[:2]}/{digest}.warc.gz"

    def _write_capture(self, response: Response) -> Snapshot:
        digest = sha256(response.body)
        key = self._key(digest)
        if not self._store.put_new(key, pack(response), WARC):
            return replace(self.load_capture(key), url=response.url)
        return Snapshot(
            key=key,
            url=response.url,
            sha256=digest,
            captured_at=_truncate_seconds(response.fetched_at),
            content_type=response.header("content-type"),
            body=response.body,
        )

    def _note(self, response: Response, snapshot: Snapshot, known: FetchState | None) -> None:
        """Remember a visit; validators that a 304 does not repeat stay what they were."""
        earlier = known.validators if known and response.status == NOT_MODIFIED else Validators()
        self._visited[response.requested_url] = FetchState(
            etag=response.header("etag") or earlier.etag,
            last_modified=response.header("last-modified") or earlier.last_modified,
            sha256=snapshot.sha256,
            key=snapshot.key,
            captured_at=snapshot.captured_at,
            content_type=snapshot.content_type,
            last_seen=response.fetched_at,
        )
        self._log_visit(
            when=response.fetched_at,
            url=response.requested_url,
            status=response.status,
            headers=[list(header) for header in response.headers],
            sha256=snapshot.sha256,
            key=snapshot.key,
        )

    def _log_visit(self, *, when: datetime, **said: object) -> None:
        self._sightings.append({"when": utc(when), **said})

    def _swap_seen(self) -> None:
        key = f"{self._root}/seen.json"
        for _ in range(SWAP_TRIES):
            pages = merge(self._seen, self._visited)
            if self._store.swap(key, dump(pages), JSON, expected=self._tag):
                return
            stored = self._store.get(key)
            self._seen, self._tag = (load(stored.data, key=key), stored.etag) if stored else ({}, None)
        raise StoreUnavailable(f"it changed under {SWAP_TRIES} tries to write it", where=key, remedy="run again")


def _snapshot_from_state(response: Response, known: FetchState) -> Snapshot:
    return Snapshot(
        key=known.key,
        url=response.url,
        sha256=known.sha256,
        captured_at=known.captured_at,
        content_type=known.content_type,
        body=response.body,
    )


def _truncate_seconds(when: datetime) -> datetime:
    """A time as a capture bears it: UTC, whole seconds."""
    return when.astimezone(UTC).replace(microsecond=0)
