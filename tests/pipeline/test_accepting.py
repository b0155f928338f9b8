"""An operator's decision: what it does, what it refuses, what a kill in the middle leaves, and the nights after it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.candidates import BY, WHY, HeldRelease, held
from support.counting import CountingStore
from support.faults import InterruptedStore, Killed, KilledStore
from support.nights import assert_copies_follow, data, loaded, release, run_records, table, versions
from support.release_store import objects, rewrite
from support.scenario import FIRST_REPORT
from support.signed import Keys
from support.switches import with_portal

from flows.operator.rebuild import rebuild_all
from flows.operator.review import accept, reject
from flows.operator.store_queries import check
from infra.store import open_store
from publish.bucket.layout import STATUS
from publish.release.candidates import AGAIN
from publish.release.decisions import MOST_LETTERS, read_decision
from schemas.codelists import Outcome
from schemas.errors import StoreCorrupt, UsageError
from schemas.registry.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.store import Store

FIRST, HELD = "2026.06.01.1", "2026.06.03.1"
DECISION = f"seed/candidate/{HELD}/decision.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldRelease]:
    """A folder in which a release is held; the tests take copies of it."""
    folder = tmp_path_factory.mktemp("held")
    with with_portal(), held(folder) as held_release:
        yield held_release


@pytest.fixture
def held_release(made: HeldRelease, tmp_path: Path) -> Iterator[HeldRelease]:
    """A copy of it; what the site shows is put back afterwards."""
    shutil.copytree(made.url, tmp_path / "store")
    articles = list(made.editor.articles)
    yield replace(made, url=str(tmp_path / "store"))
    made.editor.articles[:] = articles


@pytest.fixture(scope="module")
def whole(made: HeldRelease, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[int]]:
    """What lies in the store once the candidate was accepted and nobody was killed, and at which writes to kill."""
    copy = tmp_path_factory.mktemp("whole") / "store"
    shutil.copytree(made.url, copy)
    store = CountingStore(within=open_store(str(copy)))
    accept(made.hearing(store=store))
    return lying(store.within), store.moments()


def lying(store: Store) -> dict[str, str]:
    """Every object with its tag; a record of a run names its store, which is another for each copy."""
    return {key: "" if key.startswith("runs/") else tag for key, tag in objects(store).items()}


def candidate_files(store: Store) -> dict[str, bytes]:
    folder = f"seed/candidate/{HELD}/"
    keys = [entry.key for entry in store.list(folder) if entry.key != DECISION]
    return {key.removeprefix(folder): data(store, key) for key in keys}


def gdp(store: Store) -> float:
    """The output of 2024 as a consumer reads it, each file against its hash."""
    rows = table(store, "observations").filter(indicator="gdp", measure="level", period="2024", status="actual")
    return float(rows["value"][0])


def sound(held_release: HeldRelease) -> None:
    """Everything that is published verifies, and the archive gives it again byte for byte."""
    assert check(held_release.url, ()) == (f"{len(versions(held_release.store))} releases of 1 datasets", ())


class TestAccepting:
    def test_the_very_bytes_are_published_and_everything_follows(self, held_release: HeldRelease) -> None:
        before = candidate_files(held_release.store)
        record = accept(held_release.hearing())
        assert (record["outcome"], record["exit_status"], record["version"]) == ("published", 0, HELD)
        assert release(held_release.store) == {name: before[name] for name in before if name != "SHA256SUMS"}
        assert data(held_release.store, f"seed/v/{HELD}/SHA256SUMS") == before["SHA256SUMS"]
        assert loaded(held_release.store, "seed/latest.json")["released_at"] == "2026-06-08T04:30:00Z"
        assert HELD in data(held_release.store, "atom.xml").decode()
        assert gdp(held_release.store) == 5737.2
        assert_copies_follow(held_release.store)
        sound(held_release)

    def test_the_archive_gives_it_again(self, held_release: HeldRelease) -> None:
        accept(held_release.hearing())
        assert rebuild_all(held_release.url, (), load_sources(Path(held_release.sources))) == ()

    def test_it_is_recorded_who_decided_and_why_and_for_good(self, held_release: HeldRelease) -> None:
        accept(held_release.hearing())
        decided = loaded(held_release.store, DECISION)
        assert (decided["decision"], decided["by"], decided["why"]) == ("accepted", BY, WHY)
        assert (decided["at"], decided["against"]) == ("2026-06-08T04:30:00Z", FIRST)
        assert [finding["code"] for finding in decided["findings"]] == ["magnitude_jump"]
        *_, record = run_records(held_release.store)
        assert (record["kind"], record["outcome"], record["decision"]) == ("decision", "published", decided)
        again = replace(held_release.hearing(HELD, day=9), by="Somebody else", why="other reasons")
        assert accept(again)["decision"] == decided
        assert loaded(held_release.store, DECISION) == decided

    def test_no_name_stands_in_what_is_public(self, held_release: HeldRelease) -> None:
        accept(held_release.hearing())
        for key in objects(held_release.store):
            if not key.startswith(("runs/", "seed/candidate/")):
                assert BY.encode() not in data(held_release.store, key), key

    def test_the_status_says_that_it_is_published_and_that_nothing_waits(self, held_release: HeldRelease) -> None:
        before = held_release.status
        accept(held_release.hearing())
        after = held_release.status
        assert (after["held"], after["published"], after["last_outcome"]) == (None, HELD, "published")
        assert after["last_changed"] == "2026-06-08T04:30:00Z"
        for name in ("state", "last_checked", "last_good", "next_due", "changes"):
            assert after[name] == before[name], name

    def test_the_next_run_with_the_same_page_is_unchanged(self, held_release: HeldRelease) -> None:
        accept(held_release.hearing())
        assert held_release.live(9).outcome is Outcome.UNCHANGED
        assert versions(held_release.store) == [FIRST, HELD]
        assert held_release.status["held"] is None

    def test_the_release_after_it_follows_it(self, held_release: HeldRelease) -> None:
        accept(held_release.hearing())
        held_release.editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        assert held_release.live(9).outcome is Outcome.PUBLISHED
        assert loaded(held_release.store, "seed/latest.json")["previous"] == HELD
        sound(held_release)

    def test_again_changes_nothing(self, held_release: HeldRelease) -> None:
        first = accept(held_release.hearing())
        before = objects(held_release.store)
        assert accept(held_release.hearing(HELD)) == first
        assert objects(held_release.store) == before

    def test_it_is_signed_with_the_keys_that_were_set_when_it_was_held(
        self, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GONGBAO_MINISIGN_KEY", str(keys.minisign))
        monkeypatch.setenv("GONGBAO_SSH_KEY", str(keys.ssh))
        with held(tmp_path / "signed") as held_release:
            with pytest.raises(UsageError, match="to sign it"):
                accept(replace(held_release.hearing(), signers=()))
            assert read_decision(held_release.store, "seed", HELD) is None
            accept(held_release.hearing())
            trusted = (str(keys.minisign_public), str(keys.ssh_public))
            assert check(held_release.url, (), trusted) == ("2 releases of 1 datasets", ())

    def test_on_either_store(self, store_url: str, tmp_path: Path) -> None:
        with held(tmp_path / "site", store=store_url) as held_release:
            accept(held_release.hearing())
            assert gdp(held_release.store) == 5737.2
            assert_copies_follow(held_release.store)
            assert held_release.live(9).outcome is Outcome.UNCHANGED
            sound(held_release)


class TestKilled:
    def test_before_each_kind_of_write_consumers_see_one_release_whole_and_repeating_completes(
        self, made: HeldRelease, tmp_path: Path, whole: tuple[dict[str, str], list[int]]
    ) -> None:
        expected, moments = whole
        assert len(moments) >= 20
        for writes in moments:
            copy = tmp_path / str(writes)
            shutil.copytree(made.url, copy)
            store = open_store(str(copy))
            with pytest.raises(Killed):
                accept(made.hearing(store=KilledStore(within=store, writes=writes)))
            assert gdp(store) in {573.72, 5737.2}
            accept(made.hearing(HELD, day=8, store=store))
            assert lying(store) == expected, f"killed after {writes} writes"
            shutil.rmtree(copy)

    @pytest.mark.parametrize("writes", [0, 1, 20, 37, 60, 71, 73])
    def test_a_run_that_comes_before_the_repetition_does_no_harm(self, held_release: HeldRelease, writes: int) -> None:
        with pytest.raises(Killed):
            accept(held_release.hearing(store=KilledStore(within=held_release.store, writes=writes)))
        pointed = loaded(held_release.store, "seed/latest.json")["version"]
        assert held_release.live(9).outcome is (Outcome.UNCHANGED if pointed == HELD else Outcome.HELD)
        accept(held_release.hearing(HELD, day=10))
        assert gdp(held_release.store) == 5737.2
        assert (held_release.status["held"], held_release.status["published"]) == (None, HELD)
        assert_copies_follow(held_release.store)
        sound(held_release)

    @pytest.mark.parametrize("writes", range(3))
    def test_in_the_middle_of_a_rejection_repeating_completes_it(self, held_release: HeldRelease, writes: int) -> None:
        with pytest.raises(Killed):
            reject(held_release.hearing(store=KilledStore(within=held_release.store, writes=writes)))
        assert reject(held_release.hearing(HELD))["outcome"] == "rejected"
        assert (held_release.status["held"], held_release.status["rejected"]["version"]) == (None, HELD)
        assert [record["outcome"] for record in run_records(held_release.store)] == ["published", "held", "rejected"]


class TestRefusing:
    def test_what_does_not_wait(self, held_release: HeldRelease) -> None:
        for version in ("2026.06.03.2", FIRST):
            with pytest.raises(UsageError, match="nothing waits under this version") as caught:
                accept(held_release.hearing(version))
            assert caught.value.remedy == f"what waits is {HELD}"
        with pytest.raises(UsageError, match="invalid version"):
            accept(held_release.hearing("../../etc"))

    def test_what_another_release_has_overtaken(self, held_release: HeldRelease) -> None:
        held_release.editor.articles[:] = [FIRST_REPORT]
        held_release.editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        status = data(held_release.store, STATUS)
        assert held_release.live(5).outcome is Outcome.PUBLISHED
        rewrite(
            held_release.store, STATUS, lambda _: status
        )  # as if the candidate were held by a night at the same time
        before = objects(held_release.store)
        with pytest.raises(
            UsageError, match=f"compared with {FIRST}, and the latest release is 2026.06.05.1"
        ) as caught:
            accept(held_release.hearing())
        assert caught.value.remedy == AGAIN
        assert objects(held_release.store) == before, "a refusal writes nothing"

    def test_what_a_run_publishes_in_the_very_moment(self, held_release: HeldRelease) -> None:
        held_release.editor.articles[:] = [FIRST_REPORT]
        held_release.editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        interrupted = InterruptedStore(
            within=held_release.store, method="swap", suffix="seed/latest.json", interrupt=lambda: held_release.live(7)
        )
        with pytest.raises(UsageError, match="another release was published meanwhile"):
            accept(held_release.hearing(store=interrupted))
        assert interrupted.done
        assert loaded(held_release.store, "seed/latest.json")["version"] == "2026.06.07.1"
        assert "yielded" in [record["outcome"] for record in run_records(held_release.store)]
        assert_copies_follow(held_release.store)

    @pytest.mark.parametrize("name", ["observations.parquet", "manifest.json", "SHA256SUMS"])
    def test_what_somebody_has_touched(self, held_release: HeldRelease, name: str) -> None:
        rewrite(held_release.store, f"seed/candidate/{HELD}/{name}", lambda old: old + b" ")
        before = objects(held_release.store)
        with pytest.raises(StoreCorrupt, match=r"candidate/2026\.06\.03\.1/"):
            accept(held_release.hearing())
        assert objects(held_release.store) == before

    def test_what_was_decided_otherwise_before(self, held_release: HeldRelease) -> None:
        reject(held_release.hearing())
        with pytest.raises(UsageError, match=f"it was rejected by {BY}"):
            accept(held_release.hearing(HELD))
        assert gdp(held_release.store) == 573.72

    def test_a_rejection_of_what_is_accepted(self, held_release: HeldRelease) -> None:
        accept(held_release.hearing())
        with pytest.raises(UsageError, match=f"it was accepted by {BY}"):
            reject(held_release.hearing(HELD))

    def test_a_rejection_of_what_is_about_to_be_accepted(self, held_release: HeldRelease) -> None:
        with pytest.raises(Killed):
            accept(held_release.hearing(store=KilledStore(within=held_release.store, writes=9)))
        with pytest.raises(UsageError, match=f"it was accepted by {BY}"):
            reject(held_release.hearing())
        assert held_release.status["rejected"] is None

    @pytest.mark.parametrize("change", [{"by": " "}, {"why": ""}, {"why": "a\nb"}, {"by": "x" * (MOST_LETTERS + 1)}])
    def test_whoever_does_not_say_who_and_why(self, held_release: HeldRelease, change: dict[str, str]) -> None:
        for act in (accept, reject):
            with pytest.raises(UsageError, match=r"--by|--why"):
                act(replace(held_release.hearing(), **change))  # type: ignore[arg-type]  # the fields are texts
        assert read_decision(held_release.store, "seed", HELD) is None
