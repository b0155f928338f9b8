"""The sections of a document, each with the period that it is about and whether it looks back or ahead.

Three levels of headings are numbered: 一、 and (一) start a line, 一是 starts a sentence inside a paragraph. A line of
its own that says which time it is about (2025年工作安排, 本届政府工作回顾) is a chapter without a number; the numbered
chapters behind it belong to its time.

What a chapter looks at follows from, in this order: the years and the words of its heading, the chapter without a
number that it stands in, and the words of its text. In a kind of document that has no plans, only a heading that plans
looks ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from raw.extract.kinds import kind_of
from raw.extract.years import PLAN_NAME, YEAR, ReferenceYears, dates_in_digits, plan_named
from schemas.codelists import DocumentKind
from schemas.document import Document, Labels, Period, Section, Span, Table, TimeOrientation

_NUMERAL = "[一二三四五六七八九十]{1,3}"
# 名词解释, 《政府工作报告》有关内容名词注释, 附件2：名词解释
_GLOSSARY_TITLE = r"(?:附件?\d?[:：]?[^\S\n]*)?(?:《[^》\n]{1,20}》)?(?:有关|相关)?(?:内容)?名词(?:解释|注释)|注释"
_STOPS = r"\n，,。；;：:！!?？"
_HEADING = re.compile(
    rf"(?m)^[^\S\n]*(?:(?P<first>{_NUMERAL})、|[(（](?P<second>{_NUMERAL})[)）]|(?P<glossary>{_GLOSSARY_TITLE})"
    rf"|(?P<part>第[一二三四五六]部分)|(?=(?P<unnumbered>[^\s、\d（(—{_STOPS}-][^{_STOPS}]{{3,38}}"
    rf"|(?:19|20)\d\d年[^{_STOPS}]{{2,30}})[^\S\n]*$))"
    rf"(?P<title>[^\n。]{{0,60}})|(?:(?<=\n)|(?<=[。；;\u3000]))(?P<third>{_NUMERAL})是(?=[^\d])"
)
# Words of a heading that leave no doubt.
_REVIEWS = re.compile(
    r"回顾|总结|过去[一三五]年|五年来|走过的|(?:完成|执行|落实|开展|进展|运行|决议)情况"
    r"|取得.{0,10}(?:成就|成效|成果|进展|成绩)$|主要成就$|工作成效$"
)
_PLANS = re.compile(
    r"(?:工作|总体|任务|重点|预算)的?(?:部署|安排|打算|任务|思路|建议|要求|目标)(?:任务)?(?:和.{0,8})?(?:建议)?$"
    r"|重点工作|主要(?:目标|任务)|奋斗目标|目标任务|发展目标|总体要求|展望|今后|未来[三五]年|下一步|下一阶段|下半年工作|草案|计划安排|工作计划"
)
_TERM = re.compile(r"本届|过去五年|五年来|第.{1,3}届.{0,10}政府|五年(?:的)?(?:主要)?工作")
_NEXT_TERM = re.compile(r"(?:今后|未来|下一个)(?:的)?五年")
# What is frequent in chapters that look back, and rare in those that plan, and the other way round (counted in 254
# reports of 2000 to 2026: each word at least three times as frequent there).
_DONE = re.compile(r"了|获|同比|比上年|较上年|顺利|位居|累计|成功|被评为|首次|超额|入选|圆满|明显|显著|去年|取得")
_TO_DO = re.compile(r"力争|鼓励|确保|用好|引导|抓好|办好|打造|健全|培育|继续|做好|完善|推动|强化")
_BEGINS_WITH_TIME = re.compile(rf"(?:关于)?(?:(?:19|20)\d\d年(?!\d)|[“\"]?{PLAN_NAME})")
_ENDS_WITH_TIME = re.compile(r"(?:19|20)\d\d年[^\d]{0,8}(?:工作|任务|发展)$")
_NO_HEADING = re.compile(r"(?:报告|公报|说明|草案）|摘要）|[表图]\d?)$|^附|》[^《]{0,6}$")
_DATED = re.compile(r"(?:19|20)\d\d年")
_LABEL = 12
_FIRST_LINES = 40
_ENOUGH = 6
_VOICE = 6000
# A longer heading is a sentence: its words do not say what the chapter is about.
_LONG_TITLE = 30
_INSIDE_PARAGRAPH = 3
GLOSSARY = "名词解释"
_WITHOUT_PLANS = frozenset(
    {DocumentKind.COMMUNIQUE, DocumentKind.ECONOMIC_RUN, DocumentKind.FINAL_ACCOUNTS, DocumentKind.OTHER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A heading with its level; `numbered` is unset for a chapter without a number."""

    level: int
    label: str
    title: str
    span: Span
    numbered: bool
    is_glossary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What the headings of a document are read with."""

    text: str
    years: ReferenceYears
    kind: DocumentKind


def outline(  # noqa: PLR0913 - the parts of a page, each by its name
    *,
    text: str,
    body: Span,
    title: str,
    published_on: date | None,
    labels: Labels | None = None,
    kind: DocumentKind | None = None,
    tables: tuple[Table, ...] = (),
) -> Document:
    """Return the document of a text; its first section is the whole body.

    Args:
        text: The canonical text.
        body: The stretch of the report itself.
        title: The title of the page.
        published_on: The day of publication, None if unknown.
        labels: The labels of a disclosure page.
        kind: The kind that the operator states, None to read it from title and text.
        tables: The data tables of the body, in which there are no headings.
    """
    prose = without_tables(text, tables)
    found, evidence = (kind, "") if kind else kind_of(title, body.cut(prose))
    years = ReferenceYears.of(found, _dated_title(title, evidence, body.cut(prose)), published_on, body.cut(prose))
    whole = Section(
        level=0,
        label="",
        title=title,
        path="",
        span=body,
        period=_period_of_year(years, years.back),
        outlook=TimeOrientation.BACK,
    )
    if found == DocumentKind.FIVE_YEAR_PLAN:
        whole = _planned(whole, title, years)
    source = _Source(text=prose, years=years, kind=found)
    sections = (whole, *_sections(source, body, whole))
    return Document(
        title=title,
        published_on=published_on,
        text=text,
        body=body,
        sections=sections,
        labels=labels or Labels(),
        kind=found,
        kind_evidence=evidence,
        tables=tables,
    )


def without_tables(text: str, tables: tuple[Table, ...]) -> str:
    """Return a text of the same length with blank lines in place of its tables."""
    pieces: list[str] = []
    end = 0
    for table in tables:
        span = table.span
        pieces += (text[end : span.start], " " * (span.end - span.start - 1), "\n")
        end = span.end
    return "".join((*pieces, text[end:]))


def reference_year(document: Document) -> int | None:
    """Return the year that a report is about, None where it does not say.

    The title states it, else the first chapter that looks back on a named year, else the date of publication: a report
    is published in the year after. The first lines of the text do not count: they may name any year.
    """
    if YEAR.search(dates_in_digits(document.title)):
        return ReferenceYears.of(document.kind, document.title, None, "").back
    chapters = (
        section for section in document.sections if section.level == 1 and section.outlook == TimeOrientation.BACK
    )
    year = next((section.period.last for section in chapters if YEAR.search(section.title)), None)
    if year or document.published_on is None:
        return year
    return document.published_on.year - 1


def years_of(document: Document) -> ReferenceYears:
    """Return the years that a document speaks of."""
    body = document.body.cut(without_tables(document.text, document.tables))
    title = _dated_title(document.title, document.kind_evidence, body)
    return ReferenceYears.of(document.kind, title, document.published_on, body)


def _dated_title(title: str, evidence: str, body: str) -> str:
    """Return the title, or the line of the body that shows the kind where the title names no year."""
    if YEAR.search(title) or not evidence or evidence in title:
        return title
    return next((line for line in body.split("\n", _FIRST_LINES) if evidence in line), title)


def _period_of_year(years: ReferenceYears, year: int) -> Period:
    return Period(first=year, last=year, months=years.months if year == years.back else None)


def _planned(whole: Section, title: str, years: ReferenceYears) -> Section:
    """Return the whole of a five-year plan: it plans, for the last year of the plan."""
    plan = plan_named(title)
    last = plan.last if plan else years.ahead + 4
    return Section(
        level=0,
        label="",
        title=whole.title,
        path="",
        span=whole.span,
        period=Period.of(last),
        outlook=TimeOrientation.AHEAD,
    )


def _sections(source: _Source, body: Span, whole: Section) -> Iterator[Section]:
    """Yield the sections of the headings, in order, with a stack of the sections around each."""
    heads = list(_headings(source.text, body, whole.title))
    ends = _section_ends(heads, body.end)
    stack = [whole]
    part: Section | None = None
    seen: dict[str, int] = {}
    for head, end in zip(heads, ends, strict=True):
        while stack[-1].level >= head.level:
            stack.pop()
        around = part if head.level == 1 and head.numbered and part else stack[-1]
        span = Span(start=head.span.start, end=end)
        path = f"{stack[-1].path}/{head.label}" if stack[-1].path else head.label
        seen[path] = seen.get(path, 0) + 1
        # Without any sign the first chapter looks back, the others ahead.
        default = TimeOrientation.BACK if head is heads[0] else TimeOrientation.AHEAD
        is_new = seen[path] > 1  # a second (一) inside a chapter belongs to a heading that is not known as one
        outlook = _time_orientation(source, head, span, around, default if not around.level or is_new else None)
        section = Section(
            level=head.level,
            label=head.label,
            title=head.title,
            path=path,
            span=span,
            period=_period(head.title, outlook, around, source),
            outlook=TimeOrientation.NONE if head.is_glossary else outlook,
        )
        if head.level == 1 and not head.numbered:
            part = section
        yield section
        stack.append(section)


def _headings(text: str, body: Span, title: str) -> Iterator[_Heading]:
    for head in _HEADING.finditer(text, body.start, body.end):
        unnumbered = head["unnumbered"]
        if unnumbered and (unnumbered.strip() == title or not _says_time(unnumbered)):
            continue
        level = 3 if head["third"] else 2 if head["second"] else 1
        label = head["first"] or head["second"] or head["third"] or head["part"] or ""
        if unnumbered:
            dated = _DATED.match(unnumbered)
            label = dated.group() if dated else unnumbered.strip()[:_LABEL]
        yield _Heading(
            level=level,
            label=label or GLOSSARY,
            title=(unnumbered or head["title"] or "").strip(),
            span=Span(start=head.start(), end=head.end()),
            numbered=not (unnumbered or head["part"] or head["glossary"]),
            is_glossary=head["glossary"] is not None,
        )


def _says_time(line: str) -> bool:
    """Return whether a line of its own is a heading that says which time it is about."""
    if _NO_HEADING.search(line):
        return False
    return bool(
        _REVIEWS.search(line) or _PLANS.search(line) or _BEGINS_WITH_TIME.match(line) or _ENDS_WITH_TIME.search(line)
    )


def _section_ends(heads: list[_Heading], last: int) -> list[int]:
    """Return where each section ends: at the next heading of its level or above."""
    ends: list[int] = []
    upcoming = [last, last, last, last]
    for head in reversed(heads):
        ends.append(min(upcoming[: head.level + 1]))
        upcoming = upcoming[: head.level] + [head.span.start] * (len(upcoming) - head.level)
    return ends[::-1]


def _time_orientation(
    source: _Source, head: _Heading, span: Span, around: Section, default: TimeOrientation | None
) -> TimeOrientation:
    """Return whether a section looks back or ahead.

    Args:
        source: The document.
        head: The heading of the section.
        span: The section.
        around: The section that it is in.
        default: Where it looks if nothing says it, None where it inherits that from the section around it.
    """
    inherits = head.level == _INSIDE_PARAGRAPH or source.kind in {DocumentKind.OTHER, DocumentKind.COMMUNIQUE}
    if inherits:
        return around.outlook
    stated = _stated_orientation(head.title, head.level, source.years)
    words = span.cut(source.text)[:_VOICE]
    if source.kind in _WITHOUT_PLANS or source.kind == DocumentKind.FIVE_YEAR_PLAN:
        return stated or around.outlook
    if around.level and stated not in {None, around.outlook}:  # 全面完成目标任务 inside a review plans nothing
        return _voice(words, stated or around.outlook)
    if stated or default is None:
        return stated or around.outlook
    return _voice(words, around.outlook if around.level else default)


def _stated_orientation(title: str, head_level: int, years: ReferenceYears) -> TimeOrientation | None:
    """Return where the heading says that it looks, None where it does not: of years and words, the last decides."""
    named = [int(year) for year in YEAR.findall(title)]
    short = len(title) <= _LONG_TITLE or named
    back = max((match.start() for match in _REVIEWS.finditer(title)), default=-1) if short else -1
    ahead = max((match.start() for match in _PLANS.finditer(title)), default=-1) if short else -1
    past = bool(named) and named[-1] <= years.back
    if ahead > back and past and title.endswith(("情况", "成效")):  # 2025年财政重点工作情况
        return TimeOrientation.BACK
    if back == ahead and head_level == 1 and title.endswith("情况"):
        return TimeOrientation.BACK
    if back != ahead:
        return TimeOrientation.BACK if back > ahead else TimeOrientation.AHEAD
    plan = plan_named(title)
    if named:
        return TimeOrientation.AHEAD if named[-1] >= years.ahead else TimeOrientation.BACK
    if plan and (plan.first >= years.ahead or plan.last <= years.back):
        return TimeOrientation.AHEAD if plan.first >= years.ahead else TimeOrientation.BACK
    return None


def _voice(words: str, fallback: TimeOrientation) -> TimeOrientation:
    """Return whether the words of a chapter report or plan."""
    done, to_do = len(_DONE.findall(words)), len(_TO_DO.findall(words))
    if done + to_do < _ENOUGH:
        return fallback
    return TimeOrientation.BACK if done >= to_do else TimeOrientation.AHEAD


def _period(title: str, outlook: TimeOrientation, around: Section, source: _Source) -> Period:
    """Return the period that a heading names: its last year where it looks back, its first where it looks ahead."""
    years, named = source.years, [int(year) for year in YEAR.findall(title)]
    back = outlook == TimeOrientation.BACK
    if named and source.kind not in {DocumentKind.OTHER, DocumentKind.COMMUNIQUE}:
        return _period_of_year(years, named[-1] if back else named[0])
    plan = plan_named(title)
    if plan and (plan.first <= years.back if back else plan.last >= years.ahead):
        return plan
    if back and _TERM.search(title):
        return Period(first=years.back - 4, last=years.back)
    if not back and _NEXT_TERM.search(title):
        return Period(first=years.ahead, last=years.ahead + 4)
    if outlook == around.outlook:
        return around.period
    return _period_of_year(years, years.back if back else years.ahead)
