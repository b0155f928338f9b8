"""A check's result as a value: the findings of a run fold to one verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.codelists import Severity

MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause that a check found, with how often and at most five examples.

    `code` is stable and names the runbook's entry; `where` is a table, a document or an address; `message` is one
    English sentence; `evidence` holds what was seen, in the source's words.
    """

    code: str
    severity: Severity
    where: str
    message: str
    count: int = 1
    evidence: tuple[str, ...] = ()

    def as_record(self) -> dict[str, object]:
        """The finding as a JSON object."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message,
            "count": self.count,
            "evidence": list(self.evidence),
        }


def examples(items: Iterable[object]) -> tuple[str, ...]:
    """The first five items as strings."""
    return tuple(str(item) for item, _ in zip(items, range(MAX_EXAMPLES), strict=False))


def worst(findings: Iterable[Finding]) -> Severity:
    """The heaviest severity, `NOTE` where there is no finding."""
    order = list(Severity)
    return max((finding.severity for finding in findings), key=order.index, default=Severity.NOTE)
