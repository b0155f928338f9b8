"""The words around a stated number: its clause part, its qualifiers, and the core of what it measures.

Two statements can be held against each other only if their words do not make different things of them: an addition and
a stock, the national grade and that of the province, what was begun and what was completed, the whole and what is left
after 扣除.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.document import Document
from schemas.registry.indicators import normalise_spelling, without_circumstance

Row = Mapping[str, Any]

_PART_ENDS = "，。；;、：\n！？"
_SENTENCE_ENDS = "。；;\n！？"
_REACH = 120
# What is done to a thing; 完成 and 实现 say only that.
_ACTIONS = (
    ("build", "新建|新改建|改扩建|新改扩建|建设|建成|打造|兴建|修建|铺设|敷设|布局|布设|架设"),
    ("renew", "改造|整治|提升|更新|修缮|除险加固|提质|改建|翻新|升级"),
    ("raise", "培育|新增|认定|引进|净增|招引|孵化|引育|新培育|新签约|签约"),
    ("teach", "培训|培养|开展|举办|组织"),
    ("give", "发放|补助|救助|资助|减免"),
    ("heal", "治理|修复|恢复|清理|处置"),
)
_ACTION_WORDS = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _ACTIONS))
# The longest first, since the first that fits is taken.
_NEUTRAL = re.compile(
    "^(?:"
    "基本建成|新改扩建|不低于|不少于|力争使|改扩建|新开工|新改建|新登记|新签约|新认定|达到?|"
    "高标准|高质量|举办|争取|今年|优化|促进|保持|修复|做好|健全|兑现|全年|全面|净增|创建|"
    "力争|办好|加快|发展|发放|启动|吸纳|圆满|培育|增加|增设|壮大|大力|安排|完善|完成|实施|"
    "实现|布局|帮扶|年内|建好|建成|建立|建设|开展|开工|引进|成功|打造|扩大|扩建|抓好|投产|"
    "投入|招引|持续|控制|推动|推进|提升|提高|支持|改建|改造|攻克|整合|整治|新增|新建|更新|"
    "治理|派驻|深入|用好|确保|稳定|突破|竣工|筹建|筹集|累计|组建|组织|继续|落实|计划|认定|"
    "设立|超过|超额|转化|选派|配备|铺开|铺设|顺利|预计|为|使|共|再|又|对|将|已|把|新|约|"
    "让|近"
    ")+"
)
_TAIL = re.compile(
    r"(?:总量|总?规模|总水平|总数|数量?|个数|人数|家数|户数|面积|里程|目标|任务|以上|左右|等|建设|改造|工程|工作|培育|整治|治理|"
    r"达到?|突破|超过?|实现|完成)+$"
)
_GROWN = re.compile("新增|增加(?!值)")
_ADDED = re.compile(
    r"新增|净增|增加(?![到至值])|新登记|新注册|新设立|新认定|新培育|新入库|新纳入|新引进|新晋|新获批|新开通|新发展|新聘|年增"
)
_STOCK = re.compile(
    r"总量|总数|总规模|存量|拥有|保有|累计|增至|升至|增加到|增长到|提高到|扩大到|共有|现有|总里程|总面积"
)
_OVER_YEARS = re.compile(r"累计|五年|三年|四年|两年|以来|历年|历史")
_THIS_YEAR = re.compile(r"(?:全年|年内|今年|去年|当年|本年)[^，。；]{0,6}累计")
_GRADES = re.compile(r"国家级|国家|全国|世界|国际|省部级|省级|自治区级|全省|省|市级|县级|区级|镇级|村级|国省|中央")
_GRADE_OF = {"国家级": "国", "国家": "国", "全国": "国", "世界": "世", "国际": "世", "中央": "国"}
# Words that only one of two statements has make different things of them: always, or only where the words and not the
# indicator say what is measured.
_ALWAYS_APART = (
    re.compile(r"同口径|可比口径|可比价|扣除|剔除|不含|名义|实际增长|不变价"),
    re.compile(r"新?开工|动工|新签约|签约|拟|谋划|储备"),
    re.compile(r"上半年|[一二三四]季度|前三季度|雪季|春节|国庆|五一|暑期|月均|当月|月度|假期|期间"),
    re.compile(r"协作|对口|帮扶|援[疆藏建]|境外|省外|市外|区外|外地"),
    re.compile(r"省属|市属|区属|县属|央企"),
)
_APART_IN_WORDS = (
    re.compile(r"国企|国有|民营|民间|外资"),
    re.compile(r"人均|户均|亩均|每万|每千|每百|万元|单位"),
    re.compile(r"农村|乡村|农民"),
    re.compile(r"城镇|城市|城区"),
    re.compile(r"项目"),
    re.compile(r"入库|投资额|产值|营业收入|销售|营收|利润|税收"),
)
_SHORTEST_CORE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A number of `observations` with the words around it.

    Attributes:
        row: The row.
        before: The words of its sentence before it.
        part: The words between the marks around it, without the number.
        after: What follows it up to the next mark.
        core: What it measures, without verbs, place and words for size, in the common spelling.
        pairs: The pairs of neighbouring characters of the core.
    """

    row: Row
    before: str
    part: str
    after: str
    core: str
    pairs: frozenset[str]


def statement_of(row: Row, document: Document | None) -> Statement:
    """Return a row with the words around its number, those of its clause where its text is not at hand."""
    before, after = _around(row, document)
    head = re.split(f"[{_PART_ENDS}]", before)[-1]
    tail = re.split(f"[{_PART_ENDS}（(]", after, maxsplit=1)[0]
    core = core_of(row["subject"] or row["indicator"].partition("~")[0].removeprefix("x:"))
    return Statement(row=row, before=before, part=head + tail, after=after, core=core, pairs=pairs_of(core))


def _around(row: Row, document: Document | None) -> tuple[str, str]:
    start, end = row["char_start"], row["char_end"]
    if document and document.text[start:end] == row["obs_text"]:
        before = re.split(f"[{_SENTENCE_ENDS}]", document.text[max(0, start - _REACH) : start])[-1]
        after = re.split(f"[{_SENTENCE_ENDS}]", document.text[end : end + _REACH], maxsplit=1)[0]
        return before, after
    before, _, after = row["quote"].partition(row["obs_text"])
    return before, after


@cache
def core_of(subject: str) -> str:
    """Return the words of a subject without verbs, place and words for size, in the common spelling."""
    words = without_circumstance(normalise_spelling(subject)[0])
    core = _GROWN.sub("", _TAIL.sub("", _NEUTRAL.sub("", words)))
    return without_circumstance(core) if len(core) >= _SHORTEST_CORE else words


def pairs_of(words: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of some words."""
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


def likeness(one: Statement, other: Statement) -> float:
    """Return how much the cores of two statements have in common, 1 where they are the same."""
    if one.core == other.core:
        return 1.0
    total = len(one.pairs) + len(other.pairs)
    return 2 * len(one.pairs & other.pairs) / total if total else 0.0


def is_addition(of: Statement) -> bool:
    """Return whether a number counts additions: by its series, by its words, or by those that lead its list."""
    series = of.row["indicator"].partition("~")[0]
    if series.endswith("_new") or _ADDED.search(of.row["label_zh"] + of.row["subject"] + of.part):
        return True
    return bool(_ADDED.search(_clause(of))) and not _STOCK.search(of.part)


def conflict(promise: Statement, outcome: Statement, *, same_series: bool = False) -> str:
    """Return the words that make different things of two statements, empty where nothing does."""
    if not is_comparable(promise, outcome):
        return "新增/累计"
    both = (promise, outcome)
    said = [one.part if same_series else one.row["subject"] + one.part for one in both]
    clauses = [_clause(one) + one.row["subject"] for one in both]
    compared = [(pattern, clauses) for pattern in _ALWAYS_APART]
    compared += [(pattern, said) for pattern in (() if same_series else _APART_IN_WORDS)]
    for pattern, words in compared:
        found = [pattern.search(one) for one in words]
        if (found[0] is None) != (found[1] is None):
            return next(one.group() for one in found if one)
    grades = [{_GRADE_OF.get(one, one[0]) for one in _GRADES.findall(words)} for words in said]
    if grades[0] and grades[1] and not grades[0] & grades[1]:
        return "/".join(sorted(grades[0] | grades[1]))
    actions = [{match.lastgroup for match in _ACTION_WORDS.finditer(words)} for words in said]
    if not same_series and actions[0] and actions[1] and not actions[0] & actions[1]:
        return "/".join(sorted(str(one) for one in actions[0] | actions[1]))
    return ""


def is_comparable(promise: Statement, outcome: Statement) -> bool:
    """Return whether both count additions, or neither, and neither counts over more years than the other."""
    if promise.row["measure"] == "level" and is_addition(promise) != is_addition(outcome):
        return False
    return _over_years(promise) or not _over_years(outcome)


def _clause(of: Statement) -> str:
    """Return the words of a clause up to its number, and the part around the number."""
    return re.split("[，。；;：]", of.before)[-1] + of.part


def _over_years(of: Statement) -> bool:
    clause = _clause(of)
    return bool(_OVER_YEARS.search(clause) and not _THIS_YEAR.search(clause))
