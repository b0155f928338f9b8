"""The body of a response within limits, for the bytes as sent and for the bytes after unpacking.

Compressed bodies are unpacked piece by piece with an upper bound for each piece, so that a decompression bomb is
refused at the limit and never fills the memory.
"""

from __future__ import annotations

import zlib

import httpx

from raw.http.response import TemporaryFailure
from schemas.errors import SourceRefused

PACKED = frozenset({"gzip", "x-gzip", "deflate"})
PLAIN = frozenset({"", "identity"})
GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
GZIP_FIRST_BYTE = 0x1F


async def read_body(response: httpx.Response, *, max_wire: int, max_page: int) -> bytes:
    """Return the content-decoded body of a response whose head has been read.

    Raises:
        SourceRefused: If the body is larger than a limit or has an encoding that was not asked for.
        TemporaryFailure: If the body is incomplete or does not unpack.
    """
    unpacker = _unpacker(response)
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_wire:
        raise _too_large(response, f"{announced} bytes are announced", max_wire)
    body, wired = bytearray(), 0
    async for chunk in response.aiter_raw():
        wired += len(chunk)
        if wired > max_wire:
            raise _too_large(response, "the body goes on", max_wire)
        body += unpacker.feed(chunk, max_page - len(body)) if unpacker else chunk
        if len(body) > max_page:
            raise _too_large(response, "unpacked, the body goes on", max_page)
    if unpacker and wired:
        unpacker.finish()
    return bytes(body)


def _unpacker(response: httpx.Response) -> Unpacker | None:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in PLAIN:
        return None
    if encoding not in PACKED:
        what = f"the body is encoded as {encoding!r}, which was not asked for"
        remedy = "check the proxies before the site; it must send gzip or plain bodies"
        raise SourceRefused(what, where=str(response.url), remedy=remedy)
    return Unpacker()


class Unpacker:
    """Unpacks gzip (of one or more members) and deflate, up to a limit."""

    def __init__(self) -> None:
        """Detect gzip or deflate by the first byte."""
        self._stream = zlib.decompressobj(GZIP_OR_ZLIB)

    def feed(self, data: bytes, room: int) -> bytes:
        """Return the unpacked bytes of a piece, at most `room` and one byte, which means that the limit is exceeded."""
        out = bytearray()
        while data and len(out) <= room:
            if self._stream.eof:
                if data[0] != GZIP_FIRST_BYTE:
                    break  # some servers pad the last member with zeros
                self._stream = zlib.decompressobj(GZIP_OR_ZLIB)
            try:
                out += self._stream.decompress(data, room - len(out) + 1)
            except zlib.error as error:
                raise TemporaryFailure(f"the body does not unpack ({error})") from error
            data = self._stream.unused_data
        return bytes(out)

    def finish(self) -> None:
        """Raise a `TemporaryFailure` if the stream is incomplete."""
        if not self._stream.eof:
            raise TemporaryFailure("the compressed body is incomplete")


def _too_large(response: httpx.Response, what: str, limit: int) -> SourceRefused:
    remedy = "raise the limit if the page is legitimate"
    return SourceRefused(f"{what}, the limit is {limit}", where=str(response.url), remedy=remedy)
