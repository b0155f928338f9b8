"""The alarms of `alarms.toml`: which findings and errors raise each of them, what it means and what to do."""

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
_TEXTS = ("code", "zh", "en", "meaning", "first_look", "remedy")
_KEYS = frozenset({*_TEXTS, "stage", "severity", "stands_for", "explains", "lasting"})


class Stage(CodeList):
    """Where in a run an alarm occurs, in the order of a run (`stage` of an alarm)."""

    REACH = "reach", "The source answers."
    ANSWER = "answer", "It answers like its platform."
    READ = "read", "Each page can be read and is the publisher's."
    RELEASE = "release", "Everything that would be published is consistent, also with the last release."
    RUN = "run", "The store, the settings and the program work."
    CHECK = "check", "Published files are unchanged; only commands that verify check this."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """One alarm; `stands_for` are codes of findings and errors, with * for those of a table or a command."""

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
        """Return whether the code of a finding or an error is listed by name."""
        return code in self.stands_for

    def covers(self, code: str) -> bool:
        """Return whether one of the patterns matches the code."""
        return any(fnmatchcase(code, pattern) for pattern in self.stands_for)


@cache
def alarms() -> tuple[AlertRule, ...]:
    """Return all alarms, in the order of the file."""
    return parse_alarms(files("schemas.alarms").joinpath("alarms.toml").read_text(encoding="utf-8"))


def alarms_for(code: str, rules: Iterable[AlertRule]) -> tuple[AlertRule, ...]:
    """Return the alarms that a code raises, which should be one: those that name it, else those whose * matches."""
    candidates = tuple(rules)
    named = tuple(rule for rule in candidates if rule.names(code))
    return named or tuple(rule for rule in candidates if rule.covers(code))


def alarm_for(code: str) -> AlertRule:
    """Return the alarm that a finding or an error raises; an unknown code raises `unforeseen`."""
    return next(iter(alarms_for(code, alarms())), None) or alarm(UNFORESEEN)


def alarm(code: str) -> AlertRule:
    """Return the alarm with this code; `unforeseen` if there is none, as after a renaming."""
    rules = by_code()
    return rules.get(code) or rules[UNFORESEEN]


@cache
def by_code() -> Mapping[str, AlertRule]:
    """Return the alarms by code."""
    return MappingProxyType({rule.code: rule for rule in alarms()})


def parse_alarms(text: str) -> tuple[AlertRule, ...]:
    """Parse a file of alarms.

    Raises:
        RegistryError: An entry is incomplete or wrong; the error names it.
    """
    rules = tuple(_parse_entry(entry) for entry in tomllib.loads(text)["alarm"])
    codes = [rule.code for rule in rules]
    if duplicates := sorted({code for code in codes if codes.count(code) > 1}):
        raise _error(duplicates[0], "the code is taken twice")
    for rule in rules:
        if unknown := sorted(set(rule.explains) - set(codes)):
            raise _error(rule.code, f"it explains {unknown[0]}, which is not an alarm")
    return rules


def _parse_entry(entry: Mapping[str, Any]) -> AlertRule:
    code = str(entry.get("code", "?"))
    if unknown := sorted(set(entry) - _KEYS):
        raise _error(code, f"unknown key {unknown[0]}")
    if missing := [key for key in (*_TEXTS, "stands_for") if not entry.get(key)]:
        raise _error(code, f"{missing[0]} is missing")
    try:
        stage, severity = Stage(str(entry.get("stage"))), Severity(entry.get("severity", Severity.WARN))
    except ValueError as error:
        raise _error(code, str(error)) from error
    return AlertRule(
        stage=stage,
        severity=severity,
        stands_for=tuple(entry["stands_for"]),
        explains=tuple(entry.get("explains", ())),
        sticky=entry.get("lasting", False),
        **{key: str(entry[key]).strip() for key in _TEXTS},
    )


def _error(code: str, what: str) -> RegistryError:
    return RegistryError(what, where=f"{_FILE}, alarm {code}", remedy="see the head of the file")
