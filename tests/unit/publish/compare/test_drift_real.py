"""Drift on real reports: when a province publishes its next report, nearly nothing must be held."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from support.provinces import provinces
from support.report_readings import material

from publish.drift.content import DriftLimits, content_drift
from publish.tables.from_readings import read_tables
from schemas.codelists import Severity
from schemas.finding import Finding
from schemas.reading import Reading
from schemas.tables.frames import Tables


def tables(*readings: Reading) -> Tables:
    return read_tables(material(*readings))


def drift(before: Tables, after: Tables, limits: DriftLimits) -> list[Finding]:
    return [one for one in content_drift(before, after, limits) if one.severity is not Severity.NOTE]


@cache
def steps() -> list[tuple[Tables, Tables]]:
    """The release before the newer report of each province, and the one with it."""
    return [(tables(older), tables(older, newer)) for older, newer in provinces().values()]


def test_of_fourteen_new_reports_at_most_one_is_held_and_nothing_vanishes() -> None:
    found = [one for before, after in steps() for one in drift(before, after, DriftLimits())]
    assert len(steps()) == 14
    assert {one.code for one in found} <= {"magnitude_jump"}
    assert sum(one.count for one in found) <= 1


def test_a_lower_limit_and_no_floor_would_hold_several_of_them() -> None:
    strict = DriftLimits(jump=2, jump_floor=0)
    assert sum(bool(drift(before, after, strict)) for before, after in steps()) >= 3


def test_a_new_report_that_is_read_in_another_unit_throughout_is_held() -> None:
    """Where both years state a level; each amount of money is taken for a ten thousandth. The ranges see the others."""
    held = 0
    for older, newer in provinces().values():
        wrong = tuple(
            replace(one, unit=one.unit.replace("亿", "万"), unit_mult=one.unit_mult - 4) if "亿元" in one.unit else one
            for one in newer.observations
        )
        found = drift(tables(older), tables(older, replace(newer, observations=wrong)), DriftLimits())
        held += any(one.severity is Severity.HOLD for one in found)
    assert held >= 6


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_report_of_which_a_part_is_gone_is_held(share: float) -> None:
    for _, newer in provinces().values():
        end = int(len(newer.document.text) * share)
        cut = replace(
            newer,
            text_sha256="cut",
            observations=tuple(one for one in newer.observations if one.span.end <= end),
            numbers=tuple(one for one in newer.numbers if one.span.end <= end),
        )
        found = {one.code for one in drift(tables(newer), tables(cut), DriftLimits())}
        assert {"numbers_fewer", "indicators_vanished"} <= found
