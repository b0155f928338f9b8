"""Writing a release: a kill at any point and another run at the same moment leave what consumers see whole."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.drafts import VERSION, draft, first, place, renamed, second
from support.faults import InterruptedStore, Killed, KilledStore
from support.reports import NOW, corrected, report_2023, texts

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
from schemas.release import DocumentEntry, Pointer

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


@pytest.fixture
def store(store_url: str) -> Store:
    return open_store(store_url)


@pytest.fixture
def folder(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "folder"))


def text_of(_dataset: str, document: DocumentEntry) -> str:
    changed = corrected()
    return changed.document.text if document.text_sha256 == changed.text_sha256 else texts()[document.document]


def whole(store: Store) -> None:
    """Everything that is published stands, and `latest/` shows what the pointer names."""
    assert verify(store, text_of) == ()


def gdp(store: Store) -> list[float]:
    """The values of the release that the pointer names, every file against its hash."""
    pointer = pointed(store)
    tables = load_tables(store, load_manifest(store, "torch", pointer))
    return [value for value in tables["observations"]["value"].to_list() if value in {573.72, 575.8}]


def pointed(store: Store) -> Pointer:
    pointer = read_pointer(store, "torch")
    assert pointer is not None
    return pointer


class TestShip:
    def test_a_first_release_is_published_whole(self, store: Store) -> None:
        assert publish_release(place(store), first()) == PublishResult(outcome=Outcome.PUBLISHED, version=VERSION)
        pointer = pointed(store)
        assert (pointer.version, pointer.previous, pointer.released_at) == (VERSION, "", "2026-11-23T04:00:00Z")
        assert pointer.manifest == f"torch/v/{VERSION}/manifest.json"
        assert gdp(store) == [573.72]
        whole(store)

    def test_a_second_release_of_the_day_counts_on_and_is_listed_first(self, store: Store) -> None:
        publish_release(place(store), first())
        assert publish_release(place(store), second()).version == "2026.11.23.2"
        assert [listed.version for listed in load_index(store)["torch"]] == ["2026.11.23.2", VERSION]
        assert pointed(store).previous == VERSION
        assert gdp(store) == [575.8]
        whole(store)

    def test_the_first_release_stays_as_it_was(self, folder: Store) -> None:
        publish_release(place(folder), first())
        before = {entry.key: entry.etag for entry in folder.list(f"torch/v/{VERSION}/")}
        publish_release(place(folder), second())
        assert {entry.key: entry.etag for entry in folder.list(f"torch/v/{VERSION}/")} == before

    def test_every_write_is_what_it_is_served_as(self, folder: Store) -> None:
        seen: dict[str, Headers] = {}

        class Watching(KilledStore):
            def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
                seen[key] = headers
                return self.within.put_new(key, data, headers)

        publish_release(place(Watching(within=folder, writes=99)), first())
        assert seen
        assert all(found == headers(key) for key, found in seen.items())
        assert {found.cache_control for found in seen.values()} == {"public, max-age=31536000, immutable"}

    def test_a_version_that_holds_other_content_is_left_alone(self, folder: Store) -> None:
        foreign = f"torch/v/{VERSION}/manifest.json"
        folder.put_new(foreign, b"{}", headers(foreign))
        assert publish_release(place(folder), first()).version == "2026.11.23.2"
        assert [entry.key for entry in folder.list(f"torch/v/{VERSION}/")] == [foreign]
        assert pointed(folder).version == "2026.11.23.2"

    def test_a_day_full_of_foreign_versions_ends_with_an_error(self, folder: Store) -> None:
        for count in range(1, MOST_VERSIONS + 1):
            foreign = f"torch/v/2026.11.23.{count}/manifest.json"
            folder.put_new(foreign, b"{}", headers(foreign))
        with pytest.raises(StoreUnavailable, match="taken by other content"):
            publish_release(place(folder), first())
        assert read_pointer(folder, "torch") is None

    def test_what_reads_back_otherwise_is_not_published(self, folder: Store) -> None:
        broken = Path(folder.url) / "torch" / "v" / VERSION / "numbers.csv"
        interrupted = InterruptedStore(
            within=folder, method="get", suffix="manifest.json", interrupt=lambda: broken.write_bytes(b"rotten")
        )
        with pytest.raises(StoreCorrupt, match=r"numbers\.csv"):
            publish_release(place(interrupted), first())
        assert read_pointer(folder, "torch") is None


class TestKill:
    @pytest.mark.parametrize("writes", KILLS)
    def test_a_run_killed_between_two_writes_leaves_the_former_release_and_the_next_run_completes(
        self, folder: Store, writes: int
    ) -> None:
        publish_release(place(folder), first())
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=folder, writes=writes)), second())
        moved = pointed(folder).version != VERSION
        assert gdp(folder) == ([575.8] if moved else [573.72])
        if moved:
            repair_after_crash(folder, "torch", pointed(folder))
        else:
            whole(folder)
            publish_release(place(folder), second())
        assert pointed(folder).version == "2026.11.23.2"
        assert gdp(folder) == [575.8]
        whole(folder)

    def test_a_release_has_as_many_writes_as_the_test_kills_at(self, folder: Store) -> None:
        publish_release(place(folder), first())
        mortal = KilledStore(within=folder, writes=999)
        publish_release(place(mortal), second())
        assert mortal.done == WRITES_OF_A_RELEASE

    @pytest.mark.parametrize("writes", KILLS)
    def test_a_first_release_killed_between_two_writes_is_completed_by_the_next_run(
        self, folder: Store, writes: int
    ) -> None:
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=folder, writes=writes)), first())
        pointer = read_pointer(folder, "torch")
        if pointer:
            repair_after_crash(folder, "torch", pointer)
        else:
            assert publish_release(place(folder), first()).version == VERSION
        assert gdp(folder) == [573.72]
        whole(folder)

    def test_the_next_run_may_come_another_day(self, folder: Store) -> None:
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=folder, writes=9)), first())
        shipped = publish_release(place(folder, days=1), lambda version: release_files(draft(), version))
        assert shipped.version == "2026.11.24.1"
        assert [listed.version for listed in load_index(folder)["torch"]] == ["2026.11.24.1"]
        whole(folder)


class TestRace:
    def test_of_two_runs_that_read_the_same_pointer_the_second_yields(self, store: Store) -> None:
        early, late = place(store), place(store)
        assert publish_release(early, first()).outcome is Outcome.PUBLISHED
        before = visible(store)
        assert publish_release(late, second()) == PublishResult(outcome=Outcome.YIELDED, version="2026.11.23.2")
        assert visible(store) == before
        whole(store)

    def test_two_runs_with_the_same_content_write_one_version_and_one_yields(self, folder: Store) -> None:
        early, late = place(folder), place(folder)
        assert [publish_release(early, first()).outcome, publish_release(late, first()).outcome] == [
            Outcome.PUBLISHED,
            Outcome.YIELDED,
        ]
        assert {entry.key.split("/")[2] for entry in folder.list("torch/v/")} == {VERSION}
        whole(folder)

    def test_many_runs_at_the_same_moment_leave_one_release(self, store: Store) -> None:
        builds = [first(), partial(release_files, draft(report_2023(), corrected()))] * 3
        barrier = threading.Barrier(len(builds))
        outcomes: list[Outcome] = []

        def run(build: FileBuilder) -> None:
            where = place(store)
            barrier.wait()
            outcomes.append(publish_release(where, build).outcome)

        threads = [threading.Thread(target=run, args=(build,)) for build in builds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == [Outcome.PUBLISHED] + [Outcome.YIELDED] * (len(builds) - 1)
        assert len(load_index(store)["torch"]) == 1
        whole(store)

    def test_a_slow_copier_does_not_overwrite_the_copies_of_a_newer_release(self, folder: Store) -> None:
        for method, suffix in (("list", "latest/"), ("swap", "latest/manifest.json"), ("swap", "latest/numbers.csv")):
            fresh = open_store(f"{folder.url}-{method}-{suffix.replace('/', '-')}")
            slow = InterruptedStore(within=fresh, method=method, suffix=suffix, interrupt=partial(overtake, fresh))
            publish_release(place(slow), first())
            assert slow.done
            assert pointed(fresh).version == "2026.11.23.2"
            whole(fresh)

    def test_the_index_keeps_what_another_dataset_wrote_meanwhile(self, folder: Store) -> None:
        other = renamed(draft(), "cuiheng")

        def meanwhile() -> None:
            publish_release(
                replace(place(folder), dataset="cuiheng", expected_pointer=None),
                lambda version: release_files(other, version),
            )

        interrupted = InterruptedStore(within=folder, method="swap", suffix="index.json", interrupt=meanwhile)
        publish_release(place(interrupted), first())
        assert set(load_index(folder)) == {"torch", "cuiheng"}
        whole(folder)


class TestHold:
    def test_a_held_release_lies_beside_the_published_ones(self, folder: Store) -> None:
        publish_release(place(folder), first())
        before = visible(folder)
        held = store_candidate(place(folder), second(), "c" * 64, None)
        since, against = "2026-11-23T04:00:00Z", VERSION
        assert held == HeldCandidate(version="2026.11.23.2", inputs_sha256="c" * 64, since=since, against=against)
        assert len(folder.list("torch/candidate/2026.11.23.2/")) == FILES_OF_A_RELEASE
        assert visible(folder) == before

    def test_what_was_made_of_the_same_is_not_laid_down_again(self, folder: Store) -> None:
        publish_release(place(folder), first())
        held = store_candidate(place(folder), second(), "c" * 64, None)
        assert store_candidate(place(KilledStore(within=folder, writes=0), days=1), second(), "c" * 64, held) is held

    def test_what_was_made_of_other_things_is_another_candidate(self, folder: Store) -> None:
        held = store_candidate(place(folder), first(), "c" * 64, None)
        assert store_candidate(place(folder), second(), "d" * 64, held).version == "2026.11.23.2"
        assert {entry.key.split("/")[2] for entry in folder.list("torch/candidate/")} == {VERSION, "2026.11.23.2"}


def test_a_run_leaves_its_record_once(folder: Store) -> None:
    key = "runs/torch/20261123T040000Z-held-ab12.json"
    assert write_run_record(folder, key, {"outcome": "held", "started": f"{NOW:%H}"})
    assert not write_run_record(folder, key, {"outcome": "published"})
    stored = folder.get(key)
    assert stored is not None
    assert json.loads(stored.data)["outcome"] == "held"


def overtake(store: Store) -> None:
    """Another run that publishes the next release from start to end."""
    publish_release(place(store), second())


def visible(store: Store) -> dict[str, bytes]:
    """What consumers look at: the pointer, the copies and the index."""
    keys = [entry.key for entry in store.list("torch/latest")] + ["index.json"]
    return {key: stored.data for key in keys if (stored := store.get(key))}
