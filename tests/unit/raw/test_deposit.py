"""Bytes that no server sent, kept beside the pages: same files, one date, no request on a night without news."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.requires import program
from support.responses import HTML, START, URL, answer, objects, overwrite
from support.wrapped_stores import CountingStore
from warcio.archiveiterator import ArchiveIterator

from infra.store import open_store
from raw.archive.warc import Record, pack_resource, sha256, unpack
from raw.archive.warc_archive import DEPOSITED, Archive, Snapshot
from schemas.errors import StoreCorrupt

BODY = b"period,value\n2023,531.48\n"
KIND = "application/vnd.gongbao.reviewed+csv"
CITED = "https://example.org/2024/01/30.html"
ID = "reviewed-0123456789ab"
NIGHT = timedelta(days=1)
WHOLE = START.astimezone(UTC).replace(microsecond=0)


def deposit(
    archive: Archive, body: bytes = BODY, *, now: datetime = START, url: str = CITED, document_id: str = ID
) -> Snapshot:
    return archive.store_local_file(document_id=document_id, url=url, body=body, content_type=KIND, now=now)


def night(store: CountingStore, body: bytes = BODY, *, now: datetime, url: str = CITED) -> Snapshot:
    """A whole run: open, deposit, settle."""
    archive = Archive.open(store, "torch")
    snapshot = deposit(archive, body, now=now, url=url)
    archive.flush(now)
    return snapshot


def sightings(store: CountingStore) -> list[dict[str, Any]]:
    return [json.loads(line) for data in objects(store, "sightings").values() for line in data.splitlines()]


class TestADeposit:
    def test_is_kept_under_the_digest_of_its_bytes_as_a_page_is(self, archive: Archive, store: CountingStore) -> None:
        snapshot = deposit(archive)
        digest = sha256(BODY)
        assert snapshot.key == f"raw/torch/warc/{digest[:2]}/{digest}.warc.gz"
        assert (snapshot.sha256, snapshot.url, snapshot.body, snapshot.content_type) == (digest, CITED, BODY, KIND)
        assert snapshot.captured_at == WHOLE
        assert list(objects(store, "warc")) == [snapshot.key]

    def test_is_recalled_as_it_was_kept(self, archive: Archive) -> None:
        for body in (BODY, b"", b"\r\n\r\nWARC/1.0", bytes(range(256)) * 50, "报告".encode()):
            snapshot = deposit(archive, body)
            assert archive.load_capture(snapshot.key) == snapshot

    def test_passes_a_foreign_tool(self, archive: Archive, store: CountingStore, tmp_path: Path) -> None:
        key = deposit(archive).key
        data = objects(store, "warc")[key]
        file = tmp_path / "deposit.warc.gz"
        file.write_bytes(data)
        done = subprocess.run([program("warcio"), "check", "-v", file], capture_output=True, text=True, check=True)
        assert done.stdout.count("digest pass") == 1
        (record,) = [(one.rec_type, dict(one.rec_headers.headers)) for one in ArchiveIterator(io.BytesIO(data))]
        kind, headers = record
        assert kind == "resource"
        assert (headers["WARC-Target-URI"], headers["Content-Type"]) == (CITED, KIND)
        assert headers["WARC-Payload-Digest"] == f"sha256:{sha256(BODY)}"
        assert headers["WARC-Date"] == f"{WHOLE:%Y-%m-%dT%H:%M:%SZ}"

    def test_is_the_same_file_for_the_same_bytes_and_day(self, tmp_path: Path) -> None:
        stores = [CountingStore(within=open_store(str(tmp_path / name))) for name in "ab"]
        for store in stores:
            deposit(Archive.open(store, "torch"))
        assert objects(stores[0], "warc") == objects(stores[1], "warc")

    def test_that_was_damaged_or_cut_is_found_out(self, archive: Archive, store: CountingStore) -> None:
        kept = deposit(archive)
        other = deposit(archive, BODY.replace(b"531", b"532"), document_id="reviewed-other")
        whole, forged = (objects(store, "warc")[key] for key in (kept.key, other.key))
        for damaged, fault in ((forged, "SHA-256"), *((whole[:left], None) for left in (0, 1, 40, 200))):
            overwrite(store, kept.key, damaged)
            with pytest.raises(StoreCorrupt, match=fault):
                archive.load_capture(kept.key)


class TestANightWithoutNews:
    def test_costs_no_request_and_keeps_the_first_date(self, store: CountingStore) -> None:
        first = night(store, now=START)
        archive = Archive.open(store, "torch")
        before = store.total
        assert deposit(archive, now=START + NIGHT) == first
        archive.flush(START + NIGHT)
        assert store.total == before
        (line,) = sightings(store)
        assert (line["url"], line["document"], line["sha256"]) == (CITED, f"{DEPOSITED}{ID}", sha256(BODY))

    def test_follows_an_address_that_was_corrected(self, store: CountingStore) -> None:
        night(store, now=START)
        assert night(store, now=START + NIGHT, url="https://example.org/moved").url == "https://example.org/moved"

    def test_within_one_run_is_every_deposit_after_the_first(self, archive: Archive, store: CountingStore) -> None:
        first = deposit(archive)
        before = store.total
        assert deposit(archive, now=START + NIGHT) == first
        assert store.total == before


class TestNews:
    def test_is_kept_beside_the_former_bytes_with_a_date_of_its_own(self, store: CountingStore) -> None:
        first = night(store, now=START)
        second = night(store, BODY + b"2022,500\n", now=START + NIGHT)
        assert (first.captured_at, second.captured_at) == (WHOLE, WHOLE + NIGHT)
        assert sorted(objects(store, "warc")) == sorted([first.key, second.key])
        assert len(sightings(store)) == 2

    def test_that_turns_back_has_the_date_of_its_first_time(self, store: CountingStore) -> None:
        first = night(store, now=START)
        night(store, b"period\n", now=START + NIGHT)
        assert night(store, now=START + 2 * NIGHT) == first

    def test_is_none_where_only_what_was_seen_was_lost(self, store: CountingStore) -> None:
        first = night(store, now=START)
        overwrite(store, "raw/torch/seen.json", b"{}")
        assert night(store, now=START + NIGHT) == first


class TestPagesBesideIt:
    def test_keep_their_own_memory_and_validators(self, archive: Archive, store: CountingStore) -> None:
        page = archive.keep(answer())
        kept = deposit(archive, url=URL, document_id="post-2345678")
        assert (page.body, kept.body) == (HTML, BODY)
        assert archive.load_capture(page.key).body == HTML
        archive.flush(START)
        known = Archive.open(store, "torch").last_visit(URL)
        assert known is not None
        assert (known.sha256, known.validators.etag) == (sha256(HTML), '"v1"')


class TestTheRecord:
    def test_says_what_was_put_into_it(self) -> None:
        record = Record(url=CITED, captured_at=WHOLE, content_type=KIND, body=BODY)
        assert unpack(pack_resource(record), key="raw/x", digest=sha256(BODY)) == record

    def test_of_other_bytes_address_or_time_has_another_id(self) -> None:
        record = Record(url=CITED, captured_at=WHOLE, content_type=KIND, body=BODY)
        changes: list[dict[str, Any]] = [{"url": f"{CITED}?"}, {"captured_at": WHOLE + NIGHT}, {"body": BODY + b"\n"}]
        ids = {record_id(pack_resource(one)) for one in (record, *(replace(record, **change) for change in changes))}
        assert len(ids) == 4


def record_id(data: bytes) -> str:
    (line,) = [line for line in gzip.decompress(data).split(b"\r\n") if line.startswith(b"WARC-Record-ID")]
    return line.decode()
