"""References to the documents of a source, which discovery returns."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from raw.archive.warc_archive import Snapshot
from schemas.codelists import Severity
from schemas.finding import Finding, FindingCode

NAMELESS = "page"

Get = Callable[[str], Awaitable[Snapshot]]
"""Fetches and stores a page."""

_NUMBERED = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """A document of a source: its stable id, its address, and its title and date where a listing has them."""

    document: str
    url: str
    title: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """The documents of a source, and what was found wrong with its listings."""

    references: tuple[ArticleRef, ...]
    findings: tuple[Finding, ...] = ()


def listing_gone(url: str) -> Finding:
    """Return the finding on a listing that is not there any more."""
    return Finding(
        code=FindingCode.LISTING_GONE,
        severity=Severity.WARN,
        where="listing",
        message="A listing that the source names answers 404; what it listed is not looked for.",
        evidence=(url,),
    )


def numbered_refs(references: Iterable[ArticleRef]) -> tuple[ArticleRef, ...]:
    """Return references with ids made of their addresses alone, so that later articles change no earlier id.

    A file name with a number of five digits or more mostly names one article of its site; any other, and one that two
    addresses have, gets a hash of the address.
    """
    named = [(_slug(reference.url), reference) for reference in references]
    uses = Counter(name for name, _ in named)
    return tuple(
        replace(
            reference, document=name if uses[name] == 1 and _NUMBERED.search(name) else _hashed(name, reference.url)
        )
        for name, reference in named
    )


def attachment_id(page: str, url: str) -> str:
    """Return the id of an attachment: that of its page, the name of the file and a hash of its address."""
    return f"{page}-{_hashed(_slug(url), url)}"


def _hashed(name: str, url: str) -> str:
    return f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def page_refs(urls: Iterable[str]) -> tuple[ArticleRef, ...]:
    """Return the documents at some addresses, named by file; a name that is taken gets a hash of the address."""
    urls_by_name: dict[str, str] = {}
    for url in dict.fromkeys(urls):
        name = _slug(url)
        if name in urls_by_name:
            name = _hashed(name, url)
        urls_by_name[name] = url
    return tuple(ArticleRef(document=name, url=url) for name, url in urls_by_name.items())


def _slug(url: str) -> str:
    stem = PurePosixPath(unquote(urlsplit(url).path)).stem
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or NAMELESS
