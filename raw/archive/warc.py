"""A capture as a WARC file, the same bytes for the same capture.

A page is a response record with its request; a document that no server sent (facts entered by hand) is a resource
record.

The payload is stored content-decoded, as it was hashed and as it is read; the headers on its encoding get
`X-Archive-Orig-` names, so that WARC tools do not try to decode it again.
"""

import gzip
import hashlib
import io
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import iso_date_to_datetime
from warcio.warcwriter import WARCWriter

from raw.http.response import Response
from schemas.errors import StoreCorrupt

RENAMED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
PREFIX = "X-Archive-Orig-"
HTTP = "HTTP/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A capture: address, time (UTC, whole seconds), media type and payload."""

    url: str
    captured_at: datetime
    content_type: str
    body: bytes


def pack(response: Response) -> bytes:
    """Return the WARC file of a response."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    answer = writer.create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        http_headers=StatusAndHeaders(f"{response.status} {response.reason}", _stored_headers(response), protocol=HTTP),
        warc_headers_dict=_names("response", response.url, response.fetched_at, response.body),
    )
    question = writer.create_warc_record(
        response.url,
        "request",
        http_headers=StatusAndHeaders(_request_line(response), list(response.request_headers), is_http_request=True),
        warc_headers_dict=_names("request", response.url, response.fetched_at, response.body),
    )
    writer.write_request_response_pair(question, answer)
    return out.getvalue()


def pack_resource(record: Record) -> bytes:
    """Return the WARC file of a document that no server sent, under the address that it cites."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    resource = writer.create_warc_record(
        record.url,
        "resource",
        payload=io.BytesIO(record.body),
        length=len(record.body),
        warc_content_type=record.content_type,
        warc_headers_dict=_names("resource", record.url, record.captured_at, record.body),
    )
    writer.write_record(resource)
    return out.getvalue()


def unpack(data: bytes, *, key: str, digest: str) -> Record:
    """Return the response or the resource in a WARC file.

    Raises:
        StoreCorrupt: If the file is not readable, or its payload does not have the SHA-256 `digest`.
    """
    try:
        record = _first_capture(gzip.decompress(data))  # which checks every byte, headers too, as warcio does not
    except (gzip.BadGzipFile, ArchiveLoadFailed, EOFError, zlib.error) as error:
        raise _corrupt(key, f"the capture is not a readable WARC file ({error})") from error
    if record is None:
        raise _corrupt(key, "the file holds no response or resource record")
    if sha256(record.body) != digest:
        raise _corrupt(key, f"the payload's SHA-256 is {sha256(record.body)}")
    return record


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _stored_headers(response: Response) -> list[tuple[str, str]]:
    headers = [(PREFIX + name if name.lower() in RENAMED else name, value) for name, value in response.headers]
    return [*headers, ("Content-Length", str(len(response.body)))]


def _request_line(response: Response) -> str:
    path = "/" + response.url.split("://", 1)[-1].partition("/")[2]
    return f"GET {path} {HTTP}"


def _names(kind: str, url: str, captured_at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a record, with an id derived from its content; a request has no payload."""
    when = captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {url} {sha256(body)} {when}")
    payload = sha256(b"" if kind == "request" else body)
    return {"WARC-Record-ID": f"<urn:uuid:{record}>", "WARC-Date": when, "WARC-Payload-Digest": f"sha256:{payload}"}


def _first_capture(data: bytes) -> Record | None:
    for record in ArchiveIterator(io.BytesIO(data)):
        if record.rec_type in {"response", "resource"}:
            headers = record.http_headers or record.rec_headers  # a resource has no HTTP headers
            return Record(
                url=record.rec_headers.get_header("WARC-Target-URI"),
                captured_at=iso_date_to_datetime(record.rec_headers.get_header("WARC-Date"), tz_aware=True),
                content_type=headers.get_header("Content-Type", ""),
                body=record.content_stream().read(),
            )
    return None


def _corrupt(key: str, what: str) -> StoreCorrupt:
    return StoreCorrupt(what, where=key, remedy="restore the object from a backup; the archive never overwrites it")
