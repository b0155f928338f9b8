"""Every link of every page of a store leads somewhere: to a page, a file, an anchor that is there."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser
from support.pages import in_store, sample_store, seed_site

from publish.portal.build import portal_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BESIDE = ("index.json", "status.json", "atom.xml", "schema/", "keys/")
"""What others write: lists, feed, schema, keys."""


def links(name: str, page: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Where a page leads within the store: the key and the anchor."""
    for node in page.css("[href], [src]"):
        address = str(node.attributes.get("href") or node.attributes.get("src"))
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc:
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
            )
            yield target, unquote(parts.fragment)


def broken(store: Mapping[str, bytes]) -> list[str]:
    """The links of the pages of a store that lead nowhere, each with its page."""
    pages = {name: LexborHTMLParser(data) for name, data in store.items() if name.endswith(".html")}
    anchors = {name: {str(node.attributes["id"]) for node in page.css("[id]")} for name, page in pages.items()}
    return sorted(
        {
            f"{name} -> {target}#{anchor}"
            for name, page in pages.items()
            for target, anchor in links(name, page)
            if not target.startswith(BESIDE)
            and (target not in store or (anchor and anchor not in anchors.get(target, ())))
        }
    )


def test_every_link_of_the_samples_leads_somewhere() -> None:
    assert broken(sample_store()) == []


def test_every_link_of_the_seed_leads_somewhere() -> None:
    assert broken(in_store(seed_site(), portal_pages(seed_site()))) == []


def test_a_link_that_leads_nowhere_is_found() -> None:
    store = {"a/b.html": b"<a href='../c.html#d'></a><a href='#e'></a><a href='http://f/'></a>", "c.html": b"<p id=x>"}
    assert broken(store) == ["a/b.html -> a/b.html#e", "a/b.html -> c.html#d"]


def test_no_page_stands_alone() -> None:
    store = sample_store()
    pages = [name for name in store if name.endswith(".html") and "gone." not in name]
    led = {target for name in pages for target, _ in links(name, LexborHTMLParser(store[name])) if target != name}
    assert [name for name in pages if name not in led] == []
