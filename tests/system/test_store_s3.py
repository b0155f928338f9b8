from __future__ import annotations

import base64
import hashlib
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import pytest
from support.seaweed import BUCKET, SECRETS, Seaweed

from infra.store import Headers, open_store
from infra.store.s3 import S3Store
from schemas.errors import StoreCorrupt, StoreDenied, StoreUnavailable, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.store import Store

PARQUET = Headers(content_type="application/vnd.apache.parquet", cache_control="public, max-age=31536000, immutable")
JSON = Headers(content_type="application/json", cache_control="public, max-age=300")


ERROR = "<?xml version='1.0'?><Error><Code>{}</Code><Message>in the words of the server</Message></Error>"


class Played(BaseHTTPRequestHandler):
    """A server that plays a store: it takes each request whole, then answers as the test says."""

    protocol_version = "HTTP/1.1"
    answers: list[Callable[[Played], None]]
    taken: list[str]
    body: bytes

    def take(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.taken.append(
            f"{self.command} {self.headers.get('If-Match', self.headers.get('If-None-Match', ''))}".strip()
        )
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(self)

    do_GET = do_PUT = take  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Keep the output of the tests clean."""

    def say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def refuse(status: int, code: str) -> Callable[[Played], None]:
    return lambda played: played.say(status, ERROR.format(code).encode(), {"Content-Type": "application/xml"})


def accept(played: Played) -> None:
    played.say(200, b"", {"ETag": '"new"'})


def hang_up(played: Played) -> None:
    played.close_connection = True


def through(seaweed: Seaweed, *, then: Callable[[Played], None] | None = None) -> Callable[[Played], None]:
    """Carry the request out on the real server; answer as it does, or do something else instead."""

    def forward(played: Played) -> None:
        server = urlsplit(seaweed.endpoint)
        connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=30)
        connection.putrequest(played.command, played.path, skip_host=True, skip_accept_encoding=True)
        for name, value in played.headers.items():
            if name != "Expect":
                connection.putheader(name, value)
        connection.endheaders(played.body)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if then:
            then(played)
        else:
            played.say(answer.status, body, {"ETag": answer.headers.get("ETag", "")})

    return forward


class Play(Protocol):
    """Start a server that gives these answers, the last one for ever; the store at it, and what it was asked."""

    def __call__(self, *answers: Callable[[Played], None], tries: int = 1) -> tuple[Store, list[str]]: ...


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    servers = []

    def start(*answers: Callable[[Played], None], tries: int = 1) -> tuple[Store, list[str]]:
        taken: list[str] = []
        handler = type("Handler", (Played,), {"answers": list(answers), "taken": taken})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        for name, value in Seaweed(endpoint=f"http://127.0.0.1:{server.server_port}").environ().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", str(tries))
        return open_store("s3://bucket/prefix"), taken

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_object_is_served_with_its_type_its_cache_time_and_its_checksum(seaweed: Seaweed, s3_url: str) -> None:
    store = open_store(s3_url)
    store.put_new("v/1/table.parquet", b"PAR1", PARQUET)
    store.swap("latest.json", b"{}", JSON, expected=None)
    read = store.get("latest.json")
    assert read is not None
    store.swap("latest.json", b"[]", JSON, expected=read.etag)
    prefix = s3_url.rpartition("/")[2]
    for key, data, headers in (("v/1/table.parquet", b"PAR1", PARQUET), ("latest.json", b"[]", JSON)):
        head = seaweed.client().head_object(Bucket=BUCKET, Key=f"{prefix}/{key}", ChecksumMode="ENABLED")
        assert head["ContentType"] == headers.content_type
        assert head["CacheControl"] == headers.cache_control
        assert head["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(data).digest()).decode()
        assert "ContentEncoding" not in head


def test_a_listing_of_several_pages_is_whole(s3_url: str) -> None:
    store = S3Store(BUCKET, s3_url.rpartition("/")[2], page=3)
    keys = sorted(f"v/{number}/file" for number in range(10))
    for key in keys:
        store.put_new(key, b"x", JSON)
    assert [entry.key for entry in store.list("v/")] == keys


def test_a_store_below_a_prefix_sees_nothing_beside_it(s3_url: str) -> None:
    here, beside, above = (open_store(url) for url in (f"{s3_url}/a/", f"{s3_url}/ab", s3_url))
    for store in (here, beside):
        store.put_new("key", store.url.encode(), JSON)
    assert here.url == f"{s3_url}/a"
    assert [entry.key for entry in here.list("")] == ["key"]
    assert [entry.key for entry in above.list("")] == ["a/key", "ab/key"]


def every_call(store: Store) -> list[Callable[[], object]]:
    return [
        lambda: store.get("a"),
        lambda: store.list(""),
        lambda: store.put_new("a", b"", JSON),
        lambda: store.swap("a", b"", JSON, expected=None),
    ]


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("AWS_SECRET_ACCESS_KEY", "not-the-secret", "SignatureDoesNotMatch"),
        ("AWS_ACCESS_KEY_ID", "nobody", "InvalidAccessKeyId"),
    ],
)
def test_wrong_credentials_are_denied_and_never_shown(
    s3_url: str, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: str
) -> None:
    monkeypatch.setenv(variable, value)
    for call in every_call(open_store(s3_url)):
        with pytest.raises(StoreDenied, match=f"{code}, status 403.*check AWS_ACCESS_KEY_ID") as caught:
            call()
        assert s3_url in str(caught.value)
        assert value not in str(caught.value)
        assert SECRETS["writer"] not in str(caught.value)


def test_one_who_may_only_read_reads_and_is_denied_writing(
    seaweed: Seaweed, s3_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(s3_url).put_new("a", b"text", JSON)
    for name, value in seaweed.environ("reader").items():
        monkeypatch.setenv(name, value)
    store = open_store(s3_url)
    read = store.get("a")
    assert read is not None
    assert [entry.key for entry in store.list("")] == ["a"]
    for call in (lambda: store.put_new("b", b"", JSON), lambda: store.swap("a", b"", JSON, expected=read.etag)):
        with pytest.raises(StoreDenied, match="AccessDenied, status 403"):
            call()
    assert store.get("a") == read
    assert store.get("b") is None


def test_what_is_missing_is_named_with_its_remedy(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = r"s3://another-bucket.*NoSuchBucket.*create the bucket"
    for call in every_call(open_store("s3://another-bucket/prefix")):
        with pytest.raises(StoreUnavailable, match=missing):
            call()
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        for call in every_call(open_store(s3_url)):
            with pytest.raises(StoreUnavailable, match=r"http://127.0.0.1:9: no answer.*check AWS_ENDPOINT_URL"):
                call()
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    for call in every_call(open_store(s3_url)):
        with pytest.raises(StoreDenied, match=r"no credentials for the store.*AWS_SECRET_ACCESS_KEY"):
            call()


@pytest.mark.parametrize("endpoint", ["127.0.0.1:8333", "http://", "nonsense"])
def test_an_endpoint_that_is_no_address_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(UsageError, match=r"the S3 client could not be created.*check the endpoint"):
        open_store("s3://bucket").get("a")


def test_an_error_of_the_server_is_tried_again_and_then_unavailable(play: Play) -> None:
    store, taken = play(refuse(503, "SlowDown"), tries=2)
    with pytest.raises(StoreUnavailable, match="SlowDown, status 503"):
        store.get("a")
    assert taken == ["GET", "GET"]
    store, taken = play(refuse(500, "InternalError"), accept, tries=2)
    assert store.swap("a", b"text", JSON, expected='"old"') == '"new"'
    assert taken == ['PUT "old"', 'PUT "old"']


def test_each_refusal_is_one_of_the_errors_of_a_store(play: Play) -> None:
    for status, code, error in (
        (400, "ExpiredToken", StoreDenied),
        (403, "", StoreDenied),
        (301, "PermanentRedirect", StoreUnavailable),
        (400, "BadDigest", StoreCorrupt),
        (409, "OperationAborted", StoreUnavailable),
        (501, "NotImplemented", StoreUnavailable),
    ):
        store, _ = play(refuse(status, code))
        with pytest.raises(error, match=f"s3://bucket/prefix/a at http://127.0.0.1:.*{code}, status {status}"):
            store.put_new("a", b"", JSON)


def test_a_write_that_meets_another_is_tried_again_and_then_a_lost_race(play: Play) -> None:
    conflict = refuse(409, "ConditionalRequestConflict")
    store, taken = play(conflict, conflict, accept)
    assert store.put_new("a", b"text", JSON)
    assert taken == ["PUT *"] * 3
    store, taken = play(conflict)
    assert store.swap("a", b"text", JSON, expected='"old"') is None
    assert taken == ['PUT "old"'] * 5
    store, _ = play(refuse(404, "NoSuchKey"))  # somebody took it away
    assert store.swap("a", b"text", JSON, expected='"old"') is None


def test_an_answer_cut_in_the_middle_is_unavailable(play: Play) -> None:
    for cut in (b"", b"half"):

        def half(played: Played, cut: bytes = cut) -> None:
            played.say(200, cut, {"Content-Length": "1000", "ETag": '"tag"'})
            hang_up(played)

        store, _ = play(half)
        with pytest.raises(StoreUnavailable, match="no answer from the store"):
            store.get("a")


def test_bytes_that_do_not_match_their_checksum_are_corrupt(play: Play) -> None:
    checksum = base64.b64encode(hashlib.sha256(b"what was written").digest()).decode()
    store, _ = play(
        lambda played: played.say(200, b"other bytes", {"x-amz-checksum-sha256": checksum, "ETag": '"tag"'})
    )
    with pytest.raises(StoreCorrupt, match="do not match their checksum"):
        store.get("a")


def test_a_write_whose_answer_was_lost_is_known_as_ones_own(seaweed: Seaweed, s3_url: str, play: Play) -> None:
    direct = open_store(s3_url)
    prefix = s3_url.rpartition("/")[2]
    lost = through(seaweed, then=hang_up)
    play(lost, through(seaweed), tries=2)
    store = S3Store(BUCKET, prefix)
    assert store.put_new("pointer", b"one", JSON)
    first = direct.get("pointer")
    assert first is not None
    play(lost, through(seaweed), tries=2)
    store = S3Store(BUCKET, prefix)
    second = store.swap("pointer", b"two", JSON, expected=first.etag)
    found = direct.get("pointer")
    assert found is not None
    assert (found.data, found.etag) == (b"two", second)


def test_a_write_tried_again_too_late_is_a_lost_race(seaweed: Seaweed, s3_url: str, play: Play) -> None:
    direct = open_store(s3_url)

    def somebody_else(played: Played) -> None:
        direct.put_new("pointer", b"theirs", JSON)
        hang_up(played)

    play(somebody_else, through(seaweed), tries=2)
    assert not S3Store(BUCKET, s3_url.rpartition("/")[2]).put_new("pointer", b"ours", JSON)
    found = direct.get("pointer")
    assert found is not None
    assert found.data == b"theirs"
