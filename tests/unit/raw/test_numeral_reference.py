"""The numerals of other projects' suites, outside a written list of conventions that are not statistics'."""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass

from support.requires import ROOT, shared

from raw.numerals.evaluate import value_of

EXCLUSIONS = tomllib.loads((ROOT / "tests" / "reference" / "numeral_exclusions.toml").read_text("utf-8"))["exclusion"]
BY_RULE = {exclusion["rule"]: exclusion for exclusion in EXCLUSIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A numeral of a suite and the value that the suite gives it."""

    text: str
    value: float

    @property
    def right(self) -> bool:
        found = value_of(self.text)
        return found is not None and math.isclose(found, self.value, rel_tol=1e-12)


def cases() -> list[Case]:
    lines = shared("reference", "numerals.jsonl").read_text("utf-8").splitlines()
    return [Case(text=row["text"], value=row["value"]) for row in map(json.loads, lines)]


def excluded(case: Case, pattern: str | None = None) -> bool:
    patterns = [pattern] if pattern else [exclusion["pattern"] for exclusion in EXCLUSIONS]
    return any(re.fullmatch(one, case.text) for one in patterns)


def test_97_of_100_cases_outside_the_exclusions_are_right() -> None:
    counted = [case for case in cases() if not excluded(case)]
    wrong = [(case.text, case.value, value_of(case.text)) for case in counted if not case.right]
    assert len(wrong) <= 0.03 * len(counted), wrong


def test_exclusions_take_out_few_cases() -> None:
    every = cases()
    assert len(every) > 400
    assert sum(map(excluded, every)) <= 0.1 * len(every)


def test_every_exclusion_takes_out_cases_of_its_own_and_stands_in_the_documentation_with_its_reason() -> None:
    documented = (ROOT / "docs" / "numerals.md").read_text("utf-8")
    taken = {rule: [case.text for case in cases() if excluded(case, one["pattern"])] for rule, one in BY_RULE.items()}
    assert [rule for rule, texts in taken.items() if not texts] == []
    assert [one for one in BY_RULE.values() if f"| `{one['rule']}` | {one['reason']} |" not in documented] == []
    every = [text for texts in taken.values() for text in set(texts)]
    assert len(set(every)) == len(every)
