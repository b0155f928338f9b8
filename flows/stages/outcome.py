"""The result of a run: of an error, of the gate's verdict, of unchanged inputs."""

from types import MappingProxyType

from flows.run.context import RunResult
from flows.run.previous_state import PreviousState
from flows.stages.candidate import reading_findings
from publish.alerts.grouping import of_candidate
from publish.gate.verdict import decide_verdict
from publish.release.build_files import ReleaseCandidate
from publish.release.decisions import rejected_finding
from schemas.codelists import Outcome, Severity, Verdict
from schemas.errors import ContentError, GongbaoError, SourceError, StoreError, UsageError
from schemas.reading import Reading

_OF_ERROR = MappingProxyType(
    {
        SourceError: Outcome.SOURCE_FAILED,
        ContentError: Outcome.REJECTED,
        StoreError: Outcome.STORE_FAILED,
        UsageError: Outcome.USAGE,
    }
)
_OF_VERDICT = MappingProxyType(
    {
        Verdict.PUBLISH: Outcome.PUBLISHED,
        Verdict.UNCHANGED: Outcome.UNCHANGED,
        Verdict.HOLD: Outcome.HELD,
        Verdict.REJECT: Outcome.REJECTED,
    }
)


def failed_result(error: GongbaoError) -> RunResult:
    """Return the result of a run that an error ended."""
    outcome = next((outcome for kind, outcome in _OF_ERROR.items() if isinstance(error, kind)), Outcome.FAILED)
    return RunResult(outcome=outcome, error=error)


def unchanged_result(previous: PreviousState, readings: tuple[Reading, ...]) -> RunResult:
    """Return the result of a run with the inputs of the previous release, whose rows need no second check."""
    return RunResult(
        outcome=Outcome.UNCHANGED,
        version=previous.release.version if previous.release else "",
        findings=reading_findings(readings, previous.release),
        rows_checked=False,
    )


def gate_result(previous: PreviousState, candidate: ReleaseCandidate) -> RunResult:
    """Return the gate's verdict as the result of the run; nothing is written yet.

    What an operator has rejected is neither published nor held again: as long as the inputs are the same the run ends
    unchanged, and what that operator has seen is not reported again.
    """
    findings = candidate.findings
    same_content = previous.release is not None and previous.release.content_sha256 == candidate.content_sha256
    verdict = decide_verdict(findings, same_content=same_content)
    rejected = previous.status.rejected
    same_inputs = rejected is not None and rejected.inputs_sha256 == candidate.inputs_sha256
    if rejected and same_inputs and verdict in {Verdict.PUBLISH, Verdict.HOLD}:
        seen = of_candidate(findings)
        unseen = (finding for finding in findings if finding not in seen and finding.severity is not Severity.HOLD)
        verdict = Verdict.UNCHANGED
        findings = (*unseen, rejected_finding(candidate.inputs.source.id, rejected))
    version = previous.release.version if previous.release and verdict is Verdict.UNCHANGED else ""
    return RunResult(outcome=_OF_VERDICT[verdict], version=version, findings=findings)
