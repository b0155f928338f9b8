"""The places of a clause where numbers stand: the words before each, what it counts behind it, how it is joined on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from raw.extract.clauses import following_noun
from raw.extract.mentions import Kind, Mention
from schemas.document import Span

_JOIN = re.compile(r"[、和与及,，\s]*(?:同比|均)?")
_OF = re.compile(r"(?:以上|以下|左右)?的")
_UNCOUNTED = frozenset({"元", "亿元", "万元", "亿美元", "万美元", "年", "%"})
_SAID = 16
_LONGEST = 24
_PREDICATE = re.compile(r"[\u4e00-\u9fff][^，,。；;：:]{1,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSlot:
    """One number of a clause.

    `before` are the words that lead to it, from the number before or the clause's begin; `counted` is
    the noun behind it (12家|强村公司); `continues_list` says that only 、 or 和 separates it from the
    number before; `following` counts the numbers joined on after it; `starts_clause` says that it
    is the first of its clause; `rest` is what the clause says of all that it counts (6家组织|获得…奖).
    """

    mention: Mention
    before: str
    counted: str
    continues_list: bool
    following: int
    starts_clause: bool
    rest: str


def slots(text: str, clause: Span, inside: list[Mention]) -> list[NumberSlot]:
    """The slots of a clause, in order."""
    limits = [mention.start for mention in inside[1:]] + [clause.end]
    nouns = [
        _counted_noun(text, mention, limit, last=limit == clause.end)
        for mention, limit in zip(inside, limits, strict=True)
    ]
    starts = [clause.start] + [max(m.tail, noun.end) for m, noun in zip(inside[:-1], nouns[:-1], strict=True)]
    before = [text[start : m.start - m.ordinal] for start, m in zip(starts, inside, strict=True)]
    joined = [at > 0 and _JOIN.fullmatch(words) is not None for at, words in enumerate(before)]
    rest = _trailing_predicate(text, inside[-1], nouns[-1], clause.end)
    return [
        NumberSlot(
            mention=mention,
            before=before[at],
            counted=_complete_noun(nouns[at].cut(text), nouns[at + _following_count(joined, at)].cut(text)),
            continues_list=joined[at],
            following=_following_count(joined, at),
            starts_clause=at == 0,
            rest=rest if at + _following_count(joined, at) == len(inside) - 1 else "",
        )
        for at, mention in enumerate(inside)
    ]


def _following_count(joined: list[bool], at: int) -> int:
    """How many slots are joined on after one; at most eight are looked at, as no list of a report is longer."""
    count = 0
    for follows in joined[at + 1 : at + 9]:
        if not follows:
            break
        count += 1
    return count


def _counted_noun(text: str, mention: Mention, limit: int, *, last: bool) -> Span:
    """The noun behind a number, where its unit counts or measures things, or 的 makes it a part of them."""
    empty = Span(start=mention.tail, end=mention.tail)
    if mention.kind == Kind.PERCENT:
        of = _OF.match(text, mention.end, limit)
        return following_noun(text, of.end(), limit) if of else empty
    if last and text[max(0, mention.start - 2) : mention.start] == "连续":
        return Span(start=mention.tail, end=min(limit, mention.tail + _SAID))
    if mention.kind not in {Kind.QUANTITY, Kind.BARE} or mention.unit in _UNCOUNTED or mention.ordinal:
        return empty
    return following_noun(text, mention.tail, limit)


def _complete_noun(counted: str, last: str) -> str:
    """A noun of a list with the head that only the last one bears: 6个世界级、9个区域级|产业集群."""
    return counted + last.partition("级")[2] if counted.endswith("级") else counted


def _trailing_predicate(text: str, mention: Mention, last: Span, end: int) -> str:
    """What the clause says after the last noun that it counts, or of persons and things without a noun (47人|入选…)."""
    counts = mention.kind == Kind.QUANTITY and mention.unit not in _UNCOUNTED and not mention.ordinal
    if last.end - last.start >= _LONGEST or (last.start == last.end and not counts):
        return ""
    said = _PREDICATE.match(text, last.end, end)
    return said.group().strip('“”"') if said else ""
