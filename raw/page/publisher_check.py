"""Whether a page is the source's own: its publisher and its 索引号, compared with the registry."""

from schemas.codelists import Severity
from schemas.document import Labels
from schemas.finding import Finding, FindingCode
from schemas.registry.sources import Source
from schemas.registry.uscc import IndexNumber


def check_publisher(labels: Labels, number: IndexNumber, source: Source, where: str) -> tuple[Finding, ...]:
    """Return findings on another publisher, and on an index number that is wrong or was repaired."""
    findings = (_check_name(labels, source, where), _check_number(number, source, where))
    return tuple(finding for finding in findings if finding)


def _check_name(labels: Labels, source: Source, where: str) -> Finding | None:
    """Reject the page of another publisher or of none: spam mirrors copy such pages."""
    if source.publisher in labels.publisher:
        return None
    return Finding(
        code=FindingCode.PUBLISHER_MISMATCH,
        severity=Severity.REJECT,
        where=where,
        message=f"The page names another publisher than the registry's {source.publisher}.",
        evidence=(labels.publisher or "(none)",),
    )


def _check_number(number: IndexNumber, source: Source, where: str) -> Finding | None:
    """Reject the index number of another body; hold one without a body where the registry knows its code."""
    legible = number.note in {"valid", "repaired"}
    if legible and source.uscc and number.code != source.uscc:
        code, severity = FindingCode.INDEX_NUMBER_FOREIGN, Severity.REJECT
        what = f"opens with another credit code than {source.uscc}"
    elif number.note == "valid":
        return None
    else:
        code = FindingCode(f"index_number_{number.note}")
        severity = Severity.HOLD if source.uscc and not legible else Severity.NOTE
        what = f"is {number.note}; it is published as printed"
    evidence = (number.printed, number.repaired)
    return Finding(code=code, severity=severity, where=where, message=f"The 索引号 {what}.", evidence=evidence)
