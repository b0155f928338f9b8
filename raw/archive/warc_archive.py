"""The archive: bytes are stored before they are read, each payload once, every visit on record.

::

    raw/{dataset}/warc/{ab}/{sha256}.warc.gz    one capture, named by its payload's SHA-256; written once, never changed
    raw/{dataset}/sightings/{stamp}-{id}.jsonl  one file per run, one line per visit: when, what answered, which capture
    raw/{dataset}/seen.json                     the last visit of each page; read once, swapped once in a run

Pages are visited; facts entered by hand are deposited: the same files, and a line where they are new.
"""

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
DEPOSITED = "deposited:"  # no address of a page begins with this


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The bytes of a page and their key in the store; `captured_at` is the time of their first capture."""

    key: str
    url: str
    sha256: str
    captured_at: datetime
    content_type: str
    body: bytes

    @property
    def capture(self) -> Capture:
        """The capture without its bytes."""
        return Capture(url=self.url, captured_at=self.captured_at, sha256=self.sha256, key=self.key)


class Archive:
    """The archive of a dataset during a run: `fetch` pages, `store_local_file` other documents, then `flush` once."""

    def __init__(self, store: Store, dataset: str, seen: dict[str, FetchState], tag: str | None) -> None:
        """Create the archive from what `open` read."""
        self._store = store
        self._root = f"raw/{dataset}"
        self._seen = seen
        self._tag = tag
        self._visited: dict[str, FetchState] = {}
        self._sightings: list[dict[str, object]] = []

    @classmethod
    def open(cls, store: Store, dataset: str) -> Self:
        """Return the archive of a dataset with the state of the last run; `seen.json` is read only here."""
        key = f"raw/{dataset}/seen.json"
        stored = store.get(key)
        return cls(store, dataset, load(stored.data, key=key) if stored else {}, stored.etag if stored else None)

    def last_visit(self, url: str) -> FetchState | None:
        """Return the last successful visit of a page, None where there is none."""
        return self._visited.get(url) or self._seen.get(url)

    async def fetch(self, fetcher: Fetcher, url: str) -> Snapshot:
        """Fetch a page with a conditional request and store it; a failed visit is logged too.

        Raises:
            SourceError: If the page cannot be fetched.
            StoreCorrupt: If the page is unchanged and its capture is missing or damaged.
        """
        state = self.last_visit(url)
        try:
            response = await fetcher.get(url, state.validators if state else Validators())
        except SourceError as error:
            self._log_visit(when=fetcher.now(), url=url, error=error.code, what=error.what)
            raise
        return self.keep(response)

    def keep(self, response: Response) -> Snapshot:
        """Store the bytes of a response and return their snapshot, with the time of their first capture."""
        state = self.last_visit(response.requested_url)
        if response.status == NOT_MODIFIED:
            snapshot = self._unmodified(response, state)
        elif state and state.sha256 == sha256(response.body):
            snapshot = _snapshot(state, response.url, response.body)
        else:
            snapshot = self._write_capture(response)
        self._note(response, snapshot, state)
        return snapshot

    def store_local_file(
        self, *, document_id: str, url: str, body: bytes, content_type: str, now: datetime
    ) -> Snapshot:
        """Store a document that no server sent, under the address that it cites; write nothing twice.

        Its state is filed under the id of the document, since the address may be that of a page too.
        """
        name = f"{DEPOSITED}{document_id}"
        state = self.last_visit(name)
        if state is None or state.sha256 != sha256(body):
            record = Record(url=url, captured_at=_truncate_seconds(now), content_type=content_type, body=body)
            state = self._write_resource(name, record)
        return _snapshot(state, url, body)

    def load_capture(self, key: str) -> Snapshot:
        """Return an earlier capture.

        Raises:
            StoreCorrupt: If it is missing, or its bytes do not match its key.
        """
        stored = self._store.get(key)
        if stored is None:
            remedy = f"restore it, or remove {self._root}/seen.json: the next run then fetches every page in full"
            raise StoreCorrupt("the capture is missing", where=key, remedy=remedy)
        digest = key.rpartition("/")[2].partition(".")[0]
        record = unpack(stored.data, key=key, digest=digest)
        return Snapshot(
            key=key,
            url=record.url,
            sha256=digest,
            captured_at=record.captured_at,
            content_type=record.content_type,
            body=record.body,
        )

    def flush(self, now: datetime) -> None:
        """Write the visits of this run, then `seen.json`; for the end of a run, also of a failed one."""
        if self._sightings:
            lines = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in self._sightings)
            stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256(lines.encode())[:8]}"
            self._store.put_new(f"{self._root}/sightings/{stamp}.jsonl", lines.encode(), LINES)
        if self._visited:
            self._swap_state()

    def _unmodified(self, response: Response, state: FetchState | None) -> Snapshot:
        if state is None:
            raise StoreCorrupt("304 for a page without a capture", where=response.url, remedy="run again")
        return replace(self.load_capture(state.key), url=response.url)

    def _write_resource(self, name: str, record: Record) -> FetchState:
        digest = sha256(record.body)
        key = self._key(digest)
        new = self._store.put_new(key, pack_resource(record), WARC)
        first = record if new else self.load_capture(key)  # whose media type is the one that a replay finds
        self._visited[name] = FetchState(
            etag="",
            last_modified="",
            sha256=digest,
            key=key,
            captured_at=first.captured_at,
            content_type=first.content_type,
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

    def _note(self, response: Response, snapshot: Snapshot, state: FetchState | None) -> None:
        """Record a visit; validators that a 304 does not repeat stay as they were."""
        earlier = state.validators if state and response.status == NOT_MODIFIED else Validators()
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

    def _log_visit(self, *, when: datetime, **details: object) -> None:
        self._sightings.append({"when": utc(when), **details})

    def _swap_state(self) -> None:
        key = f"{self._root}/seen.json"
        for _ in range(SWAP_TRIES):
            pages = merge(self._seen, self._visited)
            if self._store.swap(key, dump(pages), JSON, expected=self._tag):
                return
            stored = self._store.get(key)
            self._seen, self._tag = (load(stored.data, key=key), stored.etag) if stored else ({}, None)
        what = f"it changed during each of {SWAP_TRIES} tries to write it"
        raise StoreUnavailable(what, where=key, remedy="run again")


def _snapshot(state: FetchState, url: str, body: bytes) -> Snapshot:
    return Snapshot(
        key=state.key,
        url=url,
        sha256=state.sha256,
        captured_at=state.captured_at,
        content_type=state.content_type,
        body=body,
    )


def _truncate_seconds(when: datetime) -> datetime:
    """Return a time in UTC and whole seconds."""
    return when.astimezone(UTC).replace(microsecond=0)
