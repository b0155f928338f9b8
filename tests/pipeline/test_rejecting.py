"""A rejection: what it leaves, what the nights after it do, and that the first decision stands whoever comes second."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.candidates import WHY, HeldRelease, held
from support.nights import loaded, run_records, table
from support.receivers import hook
from support.release_store import objects, rewrite
from support.scenario import FIRST_REPORT

from flows.operator.review import ReviewContext, accept, reject
from infra.store import open_store
from publish.alerts.lifecycle import AlertEvent
from publish.release.decisions import ReviewDecision, is_rejected, read_decision, record_decision, validate_text
from schemas.codelists import Decision, Outcome, Severity
from schemas.errors import StoreCorrupt, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infra.store import Store

FIRST, HELD = "2026.06.01.1", "2026.06.03.1"
DECISION = f"seed/candidate/{HELD}/decision.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldRelease]:
    """A folder in which a release is held; the tests take copies of it."""
    with held(tmp_path_factory.mktemp("held")) as held_release:
        yield held_release


@pytest.fixture
def held_release(made: HeldRelease, tmp_path: Path) -> Iterator[HeldRelease]:
    """A copy of it; what the site shows is put back afterwards."""
    shutil.copytree(made.url, tmp_path / "store")
    articles = list(made.editor.articles)
    yield replace(made, url=str(tmp_path / "store"))
    made.editor.articles[:] = articles


def gdp(store: Store) -> float:
    """The output of 2024 as a consumer reads it, each file against its hash."""
    rows = table(store, "observations").filter(indicator="gdp", measure="level", period="2024", status="actual")
    return float(rows["value"][0])


class TestRejecting:
    def test_it_is_recorded_and_nothing_waits(self, held_release: HeldRelease) -> None:
        published = objects(held_release.store, "seed/v/")
        record = reject(held_release.hearing())
        assert (record["outcome"], record["exit_status"]) == ("rejected", 0)
        assert loaded(held_release.store, DECISION)["decision"] == "rejected"
        assert objects(held_release.store, "seed/v/") == published
        assert held_release.status["held"] is None
        assert held_release.status["rejected"]["version"] == HELD
        *_, kept = run_records(held_release.store)
        assert kept["decision"]["why"] == WHY

    def test_the_same_page_ends_a_run_unchanged_with_a_note_and_raises_nothing(self, held_release: HeldRelease) -> None:
        reject(held_release.hearing())
        for day in (9, 10):
            result = held_release.live(day)
            assert (result.outcome, result.exit_status, result.version) == (Outcome.UNCHANGED, 0, FIRST)
            assert is_rejected(result.findings)
            assert {one.severity for one in result.findings} <= {Severity.NOTE, Severity.WARN}
            assert (held_release.status["held"], held_release.status["rejected"]["version"]) == (None, HELD)
        assert {entry.key.split("/")[2] for entry in held_release.store.list("seed/candidate/")} == {HELD}
        assert gdp(held_release.store) == 573.72

    def test_the_alert_ends_by_the_operator_once_and_nothing_takes_its_place(
        self, held_release: HeldRelease, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (held,) = held_release.status["alerts"]
        assert (held["code"], held["severity"]) == ("number_jumped", "hold")
        reject(held_release.hearing())
        with hook() as channel:
            monkeypatch.setenv("GONGBAO_ALERT_URLS", f"json://{channel.place}/x")
            nights = [held_release.live(day).alert_changes for day in (9, 10)]
        assert [len(one.events) if one else -1 for one in nights] == [1, 0]
        (post,) = channel.posts
        assert "Gongbao alert cleared, seed" in post.body["title"]
        assert "An operator rejected the candidate" in post.body["message"]
        assert "已由运维人员拒绝" in post.body["message"]
        assert "no longer occurs" not in post.body["message"]
        assert held_release.status["alerts"] == []
        assert {one["severity"] for one in held_release.status["findings"]} == {"note"}

    def test_looser_limits_leave_nothing_of_it_to_alert_of(
        self, held_release: HeldRelease, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reject(held_release.hearing())
        monkeypatch.setenv("GONGBAO_JUMP", "1000")
        found = held_release.live(9).alert_changes
        assert found
        assert [(event, one.code, one.rejected) for event, one in found.events] == [
            (AlertEvent.CLEARED, "number_jumped", True)
        ]

    def test_a_page_put_right_ends_it_by_itself(self, held_release: HeldRelease) -> None:
        reject(held_release.hearing())
        held_release.editor.articles[:] = [FIRST_REPORT]
        found = held_release.live(9).alert_changes
        assert found
        assert [(one.code, one.rejected) for one in found.cleared] == [("number_jumped", False)]

    def test_not_even_looser_limits_publish_it(
        self, held_release: HeldRelease, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reject(held_release.hearing())
        monkeypatch.setenv("GONGBAO_JUMP", "1000")
        assert held_release.live(9).outcome is Outcome.UNCHANGED
        assert gdp(held_release.store) == 573.72

    def test_another_page_is_asked_about_anew(self, held_release: HeldRelease) -> None:
        reject(held_release.hearing())
        held_release.editor.correct("地区生产总值5737.2亿元", "地区生产总值5747.2亿元")
        assert held_release.live(9).outcome is Outcome.HELD
        assert held_release.waiting == "2026.06.09.1"
        assert held_release.status["rejected"] is None

    def test_a_page_that_was_put_right_is_forgotten_and_asked_about_when_it_errs_again(
        self, held_release: HeldRelease
    ) -> None:
        reject(held_release.hearing())
        wrong = list(held_release.editor.articles)
        held_release.editor.articles[:] = [FIRST_REPORT]
        assert held_release.live(9).outcome is Outcome.UNCHANGED
        assert held_release.status["rejected"] is None
        held_release.editor.articles[:] = wrong
        assert held_release.live(10).outcome is Outcome.HELD

    def test_a_run_in_which_the_source_is_down_forgets_nothing(self, held_release: HeldRelease) -> None:
        reject(held_release.hearing())
        page = list(held_release.editor.articles)
        held_release.editor.articles.clear()
        assert held_release.live(9).outcome is Outcome.SOURCE_FAILED
        held_release.editor.articles[:] = page
        assert is_rejected(held_release.live(10).findings)

    def test_what_is_broken_can_be_rejected(self, held_release: HeldRelease) -> None:
        rewrite(held_release.store, f"seed/candidate/{HELD}/manifest.json", lambda _: b"{}")
        assert reject(held_release.hearing())["outcome"] == "rejected"
        assert loaded(held_release.store, DECISION)["manifest_sha256"] == ""


def test_of_two_operators_at_the_same_moment_one_decides(held_release: HeldRelease) -> None:
    barrier, ends = threading.Barrier(2), list[str]()

    def act(hearing: ReviewContext) -> None:
        barrier.wait()
        try:
            ends.append(str((accept if hearing.by == "A" else reject)(hearing)["outcome"]))
        except UsageError as error:
            ends.append(f"refused: {error.what}")

    threads = [threading.Thread(target=act, args=(replace(held_release.hearing(), by=name),)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decided = loaded(held_release.store, DECISION)["decision"]
    assert sorted(end.split(":")[0] for end in ends) == sorted(
        ["refused", "published" if decided == "accepted" else "rejected"]
    )
    assert gdp(held_release.store) == (5737.2 if decided == "accepted" else 573.72)
    assert held_release.status["held"] is None


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
decisions = st.builds(
    ReviewDecision,
    decision=st.sampled_from(Decision),
    dataset=st.just("seed"),
    version=st.just(HELD),
    by=texts,
    why=texts,
    at=st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"),
    against=st.sampled_from(["", FIRST]),
    inputs_sha256=texts,
    manifest_sha256=texts,
    findings=st.lists(st.dictionaries(texts, texts, max_size=2), max_size=2).map(tuple),
)


@contextmanager
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield open_store(str(tmp_path_factory.mktemp("fresh")))


@settings(max_examples=40)
@given(first=decisions, second=decisions)
def test_the_first_decision_stands_and_comes_back_as_it_was_said(
    tmp_path_factory: pytest.TempPathFactory, first: ReviewDecision, second: ReviewDecision
) -> None:
    with fresh(tmp_path_factory) as store:
        assert read_decision(store, "seed", HELD) is None
        assert record_decision(store, first) == first
        assert record_decision(store, second) == first
        assert read_decision(store, "seed", HELD) == first


@given(texts)
def test_what_an_operator_says_is_one_line_or_refused(text: str) -> None:
    try:
        said = validate_text("--why", text)
    except UsageError:
        assert not text.strip() or not text.strip().isprintable()
    else:
        assert said == text.strip() != ""


@pytest.mark.parametrize("broken", [b"{}", b"[]", b"{", json.dumps({"decision": "postponed"}).encode()])
def test_a_decision_that_is_none_is_an_error_that_names_it(held_release: HeldRelease, broken: bytes) -> None:
    accept(held_release.hearing())
    rewrite(held_release.store, DECISION, lambda _: broken)
    with pytest.raises(StoreCorrupt, match=r"decision\.json"):
        read_decision(held_release.store, "seed", HELD)
