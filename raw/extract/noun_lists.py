"""Enumerations of nouns: their items, each completed with the head that only the last item has."""

from __future__ import annotations

import re
from types import MappingProxyType

from schemas.registry.indicators import identify

_ITEMS = re.compile(r"[、与,，]|以及|(?<![饱共总温缓调中])和(?![谐解平睦])|(?<![普涉触以])及(?![格时早])")
_HEAD = re.compile(
    r"(?:总值|增加值|产值|产量|销售额|销售收入|营业收入|营收|收入|支出|总额|总量|投资|面积|数|数量|占比|比重|贷款|存款|余额|进出口|出口|进口|"
    r"能力|率|水平|排名|里程|规模|增速|完成进度|额|消费|利润|利税|税收|用地|建设)$"
)
_COMPOUNDS = MappingProxyType(
    {
        "城乡低保": ("城市低保", "农村低保"),
        "城乡": ("城镇", "农村"),
        "存贷款": ("存款", "贷款"),
        "一二三产": ("第一产业", "第二产业", "第三产业"),
    }
)
# 第一、二、三产业增加值 names three sectors with one noun.
_SECTORS = re.compile(r"(?:第?[一二三][、和])+第?[一二三](?=次?产业)")
_SHARES = frozenset({"占比", "比重"})
# A bare head takes the owner of the head before it: 工业企业利税、利润, 预算收入和支出. The longest suffix comes first.
_OUTPUTS = ("主营业务收入", "营业收入", "销售收入", "收入", "营收", "利税", "总产值", "产值", "增加值")
_PARTNERS = MappingProxyType(
    {
        "利润": _OUTPUTS,
        "税收": (*_OUTPUTS, "利润"),
        "支出": ("收入",),
        "贷款": ("存款",),
        "贷款余额": ("存款余额",),
        "出口": ("进口",),
        "产量": ("播种面积", "种植面积"),
    }
)
_SHARED = re.compile(
    r"居民|常住|行业|企业|人均|产业|市场|项目|重点|工业|制造业|贷款|旅游|消费|新增|地区|学校|医院|人口|用地"
)


def items(noun: str) -> tuple[str, ...]:
    """Return the items of an enumeration as written (城镇、农村居民收入 has two)."""
    return tuple(item for item in _ITEMS.split(_SECTORS.sub(_name_sectors, noun)) if item)


def _name_sectors(match: re.Match[str]) -> str:
    return "产业、".join(re.findall("[一二三]", match.group()))


def expand(noun: str) -> tuple[str, ...]:
    """Return the items of an enumeration, each completed (城镇居民收入, 农村居民收入)."""
    *others, last = items(noun) or ("",)
    head = _HEAD.search(last)
    last = (with_owner(last, others[0]) if others else "") or last
    return (*(_complete_item(item, last, head.group() if head else "") for item in others), last)


def expand_compound(noun: str, count: int) -> tuple[str, ...]:
    """Return the `count` series that a compound word names (城乡居民收入分别…), nothing for any other word."""
    for compound, parts in _COMPOUNDS.items():
        if compound in noun and len(parts) == count:
            return tuple(noun.replace(compound, part) for part in parts)
    return ()


def has_head(noun: str) -> bool:
    """Return whether a noun ends in the name of a property (面积, 排名) and needs no completion."""
    return _HEAD.search(noun) is not None


def with_owner(head: str, before: str) -> str:
    """Return a bare head with the owner of the noun before it, empty where that noun is no partner of it."""
    partner = next((partner for partner in _PARTNERS.get(head, ()) if before.endswith(partner)), "")
    return before.removesuffix(partner) + head if partner else ""


def owner_of(noun: str) -> str:
    """Return what a property is a property of (规上工业|利润), empty where the noun is the property alone."""
    head = _HEAD.search(noun)
    return noun[: head.start()] if head else noun


def _complete_item(item: str, last: str, head: str) -> str:
    """Return an item of an enumeration, completed from the last item where it lacks a head.

    Parallel items have the same length: what follows it in the last item is shared where it starts with a listed word
    (城镇|、农村|居民收入), else only the head is (苹果|、猕猴桃|产量).
    """
    if head in _SHARES and not item.endswith(head):  # 产业投资、民间投资占比
        return item + head
    if has_head(item) or not head or not identify(item).startswith("x:"):
        return item
    shared = last[len(item) :]
    return item + (shared if _SHARED.match(shared) else head)
