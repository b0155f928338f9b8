"""Every link of every page of a store leads somewhere: to a page, a file, an anchor that is there."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from support.links import broken, links
from support.pages import in_store, sample_store, seed_site
from support.released import editions

from publish.portal.build import portal_pages

if TYPE_CHECKING:
    from collections.abc import Mapping

BESIDE = ("index.json", "status.json", "atom.xml", "schema/", "keys/")
"""What others write: lists, feed, schema, keys."""


def third_release() -> Mapping[str, bytes]:
    return {f"seed/{name}": data for name, data in editions()[2].pages.items()}


def test_every_link_of_the_samples_the_seed_and_a_third_release_leads_somewhere() -> None:
    assert broken(sample_store(), BESIDE) == []
    assert broken(in_store(seed_site(), portal_pages(seed_site())), BESIDE) == []
    store = ("assets/", "index.html", "index.en.html", "seed/releases.html", "seed/releases.en.html", "seed/v/")
    assert broken(third_release(), (*BESIDE, *store)) == []


def test_a_link_that_leads_nowhere_is_reported() -> None:
    store = {"a/b.html": b"<a href='../c.html#d'></a><a href='#e'></a><a href='http://f/'></a>", "c.html": b"<p id=x>"}
    assert broken(store) == ["a/b.html: ../c.html#d", "a/b.html: #e"]


def test_no_page_stands_alone() -> None:
    store = sample_store()
    pages = [name for name in store if name.endswith(".html") and "gone." not in name]
    linked = {
        posixpath.normpath(posixpath.join(posixpath.dirname(page), urlsplit(link).path))
        for page in pages
        for link in links(store, page)
        if urlsplit(link).path
    }
    assert [name for name in pages if name not in linked] == []
