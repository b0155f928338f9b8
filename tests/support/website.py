"""A foreign site played on this machine: real HTTP over a real socket, with every fault a test asks for."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from ssl import SSLContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the site answers, and how it misbehaves.

    `cut` sends that many bytes of the body and hangs up; `chunked` sends the body in chunks of no announced length;
    `drip` waits that long before each piece of 64 bytes.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    chunked: bool = False
    drip: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Website:
    """A running site: `put` says what stands at a path, `log` holds every request in the order they came."""

    port: int
    log: list[Asked] = field(default_factory=list)
    pages: dict[str, list[Reply | Callable[[Asked], Reply]]] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=partial(defaultdict, int))

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, *replies: Reply | Callable[[Asked], Reply]) -> str:
        """Answer with one reply after another, the last for ever after; the address of the page."""
        self.pages[path] = list(replies)
        self.visits[path] = 0
        return self.base + path

    def answer(self, asked: Asked) -> Reply:
        self.log.append(asked)
        replies = self.pages.get(asked.path, [Reply(status=404)])
        place = min(self.visits[asked.path], len(replies) - 1)
        self.visits[asked.path] += 1
        reply = replies[place]
        return reply if isinstance(reply, Reply) else reply(asked)

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the class above declares it
        if not isinstance(sys.exception(), OSError):  # a visitor who hangs up is no error of the site
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, website: Website, *rest: Any) -> None:  # noqa: ANN401 - handed on as socketserver gives them
        self.website = website
        super().__init__(*rest)

    def do_GET(self) -> None:
        reply = self.website.answer(Asked(path=self.path, headers={k.lower(): v for k, v in self.headers.items()}))
        self._send_head(reply)
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        step = 64 if reply.drip else max(1, len(body))
        for start in range(0, len(body), step):
            time.sleep(reply.drip)
            self._send_piece(body[start : start + step], chunked=reply.chunked)
        if reply.chunked and reply.cut is None:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = self.close_connection or reply.cut is not None

    def _send_head(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()

    def _send_piece(self, piece: bytes, *, chunked: bool) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve(tls: SSLContext | None = None) -> Iterator[Website]:
    """A site on a free port of the loopback address while the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    website = Website(port=server.server_address[1])
    server.RequestHandlerClass = partial(_Handler, website)
    thread = Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield website
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
