"""The state of a source after a run, and when everything of it could last be read: by what the run found."""

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
from schemas.document import STRUCTURE_FIELDS
from schemas.errors import GongbaoError, SourceGone, SourceMalformed, SourceUnreachable, StoreUnavailable
from schemas.finding import PAGE_STRUCTURE_CODES, SOURCE_DRIFT_CODES, Finding, FindingCode

OK, GONE, DRIFTED = SourceState.OK, SourceState.GONE, SourceState.DRIFTED
EARLIER = "2026-06-01T02:30:00Z"
HELD = HeldCandidate(version="2026.06.03.1", inputs_sha256="c" * 64)
GOOD = {Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.YIELDED, Outcome.HELD}


@pytest.fixture
def run(tmp_path: Path, sources: str) -> RunContext:
    return create_context("seed", str(tmp_path / "store"), sources, None)


def finding(code: str, severity: Severity = Severity.WARN) -> Finding:
    return Finding(code=finding_code(code), severity=severity, where="post-1", message="It is so.")


def result(outcome: Outcome, *findings: Finding, error: GongbaoError | None = None) -> RunResult:
    candidate = HELD if outcome is Outcome.HELD else None
    return RunResult(outcome=outcome, findings=findings, error=error, held_candidate=candidate)


def states(run: RunContext, ended: RunResult) -> list[SourceState]:
    """The state after such a run, for each that the source may have had before."""
    return [next_status(run, SourceStatus(state=former), ended).state for former in SourceState]


@pytest.mark.parametrize("code", sorted(PAGE_STRUCTURE_CODES))
def test_a_source_has_drifted_while_a_page_has_another_form_than_in_the_latest_release(
    run: RunContext, code: str
) -> None:
    mismatch = finding("publisher_mismatch", Severity.HOLD)
    assert states(run, result(Outcome.UNCHANGED, finding(code))) == [DRIFTED] * 3
    assert states(run, result(Outcome.HELD, finding(code), mismatch)) == [DRIFTED] * 3
    assert states(run, result(Outcome.PUBLISHED, finding(code))) == [OK] * 3, "the release has that form now"
    assert states(run, result(Outcome.UNCHANGED, finding(code, Severity.NOTE))) == [OK] * 3


def test_a_source_has_drifted_while_a_drift_is_held_and_for_no_other_reason(run: RunContext) -> None:
    for code in SOURCE_DRIFT_CODES:
        assert states(run, result(Outcome.HELD, finding(code, Severity.HOLD))) == [DRIFTED] * 3, code
    assert states(run, result(Outcome.UNCHANGED)) == [OK] * 3
    for other in ("publisher_mismatch", "documents_unread", "reader_form", "contract_breaking"):
        held = result(Outcome.HELD, finding(other, Severity.HOLD), finding("indicators_vanished"))
        assert states(run, held) == [OK] * 3, other


def test_every_drift_is_one_that_is_found() -> None:
    sources = "".join(path.read_text("utf-8") for path in sorted((ROOT / "publish" / "drift").glob("*.py")))
    drifts = {code for code in FindingCode if re.search(rf"\bFindingCode\.{code.name}\b", sources)}
    drifts |= {FindingCode(f"form_{facet}") for facet in STRUCTURE_FIELDS if facet != "headings"}
    neither = {FindingCode.INDICATORS_NEW, FindingCode.READER_DRIFT, FindingCode.READER_FORM}
    assert drifts - neither == SOURCE_DRIFT_CODES


def test_an_error_that_says_nothing_of_the_source_leaves_what_was_known(run: RunContext) -> None:
    for error, expected in (
        (SourceGone("404"), [GONE] * 3),
        (SourceMalformed("no JSON"), [DRIFTED] * 3),
        (SourceUnreachable("no answer"), list(SourceState)),
        (StoreUnavailable("no answer"), list(SourceState)),
    ):
        assert states(run, result(Outcome.SOURCE_FAILED, error=error)) == expected, error


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_run_that_read_everything_is_a_good_one_though_somebody_has_to_decide(
    run: RunContext, outcome: Outcome
) -> None:
    before = SourceStatus(last_good=EARLIER, held=replace(HELD, version="2026.06.02.1"))
    after = next_status(run, before, result(outcome))
    assert (after.last_good > EARLIER) is (outcome in GOOD)
    assert after.held == (HELD if outcome is Outcome.HELD else None if outcome in GOOD else before.held)
