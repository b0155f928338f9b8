"""What each key of a source entry may hold.

A check takes the value and says what is wrong with it, "" where nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, urlsplit

from schemas.registry import uscc

PLATFORMS = ("gkmlpt", "page")
SHOWN = ("full", "quotes")
# The store keeps these names beside the datasets: RELEASE layout, archive, and what the pages share.
RESERVED = frozenset({"assets", "keys", "raw", "runs", "schema"})

MOST_HOURS = 8784
"""A leap year; a source that is looked at less often needs no run that comes by itself."""

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
_REF_AREA = re.compile(r"CN-[0-9]{6}(-[a-z0-9-]+)?")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a key holds: its type, its check, the words for what is allowed, and whether it must stand there."""

    kind: type
    allowed: str
    check: Callable[[Any], str] = lambda _: ""
    required: bool = True


def check_slug(value: str) -> str:
    """An id becomes a folder of the store."""
    if value in RESERVED:
        return f"{value!r} is a name that the store keeps for itself"
    return "" if _SLUG.fullmatch(value) else f"{value!r} is no slug"


def check_platform(value: str) -> str:
    """One of the platforms that the fetcher knows."""
    return "" if value in PLATFORMS else f"{value!r} is no platform"


def check_shown(value: str) -> str:
    """How much of a report the pages show."""
    return "" if value in SHOWN else f"{value!r} is neither all nor the clauses"


def check_text(value: str) -> str:
    """Words that something is compared with, or that a reader sees."""
    if not value.strip():
        return "it is empty"
    return "" if value == value.strip() else "it begins or ends with a blank"


def check_regex(value: str) -> str:
    """A pattern that `re.search` takes; an empty one would match every title."""
    if not value.strip():
        return "it is empty"
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{value!r} does not compile: {error}"
    return ""


def check_hours(value: int) -> str:
    """From an hour to a year."""
    return "" if 1 <= value <= MOST_HOURS else f"{value} is out of range"


def check_uscc(value: str) -> str:
    """A code with its right check character; "" says that it is not known."""
    return "" if not value or uscc.is_valid(value) else f"{value!r} has a wrong length, letter or check character"


def check_ref_area(value: str) -> str:
    """The area of the observations, in the form of SDMX codes."""
    return "" if _REF_AREA.fullmatch(value) else f"{value!r} is no area"


def check_address(value: str) -> str:
    """An http(s) address; its text never stands in the message, for it may carry a password."""
    try:
        parts = urlsplit(value)
        faults = _address_faults(value, parts)
        _ = parts.port
    except ValueError:
        return "it is no address"
    return next((fault for fault, found in faults.items() if found), "")


def _address_faults(value: str, parts: SplitResult) -> dict[str, bool]:
    """Everything that an address may not be, each with whether this one is."""
    return {
        "it holds a blank, a backslash or a control character": bool(_UNPRINTABLE.search(value)),
        f"its scheme is {parts.scheme!r}": parts.scheme not in {"http", "https"},
        "it names no host": not parts.hostname,
        "it carries a user name or a password": "@" in parts.netloc,
        "it carries a fragment (#)": "#" in value,
    }


def check_base(value: str) -> str:
    """The address of a body on the platform, without the platform's own path."""
    if fault := check_address(value):
        return fault
    if "?" in value:
        return "it carries a query (?)"
    return "it goes on into the platform's own path /gkmlpt" if "/gkmlpt" in value else ""


def check_urls(value: list[object]) -> str:
    """Addresses of one host, each once."""
    if not value or not all(isinstance(url, str) for url in value):
        return "it is empty" if not value else "it holds something other than strings"
    urls = [str(url) for url in value]
    for place, url in enumerate(urls, start=1):
        if fault := check_address(url):
            return f"address {place}: {fault}"
    if len(hosts := sorted({urlsplit(url).hostname or "" for url in urls})) > 1:
        return f"the addresses are of different hosts: {', '.join(hosts)}"
    return "an address stands in it twice" if len(set(urls)) < len(urls) else ""


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "id": Rule(
            kind=str,
            check=check_slug,
            allowed="a slug: a small letter, then 1 to 39 of a-z, 0-9 and -; not " + ", ".join(sorted(RESERVED)),
        ),
        "platform": Rule(kind=str, check=check_platform, allowed="one of: " + ", ".join(PLATFORMS)),
        "base": Rule(
            kind=str,
            check=check_base,
            required=False,
            allowed="for gkmlpt: http(s)://host/prefix, without user, query, fragment or /gkmlpt",
        ),
        "urls": Rule(
            kind=list,
            check=check_urls,
            required=False,
            allowed="for page: a list of different http(s) addresses of one host, without user or fragment",
        ),
        "title": Rule(kind=str, check=check_regex, allowed="a regular expression that finds the titles of the reports"),
        "publisher": Rule(kind=str, check=check_text, allowed="the words that must stand in 发布机构"),
        "uscc": Rule(
            kind=str,
            check=check_uscc,
            required=False,
            allowed='a 统一社会信用代码 of 18 characters (GB 32100-2015), or "" where it is not known',
        ),
        "ref_area": Rule(kind=str, check=check_ref_area, allowed="CN-, six digits of GB/T 2260, and perhaps -name"),
        "area_zh": Rule(kind=str, check=check_text, allowed="the area's name in Chinese"),
        "area_en": Rule(kind=str, check=check_text, allowed="the area's name in English"),
        "bundled": Rule(kind=bool, required=False, allowed="true or false"),
        "nightly": Rule(kind=bool, required=False, allowed="true or false"),
        "every_hours": Rule(
            kind=int,
            check=check_hours,
            required=False,
            allowed=f"how often a run is due, in hours: a whole number from 1 to {MOST_HOURS}",
        ),
        "text": Rule(kind=str, check=check_shown, required=False, allowed="one of: " + ", ".join(SHOWN)),
    }
)
