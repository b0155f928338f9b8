"""Alerts: what a run found, folded to one alert a cause and held against those that are open: each is told once.

A pure turn: findings, an error and the open alerts go in; what is raised, changed, still there and cleared comes out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from schemas.alarms import Alarm, Stage, alarm, alarm_for
from schemas.codelists import Code, Severity
from schemas.errors import GongbaoError
from schemas.finding import MAX_EXAMPLES, Finding

_WEIGHT = MappingProxyType({one: place for place, one in enumerate(Severity)})
_SEVERITIES = MappingProxyType({one.value: one for one in Severity})
_STAGES = tuple(Stage)
# Addresses in memory, ports, counts of tries, times: they differ each night though nothing is new.
_MOVES = re.compile(r"0x[0-9a-f]+|[0-9]+")


class AlertEvent(Code):
    """What became of an alert in a run (`event`)."""

    RAISED = "raised", "It is new."
    CHANGED = "changed", "It was there before and rests on something else now."
    CLEARED = "cleared", "A run that looked found it no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One cause that somebody should know of: at most one a source for each alarm.

    `since` is when it was raised, `fingerprint` what it rests on, `told` whether a channel took the message or none is
    there; `codes` are the findings or the error that raised it.
    """

    code: str
    severity: Severity
    where: str
    message: str
    evidence: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    fingerprint: str = ""
    since: str = ""
    told: bool = True

    def as_record(self) -> dict[str, Any]:
        """The alert as it stands in `status.json` and in the record of a run."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message,
            "evidence": list(self.evidence),
            "codes": list(self.codes),
            "fingerprint": self.fingerprint,
            "since": self.since,
            "told": self.told,
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Alert:
        """The alert of such a record; only its code has to be there."""
        texts = {name: str(record.get(name, "")) for name in ("where", "message", "fingerprint", "since")}
        return cls(
            code=str(record["code"]),
            severity=_SEVERITIES[record.get("severity", Severity.WARN.value)],
            evidence=tuple(map(str, record.get("evidence", ()))),
            codes=tuple(map(str, record.get("codes", ()))),
            told=bool(record.get("told", True)),
            **texts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a run makes of the alerts of a source."""

    raised: tuple[Alert, ...] = ()
    changed: tuple[Alert, ...] = ()
    still: tuple[Alert, ...] = ()
    cleared: tuple[Alert, ...] = ()

    @property
    def open(self) -> tuple[Alert, ...]:
        """The alerts that are open afterwards, by their code."""
        return tuple(sorted((*self.raised, *self.changed, *self.still), key=lambda one: one.code))

    @property
    def events(self) -> tuple[tuple[AlertEvent, Alert], ...]:
        """What is to be told, in this order: the new, the changed, the cleared."""
        kinds = (
            (AlertEvent.RAISED, self.raised),
            (AlertEvent.CHANGED, self.changed),
            (AlertEvent.CLEARED, self.cleared),
        )
        return tuple((kind, one) for kind, several in kinds for one in several)

    def untold(self, codes: Iterable[str]) -> Turn:
        """The same turn where no channel took the messages of these alerts: the next run tells them again."""
        lost = frozenset(codes)
        raised, changed = (
            tuple(replace(one, told=one.code not in lost) for one in several) for several in (self.raised, self.changed)
        )
        return replace(self, raised=raised, changed=changed)


Clears = Callable[[Alert], bool]
"""Whether a run that did not find an alert looked at what it is about."""


def found_alerts(findings: Iterable[Finding], error: GongbaoError | None, at: str) -> tuple[Alert, ...]:
    """One alert a cause: findings under one alarm are one, and those that another alarm explains are part of it."""
    seen: dict[str, list[Finding]] = {}
    for finding in (*findings, *_as_finding(error)):
        known = alarm_for(finding.code)
        if _WEIGHT[finding.severity] >= max(_WEIGHT[known.severity], _WEIGHT[Severity.WARN]):
            seen.setdefault(known.code, []).append(finding)
    heads: dict[str, list[Finding]] = {}
    for code in sorted(seen, key=lambda code: _root(code, seen) != code):  # each head before what it explains
        heads.setdefault(_root(code, seen), []).extend(sorted(seen[code], key=_heaviest))
    return tuple(_alert(code, several, at) for code, several in sorted(heads.items()))


def turn(before: Sequence[Alert], found: Sequence[Alert], clears: Clears) -> Turn:
    """Hold what was found against what is open; an alert that nobody was told of clears without a word."""
    known, now = {one.code: one for one in before}, {one.code for one in found}
    raised = [one for one in found if one.code not in known or not known[one.code].told]
    again = [one for one in found if one.code in known and known[one.code].told]
    same = [known[one.code] for one in again if one.fingerprint == known[one.code].fingerprint]
    changed = [one for one in again if one.fingerprint != known[one.code].fingerprint]
    absent = [one for one in known.values() if one.code not in now]
    return Turn(
        raised=tuple(_since(one, known) for one in raised),
        changed=tuple(_since(one, known) for one in changed),
        still=(*same, *(one for one in absent if not clears(one))),
        cleared=tuple(one for one in absent if clears(one) and one.told),
    )


def clears_after(error: GongbaoError | None, *, weighed: bool) -> Clears:
    """What a run may clear: one that ended well all that it looked at, one that failed what lies before its failure.

    `weighed` is False where the inputs were those of the last release, so that nobody looked at its rows again.
    """
    if error is None:
        return lambda one: weighed or not (alarm(one.code).lasting and one.severity is Severity.WARN)
    stage = alarm_for(error.code).stage
    if stage in {Stage.RUN, Stage.CHECK}:
        return lambda _: False
    return lambda one: _STAGES.index(alarm(one.code).stage) < _STAGES.index(stage)


def _since(one: Alert, known: Mapping[str, Alert]) -> Alert:
    return replace(one, since=known[one.code].since) if one.code in known else one


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
    first, lines = several[0], tuple(_lines(several))
    return Alert(
        code=code,
        severity=max((one.severity for one in several), key=lambda one: _WEIGHT[one]),
        where=first.where,
        message=first.message,
        evidence=lines[:MAX_EXAMPLES],
        codes=tuple(dict.fromkeys(one.code for one in several)),
        fingerprint=_fingerprint(alarm(code), several),
        since=at,
    )


def _lines(several: Sequence[Finding]) -> Iterator[str]:
    """The evidence: of the first finding all, unless others need room to say what they are."""
    first, *others = several
    room = max(1, MAX_EXAMPLES - len(others))
    yield from first.evidence[:room]
    for one in others:
        yield f"{one.message} {' | '.join(one.evidence[:1])}".strip()


def _fingerprint(known: Alarm, several: Sequence[Finding]) -> str:
    """A hash over what an alert rests on, without what moves from night to night."""
    told = json.dumps(sorted(_basis(known, one) for one in several), ensure_ascii=False)
    return hashlib.sha256(f"{known.code}\n{told}".encode()).hexdigest()


def _basis(known: Alarm, one: Finding) -> list[str]:
    """Of a source or a store that is down it is all the same by which address and in which words."""
    if known.stage is Stage.REACH or known.code == "store_unavailable":
        return [one.code]
    if known.stage is Stage.RUN:
        return [one.code, one.where, _MOVES.sub("#", one.message)]
    return [one.code, one.severity.value, one.where, str(one.count), *one.evidence]


def _weight(one: Finding) -> int:
    return _WEIGHT[one.severity]


def _heaviest(one: Finding) -> int:
    return -_WEIGHT[one.severity]
