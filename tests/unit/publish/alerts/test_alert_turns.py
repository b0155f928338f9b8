"""What people have heard: whoever was told of an alert hears of its end once a channel takes it, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import finding_code

from publish.alerts.grouping import group_into_alerts, of_candidate
from publish.alerts.lifecycle import (
    Alert,
    AlertChanges,
    AlertEvent,
    clear_policy,
    diff_alerts,
    mark_rejected_by_operator,
)
from schemas.alarms.catalogue import alarm
from schemas.codelists import Severity
from schemas.errors import ArticleError, GongbaoError, SourceGone, SourceMalformed, SourceUnreachable, StoreDenied
from schemas.finding import Finding

AT = "2026-06-01T02:30:00Z"
DOWN = SourceUnreachable("no answer", where="http://a.example/1")
EMPTY = ArticleError("no text", where="http://a.example/2")
EVERYTHING = ("source_down", "source_gone", "form_changed")


def finding(code: str, severity: Severity = Severity.WARN, *evidence: str) -> Finding:
    return Finding(
        code=finding_code(code), severity=severity, where="post-1", message=f"It is {code}.", evidence=evidence
    )


def night(
    before: AlertChanges, *findings: Finding, error: GongbaoError | None = None, lost: tuple[str, ...] = ()
) -> AlertChanges:
    """The turn of a night, of whose messages no channel took those that are lost."""
    found = group_into_alerts(findings, error, AT)
    return diff_alerts(
        before.open, found, clear_policy(error, rows_checked=True), before.unsent_clearings
    ).mark_delivered(lost)


def said(now: AlertChanges) -> list[tuple[AlertEvent, str]]:
    return [(event, one.code) for event, one in now.messages]


class TestClearings:
    def test_one_that_no_channel_took_is_told_until_one_does_and_turns_once(self) -> None:
        raised = night(AlertChanges(), error=DOWN)
        lost = night(raised, lost=EVERYTHING)
        assert ([one.code for one in lost.cleared], [one.code for one in lost.unsent_clearings]) == (
            ["source_down"],
        ) * 2
        again = night(lost, lost=EVERYTHING)
        assert (again.events, said(again)) == ((), [(AlertEvent.CLEARED, "source_down")])
        found = group_into_alerts((), None, AT)
        last = diff_alerts(again.open, found, clear_policy(None, rows_checked=True), again.unsent_clearings)
        assert [event for event, _ in last.messages] == [AlertEvent.CLEARED]
        assert (last.mark_delivered(()).unsent_clearings, said(night(last.mark_delivered(())))) == ((), [])

    def test_whoever_was_told_of_the_raise_hears_the_end_though_the_change_was_lost(self) -> None:
        raised = night(AlertChanges(), finding("form_labels", Severity.WARN, "甲"))
        changed = night(raised, finding("form_labels", Severity.WARN, "乙"), lost=EVERYTHING)
        (alert,) = changed.open
        assert (alert.last_delivery_ok, alert.ever_delivered) == (False, True)
        assert [one.code for one in night(changed).cleared] == ["form_changed"]

    def test_a_change_that_was_lost_is_told_as_a_change(self) -> None:
        raised = night(AlertChanges(), finding("form_labels", Severity.WARN, "甲"))
        changed = night(raised, finding("form_labels", Severity.WARN, "乙"), lost=EVERYTHING)
        again = night(changed, finding("form_labels", Severity.WARN, "乙"))
        assert said(again) == [(AlertEvent.CHANGED, "form_changed")]
        assert night(again, finding("form_labels", Severity.WARN, "乙")).messages == ()

    def test_of_what_nobody_was_ever_told_nobody_hears_the_end(self) -> None:
        lost = night(AlertChanges(), error=DOWN, lost=EVERYTHING)
        assert (lost.open[0].ever_delivered, night(lost)) == (False, AlertChanges())

    def test_what_is_back_before_anybody_heard_that_it_was_gone_is_raised_anew(self) -> None:
        lost = night(night(AlertChanges(), error=DOWN), lost=EVERYTHING)
        back = night(lost, error=DOWN)
        assert (said(back), back.unsent_clearings) == ([(AlertEvent.RAISED, "source_down")], ())
        assert said(night(back)) == [(AlertEvent.CLEARED, "source_down")]

    def test_without_a_channel_nothing_is_owed(self) -> None:
        assert night(night(AlertChanges(), error=DOWN)).unsent_clearings == ()


NIGHTS = st.tuples(
    st.lists(st.builds(finding, st.sampled_from(("form_labels", "unit_moved")), st.just(Severity.WARN)), max_size=2),
    st.none() | st.just(DOWN),
    st.booleans(),
)


@given(st.lists(NIGHTS, max_size=10))
def test_over_any_nights_people_know_what_is_open_whenever_the_channels_work(
    nights: list[tuple[list[Finding], GongbaoError | None, bool]],
) -> None:
    now, heard = AlertChanges(), set[str]()
    for findings, error, works in nights:
        found = group_into_alerts(findings, error, AT)
        now = diff_alerts(now.open, found, clear_policy(error, rows_checked=True), now.unsent_clearings)
        messages, lost = now.messages, () if works else tuple(one.code for _, one in now.messages)
        now = now.mark_delivered(lost)
        assert len({one.code for one in (*now.open, *now.unsent_clearings)}) == len((*now.open, *now.unsent_clearings))
        for event, one in messages if works else ():
            assert event is AlertEvent.RAISED or one.code in heard
            heard = heard - {one.code} if event is AlertEvent.CLEARED else heard | {one.code}
        assert {one.code for one in now.open if one.ever_delivered} | {
            one.code for one in now.unsent_clearings
        } == heard
    last = diff_alerts(now.open, (), clear_policy(None, rows_checked=True), now.unsent_clearings)
    assert {one.code for event, one in last.messages if event is AlertEvent.CLEARED} == heard


class TestAfterAnError:
    @pytest.mark.parametrize("code", ["document_withdrawn", "source_empty"])
    def test_what_a_night_has_found_of_the_answer_stands_where_a_page_cannot_be_read(self, code: str) -> None:
        withdrawn = night(AlertChanges(), finding(code))
        failed = night(withdrawn, error=EMPTY)
        assert ([one.code for one in failed.raised], failed.cleared) == (["page_unreadable"], ())
        assert {one.code for one in failed.open} == {withdrawn.open[0].code, "page_unreadable"}
        assert {one.code for one in night(failed).cleared} == {withdrawn.open[0].code, "page_unreadable"}

    @pytest.mark.parametrize("error", [SourceGone("404"), SourceMalformed("no JSON"), DOWN])
    def test_an_error_that_did_not_end_the_night_again_is_over(self, error: GongbaoError) -> None:
        failed = night(night(AlertChanges(), error=error), error=EMPTY)
        assert [one.code for one in failed.cleared] == [group_into_alerts((), error, AT)[0].code]

    def test_an_alert_on_both_is_not_disproved(self) -> None:
        both = replace(group_into_alerts((), SourceGone("404"), AT)[0], codes=("source_gone", "document_withdrawn"))
        assert night(AlertChanges(unchanged=(both,)), error=EMPTY).cleared == ()


class TestRejected:
    def test_what_holds_a_candidate_is_of_it_with_all_that_it_explains(self) -> None:
        jump, share = finding("magnitude_jump", Severity.HOLD), finding("observations_share")
        page, note = finding("form_labels"), finding("indicators_new", Severity.NOTE)
        assert of_candidate((jump, share, page, note)) == {jump, share}
        assert of_candidate((finding("publisher_mismatch", Severity.HOLD), page)) >= {page}
        assert of_candidate((page, note, finding("document_withdrawn"))) == frozenset()

    def test_an_operator_ends_only_what_was_about_the_candidate(self) -> None:
        opened = group_into_alerts((finding("magnitude_jump", Severity.HOLD), finding("form_labels")), DOWN, AT)
        ended = mark_rejected_by_operator(night(AlertChanges(unchanged=opened)), AT)
        assert {one.code: one.rejected for one in ended.cleared} == {
            "form_changed": False,
            "number_jumped": True,
            "source_down": False,
        }
        assert not any(
            one.rejected
            for one in mark_rejected_by_operator(night(AlertChanges(unchanged=opened)), "2026-06-02").cleared
        )


def test_two_turns_of_one_run_are_one_and_come_apart_again() -> None:
    first = night(night(AlertChanges(), finding("form_labels")), error=DOWN)
    second = night(first, finding("form_labels"), error=StoreDenied("no", where="status.json"))
    both = first.merge(second)
    assert [one.code for one in both.raised] == ["source_down", "store_denied"]
    assert both.open == second.open
    later = both.difference(first)
    assert ([one.code for one in later.raised], later.open) == (["store_denied"], both.open)


@pytest.mark.parametrize("told", [True, False])
def test_a_record_of_before_says_of_who_was_ever_told_what_it_says_of_the_last_message(told: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    record = Alert(code="source_down", severity=Severity.WARN, where="", message="", rejected=True).as_record()
    assert Alert.of_record(record).rejected
    del record["known"]
    assert Alert.of_record(record | {"told": told}).ever_delivered is told
    assert alarm("source_down").code in str(record)
