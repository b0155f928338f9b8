from __future__ import annotations

import gzip
import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.requires import program
from support.responses import HTML, URL, WHOLE_SECOND, answer, objects, overwrite
from support.wrapped_stores import CountingStore
from warcio.archiveiterator import ArchiveIterator

from infra.store import open_store
from raw.archive.warc import sha256
from raw.archive.warc_archive import Archive, Snapshot
from schemas.errors import StoreCorrupt


def recalled(archive: Archive, key: str) -> Snapshot | None:
    """The capture, or None where it was found to be damaged."""
    try:
        return archive.load_capture(key)
    except StoreCorrupt:
        return None


class TestACapture:
    def test_is_kept_under_the_digest_of_its_payload(self, archive: Archive, store: CountingStore) -> None:
        snapshot = archive.keep(answer())
        digest = sha256(HTML)
        assert snapshot.key == f"raw/torch/warc/{digest[:2]}/{digest}.warc.gz"
        assert (snapshot.sha256, snapshot.body, snapshot.url) == (digest, HTML, URL)
        assert list(objects(store, "warc")) == [snapshot.key]

    @pytest.mark.parametrize(
        "body", [HTML, b"", b"\r\n\r\n", b"WARC/1.0\r\n\r\n", bytes(range(256)) * 300, b"\x1f\x8b\x08"]
    )
    def test_is_recalled_as_it_was_kept_with_any_bytes_at_all(self, archive: Archive, body: bytes) -> None:
        snapshot = archive.keep(answer(body))
        assert archive.load_capture(snapshot.key) == snapshot
        assert (snapshot.body, snapshot.captured_at) == (body, WHOLE_SECOND)
        assert snapshot.content_type == "text/html; charset=utf-8"
        assert snapshot.capture.key == snapshot.key

    def test_is_the_same_bytes_for_the_same_answer(self, tmp_path: Path) -> None:
        stores = [open_store(str(tmp_path / name)) for name in "ab"]
        for store in stores:
            Archive.open(store, "torch").keep(answer())
        assert objects(stores[0], "warc") == objects(stores[1], "warc")

    def test_passes_a_foreign_tool(self, archive: Archive, store: CountingStore, tmp_path: Path) -> None:
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

    def test_of_a_packed_answer_holds_it_unpacked(self, archive: Archive, store: CountingStore) -> None:
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
        assert archive.load_capture(snapshot.key) == snapshot


class TestADamagedCapture:
    def test_that_is_missing_is_named(self, archive: Archive) -> None:
        with pytest.raises(StoreCorrupt, match=r"raw/torch/warc/ab/abc\.warc\.gz: the capture is missing"):
            archive.load_capture("raw/torch/warc/ab/abc.warc.gz")

    def test_of_other_bytes_is_found_out(self, archive: Archive, store: CountingStore) -> None:
        key, forged = (archive.keep(answer(body)).key for body in (HTML, b"forged"))
        whole, other = (objects(store, "warc")[kept] for kept in (key, forged))
        info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
        cut = [whole[:left] for left in (0, 1, 40, 300)]
        for data, fault in ((other, "SHA-256"), *((data, None) for data in (*cut, b"<html>no archive</html>", info))):
            overwrite(store, key, data)
            with pytest.raises(StoreCorrupt, match=fault):
                archive.load_capture(key)

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
