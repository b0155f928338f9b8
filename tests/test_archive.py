from __future__ import annotations

import gzip
import io
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from clock import START, Clock
from counting import CountingStore
from need import program
from warcio.archiveiterator import ArchiveIterator
from website import Asked, Reply, Website, serve

from infra.store import Headers, Store, open_store
from raw.answers import Response
from raw.archive import Archive, Snapshot
from raw.fetch import Fetcher, FetchLimits
from raw.warc import sha256
from schemas.errors import SourceGone, SourceUnreachable, StoreCorrupt, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "http://www.zs.gov.cn/zshjq/gkmlpt/content/2/2345/post_2345678.html?p=1"
HTML = "<p>2024年，规上工业总产值增长5.1%。</p>".encode()
WHOLE_SECOND = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)


def answer(body: bytes = HTML, **changes: Any) -> Response:  # noqa: ANN401 - any field of a Response
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"v1"'), ("Last-Modified", "yesterday"))
    plain = Response(
        url=URL,
        requested_url=URL,
        status=200,
        reason="OK",
        headers=headers,
        asked=(("Host", "www.zs.gov.cn"), ("User-Agent", "Gongbao/test")),
        body=body,
        fetched_at=START,
    )
    return replace(plain, **changes)


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(within=open_store(str(tmp_path / "store")))


@pytest.fixture
def archive(store: CountingStore) -> Archive:
    return Archive.open(store, "torch")


@pytest.fixture
def site() -> Iterator[Website]:
    with serve() as website:
        yield website


def objects(store: Store, folder: str) -> dict[str, bytes]:
    keys = [entry.key for entry in store.list(f"raw/torch/{folder}")]
    return {key: stored.data for key in keys if (stored := store.get(key))}


def overwrite(store: Store, key: str, data: bytes) -> None:
    stored = store.get(key)
    headers = Headers(content_type="application/warc", cache_control="no-cache")
    assert store.swap(key, data, headers, expected=stored.etag if stored else None)


def recalled(archive: Archive, key: str) -> Snapshot | None:
    """The capture, or None where it was found to be damaged."""
    try:
        return archive.recall(key)
    except StoreCorrupt:
        return None


async def visit(archive: Archive, url: str, clock: Clock | None = None) -> Snapshot:
    clock = clock or Clock()
    async with Fetcher("127.0.0.1", FetchLimits(tries=2), clock=clock, sleep=clock.sleep) as fetcher:
        return await archive.visit(fetcher, url)


class TestACapture:
    def test_is_kept_under_the_digest_of_its_payload(self, archive: Archive, store: CountingStore) -> None:
        snapshot = archive.keep(answer())
        digest = sha256(HTML)
        assert snapshot.key == f"raw/torch/warc/{digest[:2]}/{digest}.warc.gz"
        assert (snapshot.sha256, snapshot.body, snapshot.url) == (digest, HTML, URL)
        assert list(objects(store, "warc")) == [snapshot.key]

    def test_is_recalled_as_it_was_kept(self, archive: Archive) -> None:
        snapshot = archive.keep(answer())
        assert archive.recall(snapshot.key) == snapshot
        assert snapshot.captured_at == WHOLE_SECOND
        assert snapshot.content_type == "text/html; charset=utf-8"
        assert snapshot.capture.key == snapshot.key

    @pytest.mark.parametrize("body", [b"", b"\r\n\r\n", b"WARC/1.0\r\n\r\n", bytes(range(256)) * 300, b"\x1f\x8b\x08"])
    def test_gives_back_any_bytes_at_all(self, archive: Archive, body: bytes) -> None:
        assert archive.recall(archive.keep(answer(body)).key).body == body

    def test_is_the_same_bytes_for_the_same_answer(self, tmp_path: Path) -> None:
        stores = [open_store(str(tmp_path / name)) for name in "ab"]
        for store in stores:
            Archive.open(store, "torch").keep(answer())
        assert objects(stores[0], "warc") == objects(stores[1], "warc")

    def test_passes_the_check_of_a_foreign_warc_tool(
        self, archive: Archive, store: CountingStore, tmp_path: Path
    ) -> None:
        file = tmp_path / "capture.warc.gz"
        key = archive.keep(answer()).key
        file.write_bytes(objects(store, "warc")[key])
        done = subprocess.run([program("warcio"), "check", "-v", file], capture_output=True, text=True, check=True)
        assert done.stdout.count("digest pass") == 2
        file.write_bytes(_with_payload_changed(file.read_bytes()))
        assert subprocess.run([program("warcio"), "check", file], capture_output=True, check=False).returncode == 1

    def test_holds_the_answer_and_the_question(self, archive: Archive, store: CountingStore) -> None:
        key = archive.keep(answer()).key
        response, request = _records(objects(store, "warc")[key])
        assert response["type"] == "response"
        assert response["WARC-Target-URI"] == URL
        assert response["WARC-Date"] == "2026-03-02T01:00:00Z"
        assert response["WARC-Payload-Digest"] == f"sha256:{sha256(HTML)}"
        assert response["line"] == "200 OK"
        assert response["headers"]["ETag"] == '"v1"'
        assert request["line"] == "/zshjq/gkmlpt/content/2/2345/post_2345678.html?p=1 HTTP/1.1"
        assert request["headers"] == {"Host": "www.zs.gov.cn", "User-Agent": "Gongbao/test"}
        assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]

    def test_of_a_packed_answer_holds_it_unpacked_and_says_how_it_came(
        self, archive: Archive, store: CountingStore
    ) -> None:
        packing = (("content-encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("content-length", "33"))
        key = archive.keep(answer(headers=packing)).key
        response, _ = _records(objects(store, "warc")[key])
        assert response["body"] == HTML
        assert response["headers"] == {
            "X-Archive-Orig-content-encoding": "gzip",
            "X-Archive-Orig-Transfer-Encoding": "chunked",
            "X-Archive-Orig-content-length": "33",
            "Content-Length": str(len(HTML)),
        }

    def test_may_have_headers_in_chinese(self, archive: Archive) -> None:
        headers = (("Content-Type", "text/html"), ("X-Title", "工作总结"), ("X-Latin", "caf\xe9"))
        snapshot = archive.keep(answer(headers=headers))
        assert archive.recall(snapshot.key) == snapshot


class TestADamagedCapture:
    def test_that_is_missing_is_named(self, archive: Archive) -> None:
        with pytest.raises(StoreCorrupt, match=r"raw/torch/warc/ab/abc\.warc\.gz: the capture is missing"):
            archive.recall("raw/torch/warc/ab/abc.warc.gz")

    def test_with_another_payload_is_found_out(self, archive: Archive, store: CountingStore) -> None:
        key = archive.keep(answer()).key
        forged = archive.keep(answer(b"forged")).key
        overwrite(store, key, objects(store, "warc")[forged])
        with pytest.raises(StoreCorrupt, match="SHA-256"):
            archive.recall(key)

    @pytest.mark.parametrize("left", [0, 1, 40, 300])
    def test_that_was_cut_is_found_out(self, archive: Archive, store: CountingStore, left: int) -> None:
        key = archive.keep(answer()).key
        overwrite(store, key, objects(store, "warc")[key][:left])
        with pytest.raises(StoreCorrupt):
            archive.recall(key)

    def test_is_found_out_or_does_no_harm_wherever_a_bit_flipped(self, archive: Archive, store: CountingStore) -> None:
        kept = archive.keep(answer())
        whole = objects(store, "warc")[kept.key]
        told = []
        for place in range(0, len(whole), 7):
            damaged = bytearray(whole)
            damaged[place] ^= 0x10
            overwrite(store, kept.key, bytes(damaged))
            told.append(recalled(archive, kept.key))
        assert set(told) == {None, kept}
        assert told.count(kept) <= 3  # gzip's own time and system, which say nothing of the page

    @pytest.mark.parametrize(
        "data", [b"<html>no archive</html>", b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"]
    )
    def test_that_is_something_else_is_found_out(self, archive: Archive, store: CountingStore, data: bytes) -> None:
        key = archive.keep(answer()).key
        overwrite(store, key, data)
        with pytest.raises(StoreCorrupt):
            archive.recall(key)


class TestKeeping:
    def test_the_same_bytes_again_costs_no_request(self, archive: Archive, store: CountingStore) -> None:
        first = archive.keep(answer())
        archive.settle(START)
        later = Archive.open(store, "torch")
        store.calls.clear()
        again = later.keep(answer(fetched_at=START.replace(year=2027)))
        assert again == first
        assert store.calls == []

    def test_other_bytes_makes_a_second_capture(self, archive: Archive, store: CountingStore) -> None:
        first = archive.keep(answer())
        second = archive.keep(answer(HTML + b"<!-- 7 views -->", fetched_at=START.replace(year=2027)))
        assert second.captured_at.year == 2027
        assert set(objects(store, "warc")) == {first.key, second.key}

    def test_bytes_that_came_back_keeps_their_first_date(self, archive: Archive, store: CountingStore) -> None:
        first = archive.keep(answer())
        archive.keep(answer(b"edited"))
        before = objects(store, "warc")
        back = archive.keep(answer(fetched_at=START.replace(year=2027)))
        assert back == first
        assert objects(store, "warc") == before

    def test_bytes_known_from_another_address_keeps_this_address(self, archive: Archive) -> None:
        archive.keep(answer())
        other = archive.keep(answer(url=URL + "2", requested_url=URL + "2"))
        assert other.url == URL + "2"
        assert other.sha256 == sha256(HTML)

    def test_what_a_killed_run_kept_is_found_again(self, archive: Archive, store: CountingStore) -> None:
        first = archive.keep(answer())  # and no settle: the run was killed here
        again = Archive.open(store, "torch").keep(answer(fetched_at=START.replace(year=2027)))
        assert again == first

    def test_304_gives_the_last_capture(self, archive: Archive, store: CountingStore) -> None:
        first = archive.keep(answer())
        archive.settle(START)
        later = Archive.open(store, "torch")
        assert later.keep(answer(b"", status=304, headers=())) == first
        later.settle(START)
        known = Archive.open(store, "torch").known(URL)
        assert known
        assert (known.etag, known.last_modified, known.sha256) == ('"v1"', "yesterday", first.sha256)

    def test_304_for_an_unknown_page_is_no_capture(self, archive: Archive) -> None:
        with pytest.raises(StoreCorrupt, match="304"):
            archive.keep(answer(b"", status=304))


class TestVisits:
    async def test_ask_for_what_changed_only(self, archive: Archive, store: CountingStore, site: Website) -> None:
        def page(asked: Asked) -> Reply:
            known = asked.headers.get("if-none-match") == '"7"'
            return Reply(status=304) if known else Reply(body=HTML, headers={"ETag": '"7"'})

        url = site.put("/post_1.html", page)
        first = await visit(archive, url)
        archive.settle(START)
        assert await visit(Archive.open(store, "torch"), url) == first
        assert [asked.headers.get("if-none-match") for asked in site.log] == [None, '"7"']

    async def test_follow_the_page_and_remember_it_under_the_address_that_was_asked(
        self, archive: Archive, site: Website
    ) -> None:
        site.put("/new", Reply(body=HTML))
        url = site.put("/old", Reply(status=301, headers={"Location": "/new"}))
        assert (await visit(archive, url)).url == f"{site.base}/new"
        assert archive.known(url)
        assert not archive.known(f"{site.base}/new")

    async def test_leave_one_sighting_each_in_one_file_a_run(
        self, archive: Archive, store: CountingStore, site: Website
    ) -> None:
        clock = Clock()
        url = site.put("/", Reply(body=HTML, headers={"Content-Type": "text/html"}), Reply(status=404))
        snapshot = await visit(archive, url, clock)
        clock.pass_by(5)
        with pytest.raises(SourceGone):
            await visit(archive, url, clock)
        archive.settle(START)
        ((key, lines),) = objects(store, "sightings").items()
        assert key.startswith("raw/torch/sightings/20260302T010000Z-")
        seen, gone = map(json.loads, lines.splitlines())
        assert seen["when"] == "2026-03-02T01:00:00Z"
        assert (seen["status"], seen["url"]) == (200, url)
        assert (seen["sha256"], seen["key"]) == (snapshot.sha256, snapshot.key)
        assert ["content-type", "text/html"] in [[name.lower(), value] for name, value in seen["headers"]]
        assert (gone["when"], gone["error"]) == ("2026-03-02T01:00:05Z", "source_gone")
        assert "404" in gone["what"]

    async def test_that_fail_leave_the_last_good_one_known(
        self, archive: Archive, store: CountingStore, site: Website
    ) -> None:
        url = site.put("/", Reply(body=HTML), Reply(status=404))
        snapshot = await visit(archive, url)
        archive.settle(START)
        later = Archive.open(store, "torch")
        with pytest.raises(SourceGone):
            await visit(later, url)
        later.settle(START.replace(hour=2))
        known = Archive.open(store, "torch").known(url)
        assert known
        assert known.last_seen == WHOLE_SECOND
        assert archive.recall(known.key) == snapshot

    async def test_of_a_body_that_is_cut_keep_nothing(
        self, archive: Archive, store: CountingStore, site: Website
    ) -> None:
        with pytest.raises(SourceUnreachable):
            await visit(archive, site.put("/", Reply(body=HTML, cut=9)))
        assert objects(store, "warc") == {}


class TestSettling:
    def test_takes_one_read_and_two_writes_a_run(self, store: CountingStore) -> None:
        archive = Archive.open(store, "torch")
        archive.keep(answer())
        archive.settle(START)
        assert [method for method, _ in store.calls] == ["get", "put_new", "put_new", "swap"]

    def test_without_a_visit_writes_nothing(self, archive: Archive, store: CountingStore) -> None:
        archive.settle(START)
        assert store.calls == [("get", "raw/torch/seen.json")]

    def test_beside_another_run_keeps_what_both_saw(self, store: CountingStore) -> None:
        ours, theirs = Archive.open(store, "torch"), Archive.open(store, "torch")
        ours.keep(answer())
        ours.keep(answer(b"old", requested_url="http://h/both", fetched_at=START))
        theirs.keep(answer(b"theirs", requested_url="http://h/theirs"))
        theirs.keep(answer(b"new", requested_url="http://h/both", fetched_at=START.replace(year=2027)))
        theirs.settle(START)
        ours.settle(START)
        merged = Archive.open(store, "torch")
        assert merged.known(URL)
        assert merged.known("http://h/theirs")
        both = merged.known("http://h/both")
        assert both
        assert both.sha256 == sha256(b"new")
        assert len(objects(store, "sightings")) == 2

    def test_forgets_no_page_that_this_run_did_not_visit(self, archive: Archive, store: CountingStore) -> None:
        archive.keep(answer())
        archive.settle(START)
        later = Archive.open(store, "torch")
        later.keep(answer(b"x", requested_url="http://h/2"))
        later.settle(START)
        assert Archive.open(store, "torch").known(URL)

    def test_gives_up_where_the_file_changes_at_every_try(self, store: CountingStore) -> None:
        archive = Archive.open(_Restless(within=store.within), "torch")
        archive.keep(answer())
        with pytest.raises(StoreUnavailable, match=r"seen\.json"):
            archive.settle(START)

    @pytest.mark.parametrize("data", [b"{", b"[]", b'{"http://h/": {}}', b'{"http://h/": 1}', b"\xff"])
    def test_is_not_reached_with_a_file_that_the_archive_did_not_write(self, store: CountingStore, data: bytes) -> None:
        overwrite(store, "raw/torch/seen.json", data)
        with pytest.raises(StoreCorrupt, match=r"raw/torch/seen\.json: .*remove it"):
            Archive.open(store, "torch")


class _Restless(CountingStore):
    """A store in which somebody else is always first."""

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        overwrite(self.within, key, b"{}" + b" " * len(self.calls))
        return super().swap(key, data, headers, expected=expected)


def _records(data: bytes) -> list[dict[str, Any]]:
    return [
        {
            **dict(record.rec_headers.headers),
            "type": record.rec_type,
            "line": record.http_headers.statusline,
            "headers": dict(record.http_headers.headers),
            "body": record.content_stream().read(),
        }
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]


def _with_payload_changed(data: bytes) -> bytes:
    """The same WARC file, unpacked, with one digit of the payload changed."""
    return gzip.decompress(data).replace(b"5.1%", b"5.2%")
