"""References to the documents of a source, which discovery returns."""

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
    """A document of a source: its stable id, its address, and its title and date where a listing has them."""

    document: str
    url: str
    title: str = ""
    published_on: date | None = None


def page_refs(urls: Iterable[str]) -> tuple[ArticleRef, ...]:
    """Return the documents at some addresses, named by file; a name that is taken gets a hash of the address."""
    urls_by_name: dict[str, str] = {}
    for url in dict.fromkeys(urls):
        name = _slug(url)
        if name in urls_by_name:
            name = f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
        urls_by_name[name] = url
    return tuple(ArticleRef(document=name, url=url) for name, url in urls_by_name.items())


def _slug(url: str) -> str:
    stem = PurePosixPath(unquote(urlsplit(url).path)).stem
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or NAMELESS
