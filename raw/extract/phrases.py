"""The words before a number: its predicate, and the noun phrase before that.

Listed words are parsed from the number leftwards (…总额|同比|增长|约|3.5%) until a noun is reached; each adds its
roles. A phrase has at most `REACH` characters, so that the cost per number is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from raw.extract.cue_words import CueRole, last_word, roles
from schemas.codelists import Bound

REACH = 80
# Which role prevails where a predicate has several words: 增长到 states a level, 增速达 a growth.
_MOVES = (
    CueRole.STREAK,
    CueRole.TO,
    CueRole.RISE,
    CueRole.FALL,
    CueRole.IMPROVE,
    CueRole.SHARE,
    CueRole.RANKING,
    CueRole.REACH,
    CueRole.DONE,
)
_BOUNDS = MappingProxyType(
    {
        CueRole.ABOVE: Bound.ABOVE,
        CueRole.AT_LEAST: Bound.AT_LEAST,
        CueRole.ABOUT: Bound.ABOUT,
        CueRole.AT_MOST: Bound.AT_MOST,
        CueRole.BELOW: Bound.BELOW,
    }
)
# Words that end like a listed word and mean something else: 新增 is an addition, not growth.
_WHOLE = (
    "新增",
    "净增",
    "扩增",
    "之比",
    "收入比",
    "结构比",
    "自然增长率",
    "产出比",
    "减排",
    "通过",
    "经过",
    "节约",
    "预约",
)
_SCOPE = re.compile(
    r"((?:全国|全省|全市|全区|全州|全球|世界|全县|珠三角|大湾区|西部|中部|东部|东北|西北|西南|省内|国内|全疆|"
    r"长江经济带|同类)(?:同类|省会|沿海|各省)?(?:城市|地区|省份|高新区)?)$"
)
_LEAD = re.compile(
    r"^(?:[、,，:：;；和及与\s\u3000]|其中|全年|全省上下|截至|预计|\d{4}年|去年|今年|目前|推动|推进|实现|完成|力争|确保|争取|促进|"
    r"同时|包括|累计|努力|使|让|预期目标是|主要|实现了|到(?=\d{4}年)|底(?=[^板线层蕴])|[一二三四五六七八九十]{1,3}[是要]|"
    r"“?十[一二三四五六]五”?(?:时期|期间|以来|末)?|建议|每年|[①-⑳]|我们|将(?!军)|计划(?=新|完成|实施|建|安排)|"
    r"[一二三四]季度|上半年|前三季度|过去(?:五|三|两|一)年(?:来)?|近[二两三五]年来?|[五三两]年来|今年)+"
)
# What a number is compared with is not what it measures: 比全市平均水平|高8.8个百分点.
_BASE = re.compile(r"比(?!重|例|率|值|亚)|较(?!大|高|强)|相当于|高于|低于|快于|慢于")
_COMPARISON = re.compile(r"(?:高于|快于|高出|低于|慢于|好于|优于)[\u4e00-\u9fff“”]{1,14}$")
# Properties that can themselves rise and fall: then they belong to the subject (增速|回落3.5个百分点).
_PACE = ("增速", "增幅", "涨幅", "降幅", "增长率", "排名", "名次", "排位")
_TURNS = frozenset({CueRole.RISE, CueRole.FALL, CueRole.COMPARE_UP, CueRole.COMPARE_DOWN})
_WHEN = re.compile(r"(?:(?:19|20)\d\d年(?:底|末)?|去年|上年|[“\"]?十[二三四五六]五[”\"]?(?:时期|末))的?$")
_ATTRIBUTE = re.compile(
    r"(?:总量|增速|增幅|降幅|总额|数量|规模|占比|比重|强度|总数|排名|增量|存量|均|贡献率|核定率|密度|面积|单产|总产|利润|净增|其|"
    r"人均|对?.{0,6}贡献率|完成率|提升幅度|惠及.{0,4}|产能|床位|投资|投资额|总投资|带动.{0,4}|覆盖.{0,4}|超计划|建成投产|投产|开工|新开工|竣工|落地|建成)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A parsed predicate: the noun phrase before it, the roles of its words, the group of a rank or a comparison."""

    noun: str
    move: CueRole | None
    bound: Bound
    flags: frozenset[CueRole]
    scope: str


def parse_prefix(before: str) -> Phrase:
    """Return the phrase of the words before a number."""
    rest = before[-REACH:].rstrip()
    cues: list[CueRole] = []
    scope = ""
    while True:
        rest = _WHEN.sub("", rest)
        if comparison := _COMPARISON.search(rest):
            cues.append(CueRole.COMPARE_DOWN if comparison[0][0] in "低慢" else CueRole.COMPARE_UP)
            rest = rest[: comparison.start()]
        if rest.endswith(_PACE) and not _TURNS.isdisjoint(cues):
            return _assemble(rest, cues, scope)
        word = "" if rest.endswith(_WHOLE) else last_word(rest)
        scope_match = None if word else _SCOPE.search(rest)
        if word:
            cues.extend(role for role in CueRole if role in roles()[word])
            rest = rest[: -len(word)].rstrip()
        elif scope_match and not scope:
            scope, rest = scope_match[1], rest[: scope_match.start()]
        else:
            return _assemble(rest, cues, scope)


def _assemble(rest: str, cues: list[CueRole], scope: str) -> Phrase:
    """Return a phrase; of several bounds the one nearest to the number holds."""
    bound = next((_BOUNDS[role] for role in cues if role in _BOUNDS), Bound.EXACT)
    move = next((role for role in _MOVES if role in cues), None)
    return Phrase(noun=clean(rest), move=move, bound=bound, flags=frozenset(cues), scope=scope)


def clean(noun: str) -> str:
    """Return a noun phrase without introductory words (全年, 实现, 其中) and without unpaired quotation marks."""
    words = _LEAD.sub("", noun).strip("()、, 《的\u3000")
    if _BASE.match(words):
        return ""
    return words if words.count("“") == words.count("”") else words.replace("“", "").replace("”", "")


def is_attribute(noun: str) -> bool:
    """Return whether a noun names a property of the current subject (增速, 总量) and not a thing of its own."""
    return _ATTRIBUTE.fullmatch(noun) is not None
