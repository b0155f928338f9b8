"""A wire between a store and who uses it, on which something happens in the middle of the bytes of a chosen write."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHUNK = 1 << 20


@dataclass(slots=True, kw_only=True)
class Trap:
    """At a write to a key that matches, `act` runs when half of what is written has gone through; once."""

    key: re.Pattern[bytes]
    act: Callable[[], None]
    sprung: threading.Event = field(default_factory=threading.Event)

    def catches(self, data: bytes) -> bool:
        line, _, _ = data.partition(b"\r\n")
        return line.startswith(b"PUT ") and bool(self.key.search(line))


@dataclass(slots=True, kw_only=True)
class Relay:
    """Passes bytes on from a free port of its own to the store's."""

    port: int
    to: int
    trap: Trap | None = None
    clear: threading.Event = field(default_factory=threading.Event)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, key: str, act: Callable[[], None]) -> threading.Event:
        """Wait for a write to such a key; the event says that it came and that `act` has run."""
        self.trap = Trap(key=re.compile(key.encode()), act=act)
        return self.trap.sprung

    def serve(self, client: socket.socket) -> None:
        """One connection, from its first byte to the last; it waits while something happens on another."""
        self.clear.wait()
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self.to)) as server:
            back = threading.Thread(target=_pour, args=(server, client), daemon=True)
            back.start()
            while data := client.recv(CHUNK):
                if self.trap and self.trap.catches(data):
                    trap, self.trap = self.trap, None
                    self._spring(trap, data, client, server)
                else:
                    server.sendall(data)
            server.shutdown(socket.SHUT_WR)
            back.join()

    def _spring(self, trap: Trap, data: bytes, client: socket.socket, server: socket.socket) -> None:
        head, blank, body = data.partition(b"\r\n\r\n")
        server.sendall(head + blank)
        body = body or client.recv(CHUNK)  # the SDK waits for the server's word before it sends a body
        server.sendall(body[: len(body) // 2])
        self.clear.clear()
        try:
            trap.act()
            trap.sprung.set()
        finally:
            self.clear.set()
        server.sendall(body[len(body) // 2 :])


def _pour(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what the store answers; when it hangs up, or is killed, so does the relay."""
    with suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(to: int) -> Iterator[Relay]:
    """A relay while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = Relay(port=listener.getsockname()[1], to=to)
        relay.clear.set()
        threading.Thread(target=_accept, args=(listener, relay), daemon=True).start()
        try:
            yield relay
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, relay: Relay) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=relay.serve, args=(client,), daemon=True).start()
