"""Pages under addresses that last: laid down behind the pointer, never left to an older release, never simply gone."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import partial

import pytest
from support.drafts import VERSION, draft, first, place, second
from support.faults import InterruptedStore
from support.reports import report_2023, report_2024

from infra.store import Store, open_store
from publish.bucket.layout import headers, page_key
from publish.bucket.pointer import read_pointer
from publish.portal.html.bundle import BUNDLE, pack, unpack
from publish.release.build_files import release_files
from publish.release.publish import publish_release
from publish.release.stable_copies import page_copies, update_latest
from schemas.errors import UsageError
from schemas.release import Pointer

SECOND = "2026.11.23.2"
PAGES = {
    "index.html": b"front",
    "gone.html": b"nothing here",
    "gone.en.html": b"nothing here, in English",
    "indicator/gdp.html": b"573.72",
    "indicator/gone.html": b"no such indicator",
}


@pytest.fixture
def store(store_url: str) -> Store:
    return open_store(store_url)


def pointed(store: Store) -> Pointer:
    pointer = read_pointer(store, "torch")
    assert pointer is not None
    return pointer


def data(store: Store, key: str) -> bytes:
    stored = store.get(key)
    assert stored is not None, key
    return stored.data


def shown(store: Store) -> set[str]:
    """The version whose page each page of the dataset is."""
    by_version = {version: page_copies("torch", build(version)) for version, build in BUILDS.items()}
    keys = {key for pages in by_version.values() for key in pages}
    return {
        version
        for key in keys
        for version, pages in by_version.items()
        if data(store, key) == pages.get(key) and any(other.get(key) != pages[key] for other in by_version.values())
    }


BUILDS = {VERSION: first(), SECOND: second()}


class TestBundle:
    def test_what_was_packed_comes_out(self) -> None:
        assert unpack(pack(PAGES)) == PAGES

    def test_the_order_of_the_pages_does_not_show(self) -> None:
        assert pack(dict(reversed(PAGES.items()))) == pack(PAGES)

    def test_any_program_opens_it_and_finds_plain_files_without_a_time(self) -> None:
        with zipfile.ZipFile(io.BytesIO(pack(PAGES))) as archive:
            assert archive.testzip() is None
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}


class TestAddresses:
    def test_pages_lie_in_the_folder_of_their_dataset(self) -> None:
        assert page_key("torch", "index.en.html") == "torch/index.en.html"
        assert page_key("torch", "indicator/gdp.html") == "torch/indicator/gdp.html"

    @pytest.mark.parametrize(
        "name", ["latest/index.html", "v/x.html", "candidate/x.html", "a/b/c.html", "../x.html", "a//x.html"]
    )
    def test_no_page_gets_among_the_files_of_releases(self, name: str) -> None:
        with pytest.raises(UsageError):
            page_key("torch", name)

    def test_a_browser_is_told_what_they_are_and_to_ask_again_soon(self) -> None:
        for name, kind in (
            ("index.html", "text/html"),
            ("assets/portal.css", "text/css"),
            ("assets/a.js", "text/java"),
        ):
            told = headers(page_key("torch", name))
            assert told.content_type.startswith(kind)
            assert "immutable" not in told.cache_control


class TestLaying:
    def test_a_release_shows_its_own_pages(self, store: Store) -> None:
        publish_release(place(store), first())
        assert shown(store) == {VERSION}
        publish_release(place(store), second())
        assert shown(store) == {SECOND}

    def test_a_page_that_is_no_more_says_so_in_its_tongue(self, store: Store) -> None:
        publish_release(place(store), first())
        pointer = pointed(store)
        more = {**PAGES, "indicator/old.html": b"old", "explore-2.en.html": b"old", "explore-2.html": b"old"}
        assert update_latest(store, "torch", pointer, {BUNDLE: pack(more)}) is None
        assert update_latest(store, "torch", pointer, {BUNDLE: pack({**PAGES, "explore.html": b"rows"})}) is None
        assert data(store, "torch/indicator/old.html") == PAGES["indicator/gone.html"]
        assert data(store, "torch/explore-2.html") == PAGES["gone.html"]
        assert data(store, "torch/explore-2.en.html") == PAGES["gone.en.html"]
        assert data(store, "torch/indicator/gdp.html") == b"573.72"

    def test_a_run_that_is_overtaken_at_once_lays_nothing(self, store: Store) -> None:
        publish_release(place(store), first())
        older = replace(pointed(store), version="2026.11.22.1")
        later = update_latest(store, "torch", older, {BUNDLE: pack(PAGES)})
        assert later is not None
        assert later.version == VERSION
        assert shown(store) == {VERSION}

    @pytest.mark.parametrize("suffix", ["torch/index.html", "torch/latest/observations.csv", "torch/gone.html"])
    def test_a_run_that_is_overtaken_while_it_lays_leaves_the_later_release(self, store: Store, suffix: str) -> None:
        """A run falls asleep at a page of the second release; a third, with the numbers of the first, is published."""
        publish_release(place(store), first())
        third = draft(report_2023(), report_2024(), previous=SECOND, former=second()(SECOND))

        def overtake() -> None:
            publish_release(place(store, days=1), partial(release_files, third))

        slow = InterruptedStore(within=store, method="swap", suffix=suffix, interrupt=overtake)
        publish_release(place(slow), second())
        latest = pointed(store)
        pages = page_copies("torch", release_files(third, latest.version))
        assert latest.version == "2026.11.24.1"
        assert [key for key, page in pages.items() if data(store, key) != page] == []
        manifest = data(store, latest.manifest)
        assert data(store, "torch/latest/manifest.json") == manifest
