"""The links of a page: their addresses, their words, and the day that stands beside them in a listing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from raw.page.charset import decode
from raw.page.dom import parse

_DAY = re.compile(r"(20[0-9]{2}|19[0-9]{2})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])(?![0-9])")
_ROWS = frozenset({"li", "tr", "dd", "dl", "p"})
_CLIMB = 3  # a day stands in the row of its link: within so many elements around it
_LONGEST_ROW = 400  # an element with more text holds several rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to an http(s) address; `day` is the one that stands beside it, None where there is none."""

    url: str
    text: str
    day: date | None


def read_links(body: bytes, *, content_type: str, url: str) -> tuple[Link, ...]:
    """Return the links of a page in their order, without fragments; `url` is the address of the page.

    Raises:
        ContentError: If the bytes are not text in the charset that the page declares, or no page that can be read.
    """
    return tuple(_links(decode(body, content_type), url))


def links_of(markup: str, url: str) -> tuple[Link, ...]:
    """Return the links of some markup, as `read_links` does."""
    return tuple(_links(markup, url))


def _links(markup: str, url: str) -> Iterator[Link]:
    for node in parse(markup).css("a[href]"):
        address = absolute(node.attributes.get("href") or "", url)
        if address:
            yield Link(url=address, text=_words(node), day=_day(node))


def absolute(href: str, url: str) -> str:
    """Return an address as it leads from a page, without its fragment; "" if it is none of http(s)."""
    try:
        whole = urldefrag(urljoin(url, href.strip()))[0]
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return whole if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else ""


def _words(node: LexborNode) -> str:
    """Return the words of a link; a listing that cuts them off has all of them in the attribute `title`."""
    shown = " ".join(node.text().split())
    whole = " ".join((node.attributes.get("title") or "").split())
    return max(shown, whole, key=len)


def _day(node: LexborNode) -> date | None:
    place: LexborNode | None = node
    for _ in range(_CLIMB + 1):
        if place is None or not place.is_element_node or place.tag == "body":
            return None
        text = place.text()
        if len(text) > _LONGEST_ROW:
            return None
        if match := _DAY.search(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
        if place.tag in _ROWS:
            return None
        place = place.parent
    return None
