"""The files that a page links, and those among them that may hold its report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from raw.page.charset import decode
from raw.page.dom import parse, scripts
from raw.page.links import Link, links_of
from raw.page.script_config import detail_content

MAX_REPORTS = 5
"""How many attachments of one page are fetched at most."""

# In the order in which one is preferred where the same file is given in several formats.
_SUFFIXES = (".docx", ".xlsx", ".xls", ".pdf", ".doc", ".wps", ".et", ".ofd", ".zip", ".rar", ".7z")
_ANY = re.compile("|".join(map(re.escape, _SUFFIXES)), re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFile:
    """A file that a page links: its address, its name as the page prints it, and the ending of its name."""

    url: str
    name: str
    suffix: str


def linked_files(body: bytes, *, content_type: str, url: str) -> tuple[LinkedFile, ...]:
    """Return the files that a page at an address links, each once, in the order of the page.

    Raises:
        ContentError: If the bytes are no page that can be read.
    """
    markup = decode(body, content_type)
    if not _ANY.search(markup):
        return ()
    detail = detail_content(scripts(parse(markup))) or ""
    files: dict[str, LinkedFile] = {}
    for link in (*links_of(markup, url), *links_of(detail, url)):
        if suffix := _suffix(link):
            files.setdefault(link.url, LinkedFile(url=link.url, name=_name(link, suffix), suffix=suffix))
    return tuple(files.values())


def report_files(files: Iterable[LinkedFile], title: str) -> tuple[LinkedFile, ...]:
    """Return the files that may hold a report: those whose names match its title, else all; each in one format."""
    listed = tuple(files)
    wanted = re.compile(title)
    chosen = [file for file in listed if title and wanted.search(file.name)] or listed
    best: dict[str, LinkedFile] = {}
    for file in chosen:
        stem = file.name.removesuffix(file.suffix)
        other = best.get(stem)
        if other is None or _SUFFIXES.index(file.suffix) < _SUFFIXES.index(other.suffix):
            best[stem] = file
    return tuple(best.values())[:MAX_REPORTS]


def _suffix(link: Link) -> str:
    """Return the known ending of a file's name, in its address, in a query of it, or in the words of the link."""
    parts = urlsplit(link.url)
    names = (unquote(parts.path), unquote(parts.query), link.text)
    return next((suffix for name in names if (suffix := PurePosixPath(name).suffix.lower()) in _SUFFIXES), "")


def _name(link: Link, suffix: str) -> str:
    name = link.text or PurePosixPath(unquote(urlsplit(link.url).path)).name
    return name if name.lower().endswith(suffix) else name + suffix
