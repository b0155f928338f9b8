"""Every alarm: which findings and errors raise it, what it means, what to look at first and what to do.

The file beside this module holds them, and `schemas.alarms.runbook` makes the runbook of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from schemas.codelists import CodeList, Severity
from schemas.errors import RegistryError

UNFORESEEN = "unforeseen"
_FILE = "schemas/alarms/alarms.toml"
_WORDS = ("code", "zh", "en", "meaning", "first_look", "remedy")
_KEYS = frozenset({*_WORDS, "stage", "severity", "stands_for", "explains", "lasting"})


class Stage(CodeList):
    """Where in a run an alarm shows, in the order of a run (`stage` of an alarm)."""

    REACH = "reach", "The source answers."
    ANSWER = "answer", "It answers with what its platform answers with."
    READ = "read", "Each page is one that can be read and is the publisher's."
    RELEASE = "release", "All of what would be published holds together, and beside the last release."
    RUN = "run", "The store, the settings and the program do their work."
    CHECK = "check", "What is published is what was published; only commands that verify look at it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """One alarm; `stands_for` are codes of findings and errors, with * for those that a table or a command brings."""

    code: str
    stage: Stage
    severity: Severity
    stands_for: tuple[str, ...]
    zh: str
    en: str
    meaning: str
    first_look: str
    remedy: str
    explains: tuple[str, ...] = ()
    sticky: bool = False

    def names(self, code: str) -> bool:
        """Whether the code of a finding or an error is spelled out here."""
        return code in self.stands_for

    def covers(self, code: str) -> bool:
        """Whether one of the patterns fits the code."""
        return any(fnmatchcase(code, pattern) for pattern in self.stands_for)


@cache
def alarms() -> tuple[AlertRule, ...]:
    """All alarms, in the order of the file."""
    return parse_alarms(files("schemas.alarms").joinpath("alarms.toml").read_text(encoding="utf-8"))


def alarms_for(code: str, known: Iterable[AlertRule]) -> tuple[AlertRule, ...]:
    """The alarms that a code raises, which should be one: those that name it, else those whose * fits."""
    every = tuple(known)
    return tuple(one for one in every if one.names(code)) or tuple(one for one in every if one.covers(code))


def alarm_for(code: str) -> AlertRule:
    """The alarm that a finding or an error raises; a code that nobody knows is unforeseen."""
    return next(iter(alarms_for(code, alarms())), None) or alarm(UNFORESEEN)


def alarm(code: str) -> AlertRule:
    """The alarm of this code; one that was renamed since is unforeseen."""
    known = by_code()
    return known.get(code) or known[UNFORESEEN]


@cache
def by_code() -> Mapping[str, AlertRule]:
    """The alarms by their code."""
    return MappingProxyType({one.code: one for one in alarms()})


def parse_alarms(text: str) -> tuple[AlertRule, ...]:
    """The alarms of a file; an entry that lacks something or says something strange is an error that names it."""
    found = tuple(_alarm(entry) for entry in tomllib.loads(text)["alarm"])
    codes = [one.code for one in found]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise _error(twice[0], "the code is taken twice")
    for one in found:
        if unknown := sorted(set(one.explains) - set(codes)):
            raise _error(one.code, f"it explains {unknown[0]}, which is no alarm")
    return found


def _alarm(entry: Mapping[str, Any]) -> AlertRule:
    code = str(entry.get("code", "?"))
    if strange := sorted(set(entry) - _KEYS):
        raise _error(code, f"the key {strange[0]} is unknown")
    if missing := [key for key in (*_WORDS, "stands_for") if not entry.get(key)]:
        raise _error(code, f"it lacks {missing[0]}")
    stages, severities = {one.value: one for one in Stage}, {one.value: one for one in Severity}
    stage, severity = entry.get("stage"), entry.get("severity", Severity.WARN.value)
    if stage not in stages or severity not in severities:
        raise _error(code, f"{stage} is no stage, or {severity} no severity")
    return AlertRule(
        stage=stages[stage],
        severity=severities[severity],
        stands_for=tuple(entry["stands_for"]),
        explains=tuple(entry.get("explains", ())),
        sticky=entry.get("lasting", False),
        **{key: str(entry[key]).strip() for key in _WORDS},
    )


def _error(code: str, what: str) -> RegistryError:
    return RegistryError(what, where=f"{_FILE}, alarm {code}", remedy="see the head of the file")
