"""Numbers with their units: numeral, magnitude and unit joined, ranges merged, shared units carried back in lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from raw.numerals.scan import Numeral, NumeralStyle, scan
from schemas.codelists import Bound
from schemas.registry.units import MAGNITUDES, pattern

# 千 is a magnitude only before the units that it multiplies: 千克 and 千瓦 are units of their own.
_MAGNITUDE = "万亿|千亿|百亿|千万|百万|亿|万|千(?=公顷|吨|人|户|头|只|辆|件|套|台|株|箱|册|标箱)"
_SUFFIXES = MappingProxyType(
    {
        "以上": Bound.AT_LEAST,
        "余": Bound.ABOVE,
        "多": Bound.ABOVE,
        "来": Bound.ABOVE,
        "几": Bound.ABOVE,
        "左右": Bound.ABOUT,
        "上下": Bound.ABOUT,
        "以内": Bound.AT_MOST,
        "以下": Bound.AT_MOST,
    }
)
# 3金2银1铜 counts medals.
_MEDALS = "金(?=\\d{1,3}[银铜])|(?:银(?=\\d{1,3}铜)|(?<=[\\d]银\\d)铜|(?<=[\\d]银\\d\\d)铜)"
_HEADED = re.compile(rf"[(](?P<unit>(?:{_MAGNITUDE.partition('|千(')[0]})?(?:{pattern()})?)[)][:为]?$")
_MONEY_HEADS = ("额", "收入", "支出", "投资", "资金")
_JOINT = re.compile(r"(?:-|—{1,2}|–|−|~|至|到)")
_LIST = re.compile(r"[、和与及,]{1,2}")
# The parts of a whole, as 三次产业结构为6.1:38.4:55.5 states them.
_PARTS = re.compile(r"(?<![\d.:比])\d{1,2}(?:\.\d{1,2})?(?:[:∶比]\d{1,2}(?:\.\d{1,2})?){2}(?![\d.:∶比]|\d)")
_ALL = 100
_PART = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
_RATIO = re.compile(r":(\d+(?:\.\d+)?)(?![\d:.])")


class MentionKind(StrEnum):
    """What sort of number a mention is, by its form alone."""

    PERCENT = "percent"
    POINTS = "points"
    TIMES = "times"
    FOLD = "fold"
    RANK = "rank"
    RATIO = "ratio"
    QUANTITY = "quantity"
    BARE = "bare"


# A sign, and no dash: 为-1.2‰, but not A-1 and not 3-5.
_SIGN = re.compile(r"(?:^|(?<=[\u4e00-\u9fff:(（ ]))[-−－]$|(?<!减)负$")
_ORDINAL = re.compile(r"第 ?$")
# 65位老人 counts persons, 提升4位 does not.
_PERSONS = re.compile(
    "[多余]?(?:[\u4e00-\u9fff]{0,6})(?:老人|专家|青年|群众|居民|院士|学生|教师|医生|残疾人|人才|企业家|代表|委员|劳模|患者|儿童|母亲|农民|选手|名师|名医)"
)
# 5家-6%: behind another number it is a dash.
_DASH = re.compile(r"\d[^\d，,。；;:]{0,3}-$")
_BEFORE_SIGN = 6
_KINDS = MappingProxyType(
    {
        "个百分点": MentionKind.POINTS,
        "百分点": MentionKind.POINTS,
        "个千分点": MentionKind.POINTS,
        "千分点": MentionKind.POINTS,
        "倍": MentionKind.TIMES,
        "番": MentionKind.FOLD,
        "位": MentionKind.RANK,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A number with its unit at `start`..`end`; `tail` is where a bound that follows it ends (5%以上).

    `bound` is that of the words behind the number, `Bound.EXACT` where there are none. `form` is that of the (first)
    numeral; `ordinal` is set where 第 precedes it; `part` is its place among the parts of a whole (6.1:38.4:55.5).
    """

    start: int
    end: int
    tail: int
    value: float
    upper: float | None
    decimals: int
    unit: str
    kind: MentionKind
    bound: Bound
    form: NumeralStyle
    ordinal: bool
    part: int = 0


@cache
def _after() -> re.Pattern[str]:
    """Return what may follow a numeral: a gap before a sign or magnitude, 余, a magnitude, 余, a unit, a bound."""
    bound = "|".join(_SUFFIXES)
    return re.compile(
        rf"(?:[ \u00a0\u2002\u3000\u200b-\u200d\u2060\ufeff]{{1,2}}(?=[%‰‱万亿]|{pattern()}))?"
        rf"(?P<few>[余多来几])?(?P<magnitude>{_MAGNITUDE})?(?P<few2>[余多])?"
        rf"(?P<unit>成(?=[以左、，。,;；多])|{_MEDALS}|/10万|{pattern()})?[及]?(?P<bound>{bound})?"
    )


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Return every number of a plain text (see `raw.numerals.scan.plain`), in order; a range is one mention."""
    mentions: list[Mention] = []
    parts = {
        match.start() + part.start(): place
        for match in _PARTS.finditer(text)
        if abs(sum(map(float, _PART.findall(match.group()))) - _ALL) <= 1  # each is rounded
        for place, part in enumerate(_PART.finditer(match.group()), 1)
    }
    for numeral in scan(text):
        if numeral.start in parts:
            ends = (numeral.end, numeral.end)
            share = _build(text, numeral, unit="%", ends=ends, bound=Bound.EXACT)
            mentions.append(replace(share, part=parts[numeral.start]))
            continue
        if mentions and numeral.start < mentions[-1].end:  # 百 of 个百分点 is part of the unit
            continue
        mention = _mention(text, numeral)
        if mentions and _is_range(text, mentions[-1], mention):
            low = mentions[-1]
            decimals = max(low.decimals, mention.decimals)
            mentions[-1] = replace(
                mention, start=low.start, value=low.value, upper=mention.value, decimals=decimals, ordinal=low.ordinal
            )
        else:
            mentions.append(mention)
    return _propagate_unit(text, mentions)


def _mention(text: str, numeral: Numeral) -> Mention:
    first_of_ratio = numeral.form == NumeralStyle.DIGITS and not text.startswith(":", numeral.start - 1)
    if first_of_ratio and (ratio := _RATIO.match(text, numeral.end)):
        return _build(text, numeral, unit=f":{ratio[1]}", ends=(ratio.end(), ratio.end()), bound=Bound.EXACT)
    headed = _HEADED.search(text, max(0, numeral.start - 14), numeral.start)
    after = _after().match(text, numeral.end)
    if headed and headed["unit"] and not (after and after["unit"]):
        unit = headed["unit"]
        if unit in MAGNITUDES and text[: headed.start()].endswith(_MONEY_HEADS):
            unit += "元"
        return _build(text, numeral, unit=unit, ends=(numeral.end, numeral.end), bound=Bound.EXACT)
    if after is None:
        return _build(text, numeral, unit="", ends=(numeral.end, numeral.end), bound=Bound.EXACT)
    unit = ((after["magnitude"] or "") + (after["unit"] or "")).replace("(", "（").replace(")", "）")
    few = after["few"] or after["few2"] or after["bound"]
    bound = _SUFFIXES[few] if few else Bound.EXACT
    end = after.end("unit") if after["unit"] else max(numeral.end, after.end("magnitude"), after.end("few"))
    if not unit and not after["few"] and few:
        end = numeral.end
    return _normalise(_build(text, numeral, unit=unit, ends=(end, max(after.end(), end)), bound=bound))


def _build(text: str, numeral: Numeral, *, unit: str, ends: tuple[int, int], bound: Bound) -> Mention:
    """Return the mention of a numeral; `ends` are those of its unit and of the words behind it."""
    before = text[max(0, numeral.start - _BEFORE_SIGN) : numeral.start]
    negative = _SIGN.search(before) is not None and not _DASH.search(before)
    return Mention(
        start=numeral.start - negative,
        end=ends[0],
        tail=ends[1],
        value=-numeral.value if negative else numeral.value,
        upper=None,
        decimals=numeral.decimals,
        unit=unit,
        kind=_kind(unit, numeral, counts_persons=_PERSONS.match(text, ends[0]) is not None),
        bound=bound,
        form=numeral.form,
        ordinal=_ORDINAL.search(text, max(0, numeral.start - 2), numeral.start) is not None,
    )


def _kind(unit: str, numeral: Numeral, *, counts_persons: bool) -> MentionKind:
    if numeral.form == NumeralStyle.FRACTION or unit in {"%", "‰", "‱", "成"}:
        return MentionKind.PERCENT
    if unit.startswith(":"):
        return MentionKind.RATIO
    if unit == "位" and counts_persons:
        return MentionKind.QUANTITY
    return _KINDS.get(unit, MentionKind.QUANTITY if unit else MentionKind.BARE)


def _normalise(mention: Mention) -> Mention:
    """Convert tenths, fractions and doublings as statistics do: 四成 is 40 %, 翻一番 is 2 倍, 万列 is 10,000 列."""
    if mention.unit in {"金", "银", "铜"}:
        return replace(mention, unit="枚")
    if mention.unit == "成":
        return replace(mention, value=mention.value * 10, unit="%")
    if mention.kind == MentionKind.FOLD:
        return replace(mention, value=2**mention.value if mention.value < 10 else mention.value, unit="倍")  # noqa: PLR2004 - nobody doubles ten times
    if mention.form == NumeralStyle.FRACTION:
        return replace(mention, unit="%")
    if mention.form == NumeralStyle.BARE and mention.unit.startswith("万"):
        whole = mention.unit.startswith("万亿")
        return replace(mention, value=10000.0, unit=mention.unit.removeprefix("万") if whole else mention.unit[1:])
    return mention


def _is_range(text: str, low: Mention, high: Mention) -> bool:
    """Return whether two mentions are the ends of one range: 4.5-5%, 5.5%—6%, 3万至5万."""
    joint = _JOINT.fullmatch(text, low.end, high.start)
    alike = low.unit in {"", high.unit} or high.unit.endswith(low.unit)
    return bool(joint and alike and low.value < high.value and high.kind != MentionKind.BARE)


def _propagate_unit(text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    """Give the unit of a list's last number to those before it: 提高11.1、11.2个百分点."""
    complete: list[Mention] = []
    for mention in reversed(mentions):
        following = complete[-1] if complete else None
        if (
            following
            and mention.kind == MentionKind.BARE
            and mention.form == NumeralStyle.DIGITS
            and not following.ordinal
        ):
            between = _LIST.fullmatch(text, mention.end, following.start)
            if between and following.kind != MentionKind.BARE:
                mention = replace(mention, unit=following.unit, kind=following.kind, bound=following.bound)  # noqa: PLW2901 - the mention with its unit takes its place
        complete.append(mention)
    return tuple(reversed(complete))
