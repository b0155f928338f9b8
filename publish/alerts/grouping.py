"""The findings of a run, grouped into alerts: one alert per cause.

Findings under one rule are one alert, and those that another rule explains are part of its evidence.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from publish.alerts.lifecycle import Alert, about_candidate
from schemas.alarms.catalogue import AlertRule, Stage, alarm, alarm_for
from schemas.codelists import Severity
from schemas.errors import GongbaoError
from schemas.finding import MAX_EXAMPLES, Finding

_RANK = MappingProxyType({severity: rank for rank, severity in enumerate(Severity)})
# Addresses in memory, ports, counts of tries, times: they differ in each run though nothing is new.
_VARYING = re.compile(r"0x[0-9a-f]+|[0-9]+")


def group_into_alerts(findings: Iterable[Finding], error: GongbaoError | None, at: str) -> tuple[Alert, ...]:
    """Group the findings and the error of a run into one alert per cause."""
    if error is not None:
        fatal = Finding(code=error.code, severity=Severity.REJECT, where=error.where, message=error.what)
        findings = (*findings, fatal)
    return tuple(_alert(code, group, at) for code, group in _group_by_rule(findings))


def of_candidate(findings: Iterable[Finding]) -> frozenset[Finding]:
    """Return the findings on the candidate and not on its source: what holds it, and what that explains."""
    groups = _group_by_rule(findings)
    return frozenset(finding for code, group in groups if about_candidate(code, _severity(group)) for finding in group)


def _group_by_rule(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Group the findings by the rule that alerts, each group with the most severe first."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        rule = alarm_for(finding.code)
        if _rank(finding) >= max(_RANK[rule.severity], _RANK[Severity.WARN]):
            by_rule.setdefault(rule.code, []).append(finding)
    groups: dict[str, list[Finding]] = {}
    for code in sorted(by_rule, key=lambda code: _root(code, by_rule) != code):  # each root before what it explains
        groups.setdefault(_root(code, by_rule), []).extend(sorted(by_rule[code], key=_rank, reverse=True))
    return sorted(groups.items())


def _root(code: str, by_rule: Mapping[str, Sequence[Finding]]) -> str:
    """Return the rule that explains this one and is itself explained by none; a less severe one explains nothing."""
    rank = max(map(_rank, by_rule[code]))
    severe = (other for other in by_rule if max(map(_rank, by_rule[other])) >= rank)
    explaining = [other for other in severe if code in alarm(other).explains]
    return _root(min(explaining), by_rule) if explaining else code


def _alert(code: str, group: Sequence[Finding], at: str) -> Alert:
    first, *others = group
    # All evidence of the first finding, less where the others need room for their messages.
    evidence = [*first.evidence[: max(1, MAX_EXAMPLES - len(others))]]
    evidence += [f"{finding.message} {' | '.join(finding.evidence[:1])}".strip() for finding in others]
    basis = json.dumps(sorted(_basis(alarm(code), finding) for finding in group), ensure_ascii=False)
    return Alert(
        code=code,
        severity=_severity(group),
        where=first.where,
        message=first.message,
        evidence=tuple(evidence[:MAX_EXAMPLES]),
        codes=tuple(dict.fromkeys(finding.code for finding in group)),
        fingerprint=hashlib.sha256(f"{code}\n{basis}".encode()).hexdigest(),
        since=at,
    )


def _basis(rule: AlertRule, finding: Finding) -> list[str]:
    """Return what an alert is based on, without what changes from run to run.

    Where a source is down, or a store cannot be written, address and words do not matter: what a run would write first
    has another name each time.
    """
    if rule.stage is Stage.REACH or rule.code in {"store_unavailable", "store_denied"}:
        return [finding.code]
    if rule.stage is Stage.RUN:
        return [finding.code, finding.where, _VARYING.sub("#", finding.message)]
    return [finding.code, finding.severity.value, finding.where, str(finding.count), *finding.evidence]


def _rank(finding: Finding) -> int:
    return _RANK[finding.severity]


def _severity(group: Sequence[Finding]) -> Severity:
    return max(group, key=_rank).severity
