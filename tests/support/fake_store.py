"""A server that plays a store: it answers as a test says, or stands between the client and the real server."""

from __future__ import annotations

import http.client
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.seaweed import Seaweed

ERROR = "<?xml version='1.0'?><Error><Code>{}</Code><Message>in the words of the server</Message></Error>"


class Played(BaseHTTPRequestHandler):
    """Plays a store: takes each request whole, then answers as the test of this server says."""

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
