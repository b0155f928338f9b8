from __future__ import annotations

import json

import pytest
from support.responses import HTML, START, URL, WHOLE_SECOND, Clock, answer, objects, overwrite
from support.website import Asked, Reply, Website
from support.wrapped_stores import CountingStore

from infra.store import Headers
from raw.archive.warc import sha256
from raw.archive.warc_archive import Archive, Snapshot
from raw.http.client import Fetcher, FetchLimits
from schemas.errors import SourceGone, SourceUnreachable, StoreCorrupt, StoreUnavailable


async def visit(archive: Archive, url: str, clock: Clock | None = None) -> Snapshot:
    clock = clock or Clock()
    async with Fetcher("127.0.0.1", FetchLimits(tries=2), clock=clock, sleep=clock.sleep) as fetcher:
        return await archive.fetch(fetcher, url)


class TestKeeping:
    def test_the_same_bytes_again_costs_no_request(self, archive: Archive, store: CountingStore) -> None:
        first = archive.keep(answer())
        archive.flush(START)
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
        assert archive.keep(answer(fetched_at=START.replace(year=2028))) == first
        assert set(objects(store, "warc")) == {first.key, second.key}

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
        archive.flush(START)
        later = Archive.open(store, "torch")
        assert later.keep(answer(b"", status=304, headers=())) == first
        later.flush(START)
        known = Archive.open(store, "torch").last_visit(URL)
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
        archive.flush(START)
        assert await visit(Archive.open(store, "torch"), url) == first
        assert [asked.headers.get("if-none-match") for asked in site.log] == [None, '"7"']

    async def test_follow_a_redirect_and_remember_the_address_asked(self, archive: Archive, site: Website) -> None:
        site.put("/new", Reply(body=HTML))
        url = site.put("/old", Reply(status=301, headers={"Location": "/new"}))
        assert (await visit(archive, url)).url == f"{site.base}/new"
        assert archive.last_visit(url)
        assert not archive.last_visit(f"{site.base}/new")

    async def test_leave_a_sighting_each(self, archive: Archive, store: CountingStore, site: Website) -> None:
        clock = Clock()
        url = site.put("/", Reply(body=HTML, headers={"Content-Type": "text/html"}), Reply(status=404))
        snapshot = await visit(archive, url, clock)
        clock.pass_by(5)
        with pytest.raises(SourceGone):
            await visit(archive, url, clock)
        archive.flush(START)
        ((key, lines),) = objects(store, "sightings").items()
        assert key.startswith("raw/torch/sightings/20260302T010000Z-")
        seen, gone = map(json.loads, lines.splitlines())
        assert seen["when"] == "2026-03-02T01:00:00Z"
        assert (seen["status"], seen["url"]) == (200, url)
        assert (seen["sha256"], seen["key"]) == (snapshot.sha256, snapshot.key)
        assert ["content-type", "text/html"] in [[name.lower(), value] for name, value in seen["headers"]]
        assert (gone["when"], gone["error"]) == ("2026-03-02T01:00:05Z", "source_gone")
        assert "404" in gone["what"]

    async def test_that_fail_leave_the_last_good_one(
        self, archive: Archive, store: CountingStore, site: Website
    ) -> None:
        url = site.put("/", Reply(body=HTML), Reply(status=404))
        snapshot = await visit(archive, url)
        archive.flush(START)
        later = Archive.open(store, "torch")
        with pytest.raises(SourceGone):
            await visit(later, url)
        later.flush(START.replace(hour=2))
        known = Archive.open(store, "torch").last_visit(url)
        assert known
        assert known.last_seen == WHOLE_SECOND
        assert archive.load_capture(known.key) == snapshot

    async def test_of_a_cut_body_keep_nothing(self, archive: Archive, store: CountingStore, site: Website) -> None:
        with pytest.raises(SourceUnreachable):
            await visit(archive, site.put("/", Reply(body=HTML, cut=9)))
        assert objects(store, "warc") == {}


class TestSettling:
    def test_takes_one_read_and_two_writes_a_run_and_no_write_without_a_visit(self, store: CountingStore) -> None:
        archive = Archive.open(store, "torch")
        archive.flush(START)
        assert store.calls == [("get", "raw/torch/seen.json")]
        archive.keep(answer())
        archive.flush(START)
        assert [method for method, _ in store.calls] == ["get", "put_new", "put_new", "swap"]

    def test_beside_another_run_keeps_what_both_saw(self, store: CountingStore) -> None:
        ours, theirs = Archive.open(store, "torch"), Archive.open(store, "torch")
        ours.keep(answer())
        ours.keep(answer(b"old", requested_url="http://h/both", fetched_at=START))
        theirs.keep(answer(b"theirs", requested_url="http://h/theirs"))
        theirs.keep(answer(b"new", requested_url="http://h/both", fetched_at=START.replace(year=2027)))
        theirs.flush(START)
        ours.flush(START)
        merged = Archive.open(store, "torch")
        assert merged.last_visit(URL)
        assert merged.last_visit("http://h/theirs")
        both = merged.last_visit("http://h/both")
        assert both
        assert both.sha256 == sha256(b"new")
        assert len(objects(store, "sightings")) == 2

    def test_forgets_no_page_that_this_run_did_not_visit(self, archive: Archive, store: CountingStore) -> None:
        archive.keep(answer())
        archive.flush(START)
        later = Archive.open(store, "torch")
        later.keep(answer(b"x", requested_url="http://h/2"))
        later.flush(START)
        assert Archive.open(store, "torch").last_visit(URL)

    def test_gives_up_where_the_file_changes_at_every_try(self, store: CountingStore) -> None:
        archive = Archive.open(_Restless(within=store.within), "torch")
        archive.keep(answer())
        with pytest.raises(StoreUnavailable, match=r"seen\.json"):
            archive.flush(START)

    def test_is_not_reached_with_a_file_that_the_archive_did_not_write(self, store: CountingStore) -> None:
        for data in (b"{", b"[]", b'{"http://h/": {}}', b'{"http://h/": 1}', b"\xff"):
            overwrite(store, "raw/torch/seen.json", data)
            with pytest.raises(StoreCorrupt, match=r"raw/torch/seen\.json: .*remove it"):
                Archive.open(store, "torch")


class _Restless(CountingStore):
    """A store in which somebody else is always first."""

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        overwrite(self.within, key, b"{}" + b" " * len(self.calls))
        return super().swap(key, data, headers, expected=expected)
