"""An operator accepts: what that does, what it refuses, what a kill in the middle leaves, and the runs after it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.june_runs import (
    BY,
    FIRST,
    FIRST_REPORT,
    GDP,
    HELD,
    INVESTMENT,
    JUMPED,
    WHY,
    SiteStore,
    held,
    objects,
    published_gdp,
    rewrite,
)
from support.runs import Record, assert_copies_follow, data, loaded, release, run_records, versions, with_portal
from support.wrapped_stores import CountingStore, InterruptedStore, Killed, KilledStore

from flows.operator.rebuild import rebuild_all
from flows.operator.review import accept, reject
from flows.operator.store_queries import check
from infra.store import open_store
from publish.bucket.layout import STATUS
from publish.release.candidates import AGAIN
from publish.release.decisions import MOST_LETTERS, read_decision
from schemas.codelists import Outcome
from schemas.errors import UsageError
from schemas.registry.sources import load_sources

if TYPE_CHECKING:
    from infra.store import Store

DECISION = f"seed/candidate/{HELD}/decision.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A release once it was accepted, what it was before, and the record of that."""

    after: SiteStore
    before: SiteStore
    record: Record


@pytest.fixture(scope="module")
def accepted(held_site: SiteStore, tmp_path_factory: pytest.TempPathFactory) -> Accepted:
    after = held_site.copied(tmp_path_factory.mktemp("accepted") / "store")
    return Accepted(after=after, before=held_site, record=accept(after.review()))


def tags(store: Store) -> dict[str, str]:
    """Every object with its tag; a record of a run names its store, which is another for each copy."""
    return {key: "" if key.startswith("runs/") else tag for key, tag in objects(store).items()}


def assert_sound(held_release: SiteStore) -> None:
    """Everything that is published verifies, and what follows the pointer follows it."""
    assert check(held_release.url, ()) == (f"{len(versions(held_release.store))} releases of 1 datasets", ())
    assert_copies_follow(held_release.store)


class TestAccepting:
    def test_the_very_bytes_are_published_and_everything_follows(self, accepted: Accepted) -> None:
        store, folder = accepted.after.store, f"seed/candidate/{HELD}/"
        held = {entry.key: data(store, entry.key) for entry in store.list(folder) if entry.key != DECISION}
        record = accepted.record
        assert (record["outcome"], record["exit_status"], record["version"]) == ("published", 0, HELD)
        assert {key: data(store, key.replace("/candidate/", "/v/")) for key in held} == held
        assert {f"{folder}{name}" for name in release(store)} == held.keys() - {f"{folder}SHA256SUMS"}
        assert loaded(store, "seed/latest.json")["released_at"] == "2026-06-08T04:30:00Z"
        assert HELD in data(store, "atom.xml").decode()
        assert published_gdp(store) == JUMPED
        assert_sound(accepted.after)
        assert rebuild_all(store.url, (), load_sources(Path(accepted.after.sources))) == ()

    def test_it_is_recorded_who_decided_and_why_and_for_good(self, accepted: Accepted) -> None:
        store = accepted.after.store
        decided, before = loaded(store, DECISION), objects(store)
        assert (decided["decision"], decided["by"], decided["why"]) == ("accepted", BY, WHY)
        assert (decided["at"], decided["against"]) == ("2026-06-08T04:30:00Z", FIRST)
        assert [finding["code"] for finding in decided["findings"]] == ["magnitude_jump"]
        record = run_records(store)[-1]
        assert (record["kind"], record["outcome"], record["decision"]) == ("decision", "published", decided)
        assert accept(accepted.after.review()) == accepted.record
        again = replace(accepted.after.review(day=9), by="Somebody else", why="other reasons")
        assert accept(again)["decision"] == decided
        assert objects(store) == before

    def test_no_name_stands_in_what_is_public(self, accepted: Accepted) -> None:
        store = accepted.after.store
        public = [key for key in objects(store) if not key.startswith(("runs/", "seed/candidate/"))]
        assert [key for key in public if BY.encode() in data(store, key)] == []

    def test_the_status_says_that_it_is_published_and_that_nothing_waits(self, accepted: Accepted) -> None:
        before, after = accepted.before.status, accepted.after.status
        assert (after["held"], after["published"], after["last_outcome"]) == (None, HELD, "published")
        assert after["last_changed"] == "2026-06-08T04:30:00Z"
        kept = ("state", "last_checked", "last_good", "next_due", "changes")
        assert [after[name] for name in kept] == [before[name] for name in kept]

    def test_the_next_run_with_the_same_page_is_unchanged_and_the_next_release_follows_it(
        self, held_release: SiteStore
    ) -> None:
        accept(held_release.review())
        assert held_release.run(9).outcome is Outcome.UNCHANGED
        assert (versions(held_release.store), held_release.status["held"]) == ([FIRST, HELD], None)
        held_release.editor.correct(*INVESTMENT)
        assert held_release.run(10).outcome is Outcome.PUBLISHED
        assert loaded(held_release.store, "seed/latest.json")["previous"] == HELD
        assert_sound(held_release)

    def test_on_s3(self, s3_url: str, tmp_path: Path) -> None:
        with held(tmp_path / "site", store=s3_url) as held_release:
            accept(held_release.review())
            assert published_gdp(held_release.store) == JUMPED
            assert_sound(held_release)


class TestKilled:
    def test_before_each_kind_of_write_consumers_see_one_release_whole_and_repeating_completes(
        self, tmp_path: Path
    ) -> None:
        with with_portal(), held(tmp_path / "site") as made:

            def copy() -> Store:
                shutil.rmtree(tmp_path / "copy", ignore_errors=True)
                return open_store(str(shutil.copytree(made.url, tmp_path / "copy")))

            counting = CountingStore(within=copy())
            accept(made.review(store=counting))
            expected = tags(counting.within)
            assert len(counting.moments()) >= 12
            for writes in counting.moments():
                store = copy()
                with pytest.raises(Killed):
                    accept(made.review(store=KilledStore(within=store, writes=writes)))
                assert published_gdp(store) in {GDP, JUMPED}
                accept(made.review(store=store))
                assert tags(store) == expected, f"killed after {writes} writes"

    @pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.8, 0.99])
    def test_a_run_that_comes_before_the_repetition_does_no_harm(
        self, held_release: SiteStore, tmp_path: Path, share: float
    ) -> None:
        counting = CountingStore(within=open_store(str(shutil.copytree(held_release.url, tmp_path / "whole"))))
        accept(held_release.review(store=counting))
        writes = int(counting.writes * share)
        with pytest.raises(Killed):
            accept(held_release.review(store=KilledStore(within=held_release.store, writes=writes)))
        pointed = loaded(held_release.store, "seed/latest.json")["version"]
        assert held_release.run(9).outcome is (Outcome.UNCHANGED if pointed == HELD else Outcome.HELD)
        accept(held_release.review(day=10))
        assert published_gdp(held_release.store) == JUMPED
        assert (held_release.status["held"], held_release.status["published"]) == (None, HELD)
        assert_sound(held_release)

    @pytest.mark.parametrize("writes", range(3))
    def test_in_the_middle_of_a_rejection_repeating_completes_it(self, held_release: SiteStore, writes: int) -> None:
        with pytest.raises(Killed):
            reject(held_release.review(store=KilledStore(within=held_release.store, writes=writes)))
        assert reject(held_release.review())["outcome"] == "rejected"
        assert (held_release.status["held"], held_release.status["rejected"]["version"]) == (None, HELD)
        assert [record["outcome"] for record in run_records(held_release.store)] == ["published", "held", "rejected"]


class TestRefusing:
    def test_what_does_not_wait(self, held_site: SiteStore) -> None:
        for version in ("2026.06.03.2", FIRST):
            with pytest.raises(UsageError, match="nothing waits under this version") as caught:
                accept(held_site.review(version))
            assert caught.value.remedy == f"what waits is {HELD}"
        with pytest.raises(UsageError, match="invalid version"):
            accept(held_site.review("../../etc"))

    def test_what_another_release_has_overtaken(self, held_release: SiteStore) -> None:
        held_release.editor.articles[:] = [FIRST_REPORT]
        held_release.editor.correct(*INVESTMENT)
        status = data(held_release.store, STATUS)
        assert held_release.run(5).outcome is Outcome.PUBLISHED
        # as if the candidate were held by a run at the same time
        rewrite(held_release.store, STATUS, lambda _: status)
        before = objects(held_release.store)
        overtaken = f"compared with {FIRST}, and the latest release is 2026.06.05.1"
        with pytest.raises(UsageError, match=overtaken) as caught:
            accept(held_release.review())
        assert caught.value.remedy == AGAIN
        assert objects(held_release.store) == before, "a refusal writes nothing"

    def test_what_a_run_publishes_in_the_very_moment(self, held_release: SiteStore) -> None:
        held_release.editor.articles[:] = [FIRST_REPORT]
        held_release.editor.correct(*INVESTMENT)
        interrupted = InterruptedStore(
            within=held_release.store, method="swap", suffix="seed/latest.json", interrupt=lambda: held_release.run(7)
        )
        with pytest.raises(UsageError, match="another release was published meanwhile"):
            accept(held_release.review(store=interrupted))
        assert interrupted.done
        assert loaded(held_release.store, "seed/latest.json")["version"] == "2026.06.07.1"
        assert "yielded" in [record["outcome"] for record in run_records(held_release.store)]
        assert_copies_follow(held_release.store)

    def test_what_was_decided_otherwise_before(self, held_release: SiteStore, accepted: Accepted) -> None:
        reject(held_release.review())
        with pytest.raises(UsageError, match=f"it was rejected by {BY}"):
            accept(held_release.review())
        assert published_gdp(held_release.store) == GDP
        with pytest.raises(UsageError, match=f"it was accepted by {BY}"):
            reject(accepted.after.review())

    def test_a_rejection_of_what_is_about_to_be_accepted(self, held_release: SiteStore) -> None:
        with pytest.raises(Killed):
            accept(held_release.review(store=KilledStore(within=held_release.store, writes=9)))
        with pytest.raises(UsageError, match=f"it was accepted by {BY}"):
            reject(held_release.review())
        assert held_release.status["rejected"] is None

    def test_whoever_does_not_say_who_and_why(self, held_site: SiteStore) -> None:
        for name, text in (("by", " "), ("why", ""), ("why", "a\nb"), ("by", "x" * (MOST_LETTERS + 1))):
            for act in (accept, reject):
                with pytest.raises(UsageError, match=r"--by|--why"):
                    act(replace(held_site.review(), **{name: text}))  # type: ignore[arg-type]  # the fields are texts
        assert read_decision(held_site.store, "seed", HELD) is None
