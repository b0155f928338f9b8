"""The numbers of a clause, each with the words before it, the noun that it counts and its place in a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from raw.extract.clauses import following_noun
from raw.extract.mentions import Mention, MentionKind
from schemas.document import Span

_JOIN = re.compile(r"[、和与及,，\s]*(?:同比|均)?")
_OF = re.compile(r"(?:以上|以下|左右)?的")
# 90%以上企业 at the start of a clause is a share of the enterprises.
_MOST = re.compile(r"(?:以上|左右)(?=企业|家庭|居民|村|社区|学校|医院|人口|群众|项目|乡镇|县|农户|地区)")
# 高于5%的预期目标 states the target, and no share of targets.
_GOAL = re.compile(r"[^，,。；;、\d]{0,8}(?:目标|任务)")
_UNCOUNTED = frozenset({"元", "亿元", "万元", "亿美元", "万美元", "年", "%"})
_MONEY = frozenset({"元", "亿元", "万元", "亿美元", "万美元"})
_PURPOSE = re.compile(r"[，,](?:主要|重点|全部|专项)?(?:用于|支持|保障|落实)?(?P<what>[\u4e00-\u9fff“”]{3,24})")
_QUALIFIED = re.compile(r"的(?:\d{1,5}[个项家座])?(?P<what>[\u4e00-\u9fffA-Z“”]{2,16})")
_STREAK_REACH = 16
_LONGEST = 24
_PREDICATE = re.compile(r"[\u4e00-\u9fff][^，,。；;：:]{1,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSlot:
    """A number of a clause.

    Attributes:
        before: The words before it, from the number before or the start of the clause.
        counted: The noun after it (12家|强村公司).
        continues_list: Only 、 or 和 separates it from the number before.
        following: How many numbers continue its list.
        starts_clause: It is the first number of its clause.
        predicate: What the clause says of all that it counts (6家组织|获得…奖).
        purpose: What an amount of money is for (安排3亿元|产业发展资金; 投入3亿元，用于|学校建设), else empty.
        qualified: The thing whose size the number states before it (总投资3亿元的|工业项目), else empty.
    """

    mention: Mention
    before: str
    counted: str
    continues_list: bool
    following: int
    starts_clause: bool
    predicate: str
    purpose: str
    qualified: str


def slots(text: str, clause: Span, inside: list[Mention]) -> list[NumberSlot]:
    """Return the slots of a clause, in order."""
    limits = [mention.start for mention in inside[1:]] + [clause.end]
    nouns = [
        _counted_noun(text, mention, limit, last=limit == clause.end)
        for mention, limit in zip(inside, limits, strict=True)
    ]
    starts = [clause.start] + [max(m.tail, noun.end) for m, noun in zip(inside[:-1], nouns[:-1], strict=True)]
    before = [text[start : m.start - m.ordinal] for start, m in zip(starts, inside, strict=True)]
    joined = [at > 0 and _JOIN.fullmatch(words) is not None for at, words in enumerate(before)]
    predicate = _trailing_predicate(text, inside[-1], nouns[-1], clause.end)
    result = []
    for at, mention in enumerate(inside):
        following = _following_count(joined, at)
        counted = nouns[at].cut(text)
        if counted.endswith("级"):  # only the last noun of a list has the head: 6个世界级、9个区域级|产业集群
            counted += nouns[at + following].cut(text).partition("级")[2]
        result.append(
            NumberSlot(
                mention=mention,
                before=before[at],
                counted=counted,
                continues_list=joined[at],
                following=following,
                starts_clause=at == 0,
                predicate=predicate if at + following == len(inside) - 1 else "",
                qualified=qualified["what"] if (qualified := _QUALIFIED.match(text, mention.tail, clause.end)) else "",
                purpose=_purpose(text, mention, limits[at]) if mention.unit in _MONEY else "",
            )
        )
    return result


def _following_count(joined: list[bool], at: int) -> int:
    """Return how many slots continue the list of a slot; no list of a report has more than twelve."""
    count = 0
    for follows in joined[at + 1 : at + 12]:
        if not follows:
            break
        count += 1
    return count


def _counted_noun(text: str, mention: Mention, limit: int, *, last: bool) -> Span:
    """Return the noun after a number, where its unit counts things or 的 makes it a share of them."""
    whole = text[max(0, mention.start - 3) : mention.start].endswith(("其中", "其中有", "，", ",", "。", "；", "\n"))
    empty = Span(start=mention.tail, end=mention.tail)
    if mention.kind == MentionKind.PERCENT:
        of = _OF.match(text, mention.end, limit) or (_MOST.match(text, mention.end, limit) if whole else None)
        return following_noun(text, of.end(), limit) if of and not _GOAL.match(text, of.end()) else empty
    if last and text[max(0, mention.start - 2) : mention.start] == "连续":
        return Span(start=mention.tail, end=min(limit, mention.tail + _STREAK_REACH))
    if mention.kind not in {MentionKind.QUANTITY, MentionKind.BARE} or mention.unit in _UNCOUNTED or mention.ordinal:
        return empty
    return following_noun(text, mention.tail, limit)


def _purpose(text: str, mention: Mention, limit: int) -> str:
    """Return what an amount is for: the noun behind it, else the beginning of the next clause."""
    noun = following_noun(text, mention.tail, limit).cut(text)
    if noun or (limit < len(text) and mention.tail < limit):
        return noun
    match = _PURPOSE.match(text, limit, limit + _LONGEST + 8)
    return match["what"] if match else ""


def _trailing_predicate(text: str, mention: Mention, last: Span, end: int) -> str:
    """Return the words after the last noun that a clause counts, or after a number of persons (47人|入选…)."""
    counts = mention.kind == MentionKind.QUANTITY and mention.unit not in _UNCOUNTED and not mention.ordinal
    if last.end - last.start >= _LONGEST or (last.start == last.end and not counts):
        return ""
    match = _PREDICATE.match(text, last.end, end)
    return match.group().strip('“”"') if match else ""
