"""The turn of alerts: raised once, silent while nothing moves, changed with its evidence, cleared once, and again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import finding_code

from publish.alerts.grouping import group_into_alerts
from publish.alerts.lifecycle import Alert, AlertChanges, AlertEvent, clear_policy, diff_alerts
from schemas.alarms.catalogue import Stage, alarm, alarms
from schemas.codelists import Severity
from schemas.errors import (
    ArticleError,
    GongbaoError,
    SettingsError,
    SourceGone,
    SourceMalformed,
    SourceUnreachable,
    StoreCorrupt,
    StoreUnavailable,
)
from schemas.finding import Finding

FIRST, LATER = "2026-06-01T02:30:00Z", "2026-06-02T02:30:00Z"
DOWN = SourceUnreachable("no answer after 2 tries (ConnectTimeout)", where="http://a.example/1")


def finding(code: str, severity: Severity = Severity.WARN, *evidence: str, where: str = "post-1") -> Finding:
    return Finding(code=finding_code(code), severity=severity, where=where, message=f"It is {code}.", evidence=evidence)


def night(
    before: tuple[Alert, ...],
    *findings: Finding,
    error: GongbaoError | None = None,
    weighed: bool = True,
    at: str = FIRST,
    lost: tuple[str, ...] = (),
) -> AlertChanges:
    return diff_alerts(
        before, group_into_alerts(findings, error, at), clear_policy(error, rows_checked=weighed)
    ).mark_delivered(lost)


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
        assert (
            group_into_alerts([finding(code, Severity.NOTE) for code in ("indicators_new", "verify_hash")], None, "")
            == ()
        )

    def test_what_another_alarm_explains_is_part_of_its_message(self) -> None:
        cut = finding("numbers_fewer", Severity.HOLD, "was 120 numbers | is 55")
        lost = finding("indicators_vanished", Severity.WARN, "was gdp | is nothing")
        (one,) = group_into_alerts((lost, finding("document_headings"), cut), None, FIRST)
        assert one.code == "numbers_missing"
        assert one.message == cut.message
        assert "It is indicators_vanished. was gdp | is nothing" in one.evidence

    def test_a_lighter_alarm_explains_nothing(self) -> None:
        found = group_into_alerts((finding("numbers_fewer"), finding("unit_moved", Severity.HOLD)), None, FIRST)
        assert codes(found) == ["number_jumped", "numbers_missing"]

    def test_what_has_causes_of_its_own_stays_apart(self) -> None:
        found = group_into_alerts((finding("unit_moved", Severity.HOLD), finding("renderings_differ")), None, FIRST)
        assert codes(found) == ["number_jumped", "renderings_differ"]

    def test_an_explanation_that_is_explained_itself_passes_everything_on(self) -> None:
        chain = ("publisher_mismatch", "numbers_fewer", "indicators_vanished", "document_headings")
        (one,) = group_into_alerts([finding(code, Severity.REJECT) for code in chain], None, FIRST)
        assert one.code == "identity_doubtful"
        assert set(one.codes) == set(chain)
        assert one.codes[0] == "publisher_mismatch"

    def test_an_error_is_an_alert_like_any_other(self) -> None:
        (one,) = group_into_alerts((), DOWN, FIRST)
        assert (one.code, one.severity, one.where) == ("source_down", Severity.REJECT, "http://a.example/1")
        assert (one.message, one.codes) == (DOWN.what, ("source_unreachable",))

    def test_at_most_five_lines_are_shown_and_all_of_them_count(self) -> None:
        many = [
            finding("form_labels", Severity.WARN, *(str(line) for line in range(5)), where=f"post-{at}")
            for at in (1, 2)
        ]
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
        first = night((), error=one)
        second = night(first.open, error=other, at=LATER)
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
        first = night((), error=one)
        second = night(first.open, error=other, at=LATER)
        assert codes(second.changed) == codes(first.raised)
        assert second.changed[0].since == FIRST

    @pytest.mark.parametrize(
        "other",
        [
            finding("form_labels", Severity.WARN, "was 甲 | is 丙"),
            finding("form_labels", Severity.HOLD, "was 甲 | is 乙"),
            finding("form_container", Severity.WARN, "was 甲 | is 乙"),
            finding("form_labels", Severity.WARN, "was 甲 | is 乙", where="post-2"),
            replace(finding("form_labels", Severity.WARN, "was 甲 | is 乙"), count=2),
        ],
    )
    def test_an_alert_changes_with_what_it_rests_on(self, other: Finding) -> None:
        first = night((), finding("form_labels", Severity.WARN, "was 甲 | is 乙"))
        second = night(first.open, other, at=LATER)
        assert [event for event, _ in second.events] == [AlertEvent.CHANGED]
        assert night(second.open, other).events == ()


class TestClearing:
    def test_an_alert_is_raised_once_silent_then_cleared_once_and_raised_again(self) -> None:
        first = night((), error=DOWN)
        second, third = night(first.open, error=DOWN, at=LATER), night(first.open)
        assert [event for event, _ in first.events] == [AlertEvent.RAISED]
        assert (second.events, codes(second.unchanged), second.open[0].since) == ((), ["source_down"], FIRST)
        assert (codes(third.cleared), third.open) == (["source_down"], ())
        assert night(third.open).events == ()
        assert codes(night(third.open, error=DOWN, at=LATER).raised) == ["source_down"]

    def test_a_source_that_is_down_says_nothing_of_what_it_would_say(self) -> None:
        first = night((), finding("form_labels"), finding("unit_moved", Severity.HOLD))
        second = night(first.open, error=DOWN)
        assert (codes(second.raised), second.cleared) == (["source_down"], ())
        assert codes(second.open) == ["form_changed", "number_jumped", "source_down"]

    def test_an_answer_clears_that_there_was_none(self) -> None:
        first = night((), error=DOWN)
        second = night(first.open, error=SourceMalformed("no JSON", where="http://a.example"))
        assert (codes(second.raised), codes(second.cleared)) == (["source_changed"], ["source_down"])

    @pytest.mark.parametrize("error", [StoreUnavailable("no answer"), GongbaoError("a bug"), SettingsError("no")])
    def test_a_fault_of_our_own_clears_nothing(self, error: GongbaoError) -> None:
        before = tuple(Alert(code=one.code, severity=Severity.WARN, where="", message="") for one in alarms())
        assert night(before, error=error).cleared == ()

    @pytest.mark.parametrize("error", [DOWN, SourceGone("404"), ArticleError("empty")])
    def test_a_failure_clears_just_what_lies_before_it(self, error: GongbaoError) -> None:
        before = tuple(Alert(code=one.code, severity=Severity.WARN, where="", message="") for one in alarms())
        order = list(Stage)
        (own,) = group_into_alerts((), error, FIRST)
        point = order.index(alarm(own.code).stage)
        assert set(codes(night(before, error=error).cleared)) == {
            one.code for one in alarms() if order.index(one.stage) < point
        }

    def test_a_night_with_the_inputs_of_the_last_release_says_nothing_of_its_rows(self) -> None:
        first = night((), finding("observations_growth"), finding("form_labels"))
        same = night(first.open, weighed=False)
        assert (codes(same.cleared), codes(same.unchanged)) == (["form_changed"], ["rows_doubtful"])
        assert codes(night(same.open).cleared) == ["rows_doubtful"]

    def test_what_nobody_was_told_of_is_told_again_and_clears_without_a_word(self) -> None:
        first = night((), error=DOWN, lost=("source_down",))
        again = night(first.open, error=DOWN, at=LATER)
        assert (codes(again.raised), again.raised[0].since, again.raised[0].last_delivery_ok) == (
            ["source_down"],
            FIRST,
            True,
        )
        assert night(first.open).events == ()
        assert night(first.open).open == ()


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
    before: tuple[Alert, ...] = ()
    for findings, error, weighed in nights:
        now = night(before, *findings, error=error, weighed=weighed)
        known, after = {one.code: one for one in before}, {one.code: one for one in now.open}
        assert len(after) == len(now.open)
        assert set(codes(now.raised)) == set(after) - set(known)
        assert set(codes(now.cleared)) == set(known) - set(after)
        moved = {code for code in set(known) & set(after) if known[code].fingerprint != after[code].fingerprint}
        assert set(codes(now.changed)) == moved
        found = set(codes(group_into_alerts(findings, error, FIRST)))
        assert found <= set(after)
        assert night(now.open, *findings, error=error, weighed=weighed).events == ()
        before = now.open


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
