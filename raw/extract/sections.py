"""The sections of a report, each with the year that it is about and whether it looks back or ahead.

There are three levels of headings: 一、 and (一) start a line, 一是 starts a sentence inside a paragraph; a line of its
own such as 2025年工作安排 is a chapter without a number. The title states which year a report looks back on
(2024年工作总结) and which it plans (2025年工作部署); a heading narrows that, and a section whose heading does not
inherits from the section around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from schemas.document import Document, Labels, Period, Section, Span, TimeOrientation

_NUMERAL = "[一二三四五六七八九十]{1,3}"
# 名词解释, 《政府工作报告》有关内容名词注释, 附件2：名词解释
_GLOSSARY_TITLE = r"(?:附件?\d?[:：]?[^\S\n]*)?(?:《[^》\n]{1,20}》)?(?:有关|相关)?(?:内容)?名词(?:解释|注释)|注释"
_HEADING = re.compile(
    rf"(?m)^[^\S\n]*(?:(?P<first>{_NUMERAL})、|[(（](?P<second>{_NUMERAL})[)）]|(?P<glossary>{_GLOSSARY_TITLE})"
    r"|(?P<dated>20\d\d年)(?=[^\s，。：“”报]{2,14}[^\S\n]*$))"
    rf"(?P<title>[^\n。]{{0,60}})|(?:(?<=\n)|(?<=[。；;\u3000]))(?P<third>{_NUMERAL})是(?=[^\d])"
)
_BACK = re.compile("回顾|取得|总结|完成情况|成就|成绩|过去|走过|历程")
_AHEAD = re.compile("部署|安排|计划|打算|展望|目标|总体要求|重点工作|任务|思路|今后|举措|做好")
_PLANS = MappingProxyType({"十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026, "十六五": 2031})
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_PLAN = re.compile("十[二三四五六]五")
GLOSSARY = "名词解释"
_HEAD = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceYears:
    """The year that a report looks back on, and the year that it plans."""

    back: int
    ahead: int

    @classmethod
    def of(cls, title: str, published_on: date | None, text: str) -> ReferenceYears:
        """Read the years from the title, else the date of publication, else the first lines of the text.

        A report that names a single year is given in that year and reports on the year before. A text without any
        date gets the year 1.
        """
        years = [int(year) for year in _YEAR.findall(title)]
        if re.search(r"总结|回顾|完成情况", title) and years:
            return cls(back=years[0], ahead=years[0] + 1)
        if years:
            return cls(back=years[-1] - 1, ahead=years[-1])
        dated = _YEAR.search(text, 0, _HEAD)
        given = published_on.year if published_on else int(dated[1]) if dated else 2
        return cls(back=given - 1, ahead=given)


def plan_period(name: str) -> Period:
    """Return the five years of a plan: 2021/2025 for 十四五."""
    first = _PLANS[name]
    return Period(first=first, last=first + 4)


def outline(*, text: str, body: Span, title: str, published_on: date | None, labels: Labels | None = None) -> Document:
    """Return the document of a text; its first section is the whole body."""
    years = ReferenceYears.of(title, published_on, text)
    whole = Section(
        level=0, label="", title=title, path="", span=body, period=Period.of(years.back), outlook=TimeOrientation.BACK
    )
    sections = (whole, *_sections(text, body, years, whole))
    return Document(
        title=title, published_on=published_on, text=text, body=body, sections=sections, labels=labels or Labels()
    )


def reference_year(document: Document) -> int | None:
    """Return the year that a report is about, None where it does not say.

    The title states it, else the first chapter that looks back on a named year, else the date of publication: a report
    is published in the year after. The first lines of the text do not count: they may name any year.
    """
    if _YEAR.search(document.title):
        return ReferenceYears.of(document.title, None, "").back
    chapters = (
        section for section in document.sections if section.level == 1 and section.outlook == TimeOrientation.BACK
    )
    year = next((section.period.last for section in chapters if _YEAR.search(section.title)), None)
    if year or document.published_on is None:
        return year
    return document.published_on.year - 1


def _sections(text: str, body: Span, years: ReferenceYears, whole: Section) -> list[Section]:
    """Return the sections of the headings, in order, with a stack of the sections around each."""
    heads = list(_HEADING.finditer(text, body.start, body.end))
    ends = _section_ends(heads, body.end)
    sections: list[Section] = []
    stack = [whole]
    for head, end in zip(heads, ends, strict=True):
        while stack[-1].level >= _level(head):
            stack.pop()
        section = _section(head, end, stack[-1], years, first=not sections)
        sections.append(section)
        stack.append(section)
    return sections


def _section_ends(heads: list[re.Match[str]], last: int) -> list[int]:
    """Return where each section ends: at the next heading of its level or above."""
    ends: list[int] = []
    upcoming = [last, last, last, last]
    for head in reversed(heads):
        level = _level(head)
        ends.append(min(upcoming[: level + 1]))
        upcoming = upcoming[:level] + [head.start()] * (len(upcoming) - level)
    return ends[::-1]


def _level(head: re.Match[str]) -> int:
    if head["third"]:
        return 3
    return 2 if head["second"] else 1


def _section(head: re.Match[str], end: int, parent: Section, years: ReferenceYears, *, first: bool) -> Section:
    """Return a section with the period and outlook of its heading, else of its parent."""
    label = head["first"] or head["second"] or head["third"] or head["dated"] or GLOSSARY
    title = ((head["dated"] or "") + (head["title"] or "")).strip()
    inherited = parent.outlook if first or parent.level else TimeOrientation.AHEAD
    outlook = _time_orientation(title, inherited) if head["first"] or head["dated"] else parent.outlook
    default = years.ahead if outlook == TimeOrientation.AHEAD else years.back
    fallback = parent.period if outlook == parent.outlook else Period.of(default)
    return Section(
        level=_level(head),
        label=label,
        title=title,
        path=f"{parent.path}/{label}" if parent.path else label,
        span=Span(start=head.start(), end=end),
        period=_period(title, outlook, fallback),
        outlook=TimeOrientation.NONE if head["glossary"] else outlook,
    )


def _time_orientation(title: str, inherited: TimeOrientation) -> TimeOrientation:
    """Return whether a chapter looks back or ahead: its last word decides (回顾…和…目标 looks ahead).

    A chapter whose heading does not say inherits: the first looks back, the others ahead, since reports start with the
    past year and never return to it.
    """
    back = max((m.start() for m in _BACK.finditer(title)), default=-1)
    ahead = max((m.start() for m in _AHEAD.finditer(title)), default=-1)
    if back == ahead:
        return inherited
    return TimeOrientation.BACK if back > ahead else TimeOrientation.AHEAD


def _period(title: str, outlook: TimeOrientation, fallback: Period) -> Period:
    """Return the period that a heading names: its last year where it looks back, its first where it looks ahead."""
    years = [int(year) for year in _YEAR.findall(title)]
    if years:
        return Period.of(years[-1] if outlook == TimeOrientation.BACK else years[0])
    plan = _PLAN.search(title)
    return plan_period(plan.group()) if plan else fallback
