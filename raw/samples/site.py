"""A small local server of the gkmlpt family: it plays the official site for the bundled samples and for tests."""

from __future__ import annotations

import errno
import itertools
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from raw.samples import pages
from raw.samples.articles import Article, load_samples
from schemas.errors import UsageError
from schemas.registry.sources import Source

_LISTING = re.compile(r"/gkmlpt/api/all/(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body with its content type."""

    body: str
    content_type: str = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site at one base; `articles` is asked anew at each request, so that their owner can edit them meanwhile."""

    base: str
    articles: Callable[[], Sequence[Article]]
    views: Iterator[int] = field(default_factory=partial(itertools.count, 1))

    def answer(self, target: str) -> Answer | None:
        """Return the answer to a path with its query, None if there is none."""
        parts = urlsplit(target)
        prefix = urlsplit(self.base).path
        if not parts.path.startswith(prefix):
            return None
        path, articles = parts.path.removeprefix(prefix), self.articles()
        if found := _LISTING.fullmatch(path):
            return self._listing(int(found[1]), parse_qs(parts.query), articles)
        if path == "/gkmlpt/index":
            return Answer(body=pages.index_page(len(articles)))
        return next((self._article(article) for article in articles if pages.article_path(article) == path), None)

    def _listing(self, column: int, query: dict[str, list[str]], articles: Sequence[Article]) -> Answer | None:
        page = query.get("page", ["1"])[0]
        if query.get("sid") != [pages.SID] or not page.isdecimal() or int(page) < 1:
            return None
        return Answer(
            body=pages.listing(self.base, articles, column, int(page)), content_type="application/json; charset=utf-8"
        )

    def _article(self, article: Article) -> Answer:
        return Answer(body=pages.article_page(article, next(self.views)))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as the class above declares it
        """Ignore clients that close the connection early."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, site: Site, *rest: Any) -> None:  # noqa: ANN401  # handed on as socketserver gives them
        """Set the site before the base class handles the request."""
        self.site = site
        super().__init__(*rest)

    def do_GET(self) -> None:
        """Send what stands at the path, or 404."""
        found = self.site.answer(self.path)
        answer = found or Answer(body="<html><body>404</body></html>")
        body = answer.body.encode()
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  # as the class above declares it
        """Log nothing: the output belongs to the run."""


@contextmanager
def serve(
    articles: Callable[[], Sequence[Article]], *, host: str = "127.0.0.1", port: int = 0, prefix: str = "/zshjq"
) -> Iterator[str]:
    """Serve the articles while the block runs and yield the base URL; port 0 takes any free one."""
    with _bound(host, port) as server:
        base = f"http://{host}:{server.server_address[1]}{prefix}"
        server.RequestHandlerClass = partial(_Handler, Site(base=base, articles=articles))
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.02), daemon=True)
        thread.start()
        try:
            yield base
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serve_sample_site(source: Source) -> Iterator[None]:
    """Serve the samples at the base of a bundled source; do nothing for any other source."""
    if not source.bundled:
        yield
        return
    base = urlsplit(source.base)
    with serve(load_samples, port=base.port or 0, prefix=base.path):
        yield


def _bound(host: str, port: int) -> _Server:
    try:
        return _Server((host, port), _Handler)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there" if taken else (error.strerror or "no reason given")
        raise UsageError(
            f"the local site cannot listen on port {port} of {host}: {why}",
            remedy="end the program that uses the port (perhaps another run of the samples), then run again",
        ) from error
