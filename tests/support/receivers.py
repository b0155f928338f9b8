"""Servers on loopback that take what alerts send: a web server that keeps what is posted, a real mail server."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from support.seaweed import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session

ALERT_TOKEN = "5ecretT0ken"
"""The secret in the address of the tests' webhook: no record, log or error may show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass(slots=True, kw_only=True)
class Hook:
    """A web server: where it is, what it answers with, what it was sent; it answers once `hangs` is set."""

    base: str = ""
    status: int = 200
    answer: bytes = b"ok"
    hangs: threading.Event | None = None
    posts: list[Post] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Host and port, as an address of apprise names them."""
        return self.base.removeprefix("http://")


def handler(hook: Hook) -> type[BaseHTTPRequestHandler]:
    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"] or 0))
            hook.posts.append(Post(path=self.path, headers=dict(self.headers), body=json.loads(said)))
            if hook.hangs:
                hook.hangs.wait(60)
            self.send_response(hook.status)
            self.send_header("Content-Length", str(len(hook.answer)))
            self.end_headers()
            self.wfile.write(hook.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Listening


@contextmanager
def hook(**given: Any) -> Iterator[Hook]:  # noqa: ANN401 - the fields of a hook
    """A web server that keeps what it is sent."""
    found = Hook(**given)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(found))
    found.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        if found.hangs:
            found.hangs.set()
        server.shutdown()
        server.server_close()


# No slots: aiosmtpd looks at every member, which fails on slots in Python 3.11.2.
@dataclass(kw_only=True)
class Mailbox:
    """Takes every mail, or refuses each recipient."""

    refuses: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        from email import message_from_bytes, policy  # noqa: PLC0415 - only here

        del server, session
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 taken"


@contextmanager
def mailbox(*, refuses: bool = False) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    (port,) = free_ports(1)
    found = Mailbox(refuses=refuses, port=port)
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()
