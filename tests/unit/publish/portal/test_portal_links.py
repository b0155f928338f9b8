"""Every link of every page of a store leads somewhere, and an address that a reader keeps in every later release."""

from __future__ import annotations

import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from support.html_checks import broken, links
from support.portal_pages import Edition, editions, in_store, sample_store, seed_site

from publish.portal.build import portal_pages
from publish.portal.html.urls import document_page, indicator_page, observation_anchor, plain

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


SAFE = set("abcdefghijklmnopqrstuvwxyz0123456789-_/")


def test_pages_of_indicators_and_documents_stay_those_of_the_same_thing() -> None:
    for before, after in pairwise(editions()):
        lasting = {name for name in before.pages if name.startswith(("indicator/", "document/"))}
        assert lasting
        assert lasting <= set(after.pages)
        for name in lasting:
            if name.startswith("indicator/") and "gone." not in name:
                assert _id_of(before, name) == _id_of(after, name)


def test_observations_keep_their_addresses() -> None:
    """In the third release the next report restates a number of the first: both sentences can be found."""
    for before, after in pairwise(editions()):
        kept = {(page, anchor) for page, anchor in before.anchors() if anchor.startswith("obs-")}
        assert len(kept) >= 2 * before.tables["observations"].height
        assert kept <= after.anchors()


@given(st.text(), st.text(), st.text(alphabet="~0123456789中", max_size=5))
def test_addresses_are_fit_for_any_file_system_and_apart(one: str, other: str, mark: str) -> None:
    for page in (indicator_page(one), document_page(one)):
        assert set(page) <= SAFE
        assert page.count("/") == 1
        assert len(page) < 100
    assert indicator_page(f"{plain(one)}~{mark}") == indicator_page(one)
    assert (indicator_page(one) == indicator_page(other)) == (plain(one) == plain(other))
    assert (observation_anchor(one) == observation_anchor(other)) == (one == other)


def test_addresses_are_those_that_readers_have_kept() -> None:
    """Written down once: who changes these breaks links that lie in other people's notes."""
    assert indicator_page("gdp") == "indicator/gdp"
    assert indicator_page("x:公园") == "indicator/x-58e78400fb36"
    assert document_page("post-2371048") == "document/post-2371048"
    assert observation_anchor("CN-442000-torch|gdp|level||2024|actual") == "obs-70068bc76ac1"


def _id_of(edition: Edition, name: str) -> str:
    return edition.page(name).css("section[aria-labelledby=about] code")[-1].text()
