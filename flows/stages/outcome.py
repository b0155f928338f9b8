"""How a run ends: an error becomes a result, and the gate's verdict what is to be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from flows.run.context import RunResult
from flows.run.previous_state import PreviousState
from flows.stages.candidate import ReleaseCandidate, findings_of
from publish.alerts.grouping import of_candidate
from publish.gate.verdict import decide_verdict
from publish.release.decisions import rejected_finding
from schemas.codelists import Outcome, Severity, Verdict
from schemas.errors import ContentError, GongbaoError, SourceError, StoreError, UsageError
from schemas.finding import Finding
from schemas.reading import Reading

_ENDS = MappingProxyType(
    {
        Verdict.PUBLISH: Outcome.PUBLISHED,
        Verdict.UNCHANGED: Outcome.UNCHANGED,
        Verdict.HOLD: Outcome.HELD,
        Verdict.REJECT: Outcome.REJECTED,
    }
)

_ASKS = frozenset({Verdict.PUBLISH, Verdict.HOLD})
"""What may not come of inputs that an operator has rejected."""


class OutcomeRecorder:
    """Takes the result of a run; one that is given none has failed."""

    def __init__(self) -> None:
        """Begin without a result."""
        self.result = RunResult(outcome=Outcome.FAILED)


@contextmanager
def capture_errors() -> Iterator[OutcomeRecorder]:
    """Whatever goes wrong within becomes the result."""
    end = OutcomeRecorder()
    try:
        yield end
    except GongbaoError as error:
        end.result = RunResult(outcome=_outcome(error), error=error)
    except Exception as error:  # noqa: BLE001 - the one place: an unforeseen error must leave its record too
        unforeseen = GongbaoError(f"{type(error).__name__}: {error}", remedy="report it, with the record of this run")
        end.result = RunResult(outcome=Outcome.FAILED, error=unforeseen)


def apply_gate(before: PreviousState, proposal: ReleaseCandidate) -> tuple[Verdict, RunResult]:
    """The gate's verdict, and the result so far: what is to be written is not written yet."""
    findings = proposal.inspection.findings
    former = before.manifest.release if before.manifest else None
    verdict = decide_verdict(
        findings, same_content=former is not None and former.content_sha256 == proposal.content_sha256
    )
    rejected = before.status.of(proposal.draft.source.id).rejected
    if rejected and rejected.inputs_sha256 == proposal.draft.inputs_sha256 and verdict in _ASKS:
        note = rejected_finding(proposal.draft.source.id, rejected)
        verdict, findings = Verdict.UNCHANGED, (*_drop_decided_findings(findings), note)
    version = former.version if former and verdict is Verdict.UNCHANGED else ""
    return verdict, RunResult(outcome=_ENDS[verdict], version=version, findings=findings)


def unchanged_result(before: PreviousState, readings: tuple[Reading, ...]) -> RunResult:
    """The result of a night that found the inputs of the latest release: nobody looked at its rows again."""
    former = before.manifest.release if before.manifest else None
    version = former.version if former else ""
    return RunResult(
        outcome=Outcome.UNCHANGED, version=version, findings=findings_of(readings, former), rows_checked=False
    )


def _drop_decided_findings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is still news where an operator has decided on the candidate, and on all that its alerts said of it."""
    decided = of_candidate(findings)
    return tuple(one for one in findings if one not in decided and one.severity is not Severity.HOLD)


def _outcome(error: GongbaoError) -> Outcome:
    """The outcome that an error means."""
    kinds = {
        SourceError: Outcome.SOURCE_FAILED,
        ContentError: Outcome.REJECTED,
        StoreError: Outcome.STORE_FAILED,
        UsageError: Outcome.USAGE,
    }
    return next((outcome for kind, outcome in kinds.items() if isinstance(error, kind)), Outcome.FAILED)
