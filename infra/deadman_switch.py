"""The dead-man's switch: an address that is asked after each run, so that somebody notices when no run comes at all.

As healthchecks.io and those like it have it: the address says that a run ended well, with `/fail` behind its path that
one failed. The address is a secret, so that nothing here repeats it, and nothing here can fail a run or hold it up.
"""

from __future__ import annotations

from http.client import HTTPException
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from infra.logs import LOGGER

PATIENCE = 10.0
"""Seconds that the address is given, whatever it does."""


def ping_deadman_switch(url: str, source: str, *, good: bool) -> str:
    """Ask the address, `{source}` in it being the source's id; what went wrong, "" for nothing or for no address."""
    if not url:
        return ""
    faults: list[str] = []
    asking = Thread(target=_ask, args=(address(url, source, good=good), faults), daemon=True)
    asking.start()
    asking.join(PATIENCE)
    fault = f"no answer within {PATIENCE:.0f} seconds" if asking.is_alive() else "".join(faults)
    if fault:
        LOGGER.warning("the address of GONGBAO_PING_URL was not told: %s", fault)
    return fault


def address(url: str, source: str, *, good: bool) -> str:
    """The address of a success, or that of a failure."""
    parts = urlsplit(url.replace("{source}", quote(source, safe="")))
    path = parts.path if good else f"{parts.path.rstrip('/')}/fail"
    return urlunsplit(parts._replace(path=path))


def _ask(url: str, faults: list[str]) -> None:
    request = Request(url, headers={"User-Agent": "gongbao"})  # noqa: S310 - the settings take http and https only
    try:
        with urlopen(request, timeout=PATIENCE):  # noqa: S310 - as above
            pass
    except HTTPError as error:
        faults.append(f"it answered {error.code}")
    except (OSError, ValueError, HTTPException) as error:
        faults.append(type(getattr(error, "reason", error)).__name__)  # their words may hold the address
