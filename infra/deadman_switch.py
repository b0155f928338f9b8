"""The dead-man's switch: an address that is requested after each run, so that somebody notices if no run happens.

It follows the convention of healthchecks.io and similar services: the address itself reports success, the address with
`/fail` appended to its path a failure. The address is a secret and is never logged. A ping can neither fail a run nor
delay it for long.
"""

from threading import Thread
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from infra.logs import LOGGER, capture_http_logs

TIMEOUT_SECONDS = 10.0
"""The longest that a ping may take in all."""


def ping_deadman_switch(url: str, source: str, *, good: bool) -> str:
    """Report the end of a run.

    Args:
        url: The value of GONGBAO_PING_URL; `{source}` in it is replaced. Nothing is requested if it is empty.
        source: The id of the source.
        good: Whether the run did its work.

    Returns:
        The error that occurred, or "".
    """
    if not url:
        return ""
    errors: list[str] = []
    thread = Thread(target=_request, args=(ping_address(url, source, good=good), errors), daemon=True)
    thread.start()
    thread.join(TIMEOUT_SECONDS)  # httpx limits each read, not the whole request
    error = f"no answer within {TIMEOUT_SECONDS:.0f} seconds" if thread.is_alive() else "".join(errors)
    if error:
        LOGGER.warning("the ping to GONGBAO_PING_URL failed: %s", error)
    return error


def ping_address(url: str, source: str, *, good: bool) -> str:
    """Return the address that reports a success or a failure of a source."""
    parts = urlsplit(url.replace("{source}", quote(source, safe="")))
    path = parts.path if good else f"{parts.path.rstrip('/')}/fail"
    return urlunsplit(parts._replace(path=path))


def _request(url: str, errors: list[str]) -> None:
    try:
        with (
            capture_http_logs(),
            httpx.stream(
                "GET", url, headers={"User-Agent": "gongbao"}, timeout=TIMEOUT_SECONDS, follow_redirects=True
            ) as answer,
        ):
            if answer.is_error:
                errors.append(f"HTTP {answer.status_code}")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        errors.append(type(error).__name__)  # its message may hold the address
