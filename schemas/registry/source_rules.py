"""The rules for each key of a source entry.

A check takes the value and returns what is wrong with it, or "".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from schemas.codelists import DocumentKind
from schemas.registry import uscc

PLATFORM_KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "gkmlpt": (frozenset({"base", "title"}), frozenset()),
        "list": (frozenset({"indexes", "link", "title"}), frozenset({"next_page", "since"})),
        "page": (frozenset({"urls", "title"}), frozenset()),
        "files": (frozenset({"folder"}), frozenset()),
    }
)
"""The keys that a platform needs, and those that it may have besides; no other platform may have them."""
SHOWN = ("full", "quotes")
# Names that the store uses beside the datasets: release layout, archive, and files that the pages share.
RESERVED = frozenset({"assets", "keys", "raw", "runs", "schema"})

MOST_HOURS = 8784
"""A leap year; a source that is read less often needs no scheduled runs."""

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
_REF_AREA = re.compile(r"CN-[0-9]{6}(-[a-z0-9-]+)?")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule for a key: its type, a description of allowed values, its check, and whether it is required."""

    kind: type
    allowed: str
    check: Callable[[Any], str] = lambda _: ""
    required: bool = True


def check_slug(value: str) -> str:
    """Check an id, which becomes a folder of the store."""
    if value in RESERVED:
        return f"{value!r} is a reserved name"
    return "" if _SLUG.fullmatch(value) else f"{value!r} is not a slug"


def _check_text(value: str) -> str:
    if not value.strip():
        return "it is empty"
    return "" if value == value.strip() else "it starts or ends with a blank"


def _check_names(value: list[object]) -> str:
    if not value:
        return "it is empty"
    for place, name in enumerate(value, start=1):
        if not isinstance(name, str):
            return f"name {place} is not a string"
        if fault := _check_text(name):
            return f"name {place}: {fault}"
    return ""


def _check_regex(value: str) -> str:
    if not value.strip():
        return "it is empty"  # it would match every title
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{value!r} does not compile: {error}"
    return ""


def check_address(value: str) -> str:
    """Check an http(s) address; the message never contains it, since it may hold a password."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return "it is not an address"
    faults = {
        "it contains a blank, a backslash or a control character": bool(_UNPRINTABLE.search(value)),
        f"its scheme is {parts.scheme!r}": parts.scheme not in {"http", "https"},
        "it has no host": not parts.hostname,
        "it contains a user name or a password": "@" in parts.netloc,
        "it contains a fragment (#)": "#" in value,
    }
    return next((fault for fault, present in faults.items() if present), "")


def _check_base(value: str) -> str:
    if fault := check_address(value):
        return fault
    if "?" in value:
        return "it contains a query (?)"
    return "it includes the platform's own path /gkmlpt" if "/gkmlpt" in value else ""


def _check_urls(value: list[object]) -> str:
    if not value:
        return "it is empty"
    urls = [url for url in value if isinstance(url, str)]
    if len(urls) < len(value):
        return "it contains something other than strings"
    for place, url in enumerate(urls, start=1):
        if fault := check_address(url):
            return f"address {place}: {fault}"
    if len(hosts := sorted({urlsplit(url).hostname or "" for url in urls})) > 1:
        return f"the addresses are of different hosts: {', '.join(hosts)}"
    return "it contains an address twice" if len(set(urls)) < len(urls) else ""


def _check_uscc(value: str) -> str:
    return "" if not value or uscc.is_valid(value) else f"{value!r} has a wrong length, letter or check character"


def _one_of(*values: str) -> Rule:
    def check(value: str) -> str:
        return "" if value in values else f"{value!r} is not allowed"

    return Rule(kind=str, check=check, allowed="one of: " + ", ".join(values))


_FLAG = Rule(kind=bool, required=False, allowed="true or false")

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "id": Rule(
            kind=str,
            check=check_slug,
            allowed="a slug: a small letter, then 1 to 39 of a-z, 0-9 and -; not " + ", ".join(sorted(RESERVED)),
        ),
        "platform": _one_of(*PLATFORM_KEYS),
        "base": Rule(
            kind=str,
            check=_check_base,
            required=False,
            allowed="for gkmlpt: http(s)://host/prefix, without user, query, fragment or /gkmlpt",
        ),
        "urls": Rule(
            kind=list,
            check=_check_urls,
            required=False,
            allowed="for page: a list of different http(s) addresses of one host, without user or fragment",
        ),
        "indexes": Rule(
            kind=list,
            check=_check_urls,
            required=False,
            allowed="for list: the first pages of listings, different http(s) addresses of one host",
        ),
        "link": Rule(
            kind=str,
            check=_check_regex,
            required=False,
            allowed="for list: a regular expression that matches the addresses of articles",
        ),
        "next_page": Rule(
            kind=str,
            check=_check_regex,
            required=False,
            allowed="for list: a regular expression that matches the text or the address of the link to the next page",
        ),
        "since": Rule(
            kind=date, required=False, allowed="for list: a date; articles that the listing dates earlier are left out"
        ),
        "folder": Rule(
            kind=str,
            check=_check_text,
            required=False,
            allowed="for files: a folder with reports; a relative path starts at the folder of this file",
        ),
        "title": Rule(
            kind=str,
            check=_check_regex,
            required=False,
            allowed="a regular expression that matches the titles of reports; not for files",
        ),
        "publisher": Rule(kind=str, check=_check_text, allowed="the whole name of the body that publishes the pages"),
        "publisher_names": Rule(
            kind=list,
            check=_check_names,
            required=False,
            allowed="a list of other names that the publisher has on its pages",
        ),
        "vouched": _FLAG,
        "vouched_why": Rule(
            kind=str,
            check=_check_text,
            required=False,
            allowed="beside vouched: how the operator knows that the publisher's pages are at these addresses",
        ),
        "uscc": Rule(
            kind=str,
            check=_check_uscc,
            required=False,
            allowed='a 统一社会信用代码 of 18 characters (GB 32100-2015), or "" if it is unknown',
        ),
        "ref_area": Rule(
            kind=str,
            check=lambda value: "" if _REF_AREA.fullmatch(value) else f"{value!r} is not an area",
            allowed="CN-, six digits of GB/T 2260, and optionally -name",
        ),
        "area_zh": Rule(kind=str, check=_check_text, allowed="the area's name in Chinese"),
        "area_en": Rule(kind=str, check=_check_text, allowed="the area's name in English"),
        "bundled": _FLAG,
        "nightly": _FLAG,
        "every_hours": Rule(
            kind=int,
            check=lambda value: "" if 1 <= value <= MOST_HOURS else f"{value} is out of range",
            required=False,
            allowed=f"how often a run is due, in hours: a whole number from 1 to {MOST_HOURS}",
        ),
        "text": replace(_one_of(*SHOWN), required=False),
        "kind": replace(_one_of(*(kind.value for kind in DocumentKind)), required=False),
    }
)
