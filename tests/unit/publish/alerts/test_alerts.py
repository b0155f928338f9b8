"""The turn of alerts: raised once, silent while nothing moves, changed with its evidence, cleared once, and again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from schemas.alarms.catalogue import Stage, alarm, alarms
from schemas.codelists import Severity
from schemas.errors import (
    ArticleError,
    ContentError,
    GongbaoError,
    SettingsError,
    SourceError,
    SourceGone,
    SourceMalformed,
    SourceUnreachable,
    StoreCorrupt,
    StoreDenied,
    StoreUnavailable,
)
from schemas.finding import Finding

FIRST, LATER = "2026-06-01T02:30:00Z", "2026-06-02T02:30:00Z"
DOWN = SourceUnreachable("no answer after 2 tries (ConnectTimeout)", where="http://a.example/1")
EMPTY = ArticleError("no text", where="http://a.example/2")
EVERYTHING = ("source_down", "source_gone", "form_changed")


def finding(code: str, severity: Severity = Severity.WARN, *evidence: str, where: str = "post-1") -> Finding:
    return Finding(code=finding_code(code), severity=severity, where=where, message=f"It is {code}.", evidence=evidence)


def night(
    before: AlertChanges,
    *findings: Finding,
    error: GongbaoError | None = None,
    weighed: bool = True,
    at: str = FIRST,
    lost: tuple[str, ...] = (),
) -> AlertChanges:
    """The turn of a night, of whose messages no channel took those that are lost."""
    found, policy = group_into_alerts(findings, error, at), clear_policy(error, rows_checked=weighed)
    return diff_alerts(before.open, found, policy, before.unsent_clearings).mark_delivered(lost)


def codes(several: tuple[Alert, ...]) -> list[str]:
    return [one.code for one in several]


class TestFolding:
    def test_findings_under_one_alarm_are_one_alert_with_the_heaviest_first(self) -> None:
        light, heavy = finding("form_labels", Severity.WARN, "甲"), finding("form_container", Severity.HOLD, "乙", "丙")
        (one,) = group_into_alerts((light, heavy), None, FIRST)
        assert (one.code, one.severity, one.message, one.since) == ("form_changed", Severity.HOLD, heavy.message, FIRST)
        assert one.codes == ("form_container", "form_labels")
        assert one.evidence == ("乙", "丙", "It is form_labels. 甲")

    def test_notes_alarm_nobody(self) -> None:
        notes = [finding(code, Severity.NOTE) for code in ("indicators_new", "verify_hash")]
        assert group_into_alerts(notes, None, FIRST) == ()

    def test_what_another_alarm_explains_is_part_of_its_message(self) -> None:
        cut = finding("numbers_fewer", Severity.HOLD, "was 120 numbers | is 55")
        lost = finding("indicators_vanished", Severity.WARN, "was gdp | is nothing")
        (one,) = group_into_alerts((lost, finding("document_headings"), cut), None, FIRST)
        assert one.code == "numbers_missing"
        assert one.message == cut.message
        assert "It is indicators_vanished. was gdp | is nothing" in one.evidence

    def test_a_lighter_alarm_and_one_with_other_causes_explain_nothing(self) -> None:
        moved = finding("unit_moved", Severity.HOLD)
        for other, alarm_code in (("numbers_fewer", "numbers_missing"), ("renderings_differ", "renderings_differ")):
            assert codes(group_into_alerts((finding(other), moved), None, FIRST)) == ["number_jumped", alarm_code]

    def test_an_explanation_that_is_explained_itself_passes_everything_on(self) -> None:
        chain = ("publisher_mismatch", "numbers_fewer", "indicators_vanished", "document_headings")
        (one,) = group_into_alerts([finding(code, Severity.REJECT) for code in chain], None, FIRST)
        assert (one.code, one.codes[0], set(one.codes)) == ("identity_doubtful", "publisher_mismatch", set(chain))

    def test_an_error_is_an_alert_like_any_other(self) -> None:
        (one,) = group_into_alerts((), DOWN, FIRST)
        assert (one.code, one.severity, one.where) == ("source_down", Severity.REJECT, "http://a.example/1")
        assert (one.message, one.codes) == (DOWN.what, ("source_unreachable",))

    def test_at_most_five_lines_are_shown_and_all_of_them_count(self) -> None:
        many = [finding("form_labels", Severity.WARN, *"01234", where=f"post-{at}") for at in (1, 2)]
        more = replace(many[1], evidence=("0", "1", "2", "3", "other"))
        (one,), (other,) = group_into_alerts(many, None, FIRST), group_into_alerts((many[0], more), None, FIRST)
        assert len(one.evidence) == 5
        assert one.evidence == other.evidence
        assert one.fingerprint != other.fingerprint


class TestFingerprint:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (DOWN, SourceUnreachable("it answers 503", where="http://a.example/2")),
            (StoreUnavailable("no answer", where="s3://b"), StoreUnavailable("it answers 500", where="s3://b/c")),
            (GongbaoError("KeyError: <x at 0x7f2a> 12"), GongbaoError("KeyError: <x at 0x11bc> 13")),
        ],
    )
    def test_what_moves_from_night_to_night_is_no_news(self, one: GongbaoError, other: GongbaoError) -> None:
        first = night(AlertChanges(), error=one)
        second = night(first, error=other, at=LATER)
        assert (second.events, second.open) == ((), first.open)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (StoreCorrupt("no JSON", where="index.json"), StoreCorrupt("no JSON", where="status.json")),
            (GongbaoError("KeyError: 'a'"), GongbaoError("KeyError: 'b'")),
            (SettingsError("not a value", where="GONGBAO_PACE"), SettingsError("not a value", where="GONGBAO_TRIES")),
            (ArticleError("empty", where="http://a.example/1"), ArticleError("empty", where="http://a.example/2")),
        ],
    )
    def test_another_place_or_another_fault_is_news(self, one: GongbaoError, other: GongbaoError) -> None:
        first = night(AlertChanges(), error=one)
        second = night(first, error=other, at=LATER)
        assert codes(second.changed) == codes(first.raised)
        assert second.changed[0].since == FIRST

    @pytest.mark.parametrize(
        "change",
        [
            *({"evidence": ("was 甲 | is 丙",)}, {"severity": Severity.HOLD}, {"where": "post-2"}, {"count": 2}),
            {"code": finding_code("form_container")},
        ],
        ids=str,
    )
    def test_an_alert_changes_with_what_it_rests_on(self, change: dict[str, Any]) -> None:
        before = finding("form_labels", Severity.WARN, "was 甲 | is 乙")
        other = replace(before, **change)
        second = night(night(AlertChanges(), before), other, at=LATER)
        assert [event for event, _ in second.events] == [AlertEvent.CHANGED]
        assert night(second, other).events == ()


class TestClearing:
    def test_an_alert_is_raised_once_silent_then_cleared_once_and_raised_again(self) -> None:
        first = night(AlertChanges(), error=DOWN)
        second, third = night(first, error=DOWN, at=LATER), night(first)
        assert [event for event, _ in first.events] == [AlertEvent.RAISED]
        assert (second.events, codes(second.unchanged), second.open[0].since) == ((), ["source_down"], FIRST)
        assert (codes(third.cleared), third.open) == (["source_down"], ())
        assert night(third).events == ()
        assert codes(night(third, error=DOWN, at=LATER).raised) == ["source_down"]

    def test_a_source_that_is_down_says_nothing_of_what_it_would_say(self) -> None:
        first = night(AlertChanges(), finding("form_labels"), finding("unit_moved", Severity.HOLD))
        second = night(first, error=DOWN)
        assert (codes(second.raised), second.cleared) == (["source_down"], ())
        assert codes(second.open) == ["form_changed", "number_jumped", "source_down"]

    def test_an_answer_clears_that_there_was_none(self) -> None:
        first = night(AlertChanges(), error=DOWN)
        second = night(first, error=SourceMalformed("no JSON", where="http://a.example"))
        assert (codes(second.raised), codes(second.cleared)) == (["source_changed"], ["source_down"])

    @pytest.mark.parametrize(
        "error",
        [DOWN, SourceGone("404"), ArticleError("empty"), StoreUnavailable("no"), GongbaoError("a bug")],
        ids=lambda error: type(error).__name__,
    )
    def test_a_failure_clears_just_what_lies_before_it_and_a_fault_of_our_own_nothing(
        self, error: GongbaoError
    ) -> None:
        before = tuple(Alert(code=one.code, severity=Severity.WARN, where="", message="") for one in alarms())
        order = list(Stage)
        (own,) = group_into_alerts((), error, FIRST)
        point = order.index(alarm(own.code).stage) if isinstance(error, SourceError | ContentError) else 0
        expected = {one.code for one in alarms() if order.index(one.stage) < point}
        assert set(codes(night(AlertChanges(unchanged=before), error=error).cleared)) == expected

    def test_a_night_with_the_inputs_of_the_last_release_says_nothing_of_its_rows(self) -> None:
        first = night(AlertChanges(), finding("observations_growth"), finding("form_labels"))
        same = night(first, weighed=False)
        assert (codes(same.cleared), codes(same.unchanged)) == (["form_changed"], ["rows_doubtful"])
        assert codes(night(same).cleared) == ["rows_doubtful"]

    def test_what_nobody_was_told_of_is_told_again_and_clears_without_a_word(self) -> None:
        first = night(AlertChanges(), error=DOWN, lost=("source_down",))
        again = night(first, error=DOWN, at=LATER)
        (raised,) = again.raised
        assert (raised.code, raised.since, raised.last_delivery_ok) == ("source_down", FIRST, True)
        assert (night(first).events, night(first).open) == ((), ())


CODES = ("form_labels", "document_headings", "numbers_fewer", "unit_moved", "observations_share", "renderings_differ")
ERRORS = st.sampled_from((DOWN, SourceGone("404"), StoreUnavailable("no"), ArticleError("empty"), GongbaoError("x")))
FINDINGS = st.builds(
    finding, st.sampled_from(CODES), st.sampled_from(tuple(Severity)), st.sampled_from(("甲", "乙")), where=st.just("p")
)
NIGHTS = st.tuples(st.lists(FINDINGS, max_size=4), st.none() | ERRORS, st.booleans())


@given(st.lists(NIGHTS, min_size=1, max_size=8))
def test_over_any_nights_every_alert_is_told_when_it_turns_and_only_then(
    nights: list[tuple[list[Finding], GongbaoError | None, bool]],
) -> None:
    before = AlertChanges()
    for findings, error, weighed in nights:
        now = night(before, *findings, error=error, weighed=weighed)
        known, after = {one.code: one for one in before.open}, {one.code: one for one in now.open}
        assert len(after) == len(now.open)
        assert set(codes(now.raised)) == set(after) - set(known)
        assert set(codes(now.cleared)) == set(known) - set(after)
        moved = {code for code in set(known) & set(after) if known[code].fingerprint != after[code].fingerprint}
        assert set(codes(now.changed)) == moved
        found = set(codes(group_into_alerts(findings, error, FIRST)))
        assert found <= set(after)
        assert night(now, *findings, error=error, weighed=weighed).events == ()
        before = now


@given(st.lists(FINDINGS, max_size=6))
def test_the_order_of_findings_makes_no_other_alert(findings: list[Finding]) -> None:
    shuffled = sorted(findings, key=lambda one: (one.evidence, one.code))
    one, other = group_into_alerts(findings, None, FIRST), group_into_alerts(shuffled, None, FIRST)
    assert [(each.code, each.severity, each.fingerprint) for each in one] == [
        (each.code, each.severity, each.fingerprint) for each in other
    ]


@given(FINDINGS, st.booleans())
def test_an_alert_comes_back_from_its_record_as_it_was(seen: Finding, told: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    for one in group_into_alerts((seen,), DOWN, FIRST):
        kept = replace(one, last_delivery_ok=told)
        assert Alert.of_record(kept.as_record()) == kept


def test_of_a_record_of_another_version_only_the_code_has_to_be_there() -> None:
    read = Alert.of_record({"code": "source_down", "of_a_later_version": 1})
    assert read == Alert(code="source_down", severity=Severity.WARN, where="", message="")


def said(now: AlertChanges) -> list[tuple[AlertEvent, str]]:
    return [(event, one.code) for event, one in now.messages]


class TestClearings:
    def test_one_that_no_channel_took_is_told_until_one_does_and_turns_once(self) -> None:
        raised = night(AlertChanges(), error=DOWN)
        lost = night(raised, lost=EVERYTHING)
        assert [one.code for one in lost.cleared] == [one.code for one in lost.unsent_clearings] == ["source_down"]
        again = night(lost, lost=EVERYTHING)
        assert (again.events, said(again)) == ((), [(AlertEvent.CLEARED, "source_down")])
        found = group_into_alerts((), None, FIRST)
        last = diff_alerts(again.open, found, clear_policy(None, rows_checked=True), again.unsent_clearings)
        assert [event for event, _ in last.messages] == [AlertEvent.CLEARED]
        assert (last.mark_delivered(()).unsent_clearings, said(night(last.mark_delivered(())))) == ((), [])

    def test_a_change_that_was_lost_is_told_as_a_change_and_its_end_to_whoever_was_told_of_the_raise(self) -> None:
        first, second = (finding("form_labels", Severity.WARN, evidence) for evidence in "甲乙")
        changed = night(night(AlertChanges(), first), second, lost=EVERYTHING)
        (alert,) = changed.open
        assert (alert.last_delivery_ok, alert.ever_delivered) == (False, True)
        assert [one.code for one in night(changed).cleared] == ["form_changed"]
        again = night(changed, second)
        assert said(again) == [(AlertEvent.CHANGED, "form_changed")]
        assert night(again, second).messages == ()

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


DELIVERIES = st.tuples(
    st.lists(st.builds(finding, st.sampled_from(("form_labels", "unit_moved")), st.just(Severity.WARN)), max_size=2),
    st.none() | st.just(DOWN),
    st.booleans(),
)


@given(st.lists(DELIVERIES, max_size=10))
def test_over_any_nights_people_know_what_is_open_whenever_the_channels_work(
    nights: list[tuple[list[Finding], GongbaoError | None, bool]],
) -> None:
    now, heard = AlertChanges(), set[str]()
    for findings, error, works in nights:
        found = group_into_alerts(findings, error, FIRST)
        now = diff_alerts(now.open, found, clear_policy(error, rows_checked=True), now.unsent_clearings)
        messages, lost = now.messages, () if works else tuple(one.code for _, one in now.messages)
        now = now.mark_delivered(lost)
        assert len({one.code for one in (*now.open, *now.unsent_clearings)}) == len((*now.open, *now.unsent_clearings))
        for event, one in messages if works else ():
            assert event is AlertEvent.RAISED or one.code in heard
            heard = heard - {one.code} if event is AlertEvent.CLEARED else heard | {one.code}
        known = [one.code for one in now.open if one.ever_delivered]
        assert {*known, *(one.code for one in now.unsent_clearings)} == heard
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
        assert [one.code for one in failed.cleared] == [group_into_alerts((), error, FIRST)[0].code]

    def test_an_alert_on_both_is_not_disproved(self) -> None:
        both = replace(group_into_alerts((), SourceGone("404"), FIRST)[0], codes=("source_gone", "document_withdrawn"))
        assert night(AlertChanges(unchanged=(both,)), error=EMPTY).cleared == ()


class TestRejected:
    def test_what_holds_a_candidate_is_of_it_with_all_that_it_explains(self) -> None:
        jump, share = finding("magnitude_jump", Severity.HOLD), finding("observations_share")
        page, note = finding("form_labels"), finding("indicators_new", Severity.NOTE)
        assert of_candidate((jump, share, page, note)) == {jump, share}
        assert of_candidate((finding("publisher_mismatch", Severity.HOLD), page)) >= {page}
        assert of_candidate((page, note, finding("document_withdrawn"))) == frozenset()

    def test_an_operator_ends_only_what_was_about_the_candidate(self) -> None:
        opened = group_into_alerts((finding("magnitude_jump", Severity.HOLD), finding("form_labels")), DOWN, FIRST)
        ended = mark_rejected_by_operator(night(AlertChanges(unchanged=opened)), FIRST)
        rejected = {one.code: one.rejected for one in ended.cleared}
        assert rejected == {"form_changed": False, "number_jumped": True, "source_down": False}
        later = mark_rejected_by_operator(night(AlertChanges(unchanged=opened)), "2026-06-02")
        assert not any(one.rejected for one in later.cleared)


def test_two_turns_of_one_run_are_one_and_come_apart_again() -> None:
    first = night(night(AlertChanges(), finding("form_labels")), error=DOWN)
    second = night(first, finding("form_labels"), error=StoreDenied("no", where="status.json"))
    both = first.merge(second)
    assert [one.code for one in both.raised] == ["source_down", "store_denied"]
    assert both.open == second.open
    later = both.difference(first)
    assert ([one.code for one in later.raised], later.open) == (["store_denied"], both.open)


def test_a_record_of_before_says_of_who_was_ever_told_what_it_says_of_the_last_message() -> None:
    record = Alert(code="source_down", severity=Severity.WARN, where="", message="", rejected=True).as_record()
    assert Alert.of_record(record).rejected
    del record["known"]
    assert [Alert.of_record(record | {"told": told}).ever_delivered for told in (True, False)] == [True, False]
