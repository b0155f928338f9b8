"""Which documents a source has: the references that discovery hands on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

NAMELESS = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """One document of a source: its stable id, its address, and what is known before it is fetched."""

    document: str
    url: str
    title: str = ""
    published_on: date | None = None


def page_refs(urls: Iterable[str]) -> tuple[ArticleRef, ...]:
    """The documents at known addresses, each named by its file; a name that is taken gets a mark of its address."""
    named: dict[str, str] = {}
    for url in dict.fromkeys(urls):
        name = _slug(url)
        if name in named:
            name = f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
        named[name] = url
    return tuple(ArticleRef(document=name, url=url) for name, url in named.items())


def _slug(url: str) -> str:
    stem = PurePosixPath(unquote(urlsplit(url).path)).stem
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or NAMELESS
