"""Responses, and what their status means: a page, a redirect, a retry, or an error."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from tenacity import RetryCallState, wait_exponential_jitter

from schemas.errors import SourceGone, SourceMalformed, SourceRefused, SourceUnreachable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK = 200
NOT_MODIFIED = 304
GONE = frozenset({404, 410})
AGAIN = frozenset({408, 429})
CLIENT_ERRORS = range(400, 500)
SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response of the source, its body content-decoded."""

    url: str
    requested_url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    request_headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime

    def header(self, name: str) -> str:
        """Return the first header of this name (in lower case), empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class TemporaryFailure(SourceUnreachable):
    """A failure that may be temporary; `retry_after` is the header of that name."""

    retry_after: str = ""


def check_status(response: Response, *, conditional: bool) -> Response:
    """Return the response if it is a page, or 304 to a conditional request.

    Raises:
        SourceError: If the status is any other.
    """
    status = response.status
    if status == OK or (status == NOT_MODIFIED and conditional):
        return response
    what = f"it answers {status} {response.reason}".rstrip()
    if status in AGAIN or status in SERVER_ERRORS:
        failure = TemporaryFailure(what, where=response.url)
        failure.retry_after = response.header("retry-after")
        raise failure
    if status in GONE:
        raise SourceGone(what, where=response.url, remedy="published releases stay; check whether the page has moved")
    if status in CLIENT_ERRORS:
        raise SourceRefused(what, where=response.url, remedy="open it in a browser; the site may forbid the client")
    raise SourceMalformed(what, where=response.url, remedy="only 200, or 304 to a conditional request, was expected")


def next_address(here: httpx.URL | None, location: str) -> httpx.URL:
    """Return the checked address that a redirect from `here` leads to, or, without `here`, the first address."""
    try:
        there = here.join(location) if here and location else httpx.URL(location)
    except httpx.InvalidURL as error:
        raise SourceMalformed(f"{location!r} is not an address ({error})", where=str(here or "")) from error
    if there.scheme not in {"http", "https"} or not there.host or there.userinfo:
        raise SourceRefused(f"{str(there)!r} is not a plain http(s) address", where=str(here or ""))
    if here and not _same_place(here, there):
        what = f"it redirects from {_origin(here)} to {_origin(there)}"
        remedy = "if the body has moved, give the new address in the registry"
        raise SourceRefused(what, where=str(here), remedy=remedy)
    return there.copy_with(fragment=None)


def _same_place(here: httpx.URL, there: httpx.URL) -> bool:
    if here.host != there.host:
        return False
    upgrade = (here.scheme, there.scheme) == ("http", "https") and here.port is None and there.port is None
    return upgrade or (here.scheme, here.port) == (there.scheme, there.port)


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def retry_delay(state: RetryCallState, *, now: datetime, patience: float) -> float:
    """Seconds to the next try: exponential with jitter, and no less than the server asked for, within patience."""
    failure = state.outcome.exception() if state.outcome else None
    asked = _seconds(failure.retry_after, now) if isinstance(failure, TemporaryFailure) else 0.0
    return max(wait_exponential_jitter(initial=1, max=patience, jitter=1)(state), min(asked, patience))


def _seconds(retry_after: str, now: datetime) -> float:
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
