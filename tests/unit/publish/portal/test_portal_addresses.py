"""An address that a reader keeps leads to the same thing in every later release."""

from __future__ import annotations

import posixpath
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from support.released import Edition, editions

from publish.portal.html.urls import document_page, indicator_page, observation_anchor, plain

SAFE = set("abcdefghijklmnopqrstuvwxyz0123456789-_/")


@pytest.fixture(scope="module")
def three() -> tuple[Edition, ...]:
    return editions()


def test_pages_of_indicators_and_documents_stay(three: tuple[Edition, ...]) -> None:
    for before, after in pairwise(three):
        lasting = {name for name in before.pages if name.startswith(("indicator/", "document/"))}
        assert lasting
        assert lasting <= set(after.pages)


def test_a_page_of_an_indicator_is_of_the_same_indicator_in_each_release(three: tuple[Edition, ...]) -> None:
    for before, after in pairwise(three):
        for name in before.pages.keys() & after.pages.keys():
            if name.startswith("indicator/") and "gone." not in name:
                assert _id_of(before, name) == _id_of(after, name)


def test_observations_keep_their_addresses(three: tuple[Edition, ...]) -> None:
    """In the third release the next report restates a number of the first: both sentences can be found."""
    for before, after in pairwise(three):
        kept = {(page, anchor) for page, anchor in before.anchors() if anchor.startswith("obs-")}
        assert len(kept) >= 2 * before.tables["observations"].height
        assert kept <= after.anchors()


def test_every_observation_can_be_reached_where_its_row_says(three: tuple[Edition, ...]) -> None:
    for edition in three:
        anchors = edition.anchors()
        for document, key in edition.tables["observations"].select("document", "obs_id").iter_rows():
            for ending in (".html", ".en.html"):
                assert (document_page(document) + ending, observation_anchor(key)) in anchors


def test_the_same_number_keeps_its_address_though_its_value_changed(three: tuple[Edition, ...]) -> None:
    moved = three[1].tables["revisions"].filter(kind="changed")["obs_id"].to_list()
    assert moved
    for key in moved:
        found = [{page for page, anchor in one.anchors() if anchor == observation_anchor(key)} for one in three]
        assert found[0] == found[1] <= found[2]


def test_every_link_of_the_pages_of_numbers_leads_somewhere(three: tuple[Edition, ...]) -> None:
    for edition in three:
        anchors, asked = edition.anchors(), 0
        for name in edition.pages:
            if name.startswith(("indicator/", "promises.", "silences.", "revisions.")) and "gone." not in name:
                asked += len(_checked(edition, name, anchors))
        assert asked > 100


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


def _checked(edition: Edition, name: str, anchors: frozenset[tuple[str, str]]) -> list[str]:
    """The links of a page to other pages of the release, each held against what it names."""
    folder = f"v/{edition.version}/"
    found = []
    for link in LexborHTMLParser(edition.pages[name]).css("main a[href]"):
        address = str(link.attributes["href"])
        path, _, anchor = address.partition("#")
        if "://" in path:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if target.startswith(folder):
            continue
        assert target in edition.pages, f"{name} leads to {address}"
        assert not anchor or (target, anchor) in anchors, f"{name} leads to {address}"
        found.append(address)
    return found
