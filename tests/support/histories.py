"""Histories made by chance: releases one after the other, each of a few reports that state a few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias

import polars as pl
from hypothesis import strategies as st
from support.report_readings import DAY, Mark, material, reading

from publish.bucket.version import release_day
from publish.compare.diff import evidence, revisions
from publish.compare.vintages import vintages
from publish.tables.from_readings import read_tables
from schemas.codelists import Bound
from schemas.reading import Reading
from schemas.tables.columns import STATED
from schemas.tables.frames import Tables

Nights: TypeAlias = list[tuple[int, tuple[Reading, ...]]]

STATEMENT = ("obs_id", *STATED)
SUBJECTS = MappingProxyType({"地区生产总值": "gdp", "公园": "x:公园", "学校": "x:学校", "道路": "x:道路"})
FORMS = (
    Mark(printed="1.5亿元", value=1.5, unit="亿元", subject="", indicator=""),
    Mark(printed="1.5亿元以上", value=1.5, unit="亿元", subject="", indicator="", bound=Bound.AT_LEAST),
    Mark(printed="1.50亿元", value=1.5, unit="亿元", subject="", indicator=""),
    Mark(printed="15000万元", value=15000, unit="万元", subject="", indicator=""),
    Mark(printed="1.5-2亿元", value=1.5, unit="亿元", subject="", indicator="", upper=2.0),
    Mark(printed="-0.1亿元", value=-0.1, unit="亿元", subject="", indicator=""),
    Mark(printed="0亿元", value=0.0, unit="亿元", subject="", indicator=""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One release of a history: its day, its count on that day, the reports it is made of, its tables."""

    day: date
    count: int
    reports: tuple[Reading, ...]
    tables: Tables

    @property
    def version(self) -> str:
        return f"{self.day:%Y.%m.%d}.{self.count}"

    @property
    def statements(self) -> pl.DataFrame:
        return self.tables["observations"].select(*STATEMENT, "realtime_start")


def report(document_id: str, stated: Mapping[str, int], published_on: date, lead: str = "") -> Reading:
    """A report that states a number of some form for each subject, behind a lead that only moves them."""
    marks, text = [], lead
    for subject, form in stated.items():
        shape = FORMS[form]
        text += f"{subject}{shape.printed}。"
        nth = text.count(shape.printed) - 1
        marks.append(replace(shape, subject=subject, indicator=SUBJECTS[subject], nth=nth))
    return reading(document_id, text, tuple(marks), published_on=published_on)


stated = st.dictionaries(st.sampled_from(tuple(SUBJECTS)), st.integers(0, len(FORMS) - 1), max_size=len(SUBJECTS))
leads = st.sampled_from(("", "　　", "综述。"))
reports = st.builds(
    lambda older, newer, lead: tuple(
        report(name, numbers, on, lead)
        for name, numbers, on in (("post-1", older, date(2025, 1, 9)), ("post-2", newer, date(2026, 1, 9)))
        if numbers is not None
    ),
    stated,
    st.none() | stated,
    leads,
)
nights = st.lists(st.tuples(st.sampled_from((0, 0, 1, 2, 9, -3)), reports), min_size=1, max_size=6)
"""Each with the days since the one before: none for a second release of the day, less where the clock goes back."""


def live(told: Nights) -> list[Cut]:
    """The releases of a history, dated as a night dates them."""
    cuts: list[Cut] = []
    clock = DAY
    for days, read in told:
        clock += timedelta(days=days)
        last = cuts[-1] if cuts else None
        day = release_day(clock, last.version if last else "")
        count = last.count + 1 if last and last.day == day else 1
        cuts.append(Cut(day=day, count=count, reports=read, tables=_tables(last, read, day)))
    return cuts


def _tables(last: Cut | None, read: tuple[Reading, ...], day: date) -> Tables:
    """What was read, and the tables that tell of its history: the others say nothing of time and cost the most."""
    before = last.tables if last else None
    tables = read_tables(material(*read, previous=before, released_on=day))
    rows = tables["observations"]
    history = vintages(rows, before["vintages"] if before else None, day)
    changed = revisions(before["observations"], rows, evidence(before, tables, same_reader=True)) if before else None
    return {**tables, "vintages": history} | ({} if changed is None else {"revisions": changed})
