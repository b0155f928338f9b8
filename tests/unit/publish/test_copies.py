"""Pages under addresses that last: laid down behind the pointer, never left to an older release, never simply gone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from support.report_readings import report_2023, report_2024
from support.report_releases import VERSION, first, place, pointed, report_release, second, with_first_release
from support.signed import SECOND
from support.wrapped_stores import InterruptedStore

from infra.store import Store, open_store
from publish.bucket.layout import headers, page_key
from publish.portal.html.bundle import BUNDLE, pack, unpack
from publish.release.after_publish import page_copies, update_latest
from publish.release.build_files import release_files
from publish.release.publish import publish_release
from schemas.errors import UsageError

PAGES = {
    "index.html": b"front",
    "gone.html": b"nothing here",
    "gone.en.html": b"nothing here, in English",
    "indicator/gdp.html": b"573.72",
    "indicator/gone.html": b"no such indicator",
}


@pytest.fixture
def released(tmp_path: Path) -> Store:
    """A store with the first release."""
    return with_first_release(tmp_path / "store")


def data(store: Store, key: str) -> bytes:
    stored = store.get(key)
    assert stored is not None, key
    return stored.data


def shown(store: Store) -> set[str]:
    """The version whose page each page of the dataset is."""
    builds = {VERSION: first(), SECOND: second()}
    by_version = {version: page_copies("torch", build(version)) for version, build in builds.items()}
    keys = {key for pages in by_version.values() for key in pages}
    return {
        version
        for key in keys
        for version, pages in by_version.items()
        if data(store, key) == pages.get(key) and any(other.get(key) != pages[key] for other in by_version.values())
    }


@cache
def third_release() -> Mapping[str, bytes]:
    """The files of a release with the numbers of the first."""
    third = report_release(report_2023(), report_2024(), previous=SECOND, former=second()(SECOND))
    return release_files(third, "2026.11.24.1")


class TestBundle:
    def test_what_was_packed_comes_out_and_the_order_of_the_pages_does_not_show(self) -> None:
        assert unpack(pack(PAGES)) == PAGES
        assert pack(dict(reversed(PAGES.items()))) == pack(PAGES)

    def test_any_program_opens_it_and_finds_plain_files_without_a_time(self) -> None:
        with zipfile.ZipFile(io.BytesIO(pack(PAGES))) as archive:
            assert archive.testzip() is None
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}


class TestAddresses:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [("index.en.html", "html"), ("indicator/gdp.html", "html"), ("assets/portal.css", "css"), ("a.js", "java")],
    )
    def test_pages_lie_in_the_folder_of_their_dataset_and_a_browser_asks_for_them_again_soon(
        self, name: str, kind: str
    ) -> None:
        assert page_key("torch", name) == f"torch/{name}"
        served = headers(f"torch/{name}")
        assert served.content_type.startswith(f"text/{kind}")
        assert "immutable" not in served.cache_control

    @pytest.mark.parametrize(
        "name", ["latest/index.html", "v/x.html", "candidate/x.html", "a/b/c.html", "../x.html", "a//x.html"]
    )
    def test_no_page_gets_among_the_files_of_releases(self, name: str) -> None:
        with pytest.raises(UsageError):
            page_key("torch", name)


class TestLaying:
    def test_a_release_shows_its_own_pages(self, released: Store) -> None:
        assert shown(released) == {VERSION}
        publish_release(place(released), second())
        assert shown(released) == {SECOND}

    def test_a_page_that_is_no_more_says_so_in_its_tongue(self, released: Store) -> None:
        pointer = pointed(released)
        more = {**PAGES, "indicator/old.html": b"old", "explore-2.en.html": b"old", "explore-2.html": b"old"}
        assert update_latest(released, "torch", pointer, {BUNDLE: pack(more)}) is None
        assert update_latest(released, "torch", pointer, {BUNDLE: pack({**PAGES, "explore.html": b"rows"})}) is None
        assert data(released, "torch/indicator/old.html") == PAGES["indicator/gone.html"]
        assert data(released, "torch/explore-2.html") == PAGES["gone.html"]
        assert data(released, "torch/explore-2.en.html") == PAGES["gone.en.html"]
        assert data(released, "torch/indicator/gdp.html") == b"573.72"

    def test_a_run_that_is_overtaken_at_once_lays_nothing(self, released: Store) -> None:
        older = replace(pointed(released), version="2026.11.22.1")
        later = update_latest(released, "torch", older, {BUNDLE: pack(PAGES)})
        assert later is not None
        assert later.version == VERSION
        assert shown(released) == {VERSION}

    @pytest.mark.parametrize(
        ("kind", "key"),
        [
            ("folder", "index.html"),
            ("folder", "latest/numbers.csv"),
            ("folder", "gone.html"),
            ("s3", "index.html"),
        ],
    )
    def test_a_run_that_is_overtaken_while_it_lays_leaves_the_later_release(
        self, request: pytest.FixtureRequest, tmp_path: Path, kind: str, key: str
    ) -> None:
        """A run falls asleep at a page of the second release; a third, with the numbers of the first, is published."""
        if kind == "s3":
            store = open_store(request.getfixturevalue("s3_url"))
            publish_release(place(store), first())
        else:
            store = with_first_release(tmp_path / "store")
        files = third_release()

        def overtake() -> None:
            publish_release(place(store, days=1), lambda _version: files)

        slow = InterruptedStore(within=store, method="swap", suffix=f"torch/{key}", interrupt=overtake)
        publish_release(place(slow), second())
        latest = pointed(store)
        assert latest.version == "2026.11.24.1"
        assert [key for key, page in page_copies("torch", files).items() if data(store, key) != page] == []
        assert data(store, "torch/latest/manifest.json") == data(store, latest.manifest)
