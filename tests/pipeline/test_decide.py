"""An operator's decision: what it does, what it refuses, what a kill in the middle leaves, and the nights after it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.candidates import BY, WHY, Bench, held
from support.faults import Killed, MeddledStore, MortalStore
from support.nights import data, loaded, release, run_records, shelves, table, versions
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
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A folder in which a release is held; the tests take copies of it."""
    folder = tmp_path_factory.mktemp("held")
    with with_portal(), held(folder) as bench:
        yield bench


@pytest.fixture
def bench(made: Bench, tmp_path: Path) -> Iterator[Bench]:
    """A copy of it; what the site shows is put back afterwards."""
    shutil.copytree(made.url, tmp_path / "store")
    articles = list(made.desk.articles)
    yield replace(made, url=str(tmp_path / "store"))
    made.desk.articles[:] = articles


@pytest.fixture(scope="module")
def whole(made: Bench, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What lies in the store once the candidate was accepted and nobody was killed."""
    copy = tmp_path_factory.mktemp("whole") / "store"
    shutil.copytree(made.url, copy)
    store = MortalStore(within=open_store(str(copy)), writes=9999)
    accept(made.hearing(store=store))
    return {**lying(store.within), "writes": str(store.done)}


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


def sound(bench: Bench) -> None:
    """Everything that is published verifies, and the archive gives it again byte for byte."""
    assert check(bench.url, ()) == (f"{len(versions(bench.store))} releases of 1 datasets", ())


class TestAccepting:
    def test_the_very_bytes_are_published_and_everything_follows(self, bench: Bench) -> None:
        before = candidate_files(bench.store)
        record = accept(bench.hearing())
        assert (record["outcome"], record["exit_status"], record["version"]) == ("published", 0, HELD)
        assert release(bench.store) == {name: before[name] for name in before if name != "SHA256SUMS"}
        assert data(bench.store, f"seed/v/{HELD}/SHA256SUMS") == before["SHA256SUMS"]
        assert loaded(bench.store, "seed/latest.json")["released_at"] == "2026-06-08T04:30:00Z"
        assert HELD in data(bench.store, "atom.xml").decode()
        assert gdp(bench.store) == 5737.2
        shelves(bench.store)
        sound(bench)

    def test_the_archive_gives_it_again(self, bench: Bench) -> None:
        accept(bench.hearing())
        assert rebuild_all(bench.url, (), load_sources(Path(bench.sources))) == ()

    def test_it_is_recorded_who_decided_and_why_and_for_good(self, bench: Bench) -> None:
        accept(bench.hearing())
        decided = loaded(bench.store, DECISION)
        assert (decided["decision"], decided["by"], decided["why"]) == ("accepted", BY, WHY)
        assert (decided["at"], decided["against"]) == ("2026-06-08T04:30:00Z", FIRST)
        assert [finding["code"] for finding in decided["findings"]] == ["magnitude_jump"]
        *_, record = run_records(bench.store)
        assert (record["kind"], record["outcome"], record["decision"]) == ("decision", "published", decided)
        again = replace(bench.hearing(HELD, day=9), by="Somebody else", why="other reasons")
        assert accept(again)["decision"] == decided
        assert loaded(bench.store, DECISION) == decided

    def test_no_name_stands_in_what_is_public(self, bench: Bench) -> None:
        accept(bench.hearing())
        for key in objects(bench.store):
            if not key.startswith(("runs/", "seed/candidate/")):
                assert BY.encode() not in data(bench.store, key), key

    def test_the_status_says_that_it_is_published_and_that_nothing_waits(self, bench: Bench) -> None:
        before = bench.status
        accept(bench.hearing())
        after = bench.status
        assert (after["held"], after["published"], after["last_outcome"]) == (None, HELD, "published")
        assert after["last_changed"] == "2026-06-08T04:30:00Z"
        for name in ("state", "last_checked", "last_good", "next_due", "changes"):
            assert after[name] == before[name], name

    def test_the_next_night_with_the_same_page_is_unchanged(self, bench: Bench) -> None:
        accept(bench.hearing())
        assert bench.live(9).outcome is Outcome.UNCHANGED
        assert versions(bench.store) == [FIRST, HELD]
        assert bench.status["held"] is None

    def test_the_release_after_it_follows_it(self, bench: Bench) -> None:
        accept(bench.hearing())
        bench.desk.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        assert bench.live(9).outcome is Outcome.PUBLISHED
        assert loaded(bench.store, "seed/latest.json")["previous"] == HELD
        sound(bench)

    def test_again_changes_nothing(self, bench: Bench) -> None:
        first = accept(bench.hearing())
        before = objects(bench.store)
        assert accept(bench.hearing(HELD)) == first
        assert objects(bench.store) == before

    def test_it_is_signed_with_the_keys_that_were_set_when_it_was_held(
        self, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GONGBAO_MINISIGN_KEY", str(keys.minisign))
        monkeypatch.setenv("GONGBAO_SSH_KEY", str(keys.ssh))
        with held(tmp_path / "signed") as bench:
            with pytest.raises(UsageError, match="to sign it"):
                accept(replace(bench.hearing(), signers=()))
            assert read_decision(bench.store, "seed", HELD) is None
            accept(bench.hearing())
            trusted = (str(keys.minisign_public), str(keys.ssh_public))
            assert check(bench.url, (), trusted) == ("2 releases of 1 datasets", ())

    def test_on_either_store(self, store_url: str, tmp_path: Path) -> None:
        with held(tmp_path / "site", store=store_url) as bench:
            accept(bench.hearing())
            assert gdp(bench.store) == 5737.2
            shelves(bench.store)
            assert bench.live(9).outcome is Outcome.UNCHANGED
            sound(bench)


class TestKilled:
    @pytest.mark.parametrize("tenth", range(10))
    def test_between_any_two_writes_consumers_see_one_release_whole_and_repeating_completes(
        self, made: Bench, tmp_path: Path, whole: dict[str, str], tenth: int
    ) -> None:
        expected = {key: etag for key, etag in whole.items() if key != "writes"}
        for writes in range(tenth, int(whole["writes"]), 10):
            copy = tmp_path / str(writes)
            shutil.copytree(made.url, copy)
            store = open_store(str(copy))
            with pytest.raises(Killed):
                accept(made.hearing(store=MortalStore(within=store, writes=writes)))
            assert gdp(store) in {573.72, 5737.2}
            accept(made.hearing(HELD, day=8, store=store))
            assert lying(store) == expected, f"killed after {writes} writes"
            shutil.rmtree(copy)

    @pytest.mark.parametrize("writes", [0, 1, 20, 37, 60, 71, 73])
    def test_a_night_that_comes_before_the_repetition_does_no_harm(self, bench: Bench, writes: int) -> None:
        with pytest.raises(Killed):
            accept(bench.hearing(store=MortalStore(within=bench.store, writes=writes)))
        pointed = loaded(bench.store, "seed/latest.json")["version"]
        assert bench.live(9).outcome is (Outcome.UNCHANGED if pointed == HELD else Outcome.HELD)
        accept(bench.hearing(HELD, day=10))
        assert gdp(bench.store) == 5737.2
        assert (bench.status["held"], bench.status["published"]) == (None, HELD)
        shelves(bench.store)
        sound(bench)

    @pytest.mark.parametrize("writes", range(3))
    def test_in_the_middle_of_a_rejection_repeating_completes_it(self, bench: Bench, writes: int) -> None:
        with pytest.raises(Killed):
            reject(bench.hearing(store=MortalStore(within=bench.store, writes=writes)))
        assert reject(bench.hearing(HELD))["outcome"] == "rejected"
        assert (bench.status["held"], bench.status["rejected"]["version"]) == (None, HELD)
        assert [record["outcome"] for record in run_records(bench.store)] == ["published", "held", "rejected"]


class TestRefusing:
    def test_what_does_not_wait(self, bench: Bench) -> None:
        for version in ("2026.06.03.2", FIRST):
            with pytest.raises(UsageError, match="nothing waits under this version") as caught:
                accept(bench.hearing(version))
            assert caught.value.remedy == f"what waits is {HELD}"
        with pytest.raises(UsageError, match="is no version"):
            accept(bench.hearing("../../etc"))

    def test_what_another_release_has_overtaken(self, bench: Bench) -> None:
        bench.desk.articles[:] = [FIRST_REPORT]
        bench.desk.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        status = data(bench.store, STATUS)
        assert bench.live(5).outcome is Outcome.PUBLISHED
        rewrite(bench.store, STATUS, lambda _: status)  # as if the candidate were held by a night at the same time
        before = objects(bench.store)
        with pytest.raises(
            UsageError, match=f"compared with {FIRST}, and the latest release is 2026.06.05.1"
        ) as caught:
            accept(bench.hearing())
        assert caught.value.remedy == AGAIN
        assert objects(bench.store) == before, "a refusal writes nothing"

    def test_what_a_night_publishes_in_the_very_moment(self, bench: Bench) -> None:
        bench.desk.articles[:] = [FIRST_REPORT]
        bench.desk.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        meddled = MeddledStore(
            within=bench.store, method="swap", suffix="seed/latest.json", meddle=lambda: bench.live(7)
        )
        with pytest.raises(UsageError, match="another release was published meanwhile"):
            accept(bench.hearing(store=meddled))
        assert meddled.done
        assert loaded(bench.store, "seed/latest.json")["version"] == "2026.06.07.1"
        assert "yielded" in [record["outcome"] for record in run_records(bench.store)]
        shelves(bench.store)

    @pytest.mark.parametrize("name", ["observations.parquet", "manifest.json", "SHA256SUMS"])
    def test_what_somebody_has_touched(self, bench: Bench, name: str) -> None:
        rewrite(bench.store, f"seed/candidate/{HELD}/{name}", lambda old: old + b" ")
        before = objects(bench.store)
        with pytest.raises(StoreCorrupt, match=r"candidate/2026\.06\.03\.1/"):
            accept(bench.hearing())
        assert objects(bench.store) == before

    def test_what_was_decided_otherwise_before(self, bench: Bench) -> None:
        reject(bench.hearing())
        with pytest.raises(UsageError, match=f"it was rejected by {BY}"):
            accept(bench.hearing(HELD))
        assert gdp(bench.store) == 573.72

    def test_a_rejection_of_what_is_accepted(self, bench: Bench) -> None:
        accept(bench.hearing())
        with pytest.raises(UsageError, match=f"it was accepted by {BY}"):
            reject(bench.hearing(HELD))

    def test_a_rejection_of_what_is_about_to_be_accepted(self, bench: Bench) -> None:
        with pytest.raises(Killed):
            accept(bench.hearing(store=MortalStore(within=bench.store, writes=9)))
        with pytest.raises(UsageError, match=f"it was accepted by {BY}"):
            reject(bench.hearing())
        assert bench.status["rejected"] is None

    @pytest.mark.parametrize("change", [{"by": " "}, {"why": ""}, {"why": "a\nb"}, {"by": "x" * (MOST_LETTERS + 1)}])
    def test_whoever_does_not_say_who_and_why(self, bench: Bench, change: dict[str, str]) -> None:
        for act in (accept, reject):
            with pytest.raises(UsageError, match=r"--by|--why"):
                act(replace(bench.hearing(), **change))  # type: ignore[arg-type]  # the fields are texts
        assert read_decision(bench.store, "seed", HELD) is None
