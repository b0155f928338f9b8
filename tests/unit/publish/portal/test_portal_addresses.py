"""An address that a reader keeps leads to the same thing in every later release."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.released import Edition, editions

from publish.portal.html.urls import document_page, indicator_page, observation_anchor, plain

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


def test_every_observation_can_be_reached_where_its_row_says() -> None:
    for edition in editions():
        anchors = edition.anchors()
        for document, key in edition.tables["observations"].select("document", "obs_id").iter_rows():
            for ending in (".html", ".en.html"):
                assert (document_page(document) + ending, observation_anchor(key)) in anchors


def test_the_same_number_keeps_its_address_though_its_value_changed() -> None:
    three = editions()
    moved = three[1].tables["revisions"].filter(kind="changed")["obs_id"].to_list()
    assert moved
    for key in moved:
        found = [{page for page, anchor in one.anchors() if anchor == observation_anchor(key)} for one in three]
        assert found[0] == found[1] <= found[2]


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
