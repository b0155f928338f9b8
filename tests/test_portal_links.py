"""Every link of every page leads somewhere: to a page or a file of the store, and to a place that is there."""

from __future__ import annotations

import pytest
from links import broken, links, twice
from pages import in_store, sample_store, seed_site
from released import editions

from publish.portal.pages import portal_pages

HERE = b'<p id="here">a</p><a href="b.html#there">b</a><a href="#here">a</a><a href="https://example.com/x">x</a>'
THERE = b'<p id="there">b</p><a href="../s/a.html">a</a><img src="c.png"><link href="../s/">'
STORE = {"s/a.html": HERE, "s/b.html": THERE, "s/c.png": b"", "s/index.html": b""}


# What a store holds beside the pages, and what of it the pages of one release name.
BESIDE = ("atom.xml", "index.json", "schema/")
OF_OTHERS = (
    *BESIDE,
    "index.html",
    "index.en.html",
    "status.json",
    "seed/releases.html",
    "seed/releases.en.html",
    "seed/v/",
)


def test_every_link_of_the_portal_leads_somewhere() -> None:
    files = sample_store()
    assert sum(len(list(links(files, name))) for name in files) > 2000
    assert broken(files, BESIDE) == []


def test_every_link_of_a_long_report_leads_somewhere() -> None:
    files = in_store(seed_site(), portal_pages(seed_site()))
    assert len([name for name in files if name.startswith("seed/indicator/")]) > 100
    assert broken(files, BESIDE) == []


def test_no_page_has_a_place_twice() -> None:
    found = {name: twice(data) for name, data in sample_store().items() if name.endswith(".html")}
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize("edition", range(3))
def test_links_lead_somewhere_when_a_release_has_corrected_or_followed_another(edition: int) -> None:
    pages = {f"seed/{name}": data for name, data in editions()[edition].pages.items()}
    assert broken(pages, OF_OTHERS) == []


def test_a_store_that_is_whole_has_no_broken_link() -> None:
    assert broken(STORE) == []


def test_what_lies_beside_the_pages_is_named_file_by_file_or_folder_by_folder() -> None:
    page = {"s/a.html": b'<a href="../x/y/z">z</a><a href="../atom.xml">f</a><a href="//x/y/z">z</a>'}
    assert broken(page, ("x/", "atom.xml")) == ["s/a.html: //x/y/z"]
    assert broken(page, ("x", "atom")) == ["s/a.html: ../x/y/z", "s/a.html: ../atom.xml", "s/a.html: //x/y/z"]


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (b'<a href="d.html">d</a>', "d.html"),
        (b'<a href="b.html#here">b</a>', "b.html#here"),
        (b'<a href="#nowhere">a</a>', "#nowhere"),
        (b'<script src="../assets/x.js"></script>', "../assets/x.js"),
        (b'<a href="/s/b.html">b</a>', "/s/b.html"),
        (b'<a href="//example.com/s/b.html">b</a>', "//example.com/s/b.html"),
        (b'<a href="javascript:alert(1)">b</a>', "javascript:alert(1)"),
        (b'<a href="b.html/">b</a>', "b.html/"),
        (b'<a href="c.png#there">c</a>', "c.png#there"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(page: bytes, fault: str) -> None:
    assert broken(STORE | {"s/a.html": page}) == [f"s/a.html: {fault}"]


def test_a_place_that_is_there_twice_is_found() -> None:
    assert twice(b'<p id="a"></p><p id="b"></p><i id="a"></i>') == ["a"]
