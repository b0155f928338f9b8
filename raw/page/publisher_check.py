"""Whether a page is the source's own: its publisher and its 索引号, compared with the registry."""

from __future__ import annotations

from raw.page.publisher_names import PublisherName, bodies, normalized
from schemas.codelists import PublisherEvidence, Severity
from schemas.finding import Finding, FindingCode, examples
from schemas.registry.sources import Source
from schemas.registry.uscc import IndexNumber


def own_publisher(names: tuple[PublisherName, ...], source: Source) -> PublisherName | None:
    """Return the name by which a page is the source's own, None where it names another body, or none.

    Where the page has a 发布机构, nothing else counts: mirrors copy the rest.
    """
    labelled = tuple(name for name in names if name.evidence is PublisherEvidence.LABEL)
    accepted = {normalized(name) for name in (source.publisher, *source.publisher_names)}
    return next((name for name in labelled or names if accepted & bodies(name.name)), None)


def check_publisher(
    names: tuple[PublisherName, ...], number: IndexNumber, source: Source, where: str
) -> tuple[Finding, ...]:
    """Return findings on another publisher or none, and on an index number that is wrong or was repaired."""
    findings = (_check_name(names, source, where), _check_number(number, source, where))
    return tuple(finding for finding in findings if finding)


def _check_name(names: tuple[PublisherName, ...], source: Source, where: str) -> Finding | None:
    """Reject the page of another publisher, and of none unless the operator vouches for its address."""
    if own_publisher(names, source):
        return None
    if names:
        return Finding(
            code=FindingCode.PUBLISHER_MISMATCH,
            severity=Severity.REJECT,
            where=where,
            message=f"The page names another publisher than the registry's {source.publisher}.",
            evidence=examples(f"{name.evidence}: {name.name}" for name in names),
        )
    if source.vouched:
        return Finding(
            code=FindingCode.PUBLISHER_VOUCHED,
            severity=Severity.NOTE,
            where=where,
            message="The page names no publisher; the operator vouches for its address.",
            evidence=(source.vouched_why,),
        )
    return Finding(
        code=FindingCode.PUBLISHER_ABSENT,
        severity=Severity.REJECT,
        where=where,
        message=f"The page names no publisher, the registry {source.publisher}; nobody vouches for the address.",
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
