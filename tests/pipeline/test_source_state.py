"""How a source stands after a night, and when everything of it could last be read: by what the night found."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from support.codes import finding_code
from support.requires import ROOT

from flows.run.context import RunContext, RunResult, create_context
from flows.stages.finalize import next_status
from publish.alerts.status import HeldCandidate, SourceStatus
from schemas.codelists import Outcome, Severity, SourceState
from schemas.errors import GongbaoError, SourceGone, SourceMalformed, SourceUnreachable, StoreUnavailable
from schemas.finding import PAGE_STRUCTURE_CODES, SOURCE_DRIFT_CODES, Finding, FindingCode

OK, GONE, DRIFTED = SourceState.OK, SourceState.GONE, SourceState.DRIFTED
EARLIER = "2026-06-01T02:30:00Z"
HELD = HeldCandidate(version="2026.06.03.1", inputs_sha256="c" * 64)


@pytest.fixture
def night(tmp_path: Path, sources: str) -> RunContext:
    return create_context("seed", str(tmp_path / "store"), sources, None)


def finding(code: str, severity: Severity = Severity.WARN) -> Finding:
    return Finding(code=finding_code(code), severity=severity, where="post-1", message="It is so.")


def state(
    run: RunContext, outcome: Outcome, *findings: Finding, error: GongbaoError | None = None
) -> list[SourceState]:
    """The state after such a night, for each that the source may have had before."""
    result = RunResult(
        outcome=outcome, findings=findings, error=error, held_candidate=HELD if outcome is Outcome.HELD else None
    )
    return [next_status(run, SourceStatus(state=former), result).state for former in SourceState]


@pytest.mark.parametrize("code", sorted(PAGE_STRUCTURE_CODES))
def test_a_source_has_drifted_while_a_page_has_another_form_than_in_the_latest_release(
    night: RunContext, code: str
) -> None:
    assert state(night, Outcome.UNCHANGED, finding(code)) == [DRIFTED] * 3
    assert state(night, Outcome.HELD, finding(code), finding("publisher_mismatch", Severity.HOLD)) == [DRIFTED] * 3
    assert state(night, Outcome.PUBLISHED, finding(code)) == [OK] * 3, "the release has that form now"
    assert state(night, Outcome.UNCHANGED) == [OK] * 3
    assert state(night, Outcome.UNCHANGED, finding(code, Severity.NOTE)) == [OK] * 3


@pytest.mark.parametrize("code", sorted(SOURCE_DRIFT_CODES))
def test_a_source_has_drifted_while_a_drift_is_held(night: RunContext, code: str) -> None:
    assert state(night, Outcome.HELD, finding(code, Severity.HOLD)) == [DRIFTED] * 3
    assert state(night, Outcome.UNCHANGED) == [OK] * 3


@pytest.mark.parametrize("code", ["publisher_mismatch", "documents_unread", "reader_form", "contract_breaking"])
def test_what_is_held_for_other_reasons_has_not_drifted(night: RunContext, code: str) -> None:
    assert state(night, Outcome.HELD, finding(code, Severity.HOLD), finding("indicators_vanished")) == [OK] * 3


def test_every_drift_is_one_that_is_found() -> None:
    sources = "".join(path.read_text("utf-8") for path in sorted((ROOT / "publish" / "drift").glob("*.py")))
    drifts = {code for code in FindingCode if re.search(rf"\bFindingCode\.{code.name}\b", sources)}
    neither = {FindingCode.INDICATORS_NEW, FindingCode.READER_DRIFT, FindingCode.READER_FORM}
    assert drifts - neither == SOURCE_DRIFT_CODES


@pytest.mark.parametrize(
    ("error", "states"),
    [
        (SourceGone("404"), [GONE] * 3),
        (SourceMalformed("no JSON"), [DRIFTED] * 3),
        (SourceUnreachable("no answer"), list(SourceState)),
        (StoreUnavailable("no answer"), list(SourceState)),
    ],
)
def test_an_error_that_says_nothing_of_the_source_leaves_what_was_known(
    night: RunContext, error: GongbaoError, states: list[SourceState]
) -> None:
    assert state(night, Outcome.SOURCE_FAILED, error=error) == states


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_run_that_read_everything_is_a_good_one_though_somebody_has_to_decide(
    night: RunContext, outcome: Outcome
) -> None:
    good = {Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.YIELDED, Outcome.HELD}
    before = SourceStatus(last_good=EARLIER, held=replace(HELD, version="2026.06.02.1"))
    after = next_status(
        night, before, RunResult(outcome=outcome, held_candidate=HELD if outcome is Outcome.HELD else None)
    )
    assert (after.last_good > EARLIER) is (outcome in good)
    assert after.held == (HELD if outcome is Outcome.HELD else None if outcome in good else before.held)
