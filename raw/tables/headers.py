"""What the header of a column says of its numbers: unit, measure, period, status and the thing that they measure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from raw.extract.periods import last_period_cue
from raw.extract.years import MONTHS, ReferenceYears, months_of
from raw.tables.units import unit_of, without_unit
from schemas.codelists import Measure, Status
from schemas.document import Period, Section

_BLANKS = re.compile(r"[\s\u00a0\u2002\u2003\u3000]+")
_UNIT_COLUMN = re.compile(r"(?:计量|计算)?单位")
_NUMBER_COLUMN = re.compile(r"序号|行次|编号|栏次|代码|(?:科目)?编码|排序|NO\.?|№", re.IGNORECASE)
_NOTE_COLUMN = re.compile(
    r"备注|说明|(?:责任|牵头|主管|实施|填报)(?:单位|部门)|数据来源|资料来源|属性|指标属性|注|完成时限|依据"
)
_RANK = re.compile(r"排名|位次|名次|位数$")
# What the number is compared with or is a part of stands behind these words, and says nothing of its time.
_RELATES = re.compile(r"(?:[比较与为占]|相当于|完成(?=.{0,6}(?:预算|计划|目标)))(?!重|例|率)")
_GROWTH = re.compile(
    r"增长|增速|增幅|涨幅|降幅|涨跌|升降|同比|环比|(?:比|较)[上去]年|(?:比|较)年初|增减|±|上升|下降|增加|减少"
)
_CHANGE = re.compile(r"增减|增加|减少|变化|变动|净增|提高|提升")
# Words that contain 增 and are amounts.
_ADDITIONS = re.compile("增加值|新增")
_FALL = re.compile(r"下降|降低|减少|降幅|减幅")
_RISE = re.compile(r"增长|增加|上升|提高|增[幅减速]|涨|升|±|变")
_CAGR = re.compile(r"年均|平均(?:每年)?增|复合")
_SHARE = re.compile(r"比重|占比|份额|构成|结构|占")
_RATE = re.compile(r"(?:占|为|完成).{0,8}(?:预算|计划|目标|任务)|完成(?:率|进度|比例|%)|执行率|进度|率$|达成")
_INDEX = re.compile(r"指\s*数|=\s*100")
_TARGET = re.compile(r"预算(?!执行|完成)|计划(?!完成|执行)|目标|预期|安排|规划|拟|预测|任务")
_DONE = re.compile(r"决算|执行|完成|实际|实绩|实现|预计|累计|入库")
_LAST_YEAR = re.compile(r"(?:^|\D)(?:上年|去年|上一年)(?!.{0,3}(?:=|增|±))")
_THIS_YEAR = re.compile(r"本年|今年|本期|当年|报告期")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)(?!年|[-—–~至]\d)")
_YEAR_NUMBER = re.compile(r"(?<!\d)(?:19|20)\d\d年?(?:\d{1,2}月)?(?:[-—–~至](?:(?:19|20)\d\d年?|\d{1,2}月))?")
_MONTHS = re.compile(MONTHS)
_ONE_MONTH = re.compile(r"(?<![\d-])(1[0-2]|[1-9])月(?![-—–~至])")
_THIS_MONTH = re.compile(r"(?<!至)[本当]月(?!止|末|底|累计)")
_PART = re.compile(r"^(?:其中[:：]?|[#＃*]+)")
_SCOPE = re.compile(r"全[国省市区州县]|[东中西]部|珠三角|长三角")
# Words that say the time, the form or the change of a number and do not name a thing: alone, before and behind one.
_FORM = (
    "绝对[数值量额]|总量|数[量值额]|金额|数据|年末数|期末数|实绩|指标值?|水平|同比|环比|累计|本年|上年|去年|今年|本期|同期|年初|年末|月末|期末|全年|年度|"
    "增长速度|增长率|增长|增速|增幅|涨跌幅度|涨跌幅|涨幅|增减额|增减|变动幅度|变动|变化|比重|占比|构成|预算数?|决算数?|执行数?|完成数?|实际数?|"
    "任务数?|本月止|[本当]月|调整|计划数?|目标值?|预期|预计|合计|总计|项目|速度|情况|价格指数|指数|上升|下降|增加|减少|累计数|名称|数|额|值|为|的|年|月|末|±|%|‰"
)
_BASE = re.compile(r"(?:以?上年(?:同期|同月)?|上月|上期)?(?:价格)?=\s*100")
_ALONE = re.compile(rf"(?:{_FORM}|[:：,，、/()（）])*")
_BEFORE = re.compile(
    r"^(?:本月止|[本当]月|自年初|本年|上年|去年|今年|本期|全年|年末|月末|期末|累计|实际|完成|预计|预算|决算|年|月|末|的|[:：,，、/])+"
)
_BEHIND = re.compile(
    r"(?:同比|环比|累计|增长速度|增长率|增长|增速|增幅|涨跌幅度?|涨幅|增减[额率]?|变动|比重|占比|构成|预算数|决算数|执行数|完成数|目标值?|情况|"
    r"下降|降低|降幅|上升|提高|绝对[数值量额]|位次|排名|名次|[:：,，、/±%‰])+$"
)
_WHOLE = re.compile(
    r"(?:占|为|完成(?=.{0,8}(?:预算|计划|目标|任务)))(?P<whole>[^占为/%‰(（]{1,16}?)(?:总[值额量数])?(?:的?(?:比重|比例|份额|百分比)|的?[%‰]|的?$|(?=/))"
)
# How much of a header cell is read, and how long the name of a thing may be.
_LONGEST = 100
_THING_LIMIT = 16


class ColumnRole(StrEnum):
    """What a column holds."""

    LABEL = "label"
    UNIT = "unit"
    VALUE = "value"
    NUMBERING = "numbering"
    NOTE = "note"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a header says of the numbers under it.

    Attributes:
        words: Its words, from the top.
        unit: The unit that it states.
        measure: What the words say that the numbers are, None where they say nothing: an amount, or what the unit says.
        falls: Whether its numbers are falls without a sign (降幅).
        completes: Whether they say how much of a plan was reached.
        is_index: Whether they are indices, which have no unit.
        period: The period that it names.
        status: Whether it says that the numbers are planned or achieved.
        thing: What they measure, without period, unit and measure.
        whole: Of what whole shares are, of what plan completions are, or among whom ranks hold, as it says.
        undated: Whether it names a time that the document does not date (本月).
        ranked: What ranks are of: growth where it says so, else amounts.
    """

    words: str
    unit: str = ""
    measure: Measure | None = None
    falls: bool = False
    completes: bool = False
    is_index: bool = False
    period: Period | None = None
    status: Status | None = None
    thing: str = ""
    whole: str = ""
    undated: bool = False
    ranked: Measure = Measure.LEVEL


def role_named(words: str) -> ColumnRole | None:
    """Return the role that the words of a header give to a column, None for a label or a value."""
    bare = _BLANKS.sub("", words)
    if _UNIT_COLUMN.fullmatch(bare):
        return ColumnRole.UNIT
    if _NUMBER_COLUMN.fullmatch(bare):
        return ColumnRole.NUMBERING
    return ColumnRole.NOTE if _NOTE_COLUMN.fullmatch(bare) else None


def heading_of(path: Sequence[str], years: ReferenceYears, section: Section) -> Heading:
    """Return what the header cells over a column say, from the outermost to the innermost."""
    parts = [_PART.sub("", _BLANKS.sub("", words[:_LONGEST])) for words in path]
    words = "/".join(parts)
    unit = next((unit for part in reversed(parts) if (unit := unit_of(part))), "")
    bare = "/".join(without_unit(part) for part in parts)
    own = _RELATES.split(_BASE.sub("", bare), maxsplit=1)[0]
    period = period_of(own, years, section)
    measure = _measure(words, _ADDITIONS.sub("", bare), unit)
    changes = measure in {Measure.GROWTH, Measure.CAGR, Measure.CHANGE}
    return Heading(
        words=words,
        unit=unit,
        measure=measure,
        falls=changes and bool(_FALL.search(bare)) and not _RISE.search(bare),
        completes=measure == Measure.RATE and bool(_RATE.search(bare)),
        is_index=bool(_INDEX.search(words)) and not unit,
        period=period,
        status=Status.ACTUAL if measure == Measure.RATE and _RATE.search(bare) else _status(own),
        thing=_thing(parts),
        whole=_whole(bare, measure),
        undated=period is None and bool(_THIS_MONTH.search(own)),
        ranked=Measure.GROWTH if _GROWTH.search(bare) else Measure.LEVEL,
    )


def period_of(words: str, years: ReferenceYears, section: Section) -> Period | None:
    """Return the period that the words of a header, a label or a caption name, None where they name none."""
    dated = _YEAR.sub(r"\1年", words)
    cue = last_period_cue(dated, years, section)
    if cue is None or not cue.months:
        base = cue.last if cue else years.back
        if month := _ONE_MONTH.search(words):
            return Period(first=base, last=base, months=(int(month[1]), int(month[1])))
        if years.months and _THIS_MONTH.search(words):
            return Period(first=base, last=base, months=(years.months[1], years.months[1]))
    year = years.back if _THIS_YEAR.search(words) else years.back - 1 if _LAST_YEAR.search(words) else None
    if year is None:
        return cue
    months = next((months_of(match) for match in _MONTHS.finditer(words)), None)
    around = section.period.months if section.period.last == years.back else None
    return Period(first=year, last=year, months=months or around)


def _measure(words: str, bare: str, unit: str) -> Measure | None:  # noqa: PLR0911 - one return for each measure
    ratio = unit in {"%", "‰", ""}
    if _RANK.search(bare) and ratio:
        return Measure.RANK
    if unit in {"个百分点", "百分点"}:
        return Measure.CHANGE
    if not ratio:
        return Measure.CHANGE if _CHANGE.search(bare) else None
    if _RATE.search(bare) and not re.search("增长率", bare):
        return Measure.RATE
    if _SHARE.search(bare):
        return Measure.SHARE
    if _CAGR.search(bare):
        return Measure.CAGR
    if _INDEX.search(words) and not unit:
        return None
    if _GROWTH.search(bare):
        absolute = re.search("增减|增加|减少", bare) and not unit
        return Measure.CHANGE if absolute else Measure.GROWTH
    return None


def _status(own: str) -> Status | None:
    """Return whether a header says that its numbers are planned or achieved; what was carried out of a plan was."""
    if _DONE.search(own):
        return Status.ACTUAL
    return Status.TARGET if _TARGET.search(own) else None


def _whole(words: str, measure: Measure | None) -> str:
    if measure == Measure.RANK:
        group = _SCOPE.search(words)
        return group.group() if group else ""
    match = _WHOLE.search(words) if measure in {Measure.SHARE, Measure.RATE} else None
    return match["whole"] if match else ""


def without_change(words: str) -> str:
    """Return a label without its last words where they say that it is a growth or a share (工业产值增长速度)."""
    return _BEHIND.sub("", words) or words


def _thing(parts: Sequence[str]) -> str:
    """Return what the parts of a header name: both 在校学生 and 普通高中 below it; of 居民收入 and 收入 the former."""
    thing = ""
    for part in parts:
        own = _RELATES.split(_BASE.sub("", without_unit(part)), maxsplit=1)[0]
        words = _ONE_MONTH.sub("", _MONTHS.sub("", _YEAR_NUMBER.sub("", own)))
        named = _BEHIND.sub("", _BEFORE.sub("", words))
        named = _SCOPE.sub("", named) if _RANK.search(own) else named
        if 1 < len(named) <= _THING_LIMIT and not _ALONE.fullmatch(named) and named not in thing:
            thing = named if thing in named else thing + named
    return thing
