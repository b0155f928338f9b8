"""The verdicts on real promises, judged row by row, which name reports that lie beside the project and stay there.

Each row of `verdicts.jsonl` says where a promise and what came of it stand, the verdict that was given, and whether a
reader of both reports finds it right. Rows whose verdict has changed since are not counted, but most must not have.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.provinces import provinces, read_report
from support.report_readings import material
from support.requires import shared
from support.shared_session import built_once

from publish.compare.targets import targets
from publish.tables.from_readings import read_tables
from schemas.reading import Reading

REFERENCE = Path(__file__).parents[3] / "reference" / "verdicts.jsonl"
FLOORS = {
    "missed": 0.98,
    "fell_silent": 0.98,
    "kept": 0.97,
    "near": 0.9,
    "claimed_done": 0.9,
    "not_quantified": 0.9,
}
MOST_CHANGED = 0.1

Place = tuple[str, int, int, str]


@cache
def judged() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in REFERENCE.read_text("utf-8").splitlines())


def report(folder: str, name: str) -> Reading:
    if folder == "provincial":
        year, _, province = name.partition("-")
        return next(one for one in provinces()[province] if one.document_id.startswith(year))
    given = int(name[:4])
    return read_report(shared("reports", folder, f"{name}.txt"), date(given, 1, 20), given - 1)


def _verdicts() -> dict[Place, str]:
    found: dict[Place, str] = {}
    for folder, *names in sorted({(row["folder"], row["earlier"], row["later"]) for row in judged()}):
        made = material(*(report(folder, name) for name in names))
        read = read_tables(made)
        table = targets(read["observations"], read["documents"], made.documents_by_id())
        for row in table.filter(document=names[0]).iter_rows(named=True):
            found[row["document"], row["char_start"], row["char_end"], row["measure"]] = row["verdict"]
    return found


@pytest.fixture(scope="module")
def verdicts() -> dict[Place, str]:
    """Today's verdicts on the promises of all pairs of reports."""
    shared("reports", "local")
    return built_once("verdicts", _verdicts)


def place(row: dict[str, Any]) -> Place:
    return row["earlier"], row["start"], row["end"], row["measure"]


def test_the_verdicts_are_as_right_as_they_were_judged(verdicts: dict[Place, str]) -> None:
    same = [row for row in judged() if verdicts.get(place(row)) == row["verdict"]]
    assert len(same) >= (1 - MOST_CHANGED) * len(judged())
    right = Counter(row["verdict"] for row in same if row["right"])
    given = Counter(row["verdict"] for row in same)
    assert {name: right[name] / given[name] for name in FLOORS if right[name] < FLOORS[name] * given[name]} == {}


def test_the_reference_holds_figures_and_no_sentences() -> None:
    assert len(judged()) >= 300
    assert max(len(row["quote"]) for row in judged()) <= 40
