"""Polite GET: one request at a time to the host of the source, paced, retried, limited, with a name and a contact.

Temporary failures (a broken connection, 429, 5xx) are retried; others raise at once: `SourceGone` for 404 and 410,
`SourceRefused` for an address that must not be followed or a page that is too large.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from raw.http.decode_body import read_body
from raw.http.response import REDIRECTS, Response, TemporaryFailure, check_status, next_address, retry_delay
from raw.http.ssrf_guard import GuardedTransport, Resolve, resolve
from schemas.errors import SourceMalformed, SourceRefused, SourceUnreachable

MAX_REDIRECTS = 5
OK = 200


def user_agent(contact: str = "") -> str:
    """Return the User-Agent, with the address of the operator."""
    return f"Gongbao/{version('gongbao')}" + (f" (+{contact})" if contact else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """The limits of a fetcher in seconds, tries and bytes.

    `timeout` is for each connect and read, `deadline` for a whole try; `max_wire` counts the bytes as sent, `max_page`
    those after unpacking; `patience` is the longest `Retry-After` that is obeyed.
    """

    pace: float = 0.5
    timeout: float = 20.0
    deadline: float = 120.0
    tries: int = 4
    patience: float = 60.0
    max_wire: int = 8 * 2**20
    max_page: int = 16 * 2**20
    user_agent: str = field(default_factory=user_agent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The validators of an earlier visit: `ETag` and `Last-Modified`, empty where absent."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return the request headers of a conditional GET."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class Fetcher:
    """Fetches the pages of a source from its host; an asynchronous context manager."""

    def __init__(
        self,
        host: str,
        limits: FetchLimits,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        resolve: Resolve = resolve,
    ) -> None:
        """Create the client.

        Args:
            host: The only host that is fetched from.
            limits: The limits of each request.
            clock: Dates the responses.
            sleep: Waits between requests and tries.
            resolve: Resolves the names of hosts.
        """
        self._host = host.lower()
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._last: datetime | None = None
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(self._host, resolve),
            trust_env=False,  # raw.http.ssrf_guard says why
            timeout=limits.timeout,
            headers={"User-Agent": limits.user_agent, "Accept-Encoding": "gzip"},
        )

    async def __aenter__(self) -> Self:
        """Open the client."""
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._client.__aexit__(kind, error, trace)

    def now(self) -> datetime:
        """Return the time of the clock."""
        return self._clock()

    async def get(self, url: str, validators: Validators | None = None) -> Response:
        """Return the page at an address, or status 304 with an empty body where it still matches `validators`.

        Raises:
            SourceError: If the page cannot be fetched, after retries for temporary failures.
        """
        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(self._limits.tries),
            wait=self._pause,
            retry=retry_if_exception_type(TemporaryFailure),
            retry_error_callback=_give_up,
        )
        response: Response = await retrying(self._follow, url, validators or Validators())
        return response

    def _pause(self, state: RetryCallState) -> float:
        return retry_delay(state, now=self._clock(), patience=self._limits.patience)

    async def _follow(self, url: str, validators: Validators) -> Response:
        here = next_address(None, url)
        if here.host != self._host:
            what = f"it is on the host {here.host}, the source on {self._host}"
            raise SourceRefused(what, where=url, remedy="name that host in the registry")
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._request(here, url, validators)
            if response.status not in REDIRECTS:
                return check_status(response, conditional=bool(validators.headers()))
            here = next_address(here, response.header("location"))
        raise SourceRefused(f"more than {MAX_REDIRECTS} redirects", where=url, remedy="open it in a browser")

    async def _request(self, here: httpx.URL, url: str, validators: Validators) -> Response:
        request = self._client.build_request("GET", here, headers=validators.headers())
        async with self._lock:
            await self._keep_pace()
            try:
                async with asyncio.timeout(self._limits.deadline):
                    return await self._exchange(request, url)
            except TimeoutError as error:
                what = f"no complete response within {self._limits.deadline:g} s"
                raise TemporaryFailure(what, where=str(here)) from error
            except httpx.InvalidURL as error:  # the client reads the Location of a redirect, if only to drop it
                raise SourceMalformed(f"it redirects to an invalid address ({error})", where=str(here)) from error
            except httpx.TransportError as error:
                raise TemporaryFailure(str(error) or type(error).__name__, where=str(here)) from error

    async def _exchange(self, request: httpx.Request, url: str) -> Response:
        response = await self._client.send(request, stream=True)
        try:
            body = b""
            if response.status_code == OK:
                limits = self._limits
                body = await read_body(response, max_wire=limits.max_wire, max_page=limits.max_page)
        finally:
            await response.aclose()
        return Response(
            url=str(request.url),
            requested_url=url,
            status=response.status_code,
            reason=response.reason_phrase,
            headers=tuple(response.headers.multi_items()),
            request_headers=tuple(request.headers.multi_items()),
            body=body,
            fetched_at=self._clock(),
        )

    async def _keep_pace(self) -> None:
        now = self._clock()
        if self._last is not None:
            elapsed = (now - self._last).total_seconds()
            # A clock that was set back must not cause a long wait.
            await self._sleep(min(self._limits.pace, max(0.0, self._limits.pace - elapsed)))
        self._last = self._clock()


def _give_up(state: RetryCallState) -> Response:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, TemporaryFailure):
        raise TypeError(f"only a TemporaryFailure is retried, not {error!r}")
    what = f"{error.what} (tries: {state.attempt_number})"
    remedy = "open the site in a browser; the next run tries again"
    raise SourceUnreachable(what, where=error.where, remedy=remedy) from error
