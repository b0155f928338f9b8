"""What a run found, folded to one alert a cause: what has the same cause stands in one message.

Findings under one alarm are one alert, and those that another alarm explains are part of its evidence.
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
    """One alert a cause: findings under one alarm are one, and those that another alarm explains are part of it."""
    return tuple(_alert(code, several, at) for code, several in _group_by_rule((*findings, *_as_finding(error))))


def of_candidate(findings: Iterable[Finding]) -> frozenset[Finding]:
    """The findings on what would be published and not on its source: what holds it, and what that explains."""
    folded = _group_by_rule(findings)
    return frozenset(one for code, several in folded if about_candidate(code, _severity(several)) for one in several)


def _group_by_rule(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by the alarm that tells of them, the heaviest first."""
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
    """An error as what it is to an alert."""
    if error is None:
        return ()
    return (Finding(code=error.code, severity=Severity.REJECT, where=error.where, message=error.what),)


def _root(code: str, seen: Mapping[str, Sequence[Finding]]) -> str:
    """The alarm that explains this one, itself explained by none; a lighter one explains nothing."""
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
    """The evidence: of the first finding all, unless others need room to say what they are."""
    first, *others = several
    room = max(1, MAX_EXAMPLES - len(others))
    yield from first.evidence[:room]
    for one in others:
        yield f"{one.message} {' | '.join(one.evidence[:1])}".strip()


def _fingerprint(known: AlertRule, several: Sequence[Finding]) -> str:
    """A hash over what an alert rests on, without what moves from night to night."""
    told = json.dumps(sorted(_fingerprint_basis(known, one) for one in several), ensure_ascii=False)
    return hashlib.sha256(f"{known.code}\n{told}".encode()).hexdigest()


def _fingerprint_basis(known: AlertRule, one: Finding) -> list[str]:
    """Of a source or a store that is down it is all the same by which address and in which words.

    So it is of a store that lets nobody write: what a night would write first has another name each night.
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
