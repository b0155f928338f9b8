"""What a cell holds: a number, a dash, words, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from raw.extract.mentions import find_mentions
from raw.numerals.scan import plain
from schemas.codelists import Bound

# In the plain characters of `raw.numerals.scan.plain`.
_NUMBER = re.compile(
    r"\s*(?P<number>[-+–]?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?(?P<unit>%|‰|个?百分点)?(?:[↑↓*]|\[\d+\])?\s*"
)
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*年?(?:\s*[EFef(（]\S{0,4})?\s*")
_DASH = re.compile(r"\s*(?:[-–—－─]{1,4}|…{1,2}|/|\.{2,6}|×|\*+)\s*")
_LONGEST = 24
_BEFORE = re.compile(
    r"\s*(?P<sign>增长|增加|提高|上升|下降|减少|降低|降)?(?P<bound>>=|<=|[≥≤><＞＜]|大于等于|小于等于|不低于|不少于|不高于|不超过|高于"
    r"|低于|超过|超|达到|达|约|左右|力争)?\s*"
)
_BOUNDS = {
    Bound.AT_LEAST: (">=", "≥", "大于等于", "不低于", "不少于"),
    Bound.AT_MOST: ("<=", "≤", "小于等于", "不高于", "不超过"),
    Bound.ABOVE: (">", "＞", "高于", "超过", "超"),
    Bound.BELOW: ("<", "＜", "低于"),
    Bound.ABOUT: ("约", "左右"),
}
_FALLS = frozenset({"下降", "减少", "降低", "降"})


class CellKind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    YEAR = "year"
    DASH = "dash"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNumber:
    """The number that a cell states, at `start`..`end` of the cell, with the unit, bound and change that it states.

    `moves` is 1 where the cell says 增长 and -1 where it says 下降, 0 where it says neither; `value` has its sign only.
    """

    start: int
    end: int
    value: float
    upper: float | None
    decimals: int
    unit: str
    bound: Bound
    moves: int = 0


def is_number(words: str) -> bool:
    """Return whether a cell holds a number and nothing else but its unit."""
    return len(words) <= _LONGEST and read_cell(plain(words))[0] is CellKind.NUMBER


def read_cell(words: str) -> tuple[CellKind, CellNumber | None]:
    """Return what a cell with some plain characters holds, and its number; a year may be a number too."""
    if _DASH.fullmatch(words):
        return CellKind.DASH, None
    number = number_of(words)
    if _YEAR.fullmatch(words):
        return CellKind.YEAR, number
    return (CellKind.NUMBER if number else CellKind.WORDS), number


def number_of(words: str) -> CellNumber | None:
    """Return the number of a cell that holds one, with its unit or without, None where it holds anything else."""
    if len(words) > _LONGEST or not any(map(str.isdigit, words)):
        return None
    if match := _NUMBER.fullmatch(words):
        digits = re.sub(r"[\s,+]", "", match["number"]).replace("–", "-")
        return CellNumber(
            start=match.start("number"),
            end=match.end("unit") if match["unit"] else match.end("number"),
            value=float(digits),
            upper=None,
            decimals=len(digits.partition(".")[2]),
            unit=match["unit"] or "",
            bound=Bound.EXACT,
        )
    return _stated(words)


def _stated(words: str) -> CellNumber | None:
    """Return the number of a cell that says more of it: 增长5.5%左右, ≥3.2亿元, 5%-6%."""
    mentions = find_mentions(words)
    lead = _BEFORE.match(words)
    if len(mentions) != 1 or lead is None or lead.end() != mentions[0].start or words[mentions[0].tail :].strip():
        return None
    mention = mentions[0]
    if mention.ordinal or mention.unit in {"年", "月", "日", "岁"}:
        return None
    before = next((bound for bound, spelt in _BOUNDS.items() if lead["bound"] in spelt), Bound.EXACT)
    return CellNumber(
        start=mention.start,
        end=mention.end,
        value=mention.value,
        upper=mention.upper,
        decimals=mention.decimals,
        unit=mention.unit,
        bound=mention.bound if mention.bound != Bound.EXACT else before,
        moves=0 if not lead["sign"] else -1 if lead["sign"] in _FALLS else 1,
    )
