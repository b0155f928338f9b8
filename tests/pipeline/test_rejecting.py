"""A rejection: what it leaves, what the runs after it do, and that the first decision stands whoever comes second."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.june_runs import FIRST, FIRST_REPORT, GDP, HELD, JUMPED, WHY, SiteStore, objects, published_gdp, rewrite
from support.receivers import hook
from support.runs import loaded, run_records

from flows.operator.review import ReviewContext, accept, reject
from infra.store import open_store
from publish.alerts.lifecycle import AlertEvent
from publish.release.decisions import ReviewDecision, is_rejected, read_decision, record_decision, validate_text
from schemas.codelists import Decision, Outcome, Severity
from schemas.errors import StoreCorrupt, UsageError

DECISION = f"seed/candidate/{HELD}/decision.json"


@pytest.fixture
def rejected(held_release: SiteStore) -> SiteStore:
    """A held release that was rejected."""
    assert reject(held_release.review())["exit_status"] == 0
    return held_release


def test_it_is_recorded_and_nothing_waits(held_site: SiteStore, rejected: SiteStore) -> None:
    *_, record = run_records(rejected.store)
    assert (record["outcome"], record["decision"]["why"]) == ("rejected", WHY)
    assert loaded(rejected.store, DECISION)["decision"] == "rejected"
    assert objects(rejected.store, "seed/v/") == objects(held_site.store, "seed/v/")
    assert (rejected.status["held"], rejected.status["rejected"]["version"]) == (None, HELD)


def test_the_same_page_ends_a_run_unchanged_with_a_note_and_the_alert_is_cleared_once(
    held_site: SiteStore, rejected: SiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [(one["code"], one["severity"]) for one in held_site.status["alerts"]] == [("number_jumped", "hold")]
    with hook() as channel:
        monkeypatch.setenv("GONGBAO_ALERT_URLS", f"json://{channel.place}/x")
        for day, events in ((9, 1), (10, 0)):
            result = rejected.run(day)
            assert (result.outcome, result.exit_status, result.version) == (Outcome.UNCHANGED, 0, FIRST)
            assert is_rejected(result.findings)
            assert {finding.severity for finding in result.findings} <= {Severity.NOTE, Severity.WARN}
            assert (rejected.status["held"], rejected.status["rejected"]["version"]) == (None, HELD)
            assert result.alert_changes
            assert len(result.alert_changes.events) == events
    (post,) = channel.posts
    assert "Gongbao alert cleared, seed" in post.body["title"]
    assert "operator rejected the candidate" in post.body["message"]
    assert "已由运维人员拒绝" in post.body["message"]
    assert "no longer occurs" not in post.body["message"]
    assert rejected.status["alerts"] == []
    assert {finding["severity"] for finding in rejected.status["findings"]} == {"note"}
    assert {entry.key.split("/")[2] for entry in rejected.store.list("seed/candidate/")} == {HELD}
    assert published_gdp(rejected.store) == GDP


def test_looser_limits_neither_publish_it_nor_raise_an_alert(
    rejected: SiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGBAO_JUMP", "1000")
    result = rejected.run(9)
    assert result.outcome is Outcome.UNCHANGED
    assert published_gdp(rejected.store) == GDP
    assert result.alert_changes
    events = [(event, alert.code, alert.rejected) for event, alert in result.alert_changes.events]
    assert events == [(AlertEvent.CLEARED, "number_jumped", True)]


def test_another_page_is_asked_about_anew(rejected: SiteStore) -> None:
    rejected.editor.correct("地区生产总值5737.2亿元", "地区生产总值5747.2亿元")
    assert rejected.run(9).outcome is Outcome.HELD
    assert (rejected.status["held"]["version"], rejected.status["rejected"]) == ("2026.06.09.1", None)


def test_a_page_that_was_put_right_is_forgotten_and_asked_about_when_it_errs_again(rejected: SiteStore) -> None:
    wrong = list(rejected.editor.articles)
    rejected.editor.articles[:] = [FIRST_REPORT]
    result = rejected.run(9)
    assert (result.outcome, rejected.status["rejected"]) == (Outcome.UNCHANGED, None)
    assert result.alert_changes
    assert [(alert.code, alert.rejected) for alert in result.alert_changes.cleared] == [("number_jumped", False)]
    rejected.editor.articles[:] = wrong
    assert rejected.run(10).outcome is Outcome.HELD


def test_a_run_in_which_the_source_is_down_forgets_nothing(rejected: SiteStore) -> None:
    page = list(rejected.editor.articles)
    rejected.editor.articles.clear()
    assert rejected.run(9).outcome is Outcome.SOURCE_FAILED
    rejected.editor.articles[:] = page
    assert is_rejected(rejected.run(10).findings)


def test_what_is_broken_can_be_rejected(held_release: SiteStore) -> None:
    rewrite(held_release.store, f"seed/candidate/{HELD}/manifest.json", lambda _: b"{}")
    assert reject(held_release.review())["outcome"] == "rejected"
    assert loaded(held_release.store, DECISION)["manifest_sha256"] == ""


def test_of_two_operators_at_the_same_moment_one_decides(held_release: SiteStore) -> None:
    barrier, ends = threading.Barrier(2), list[str]()

    def act(review: ReviewContext) -> None:
        barrier.wait()
        try:
            ends.append(str((accept if review.by == "A" else reject)(review)["outcome"]))
        except UsageError:
            ends.append("refused")

    threads = [threading.Thread(target=act, args=(replace(held_release.review(), by=name),)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = loaded(held_release.store, DECISION)["decision"] == "accepted"
    assert sorted(ends) == sorted(["refused", "published" if accepted else "rejected"])
    assert published_gdp(held_release.store) == (JUMPED if accepted else GDP)
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


@settings(max_examples=20)
@given(first=decisions, second=decisions)
def test_the_first_decision_stands_and_comes_back_as_it_was_said(first: ReviewDecision, second: ReviewDecision) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(folder)
        assert read_decision(store, "seed", HELD) is None
        assert record_decision(store, first) == record_decision(store, second) == first
        assert read_decision(store, "seed", HELD) == first


@given(texts)
def test_what_an_operator_says_is_one_line_or_refused(text: str) -> None:
    try:
        valid = validate_text("--why", text)
    except UsageError:
        assert not text.strip() or not text.strip().isprintable()
    else:
        assert valid == text.strip() != ""


@pytest.mark.parametrize("broken", [b"{}", b"[]", b"{", json.dumps({"decision": "postponed"}).encode()])
def test_a_decision_that_is_none_is_an_error_that_names_it(held_release: SiteStore, broken: bytes) -> None:
    reject(held_release.review())
    rewrite(held_release.store, DECISION, lambda _: broken)
    with pytest.raises(StoreCorrupt, match=r"decision\.json"):
        read_decision(held_release.store, "seed", HELD)
