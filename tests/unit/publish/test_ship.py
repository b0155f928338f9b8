"""Writing a release: a kill at any point and another run at the same moment leave what consumers see whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from support.report_readings import NOW, corrected, report_2023
from support.report_releases import VERSION, first, place, pointed, renamed, report_release, second, with_first_release
from support.signed import SECOND, text_of
from support.wrapped_stores import InterruptedStore, Killed, KilledStore

from infra.store import Headers, Store, open_store
from publish.alerts.status import HeldCandidate
from publish.bucket.catalog import load_index, load_manifest, load_tables
from publish.bucket.immutable_folder import MOST_VERSIONS, FileBuilder
from publish.bucket.layout import headers
from publish.bucket.pointer import read_pointer
from publish.portal.html.bundle import BUNDLE, unpack
from publish.release.after_publish import repair_after_crash
from publish.release.build_files import release_files
from publish.release.publish import PublishResult, publish_release, store_candidate, write_run_record
from publish.verify.store import verify
from schemas.codelists import Outcome
from schemas.errors import StoreCorrupt, StoreUnavailable

FILES_OF_A_RELEASE = len(first()(VERSION))
PAGES_OF_A_RELEASE = len(unpack(first()(VERSION)[BUNDLE]))
WRITES_OF_A_RELEASE = 2 * FILES_OF_A_RELEASE + PAGES_OF_A_RELEASE + 7
"""The files, the pointer, the copies, the pages, the index, the four front pages that name the release, the feed."""
KILLS = (
    *range(FILES_OF_A_RELEASE + 3),
    *range(FILES_OF_A_RELEASE + 3, WRITES_OF_A_RELEASE - 6, 7),
    *range(WRITES_OF_A_RELEASE - 6, WRITES_OF_A_RELEASE),
)
"""After how many writes: each file, the pointer, what comes last; of copies and pages, all alike, one in seven."""
BARE = first(portal=False)
"""The first release without pages, where pages are not what is tested."""


@pytest.fixture
def folder(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "folder"))


@pytest.fixture
def released(tmp_path: Path) -> Store:
    """A store with the first release."""
    return with_first_release(tmp_path / "released")


def assert_whole(store: Store) -> None:
    """Everything that is published is sound, and `latest/` shows what the pointer names."""
    assert verify(store, text_of) == ()


def gdp(store: Store) -> list[float]:
    """The values of the release that the pointer names, every file against its hash."""
    tables = load_tables(store, load_manifest(store, "torch", pointed(store)))
    return [value for value in tables["observations"]["value"].to_list() if value in {573.72, 575.8}]


def visible(store: Store) -> dict[str, bytes]:
    """What consumers look at: the pointer, the copies and the index."""
    keys = [entry.key for entry in store.list("torch/latest")] + ["index.json"]
    return {key: stored.data for key in keys if (stored := store.get(key))}


def versions_in(store: Store, prefix: str) -> set[str]:
    return {entry.key.split("/")[2] for entry in store.list(prefix)}


class TestShip:
    def test_releases_of_one_day_are_published_whole_counted_on_and_listed_newest_first(self, store_url: str) -> None:
        store = open_store(store_url)
        assert publish_release(place(store), first()) == PublishResult(outcome=Outcome.PUBLISHED, version=VERSION)
        pointer = pointed(store)
        assert (pointer.version, pointer.previous, pointer.released_at) == (VERSION, "", "2026-11-23T04:00:00Z")
        assert pointer.manifest == f"torch/v/{VERSION}/manifest.json"
        assert gdp(store) == [573.72]
        assert_whole(store)
        before = {entry.key: entry.etag for entry in store.list(f"torch/v/{VERSION}/")}
        assert publish_release(place(store), second()).version == SECOND
        assert {entry.key: entry.etag for entry in store.list(f"torch/v/{VERSION}/")} == before
        assert [listed.version for listed in load_index(store)["torch"]] == [SECOND, VERSION]
        assert pointed(store).previous == VERSION
        assert gdp(store) == [575.8]
        assert_whole(store)

    def test_every_write_is_what_it_is_served_as(self, folder: Store) -> None:
        seen: dict[str, Headers] = {}

        class Watching(KilledStore):
            def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
                seen[key] = headers
                return self.within.put_new(key, data, headers)

        publish_release(place(Watching(within=folder, writes=99)), BARE)
        assert seen
        assert all(found == headers(key) for key, found in seen.items())
        assert {found.cache_control for found in seen.values()} == {"public, max-age=31536000, immutable"}

    def test_a_version_that_holds_other_content_is_left_alone(self, folder: Store) -> None:
        foreign = f"torch/v/{VERSION}/manifest.json"
        folder.put_new(foreign, b"{}", headers(foreign))
        assert publish_release(place(folder), BARE).version == SECOND
        assert [entry.key for entry in folder.list(f"torch/v/{VERSION}/")] == [foreign]
        assert pointed(folder).version == SECOND

    def test_a_day_full_of_foreign_versions_ends_with_an_error(self, folder: Store) -> None:
        for count in range(1, MOST_VERSIONS + 1):
            foreign = f"torch/v/2026.11.23.{count}/manifest.json"
            folder.put_new(foreign, b"{}", headers(foreign))
        with pytest.raises(StoreUnavailable, match="taken by other content"):
            publish_release(place(folder), lambda _version: BARE(VERSION))
        assert read_pointer(folder, "torch") is None

    def test_what_reads_back_otherwise_is_not_published(self, folder: Store) -> None:
        broken = Path(folder.url) / "torch" / "v" / VERSION / "numbers.csv"
        interrupted = InterruptedStore(
            within=folder, method="get", suffix="manifest.json", interrupt=lambda: broken.write_bytes(b"rotten")
        )
        with pytest.raises(StoreCorrupt, match=r"numbers\.csv"):
            publish_release(place(interrupted), BARE)
        assert read_pointer(folder, "torch") is None


def contents(store: Store) -> dict[str, str]:
    return {entry.key: entry.etag for entry in store.list("")}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """What a sound store holds after the first release and after the second."""
    store = with_first_release(tmp_path_factory.mktemp("sound") / "store")
    assert_whole(store)
    after_first = contents(store)
    mortal = KilledStore(within=store, writes=999)
    publish_release(place(mortal), second())
    assert mortal.done == WRITES_OF_A_RELEASE, "the tests kill at each of them"
    assert_whole(store)
    return after_first, contents(store)


class TestKill:
    @pytest.mark.parametrize("writes", KILLS)
    def test_a_run_killed_between_two_writes_leaves_the_former_release_and_the_next_run_completes(
        self, released: Store, uninterrupted: tuple[dict[str, str], dict[str, str]], writes: int
    ) -> None:
        before, after = uninterrupted
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=released, writes=writes)), second())
        if pointed(released).version == SECOND:
            assert gdp(released) == [575.8]
            repair_after_crash(released, "torch", pointed(released))
        else:
            unfinished = f"torch/v/{SECOND}/"
            assert {key: tag for key, tag in contents(released).items() if not key.startswith(unfinished)} == before
            publish_release(place(released), second())
        assert contents(released) == after

    @pytest.mark.parametrize("writes", KILLS)
    def test_a_first_release_killed_between_two_writes_is_completed_by_the_next_run(
        self, folder: Store, uninterrupted: tuple[dict[str, str], dict[str, str]], writes: int
    ) -> None:
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=folder, writes=writes)), first())
        pointer = read_pointer(folder, "torch")
        if pointer:
            assert gdp(folder) == [573.72]
            repair_after_crash(folder, "torch", pointer)
        else:
            assert publish_release(place(folder), first()).version == VERSION
        assert contents(folder) == uninterrupted[0]

    def test_the_next_run_may_come_another_day(self, folder: Store) -> None:
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=folder, writes=9)), BARE)
        assert publish_release(place(folder, days=1), BARE).version == "2026.11.24.1"
        assert [listed.version for listed in load_index(folder)["torch"]] == ["2026.11.24.1"]
        assert_whole(folder)


class TestRace:
    @pytest.mark.parametrize("build", [first(portal=False), second(portal=False)], ids=["same content", "other"])
    def test_of_two_runs_that_read_the_same_pointer_the_second_yields(self, folder: Store, build: FileBuilder) -> None:
        early, late = place(folder), place(folder)
        assert publish_release(early, BARE).outcome is Outcome.PUBLISHED
        before = visible(folder)
        version = VERSION if build is BARE else SECOND
        assert publish_release(late, build) == PublishResult(outcome=Outcome.YIELDED, version=version)
        assert versions_in(folder, "torch/v/") == {VERSION, version}
        assert visible(folder) == before
        assert_whole(folder)

    def test_many_runs_at_the_same_moment_leave_one_release(self, store_url: str) -> None:
        store = open_store(store_url)
        builds = [BARE, partial(release_files, replace(report_release(report_2023(), corrected()), portal=False))] * 2
        barrier = Barrier(len(builds))

        def run(build: FileBuilder) -> Outcome:
            target = place(store)
            barrier.wait()
            return publish_release(target, build).outcome

        with ThreadPoolExecutor(len(builds)) as pool:
            outcomes = sorted(pool.map(run, builds))
        assert outcomes == [Outcome.PUBLISHED] + [Outcome.YIELDED] * (len(builds) - 1)
        assert len(load_index(store)["torch"]) == 1
        assert_whole(store)

    @pytest.mark.parametrize(
        ("method", "suffix"), [("list", "latest/"), ("swap", "latest/manifest.json"), ("swap", "latest/numbers.csv")]
    )
    def test_a_slow_copier_does_not_overwrite_the_copies_of_a_newer_release(
        self, folder: Store, method: str, suffix: str
    ) -> None:
        def overtake() -> None:
            publish_release(place(folder), second(portal=False))

        slow = InterruptedStore(within=folder, method=method, suffix=suffix, interrupt=overtake)
        publish_release(place(slow), BARE)
        assert slow.done
        assert pointed(folder).version == SECOND
        assert_whole(folder)

    def test_the_index_keeps_what_another_dataset_wrote_meanwhile(self, folder: Store) -> None:
        other = replace(renamed(report_release(), "cuiheng"), portal=False)

        def meanwhile() -> None:
            target = replace(place(folder), dataset="cuiheng", expected_pointer=None)
            publish_release(target, partial(release_files, other))

        interrupted = InterruptedStore(within=folder, method="swap", suffix="index.json", interrupt=meanwhile)
        publish_release(place(interrupted), BARE)
        assert set(load_index(folder)) == {"torch", "cuiheng"}
        assert_whole(folder)


class TestHold:
    def test_a_held_release_lies_beside_the_published_ones_and_is_not_stored_twice(self, released: Store) -> None:
        before, build = visible(released), second()
        held = store_candidate(place(released), build, "c" * 64, None)
        since, against = "2026-11-23T04:00:00Z", VERSION
        assert held == HeldCandidate(version=SECOND, inputs_sha256="c" * 64, since=since, against=against)
        assert len(released.list(f"torch/candidate/{SECOND}/")) == FILES_OF_A_RELEASE
        assert visible(released) == before
        assert store_candidate(place(KilledStore(within=released, writes=0), days=1), build, "c" * 64, held) is held

    def test_what_was_made_of_other_things_is_another_candidate(self, folder: Store) -> None:
        held = store_candidate(place(folder), BARE, "c" * 64, None)
        assert store_candidate(place(folder), second(portal=False), "d" * 64, held).version == SECOND
        assert versions_in(folder, "torch/candidate/") == {VERSION, SECOND}


def test_a_run_leaves_its_record_once(folder: Store) -> None:
    key = "runs/torch/20261123T040000Z-held-ab12.json"
    assert write_run_record(folder, key, {"outcome": "held", "started": f"{NOW:%H}"})
    assert not write_run_record(folder, key, {"outcome": "published"})
    stored = folder.get(key)
    assert stored is not None
    assert json.loads(stored.data)["outcome"] == "held"
