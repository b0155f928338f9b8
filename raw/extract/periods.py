"""Which period a number is of, and whether it was achieved or promised.

What the sentence says counts first, then what its paragraph opened with, then the section.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from raw.extract.cue_words import CueRole
from raw.extract.mentions import MentionKind
from raw.extract.subjects import SubjectMatch
from raw.extract.years import MONTHS, PLAN_NAME, ReferenceYears, months_of, plan_period
from schemas.codelists import DocumentKind, Measure, Status
from schemas.document import Period, Section, TimeOrientation

_YEARS_BACK = r"(?:过去|刚刚过去|近|最近|这|前|[一本]届政府任期)"
_START = r"(?:^|(?<=[\s，,。；;：:！!、—（(]))"
# What 上年 is part of a name or of a comparison: 上年结转收入, 比上年增长.
_NOT_LAST = "(?!度?(?:同期|增|提|下|末|底|的|水平|结转|结余|完成数|执行|预计|实际|预算|决算))"
_CUES = re.compile(
    r"(?<!\d)(?P<span>(?P<from>(?:19|20)\d\d)年?(?:[-—–~至到]{1,2})(?P<to>(?:19|20)\d\d)年)"
    r"|(?:(?<!\d)(?<!\d[.,])(?P<year>(?:19|20)\d\d)\s?年|(?P<this>今年|本年(?!级))|" + _START + r"(?P<next>明年)"
    rf"|(?<![比较与])(?P<last>去年|{_START}上年{_NOT_LAST}|(?:刚刚)?过去的?一年|(?<![\d一二三四五六七八九十])一年(?:来|中)))"
    rf"(?:以来|(?P<whole>全年|年末|末)|的?(?P<months>{MONTHS}))?"
    rf"|[“\"]?(?P<plan>{PLAN_NAME})[”\"]?(?:(?=时期|期间|以来|期?末|五年|规划期|累计|目标|这五年|成就)|(?<=回顾“....)|(?<=回顾“...))(?P<end>期?末)?"
    rf"|(?P<five>{_YEARS_BACK}的?五年|五年(?:来|累计|间|期间|共|(?=年均|分别增长|增长|翻))|本届政府(?:任期|成立|五年|以来)(?:五年|以来|内)?|(?P<coming>(?:今后|未来)的?五年))"
    r"|(?P<several>(?:[近过]去?(?P<count>[二两三四])年(?:来)?|(?<![\d一二三四五六七八九十第])(?P<count2>[二两三四])年(?:来|年均|平均|复合)))"
    rf"|{_START}(?:截至)?(?P<part>{MONTHS.replace('?P<', '?P<in_')})(?!底?之?前|内)"
    r"|(?P<yearly>全年|年末|年底|年内)"
)
# 由15.5:41.2:43.3调整为…: each of the first parts is of the base year.
_FROM_PARTS = re.compile(r"[从由][^，,。；:]{0,16}(?:\d[\d.]*[:比])+$")
_SINCE_YEAR = re.compile(r"[比较与](?:同期)?((?:19|20)\d\d)年[末底]?(?:相比)?[^，,。；]{0,10}$")
_OVER_YEARS = frozenset({Measure.GROWTH, Measure.CHANGE})
_REACHED = frozenset({Measure.LEVEL, Measure.RATE, Measure.SHARE, Measure.RANK})
_TERM = 5
_MONTHS = re.compile(MONTHS)
_COUNTS = MappingProxyType({"二": 2, "两": 2, "三": 3, "四": 4})
_PLANS_AHEAD = re.compile(
    r"(?:预期|主要|奋斗|发展|工作)目标|力争|确保(?!了)|争取(?!了|到)|(?:计划|预期)(?!的|生育|单列|执行|完成率)|今年将|(?<!即)将(?:达|实现|建成|完成|新增|新建|突破|继续)|目标[是为]"
)
# 经济社会发展主要预期目标：what follows is planned, whatever chapter it stands in.
_GOALS = re.compile(r"(?:预期|主要|奋斗)目标(?:是|为|[:：])")
_GOALS_MET = re.compile(r"(?:完成|实现|达到|超)[^。；;]{0,30}目标")
_PLANNED_BY = re.compile(r"(?:到|至)(?:19|20)\d\d年[底末]?[，,]?")
_DONE = re.compile(r"已(?:经|有|建成?|完成?|达|累计|开工|投)|目前|截至|(?<![比较])去年|一年来|迄今|至今")
_BUDGETED = re.compile(
    r"预算数|调整预算|年初预算|预算安排|代编预算|拟安排|批准的[^，。；]{0,30}预算|(?:收入|支出)预算为$|预算[^。；]{0,70}调整为[^，。；]{0,4}$"
)
_CARRIED_OUT = re.compile(r"完成|执行|实际|实现|决算|入库|(?:为|占|达)[^，。；]{0,8}预算|比上年|同比|下达")
_BUDGETS = frozenset({DocumentKind.BUDGET_REPORT, DocumentKind.FINAL_ACCOUNTS, DocumentKind.ECONOMIC_RUN})
# An amount at one moment, whatever verb leads to it.
_STOCK = re.compile(
    r"^(?!.*(?:新增|新建|净增|增加|新改建)).*(?:总量|总数|存量|余额|保有量|总装机.*|装机容量|总里程|通车里程|常住人口|建成区面积|覆盖面?|户数|在校生)$"
)
# 6.25亿美元，年均增长13.8%: what an average or a multiple of an earlier year follows is of the last year.
_COMPARED = re.compile(r"[，,、(]?(?:年均(?:递?增|增长|下降)|[是为相当于]{1,3}(?:19|20)\d\d年末?的)")
_PER_HEAD = re.compile(r"人均[^，]{0,10}收入|人均.{0,6}(?:生产总值|GDP)")
# Amounts that add up over the years, even where 超过 or 达 leads to them.
_FLOW = re.compile(r"投入|支出|报销|发放|拨付|完成|新增|引进|实施|培训|转移|吸纳|争取|受益|惠及|减免|落实")
_THROUGHOUT = re.compile(r"始终|(?<![人均生])每年|年均|平均|累计|同期|一直|连续")
_BEGINS = re.compile(r"(?:^|[\s，,。；;：:！!—]|过去的|回顾|总结|进入|围绕|做好)[“\"]?$")
_LISTED_STOCK = re.compile(r"(?:达到?|增至|总数|拥有|共有)[^，。；]*、[^，。；、]{1,14}$")
# 2014年世界园艺博览会将在… names an event, 2014年，… and 2014年是… a time.
_OF_PASSAGE = re.compile(r"[,，是、]|我们|[我全本][市省区州县]|政府|工作|度|的|卓有|目标|主要|经济|各项|$")
_OWN_YEARS = re.compile(r"(?:年均|平均)[^，,；;。\d]{0,12}\d[^，,；;。]{0,10}[，,；;]")
# 1990年不变价, 2000年以前建成的小区: such a year says what is counted, and not when.
_QUALIFIES = re.compile("[底末]?(?:之|以)?前|不变价|可比价|价格")
_SINCE = re.compile(r"(?:今年|年)以来")
_BASE_YEAR = re.compile(
    r"(?:从|由)[“\"]?(?:(?P<year>(?:19|20)\d\d)年?|(?P<last>上年|去年)|(?P<plan>"
    + PLAN_NAME
    + r")[”\"]?期?末)[底末初]?的?[^，,。；;]{0,12}$"
)


# 与“十一五”末相比，从…, 由2010年的…到2015年的…，由…: the base holds for what follows in the sentence.
_COMPARED_WITH = re.compile(
    r"(?:从|由|与|比|较)[“\"]?(?:(?P<year>(?:19|20)\d\d)年?|(?P<last>上年|去年)|(?P<plan>"
    + PLAN_NAME
    + r")[”\"]?期?末)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodStatus:
    """The period that a number is of, and whether it was achieved or is a target."""

    period: Period
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The time that the paragraphs of a section are about, until one opens with another.

    Attributes:
        period: The years that the paragraph, or one before it, opened with; None for those of the section.
        outlook: Whether it reports or plans.
    """

    period: Period | None
    outlook: TimeOrientation


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What decides the time of a sentence that does not say it: its document, its section, its paragraph."""

    years: ReferenceYears
    kind: DocumentKind
    section: Section
    passage: Passage


def passage_of(opening: str, years: ReferenceYears, section: Section, before: Passage | None) -> Passage:
    """Return the passage of a paragraph.

    Args:
        opening: The first words of the paragraph, up to its first measured number.
        years: The years of the document.
        section: The section that the paragraph is in.
        before: The passage of the paragraph before it in the same chapter, None at the start of a chapter.
    """
    period = _opening_period(opening, years, section)
    if period is None:
        goes_on = before and (before.outlook == section.outlook or _is_long(before.period))
        return before if before and goes_on else Passage(period=None, outlook=section.outlook)
    outlook = section.outlook
    if period.last <= years.back and outlook == TimeOrientation.AHEAD:
        outlook = TimeOrientation.BACK
    elif period.first >= years.ahead and not _SINCE.search(opening):
        outlook = TimeOrientation.AHEAD
    return Passage(period=period, outlook=outlook)


def _is_long(period: Period | None) -> bool:
    return period is not None and period.first < period.last


def _opening_period(opening: str, years: ReferenceYears, section: Section) -> Period | None:
    """Return the period that a paragraph opens with: years that begin a clause, no month and no target year."""
    period: Period | None = None
    for cue in _CUES.finditer(opening):
        begins = _BEGINS.search(opening[: cue.start()])
        known = cue["year"] and int(cue["year"]) in {years.back, years.ahead, years.given}
        after = opening[cue.end() :]
        dated = cue["year"] and (after[:1].isdigit() if known else not _OF_PASSAGE.match(after))
        if (
            cue["part"]
            or cue["months"]
            or cue["yearly"]
            or dated
            or ((cue["year"] or cue["span"] or cue["several"]) and not begins)
        ):
            continue
        period = _period(cue, years, section, period or section.period) or period
    return period


def resolve(before: str, clock: Clock) -> PeriodStatus:
    """Return the period and status of a number, `before` being the words of its sentence before it."""
    years, section, passage = clock.years, clock.section, clock.passage
    cue = last_period_cue(before, years, section, passage.period)
    period = cue or passage.period or section.period
    if cue is None and _GOALS.search(before) and not _GOALS_MET.search(before) and not _is_long(period):
        return PeriodStatus(period=Period.of(max(period.last, years.ahead)), status=Status.TARGET)
    ahead = passage.outlook == TimeOrientation.AHEAD
    if ahead and ((cue and cue.last < years.ahead) or _DONE.search(before)):
        done = period if period.last < years.ahead else Period.of(years.back)
        return PeriodStatus(period=done, status=Status.ACTUAL)
    if clock.kind in _BUDGETS and not ahead:
        clause = re.split(r"[，,；;：]", before)[-1]
        planned = _BUDGETED.search(clause if _CARRIED_OUT.search(before) else before) and not _CARRIED_OUT.search(
            clause
        )
        return PeriodStatus(period=period, status=Status.TARGET if planned else Status.ACTUAL)
    plans = period.last > years.back and (_PLANS_AHEAD.search(before) or _PLANNED_BY.search(before))
    return PeriodStatus(period=period, status=Status.TARGET if ahead or plans else Status.ACTUAL)


def adjust_for_measure(
    stated: PeriodStatus, match: SubjectMatch, measure: Measure, around: tuple[str, str], clock: Clock
) -> PeriodStatus:
    """Return the period that a measure implies.

    A yearly average is over several years: where only one is named, over the five-year plan it belongs to. What was
    reached in several years holds for the last of them; what was done or counted in them is of them all. What a change
    sets out from (从…提高到…) is of the year that it names, else of the year before the passage.

    Args:
        stated: The period that the words before the number say.
        match: The number with its subject.
        measure: What the number is.
        around: The words of the sentence before the number, and the words behind it.
        clock: What decides the time of the sentence.
    """
    period, phrase, subject = stated.period, match.phrase, match.subject
    before, behind = around
    since = _SINCE_YEAR.search(before) if measure in _OVER_YEARS else None
    if since and int(since[1]) + 1 < period.last:
        period = Period(first=int(since[1]) + 1, last=period.last)
    elif measure == Measure.STREAK:
        period = Period.of(period.last)
    elif measure == Measure.CAGR and period.first == period.last:
        period = _years_to(period.last, clock.section, clock.years)
    elif measure in _REACHED and (CueRole.FROM in phrase.flags or (match.mention.part and _FROM_PARTS.search(before))):
        period = _base_of(before, period)
    elif period.first < period.last and measure in _REACHED and not phrase.flags & {CueRole.EVERY, CueRole.DONE}:
        served = before.endswith("为") and match.mention.kind == MentionKind.QUANTITY and match.counted  # 为…人报销
        reached = (
            (phrase.move in {CueRole.REACH, CueRole.TO} and not served)
            or _STOCK.search(subject)
            or _LISTED_STOCK.search(before)
            or ("累计" not in before and _COMPARED.match(behind))
            or _PER_HEAD.search(subject)
        )
        throughout = _THROUGHOUT.search(re.split(r"\d", before[-16:])[-1]) or (
            measure == Measure.LEVEL and _FLOW.search(subject)
        )
        if not throughout and (measure != Measure.LEVEL or reached):
            period = Period.of(period.last)
    return PeriodStatus(period=period, status=stated.status)


def _years_to(year: int, section: Section, years: ReferenceYears) -> Period:
    """Return the years of a yearly average that a single year ends."""
    if section.period.first < section.period.last and section.period.first <= year <= section.period.last:
        return section.period
    return Period(first=years.ahead, last=year) if year > years.ahead else plan_of(year)


def _base_of(before: str, period: Period) -> Period:
    """Return the year that a change sets out from."""
    named = _BASE_YEAR.search(before) or next(reversed(list(_COMPARED_WITH.finditer(before))), None)
    if named and named["year"]:
        return Period.of(int(named["year"]))
    if named and named["plan"]:
        return Period.of(plan_period(named["plan"]).last)
    return Period.of(period.first - 1)


def plan_of(year: int) -> Period:
    """Return the five-year plan that a year belongs to: 2021/2025 for 2023."""
    first = (year - 1) // 5 * 5 + 1
    return Period(first=first, last=first + 4)


def last_period_cue(words: str, years: ReferenceYears, section: Section, around: Period | None = None) -> Period | None:
    """Return the period that the last cue among some words names, or None."""
    period: Period | None = None
    for cue in _CUES.finditer(words):
        # 五年年均增长13%；出口增长5%: such years are those of their own number alone.
        if (cue["five"] or cue["several"]) and _OWN_YEARS.match(words, cue.end()):
            continue
        period = _period(cue, years, section, period or around or section.period) or period
    return period


def _period(  # noqa: PLR0911 - one return for each kind of cue
    cue: re.Match[str], years: ReferenceYears, section: Section, current: Period
) -> Period | None:
    if cue["span"]:
        first, last = int(cue["from"]), int(cue["to"])
        return Period(first=first, last=last) if first <= last else None
    if cue["plan"]:
        compared = cue.string[: cue.start()].endswith(("为", "比", "较", "是", "从", "由", "相当于", "与"))
        plan = plan_period(cue["plan"])
        return None if compared else Period.of(plan.last) if cue["end"] else plan
    if cue["five"]:
        ahead = cue["coming"] or (section.outlook == TimeOrientation.AHEAD and "过去" not in cue["five"])
        around = section.period if ahead else current
        if _is_term(around) and (ahead or around.last <= years.back):
            return around
        first = years.ahead if ahead else years.back - 4
        return Period(first=first, last=first + 4)
    if cue["several"]:
        count = _COUNTS[cue["count"] or cue["count2"]]
        return Period(first=years.back - count + 1, last=years.back)
    if cue["yearly"]:
        return Period.of(current.last) if current.months or (current.first < current.last <= years.back) else None
    if cue["part"]:
        return _part_of_year(cue["part"], current.last)
    return _year(cue, years)


def _is_term(period: Period) -> bool:
    return period.last - period.first == _TERM - 1


def _year(cue: re.Match[str], years: ReferenceYears) -> Period | None:
    if cue["year"] and (
        _is_base_year(cue) or (_QUALIFIES.match(cue.string, cue.end()) and int(cue["year"]) < years.back)
    ):
        return None
    if cue["year"]:
        year = int(cue["year"])
    elif cue["last"] and cue["last"] not in {"去年", "上年"}:  # 一年来 is the year under review
        year = years.back
    else:
        year = years.given + (1 if cue["next"] else 0 if cue["this"] else -1)
    return (cue["months"] and _part_of_year(cue["months"], year)) or Period.of(year)


def _part_of_year(words: str, year: int) -> Period | None:
    match = _MONTHS.search(words)
    months = months_of(match) if match else None
    return Period(first=year, last=year, months=months) if months else None


def _is_base_year(cue: re.Match[str]) -> bool:
    """Return whether a year is only what something is compared with: 比2020年增长, 从2015年的…增加到."""
    after = cue.string[cue.end() : cue.end() + 4]
    if after.startswith(("相比", "末相比", "底相比")):
        return True
    before = cue.string[max(0, cue.start() - 2) : cue.start()].rstrip('“"')
    if before.endswith(("从", "由")) and not after.startswith(("起", "以来", "开始")):
        return True
    if before.endswith("自") and after.startswith(("以来首", "以来最")):
        return True
    return before.endswith(("比", "较", "以", "与", "是", "为", "剔除", "扣除")) and not after.startswith("底")
