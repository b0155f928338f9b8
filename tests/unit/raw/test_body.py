from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from support.clock import Clock
from support.website import Reply, Website, serve

from raw.http.client import Fetcher, FetchLimits
from schemas.errors import SourceRefused, SourceUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "火炬高新区2024年工作总结暨2025年工作部署。\n".encode() * 200
MEGABYTE = 2**20


@pytest.fixture
def site() -> Iterator[Website]:
    with serve() as website:
        yield website


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
    @pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
    async def test_come_unpacked(self, site: Website, encoding: str, chunked: bool) -> None:  # noqa: FBT001 - a column of the table
        assert await body(site, packed(gzip.compress(TEXT), encoding, chunked=chunked)) == TEXT

    async def test_may_be_deflated(self, site: Website) -> None:
        assert await body(site, packed(zlib.compress(TEXT), "deflate")) == TEXT

    async def test_may_come_in_many_small_pieces(self, site: Website) -> None:
        reply = Reply(body=gzip.compress(TEXT), headers={"Content-Encoding": "gzip"}, drip=0.001)
        assert await body(site, reply) == TEXT

    async def test_may_have_several_members_and_padding(self, site: Website) -> None:
        joined = gzip.compress(TEXT) + gzip.compress(b"and more") + bytes(16)
        assert await body(site, packed(joined)) == TEXT + b"and more"

    @pytest.mark.parametrize("encoding", ["identity", ""])
    async def test_that_are_not_packed_are_left_alone(self, site: Website, encoding: str) -> None:
        assert await body(site, packed(TEXT, encoding)) == TEXT

    async def test_may_be_empty(self, site: Website) -> None:
        assert await body(site, packed(b"")) == b""

    async def test_that_end_in_the_middle_are_never_taken_for_whole(self, site: Website) -> None:
        with pytest.raises(SourceUnreachable, match="the compressed body is incomplete"):
            await body(site, packed(gzip.compress(TEXT)[:-9]))
        assert len(site.log) == 2

    async def test_that_are_damaged_are_never_taken(self, site: Website) -> None:
        data = bytearray(gzip.compress(TEXT))
        data[-6] ^= 0xFF
        with pytest.raises(SourceUnreachable, match="does not unpack"):
            await body(site, packed(bytes(data)))

    async def test_that_are_not_what_they_say_are_never_taken(self, site: Website) -> None:
        with pytest.raises(SourceUnreachable, match="does not unpack"):
            await body(site, packed(TEXT))

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

    async def test_one_byte_more_than_the_limit_when_unpacked_does_not(self, site: Website) -> None:
        with pytest.raises(SourceRefused, match="unpacked, the body goes on, the limit is 5000"):
            await body(site, packed(gzip.compress(bytes(5001))), FetchLimits(max_page=5000))

    async def test_a_bomb_of_many_members_is_refused_too(self, site: Website) -> None:
        with pytest.raises(SourceRefused, match="unpacked"):
            await body(site, packed(gzip.compress(bytes(1000)) * 100), FetchLimits(max_page=5000))

    async def test_a_bomb_is_refused_without_ever_being_held(self, site: Website) -> None:
        reply = packed(bomb(200))
        assert len(reply.body) < MEGABYTE
        tracemalloc.start()
        try:
            with pytest.raises(SourceRefused, match="unpacked"):
                await body(site, reply, FetchLimits(max_page=4 * MEGABYTE))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 24 * MEGABYTE
