"""Which targets of a report are promises, over which time, and how firmly they are made.

A promise is a number in a plan of a report on an earlier year, with an intent and a measurable series. A number that
only delimits (5000万元以上工业项目), belongs to a name (60万吨/年PTA项目), says for whom something is (年满60周岁),
what is paid at most or for each (最高奖励50万元), what something sets out from (从5%提高到6%) or how long it takes is
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publish.compare.quantities import direction
from publish.compare.statements import Row, Statement
from schemas.codelists import Ambition, Direction, Horizon, Measure

_NOT_MEASURED = frozenset(
    {"year_of_age", "year", "month", "day", "hour", "minute", "kV", "kVA", "ug", "m", "mm", "degree_celsius", "share"}
)
_COUNTED = frozenset({"count", "household", "person", "bed", "vehicle", "flight", "vessel", "percent", "rank", "times"})
# What the number belongs to where these words follow it: a name, or a class that it delimits.
_NAMES = re.compile(
    r"^(?:/年|级|型|以上|以下|以内|及以上)?(?:的|规模的?)?[^，。；、：\d]{0,10}?"
    r"(?:项目|工程|企业|园区|基地|生产线|机组|电站|电厂|集群|机场|输变电|规划|行动|计划|标准|人才|奖励|补贴|补助|资金池|基金)"
)
_DELIMITING = frozenset({"household", "person", "CNY", "USD"})
_CLASS = re.compile("^(?:以上|以下|及以上)的?(?![的和与及、，。；])[\u4e00-\u9fff]")
_CAPS = re.compile(
    r"最高|奖励|补助|补贴|资助|给予|每[人户亩家件个吨次]|按.{0,8}标准|标准(?:为|提高|每)|封顶|起付|门槛|年满|不满|限额|面值"
)
_BASE = re.compile(r"(?:从|由|自)[^，。；、到至]{0,16}$")
_BASE_LEADS_ON = re.compile(r"^[^，。；、]{0,8}(?:到|至|提高|提升|增加|增长|降|压缩|缩短)")
_PLACES = re.compile(r"(?:(?<![制定持])在|围绕|聚焦|依托|发挥|用好|按照|针对|前往|面向|位于|即|现有|已有|目前)$")
_NO_PLAN = re.compile(
    r"(?:较上年|比上年|较去年|比去年|同比)(?:增加|减少|多)$|去年|目前|现有|已(?:建成|完成|有|达|投入)"
)
_DIGIT = re.compile(r"\d")
_COUNTS_WITHOUT_DIGITS = frozenset({Measure.RANK, Measure.MULTIPLE, Measure.GROWTH})
_INTENT = re.compile(
    r"目标|预期|力争|确保|争取|计划|预计|控制|保持|稳定|不低于|不少于|不超过|以上|以内|左右|达|超|突破|增长|下降|提高|降低|增至|"
    r"[新改扩续]建|建[成设立好]|新增|净增|完成|实现|实施|开展|推[进动]|培育|引进|打造|改造|整治|治理|修复|提升|发放|培训|招|认定|"
    r"布局|铺设|开通|投用|投产|竣工|开工|办|安排|投入|筹|支持|创建|创|争|增|种|造|压减|淘汰|化解|脱贫|转移|就业|帮扶|覆盖|清|设|"
    r"发展|落地|攻关|攻克|转化|选派|供应|收储|处置|盘活|解决|消除|新"
)
_QUALIFIERS = re.compile(
    r"力争|确保|争取|不低于|不少于|不超过|高于|低于|快于|以上|以内|以下|左右|上下|同步|基本|约|近|超过?|突破|至少|控制在|保持在|稳定在"
)
_STRETCH = "力争"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A target with its words, the year it is due, and what was promised of it.

    Attributes:
        statement: The number and its words.
        made: The year that the report which promises it is on.
        due: The last year of its period.
        wording: Its qualifiers verbatim, in the order of the text, joined by 、.
    """

    statement: Statement
    made: int | None
    due: int
    horizon: Horizon
    wording: str


def promise_of(statement: Statement, made: int | None) -> Promise | None:
    """Return the promise of a target, None where it is none.

    Args:
        statement: A number whose status is target.
        made: The year that its report is on, None where that is unknown or it was entered by hand.
    """
    row = statement.row
    due = int(row["period"][-4:])
    if (made is not None and due <= made) or not _is_measured(statement):
        return None
    one_year = "/" not in row["period"] and (made is None or due == made + 1)
    return Promise(
        statement=statement,
        made=made,
        due=due,
        horizon=Horizon.YEAR if one_year else Horizon.YEARS,
        wording=_wording(statement),
    )


def _is_measured(statement: Statement) -> bool:
    """Whether a number states how much of something is planned."""
    row, before, after = statement.row, statement.before, statement.after
    clause = re.split("[，。；;：]", before)[-1]
    part = re.split("[，。；;：、（(]", before)[-1]
    known = not row["indicator"].startswith("x:")
    if row["unit_code"] in _NOT_MEASURED or (not _DIGIT.search(row["obs_text"]) and not _counts_in_words(row)):
        return False
    if row["unit_code"] not in _COUNTED and _NAMES.match(after) and not known:
        return False
    if row["unit_code"] in _DELIMITING and _CLASS.match(after):
        return False
    if _BASE.search(part) and _BASE_LEADS_ON.match(after):
        return False
    if _CAPS.search(clause) or _PLACES.search(part) or _NO_PLAN.search(clause):
        return False
    return known or bool(statement.core and _INTENT.search(before + after))


def _counts_in_words(row: Row) -> bool:
    return row["measure"] in _COUNTS_WITHOUT_DIGITS


def _wording(statement: Statement) -> str:
    lead = re.split("[，。；;：]", statement.before)[-1]
    tail = re.split("[，。；;、：]", statement.after, maxsplit=1)[0]
    found = dict.fromkeys([*_QUALIFIERS.findall(lead), *_QUALIFIERS.findall(tail)])
    return "、".join(found)


def stretches(promises: Iterable[Promise]) -> Mapping[str, Ambition]:
    """Return how firmly each promise is made, by the ids of their observations.

    One of 力争 is a stretch where the same report sets another, lower number of the same series, measure and period.
    """
    groups: dict[tuple[str, ...], list[Promise]] = {}
    for one in promises:
        row = one.statement.row
        series = row["indicator"].partition("~")[0]
        groups.setdefault((row["document"], series, row["measure"], row["period"], row["unit_code"]), []).append(one)
    return {
        one.statement.row["obs_id"]: Ambition.STRETCH if _is_stretch(one, group) else Ambition.TARGET
        for group in groups.values()
        for one in group
    }


def _is_stretch(one: Promise, group: Iterable[Promise]) -> bool:
    if _STRETCH not in one.statement.before:
        return False
    sign = -1 if direction(one.statement.row) is Direction.DOWN else 1
    mine = one.statement.row["value_base"] * sign
    firmer = (other for other in group if _STRETCH not in other.wording and other is not one)
    return any(other.statement.row["value_base"] * sign < mine for other in firmer)
