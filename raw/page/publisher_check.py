"""Whether a page is the source's own: its publisher and its 索引号 held against the registry."""

from __future__ import annotations

from schemas.codelists import Severity
from schemas.document import Labels
from schemas.finding import Finding, FindingCode
from schemas.registry.sources import Source
from schemas.registry.uscc import IndexNumber


def check_publisher(labels: Labels, number: IndexNumber, source: Source, where: str) -> tuple[Finding, ...]:
    """What speaks against the page being the publisher's, and what was mended in its index number."""
    found = (_publisher(labels, source, where), _number(number, source, where))
    return tuple(finding for finding in found if finding)


def _publisher(labels: Labels, source: Source, where: str) -> Finding | None:
    """Another publisher's page, or one that names none, must not be published: spam mirrors copy such pages."""
    if source.publisher in labels.publisher:
        return None
    return Finding(
        code=FindingCode.PUBLISHER_MISMATCH,
        severity=Severity.REJECT,
        where=where,
        message=f"The page names another publisher than the registry's {source.publisher}.",
        evidence=(labels.publisher or "(none)",),
    )


def _number(number: IndexNumber, source: Source, where: str) -> Finding | None:
    """An index number of another body rejects; one that names no body waits, where the registry knows the body's."""
    legible = number.note in {"valid", "repaired"}
    if legible and source.uscc and number.code != source.uscc:
        return _index_number_finding(
            FindingCode.INDEX_NUMBER_FOREIGN,
            Severity.REJECT,
            where,
            f"opens with another credit code than {source.uscc}",
            number,
        )
    if number.note == "valid":
        return None
    weight = Severity.HOLD if source.uscc and not legible else Severity.NOTE
    return _index_number_finding(
        FindingCode(f"index_number_{number.note}"),
        weight,
        where,
        f"is {number.note}; it is published as printed",
        number,
    )


def _index_number_finding(code: FindingCode, severity: Severity, where: str, what: str, number: IndexNumber) -> Finding:
    """A finding on an index number."""
    return Finding(
        code=code,
        severity=severity,
        where=where,
        message=f"The 索引号 {what}.",
        evidence=(number.printed, number.repaired),
    )
