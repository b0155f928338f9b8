from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from support.responses import Clock
from support.website import Reply, Website

from raw.http.client import Fetcher, FetchLimits
from schemas.errors import SourceRefused, SourceUnreachable

TEXT = "火炬高新区2024年工作总结暨2025年工作部署。\n".encode() * 200
MEGABYTE = 2**20


async def body(site: Website, reply: Reply, limits: FetchLimits | None = None) -> bytes:
    clock = Clock()
    async with Fetcher("127.0.0.1", limits or FetchLimits(tries=2), clock=clock, sleep=clock.sleep) as fetcher:
        return (await fetcher.get(site.put("/", reply))).body


def packed(data: bytes, encoding: str = "gzip", *, chunked: bool = False) -> Reply:
    return Reply(body=data, headers={"Content-Encoding": encoding}, chunked=chunked)


def bomb(megabytes: int) -> bytes:
    """Zeros that pack to a thousandth of their size, made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join([*(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)), packer.flush()])


class TestPackedBodies:
    @pytest.mark.parametrize("chunked", [False, True])
    async def test_come_unpacked(self, site: Website, chunked: bool) -> None:  # noqa: FBT001 - a column of the table
        for encoding in ("gzip", "x-gzip", "GZIP"):
            assert await body(site, packed(gzip.compress(TEXT), encoding, chunked=chunked)) == TEXT
        assert await body(site, packed(zlib.compress(TEXT), "deflate", chunked=chunked)) == TEXT
        assert await body(site, packed(b"", chunked=chunked)) == b""

    async def test_may_come_in_many_small_pieces(self, site: Website) -> None:
        reply = Reply(body=gzip.compress(TEXT), headers={"Content-Encoding": "gzip"}, drip=0.001)
        assert await body(site, reply) == TEXT

    async def test_may_have_several_members_and_padding(self, site: Website) -> None:
        joined = gzip.compress(TEXT) + gzip.compress(b"and more") + bytes(16)
        assert await body(site, packed(joined)) == TEXT + b"and more"

    @pytest.mark.parametrize("encoding", ["identity", ""])
    async def test_that_are_not_packed_are_left_alone(self, site: Website, encoding: str) -> None:
        assert await body(site, packed(TEXT, encoding)) == TEXT

    async def test_that_end_in_the_middle_are_never_taken_for_whole(self, site: Website) -> None:
        with pytest.raises(SourceUnreachable, match="the compressed body is incomplete"):
            await body(site, packed(gzip.compress(TEXT)[:-9]))
        assert len(site.log) == 2

    @pytest.mark.parametrize("damaged", [gzip.compress(TEXT)[:-6] + b"\0" * 6, TEXT], ids=["checksum", "not packed"])
    async def test_that_are_damaged_or_not_what_they_say_are_never_taken(self, site: Website, damaged: bytes) -> None:
        with pytest.raises(SourceUnreachable, match="does not unpack"):
            await body(site, packed(damaged))

    @pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
    async def test_in_an_encoding_that_was_not_asked_for_are_refused(self, site: Website, encoding: str) -> None:
        with pytest.raises(SourceRefused, match=encoding):
            await body(site, packed(TEXT, encoding))
        assert len(site.log) == 1


class TestLimits:
    async def test_an_announced_size_over_the_limit_is_refused_unread(self, site: Website) -> None:
        reply = Reply(body=bytes(5000), drip=1.0)
        with pytest.raises(SourceRefused, match="5000 bytes are announced, the limit is 4999"):
            await body(site, reply, FetchLimits(max_wire=4999, timeout=0.5))
        assert len(site.log) == 1

    async def test_an_unannounced_size_is_counted_on_the_wire(self, site: Website) -> None:
        with pytest.raises(SourceRefused, match="the body goes on, the limit is 4999"):
            await body(site, Reply(body=bytes(5000), chunked=True), FetchLimits(max_wire=4999))

    async def test_a_body_of_just_the_limit_passes(self, site: Website) -> None:
        limits = FetchLimits(max_wire=5000, max_page=5000)
        assert await body(site, Reply(body=bytes(5000), chunked=True), limits) == bytes(5000)
        assert await body(site, packed(gzip.compress(bytes(5000))), limits) == bytes(5000)

    @pytest.mark.parametrize(
        "data", [gzip.compress(bytes(5001)), gzip.compress(bytes(1000)) * 100], ids=["one", "many"]
    )
    async def test_one_byte_more_when_unpacked_does_not(self, site: Website, data: bytes) -> None:
        with pytest.raises(SourceRefused, match="unpacked, the body goes on, the limit is 5000"):
            await body(site, packed(data), FetchLimits(max_page=5000))

    async def test_a_bomb_is_refused_without_ever_being_held(self, site: Website) -> None:
        reply = packed(bomb(60))
        assert len(reply.body) < MEGABYTE
        tracemalloc.start()
        try:
            with pytest.raises(SourceRefused, match="unpacked"):
                await body(site, reply, FetchLimits(max_page=4 * MEGABYTE))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 24 * MEGABYTE
