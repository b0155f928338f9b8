"""What a report says of its promises in words: that a list was completed, that a thing was done, that a target changed.

A claim about a list (民生实事全部办结, 年度目标任务圆满完成) answers the promises of that list: those in the passage of
the 民生实事, and those of the sentence that states the main targets. 基本完成 and 较好完成 claim less than all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from publish.compare.wording import SearchableClause, SearchableReport
from schemas.document import Document, Span

_FULLY = "全部|全面|圆满|如期|按期|顺利|超额|提前|高质量|高标准"
_DONE_VERBS = "完成|办结|兑现|落实|实现|办成|办好|建成|收官|落地见效|投用|竣工|交付"
_DONE = re.compile(rf"(?:{_FULLY})(?:{_DONE_VERBS})")
_LIST_DONE = re.compile(
    rf"实事[^，。；]{{0,10}}(?:{_FULLY})(?:{_DONE_VERBS})|(?:{_FULLY})(?:{_DONE_VERBS})了?[^，。；]{{0,14}}实事"
)
_TARGETS = "目标任务|预期目标|主要目标|年度目标"
_TARGETS_DONE = re.compile(
    rf"(?:{_TARGETS})[^，。；\d]{{0,6}}(?:{_FULLY})(?:完成|实现)|(?:{_FULLY})(?:完成|实现)了?[^，。；\d]{{0,24}}(?:{_TARGETS})"
)
# A claim about the targets of one field says nothing of the others.
_OF_ONE_FIELD = re.compile(
    "改革|项目|账款|水利|减排|节能|环[保境]|脱贫|攻坚|考核|督察|债|清零|普查|创建|教育|绿化|就业|安全|招商|投资|粮食|下达|连续"
)
_NOT_ALL = re.compile(r"基本|较好|大部分|绝大|多数|五年|规划|“?十[一二三四五]|任期|本届|上届|未|没有|不及")
_CHANGED = re.compile(r"目标[^。；]{0,20}(?:调整|下调|上调|调减|调增|修订)(?:为|到|至)")
_ADJUSTED = re.compile(r"调整后的?[^，。；]{0,8}目标")
_LIST_HEAD = re.compile(
    r"(?:[\d十]+[件项个]|方面|[件项]|大)(?:重[点要])?(?:民生)?(?:为民)?(?:办)?实事|民生实事(?:项目)?[:：]"
)
_TARGETS_HEAD = re.compile(r"(?:主要|预期|发展|工作)目标")
_BEFORE = 900


class PromiseList(StrEnum):
    """The lists of promises that a report claims to have completed as a whole."""

    PEOPLE = "people"
    MAIN = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClaims:
    """What a report says of promises in words.

    Attributes:
        completed: Where it says that a list was completed as a whole.
        adjusted: Where it speaks of the main targets as they were adjusted.
        changed: The clauses that say that a target was changed.
    """

    completed: Mapping[PromiseList, Span]
    adjusted: Span | None
    changed: tuple[SearchableClause, ...]


def list_of(document: Document, place: int) -> PromiseList | None:
    """Return the list that a promise at a place of a document belongs to."""
    start = document.text.rfind("\n", max(0, place - _BEFORE), place) + 1
    sentence = re.split("[。；;\n]", document.text[start:place])[-1]
    if _TARGETS_HEAD.search(sentence):
        return PromiseList.MAIN
    around = [one for one in document.sections if one.level and one.span.start <= place < one.span.end]
    if any(_LIST_HEAD.search(one.title) for one in around) or _LIST_HEAD.search(document.text[start:place]):
        return PromiseList.PEOPLE
    return None


def claims_of(text: SearchableReport, whole: SearchableReport) -> ReportClaims:
    """Return what a report says of its promises in words.

    Args:
        text: The clauses that can say how things are.
        whole: All clauses of the report.
    """
    full = [clause for clause in text.clauses if not clause.ahead and not _NOT_ALL.search(clause.text)]
    people = (span_of(clause) for clause in full if _LIST_DONE.search(clause.text))
    main = (
        span_of(clause)
        for clause in full
        if _TARGETS_DONE.search(clause.text) and not _OF_ONE_FIELD.search(clause.text)
    )
    adjusted = (span_of(clause) for clause in whole.clauses if _ADJUSTED.search(clause.text))
    done = {PromiseList.PEOPLE: next(people, None), PromiseList.MAIN: next(main, None)}
    return ReportClaims(
        completed={promised: span for promised, span in done.items() if span},
        adjusted=next(adjusted, None),
        changed=tuple(clause for clause in whole.clauses if _CHANGED.search(clause.text)),
    )


def clauses_with(text: SearchableReport, core: str) -> Iterator[SearchableClause]:
    """Yield the clauses that look back and have the whole core of a subject."""
    return (clause for clause in text.clauses if not clause.ahead and core in clause.words)


def claims_completion(clause: SearchableClause) -> bool:
    """Return whether a clause says that all of what it names was done."""
    return bool(_DONE.search(clause.text) and not _NOT_ALL.search(clause.text))


def has_digits(clause: SearchableClause) -> bool:
    """Return whether a number stands in a clause."""
    return any(char.isdigit() for char in re.sub(r"(?:19|20)\d\d年", "", clause.text))


def span_of(clause: SearchableClause) -> Span:
    """Return where a clause stands in its document."""
    return Span(start=clause.start, end=clause.start + len(clause.text))
