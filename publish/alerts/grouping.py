"""The findings of a run, grouped into alerts: one alert per cause.

Findings under one rule are one alert, and those that another rule explains are part of its evidence.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from publish.alerts.lifecycle import Alert, about_candidate
from schemas.alarms.catalogue import AlertRule, Stage, alarm, alarm_for
from schemas.codelists import Severity
from schemas.errors import GongbaoError
from schemas.finding import MAX_EXAMPLES, Finding

_WEIGHT = MappingProxyType({one: place for place, one in enumerate(Severity)})
# Addresses in memory, ports, counts of tries, times: they differ each night though nothing is new.
_MOVES = re.compile(r"0x[0-9a-f]+|[0-9]+")


def group_into_alerts(findings: Iterable[Finding], error: GongbaoError | None, at: str) -> tuple[Alert, ...]:
    """Group the findings and the error of a run into one alert per cause."""
    return tuple(_alert(code, several, at) for code, several in _group_by_rule((*findings, *_as_finding(error))))


def of_candidate(findings: Iterable[Finding]) -> frozenset[Finding]:
    """Return the findings on the candidate and not on its source: what holds it, and what that explains."""
    folded = _group_by_rule(findings)
    return frozenset(one for code, several in folded if about_candidate(code, _severity(several)) for one in several)


def _group_by_rule(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Group the findings by the rule that alerts, the most severe first."""
    seen: dict[str, list[Finding]] = {}
    for finding in findings:
        known = alarm_for(finding.code)
        if _WEIGHT[finding.severity] >= max(_WEIGHT[known.severity], _WEIGHT[Severity.WARN]):
            seen.setdefault(known.code, []).append(finding)
    heads: dict[str, list[Finding]] = {}
    for code in sorted(seen, key=lambda code: _root(code, seen) != code):  # each head before what it explains
        heads.setdefault(_root(code, seen), []).extend(sorted(seen[code], key=_heaviest))
    return sorted(heads.items())


def _as_finding(error: GongbaoError | None) -> tuple[Finding, ...]:
    if error is None:
        return ()
    return (Finding(code=error.code, severity=Severity.REJECT, where=error.where, message=error.what),)


def _root(code: str, seen: Mapping[str, Sequence[Finding]]) -> str:
    """Return the rule that explains this one and is itself explained by none; a less severe one explains nothing."""
    weight = max(map(_weight, seen[code]))
    explains = (one for one in seen if code in alarm(one).explains and max(map(_weight, seen[one])) >= weight)
    head = next(iter(sorted(explains)), "")
    return _root(head, seen) if head else code


def _alert(code: str, several: Sequence[Finding], at: str) -> Alert:
    first, lines = several[0], tuple(_evidence_lines(several))
    return Alert(
        code=code,
        severity=_severity(several),
        where=first.where,
        message=first.message,
        evidence=lines[:MAX_EXAMPLES],
        codes=tuple(dict.fromkeys(one.code for one in several)),
        fingerprint=_fingerprint(alarm(code), several),
        since=at,
    )


def _severity(several: Sequence[Finding]) -> Severity:
    return max((one.severity for one in several), key=lambda one: _WEIGHT[one])


def _evidence_lines(several: Sequence[Finding]) -> Iterator[str]:
    """All evidence of the first finding, less where the others need room for their messages."""
    first, *others = several
    room = max(1, MAX_EXAMPLES - len(others))
    yield from first.evidence[:room]
    for one in others:
        yield f"{one.message} {' | '.join(one.evidence[:1])}".strip()


def _fingerprint(known: AlertRule, several: Sequence[Finding]) -> str:
    """Return a hash over the basis of an alert, without what changes from run to run."""
    told = json.dumps(sorted(_fingerprint_basis(known, one) for one in several), ensure_ascii=False)
    return hashlib.sha256(f"{known.code}\n{told}".encode()).hexdigest()


def _fingerprint_basis(known: AlertRule, one: Finding) -> list[str]:
    """Which address failed and in which words does not matter where a source or a store is down.

    Nor does it for a store that cannot be written: what a run would write first has another name each time.
    """
    if known.stage is Stage.REACH or known.code in {"store_unavailable", "store_denied"}:
        return [one.code]
    if known.stage is Stage.RUN:
        return [one.code, one.where, _MOVES.sub("#", one.message)]
    return [one.code, one.severity.value, one.where, str(one.count), *one.evidence]


def _weight(one: Finding) -> int:
    return _WEIGHT[one.severity]


def _heaviest(one: Finding) -> int:
    return -_WEIGHT[one.severity]
