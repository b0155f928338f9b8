"""Which year a number is of, and whether it was achieved or promised: from the sentence, else from its section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from raw.extract.cue_words import CueRole
from raw.extract.phrases import Phrase
from raw.extract.sections import ReferenceYears, plan_period
from schemas.codelists import Measure, Status
from schemas.document import Period, Section, TimeOrientation

_CUES = re.compile(
    r"(?P<span>(?P<from>(?:19|20)\d\d)年?(?:[-—–~至到]{1,2})(?P<to>(?:19|20)\d\d)年)"
    r"|(?P<year>(?:19|20)\d\d)年"
    r"|(?P<plan>十[二三四五六]五)(?=[”\"]?(?:时期|期间|以来|末|五年|规划期|累计|目标))"
    r"|(?P<five>(?:过去)?(?:的)?五年(?:来|累计|间)|五年期间|过去的?五年|这五年)"
    r"|(?P<several>[近过]去?(?P<count>[二两三四])年(?:来)?|(?P<count2>[二两三四])年(?:来|年均|平均|复合))"
    r"|(?P<this>今年)|(?P<last>去年|上年(?!度?(?:同期|增|提|下|末))|过去的?一年|一年来|一年中)"
)
_REACHED = frozenset({Measure.LEVEL, Measure.RATE, Measure.SHARE, Measure.RANK})
_COUNTS = MappingProxyType({"二": 2, "两": 2, "三": 3, "四": 4})
_PLANS_AHEAD = re.compile("预期目标|主要目标|力争|确保|争取|计划(?!的)|今年将|预期")
_DONE = re.compile("已(?:经|有|建|完)|目前|去年|上年度?(?:完成|实现)|一年来")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodStatus:
    """The period that a number is of, and whether it was achieved or is a target."""

    period: Period
    status: Status


def default_of(section: Section) -> PeriodStatus:
    """Return the period and status of a section's numbers where their sentence names none."""
    ahead = section.outlook == TimeOrientation.AHEAD
    return PeriodStatus(period=section.period, status=Status.TARGET if ahead else Status.ACTUAL)


def resolve(before: str, section: Section, years: ReferenceYears, paragraph_period: Period | None) -> PeriodStatus:
    """Return the period and status of a number.

    Args:
        before: The words of its sentence before it.
        section: The section that it is in.
        years: The reference years of the document.
        paragraph_period: The years that the paragraph opened with (五年来，…), which hold until a year is named.
    """
    base = default_of(section)
    cue = last_period_cue(before, years, section)
    period = cue or paragraph_period or base.period
    if base.status == Status.TARGET and cue and cue.last < years.ahead:
        return PeriodStatus(period=period, status=Status.ACTUAL)
    if base.status == Status.ACTUAL and period.last >= years.ahead and _PLANS_AHEAD.search(before):
        return PeriodStatus(period=period, status=Status.TARGET)
    return PeriodStatus(period=period, status=base.status)


def adjust_for_measure(stated: PeriodStatus, measure: Measure, phrase: Phrase) -> PeriodStatus:
    """Return the period that a measure implies.

    A yearly average is over several years: where only one is named, over the five-year plan it belongs to. What was
    reached in several years holds for the last of them; what was done or counted in them is of them all. What a change
    sets out from (从…提高到…) is of the year before.
    """
    period = stated.period
    if measure == Measure.CAGR and period.first == period.last:
        period = plan_of(period.last)
    elif CueRole.FROM in phrase.flags and measure in _REACHED:
        period = Period.of(period.first - 1)
    elif measure in _REACHED and not phrase.flags & {CueRole.EVERY, CueRole.DONE}:
        reached = measure != Measure.LEVEL or phrase.move in {CueRole.REACH, CueRole.TO}
        period = Period.of(period.last) if reached else period
    return PeriodStatus(period=period, status=stated.status)


def plan_of(year: int) -> Period:
    """Return the five-year plan that a year belongs to: 2021/2025 for 2023."""
    first = (year - 1) // 5 * 5 + 1
    return Period(first=first, last=first + 4)


def last_period_cue(words: str, years: ReferenceYears, section: Section) -> Period | None:
    """Return the period that the last cue among some words names, or None."""
    period = None
    for cue in _CUES.finditer(words):
        period = _period(cue, years, section) or period
    return period


def _period(cue: re.Match[str], years: ReferenceYears, section: Section) -> Period | None:
    if cue["span"]:
        first, last = int(cue["from"]), int(cue["to"])
        return Period(first=first, last=last) if first <= last else None
    if cue["year"]:
        return None if _is_base_year(cue) else Period.of(int(cue["year"]))
    if cue["plan"]:
        compared = cue.string[: cue.start()].endswith(("为“", "比“", "较“", "是“", "为", "比"))
        return None if compared else plan_period(cue["plan"])
    if cue["five"]:
        ahead = section.outlook == TimeOrientation.AHEAD
        first = years.ahead if ahead else years.back - 4
        return Period(first=first, last=first + 4)
    if cue["several"]:
        count = _COUNTS[cue["count"] or cue["count2"]]
        return Period(first=years.back - count + 1, last=years.back)
    return Period.of(years.ahead if cue["this"] else years.back)


def _is_base_year(cue: re.Match[str]) -> bool:
    """Return whether a year is only what something is compared with: 比2020年增长."""
    if cue.string.startswith("相比", cue.end()):
        return True
    before = cue.string[max(0, cue.start() - 2) : cue.start()].rstrip('“"')
    return before.endswith(("比", "较", "以")) and not cue.string.startswith("底", cue.end())
