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
_UNSPLIT = (
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
    "农民增收",
    "人均",
    "安排",
)
_SCOPE = re.compile(
    r"((?:全国|全省|全市|全区|全州|全球|世界|全县|珠三角|大湾区|西部|中部|东部|东北|西北|西南|省内|国内|全疆|"
    r"长江经济带|同类)(?:同类|省会|沿海|各省)?(?:城市|地区|省份|高新区)?)$"
)
_LEAD = re.compile(
    r"^(?:[、,，:：;；和及与\s\u3000]|其中|全年|全省上下|截至|预计|\d{4}年|去年|今年|目前|推动|推进|实现|完成|力争|确保|争取|促进|"
    r"同时|包括|累计|努力|使|让|(?:主要)?预期目标[是:：]?|主要|实现了|到(?=\d{4}年)|底(?=[^板线层蕴])|(?:之|以)?前(?=[建完实改新开投基力累全])|[一二三四五六七八九十]{1,3}[是要]|"
    r"“?十[一二三四五六]五”?(?:时期|期间|以来|末)?|建议(?=.)|每年|[①-⑳]|我们|将(?!军)|计划(?=新|完成|实施|建|安排)|"
    r"加上|[一二三四]季度|上半年|下半年|前三季度|\d{1,2}(?:月份?)?[-—–~至]\d{1,2}月份?|\d{1,2}月(?:份|末|底|止|当月)?|当月|分季度看|过去(?:五|三|两|一)年(?:来)?|近[二两三五]年来?|[五三两]年来|今年)+"
)
# 市人大五次会议批准的市级预算收入: who approved it is no part of the series.
_AMONG = re.compile(r"在?全[国省球]\d+个[^，,]{0,12}(?:城市|州|地区|省份|县|区)中?$")
_APPROVED = re.compile(r"^[^，,]{0,40}(?:批准|核定|下达)(?:的|我[省市县区州])(?:19|20)?\d{0,2}年?")
# Verbs, manners and leftovers that name nothing.
_NO_SUBJECT = re.compile(
    r"(?:基本|全部|可|为|安|共安|共|同口径|可比|按可比口径|按可比价格计算|剔除.*因素|扣除.*因素|加上|实际|合计|总计|其|下同|均|分|约|近|已|且|"
    r"[我本][省市区县州]|全[省市区县州]|对|以|或|为|将|由|向|(?:累计)?(?:实施|解决)|为企业)"
)
# What a number is compared with is not what it measures: 比全市平均水平|高8.8个百分点.
_BASE = re.compile(
    r"[是为](?=[“\"]?[一二三四五六七八九十]{1,2}五|(?:19|20)\d\d|上年|去年|全[国省市])|比(?!重|例|率|值|亚)|较(?!大|高|强)|相当于|高于|低于|快于|慢于"
)
_COMPARISON = re.compile(
    r"(?:(?<![同环占之])比(?P<other>[^，,。；;比]{1,14}?)(?<![提增减升加降放扩])(?P<more>高|快|多|低|慢|少)(?:出|了)?"
    r"|(?P<over>高于|快于|高出|低于|慢于|好于|优于|超出)(?P<whom>[\u4e00-\u9fff“”\d]{1,18}))$"
)
_LESS = "低慢少"
# A comparison with an earlier time, or with what was planned, is a change and no gap to somebody else.
_EARLIER = re.compile(r"上年|去年|同期|年初|年度|\d年|上月|上季|计划|预算|目标|预期|序时|“|时期|以往|之前|改革前")
_LEVEL_OF = re.compile(r"(?:的)?(?:平均)?(?:水平|增速|增幅|值|数)?$")
# What a completion is measured against: 为预算的96.1%, 完成年度计划的102.1%.
_COMPLETION = re.compile(
    r"(?:为|占|完成了?|达到?|是)?(?P<of>(?:调整后|年初|年度|全年|年|调整|变更|变动|代编)*(?:预算|计划|目标任务|任务)(?:调整)?数?)(?:\([^)]{1,8}\))?$"
)
_THAN_PLAN = re.compile(r"(?:比|较)(?:上年|去年|年初)(?:年初|调整)?(?:预算|预计执行|执行|实际完成|完成|决算)数?$")
# 年初预算为2亿元: the amount is of the series before these words.
_BUDGETED = re.compile(r"(?:年初预算|调整预算|变动预算|预算数|预算调整数|调整后预算|预算调整)$")
_ADDED = re.compile(r"(?:比|较)(?:上年末?|年初|去年)(?:新增|净增)(?:加)?$")
_WHOLE = re.compile(
    r"(?:占(?!地|用|领|比|道|线|据|有)(?P<whole>[^，,。；;占]{2,24}?)(?:的)?(?:比重|比例|份额|比率)?"
    r"|(?:达到?|为|是)(?P<total>[^，,。；;占达为是]{0,12}总(?:数|量|额|人口|面积|收入|支出|投资|警力|人数)的?))$"
)
# Properties that can themselves rise and fall: then they belong to the subject (增速|回落3.5个百分点).
_PACE = ("增速", "增幅", "涨幅", "降幅", "增长率", "排名", "名次", "排位")
_TURNS = frozenset({CueRole.RISE, CueRole.FALL, CueRole.COMPARE_UP, CueRole.COMPARE_DOWN})
_WHEN = re.compile(r"(?:(?:19|20)\d\d年(?:底|末)?|去年|上年|[“\"]?十?[一二三四五六七八九]五[”\"]?(?:时期|末))的?$")
_ATTRIBUTE = re.compile(
    r"(?:总量|增速|增幅|降幅|总额|数量|规模|占比|比重|强度|总数|排名|增量|存量|均|贡献率|核定率|密度|面积|单产|总产|利润|净增|其|"
    r"人均|对?.{0,6}贡献率|完成率|提升幅度|惠及.{0,4}|产能|床位|投资|投资额|总投资|带动.{0,4}|覆盖.{0,4}|超计划|建成投产|投产|开工|新开工|竣工|落地|建成|"
    r"增加值|产值|产量|化解率|在校生|毕业生|招生|拨付额|收缴额|税收)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A parsed predicate: the noun phrase before it, the roles of its words, the group of a rank or a comparison."""

    noun: str
    move: CueRole | None
    bound: Bound
    flags: frozenset[CueRole]
    scope: str


def parse_prefix(before: str, *, is_percent: bool = False) -> Phrase:
    """Return the phrase of the words before a number.

    Args:
        before: The words.
        is_percent: Whether the number is a per cent, which alone can be a completion of a plan.
    """
    rest = before[-REACH:].rstrip()
    cues: list[CueRole] = []
    scope = ""
    while True:
        rest = _WHEN.sub("", rest)
        if than := _THAN_PLAN.search(rest):
            cues.append(CueRole.YEAR_ON_YEAR)
            rest = rest[: than.start()]
            continue
        if planned := _plan_of(rest, is_percent=is_percent):
            cues.extend([CueRole.COMPLETION] if is_percent else [])
            return _assemble(rest[: planned.start()], cues, planned["of"] if is_percent else scope)
        if comparison := _COMPARISON.search(rest):
            cues.append(_direction(comparison))
            if whom := _other_than_before(comparison):
                cues.append(CueRole.VERSUS)
                scope = whom
            rest = rest[: comparison.start()]
        if (rest.endswith(_PACE) and not _TURNS.isdisjoint(cues)) or (is_percent and rest.endswith("占比")):
            return _assemble(rest, cues, scope)
        word = "" if rest.endswith(_UNSPLIT) else last_word(rest)
        if added := _ADDED.search(rest):  # 比上年末新增: the addition is a change of the series itself
            cues.append(CueRole.RISE)
            rest = rest[: added.start()]
            continue
        scope_match = None if word else _SCOPE.search(rest)
        if word:
            cues.extend(role for role in CueRole if role in roles()[word])
            rest = rest[: -len(word)].rstrip()
        elif scope_match and not scope:
            scope, rest = scope_match[1], rest[: scope_match.start()]
        else:
            return _part_of_whole(rest, cues, scope) if is_percent else _assemble(rest, cues, scope)


def _part_of_whole(rest: str, cues: list[CueRole], scope: str) -> Phrase:
    """Return the phrase before a per cent, with the whole that it is a part of."""
    whole = _WHOLE.search(rest)
    if whole and whole["total"]:  # 巡警人数达到民警总数的20%
        return _assemble(rest[: whole.start()], [*cues, CueRole.SHARE], whole["total"].removesuffix("的"))
    return _assemble(rest, cues, scope or (whole["whole"] if whole else ""))


def _plan_of(rest: str, *, is_percent: bool) -> re.Match[str] | None:
    """Return the words that name the plan of a completion (为预算的), or say that an amount is planned (年初预算为)."""
    return _COMPLETION.search(rest) if is_percent else _BUDGETED.search(rest)


def _direction(comparison: re.Match[str]) -> CueRole:
    less = (comparison["more"] or comparison["over"])[0] in _LESS
    return CueRole.COMPARE_DOWN if less else CueRole.COMPARE_UP


def _other_than_before(comparison: re.Match[str]) -> str:
    """Return whom a comparison is with, empty where it is with an earlier time or a plan."""
    whom = comparison["other"] or comparison["whom"]
    return "" if _EARLIER.search(whom) else _LEVEL_OF.sub("", whom) or whom


def _assemble(rest: str, cues: list[CueRole], scope: str) -> Phrase:
    """Return a phrase; of several bounds the one nearest to the number holds."""
    at_least = re.search(r"至少[^，,]{0,6}$", rest)
    bound = next((_BOUNDS[role] for role in cues if role in _BOUNDS), Bound.AT_LEAST if at_least else Bound.EXACT)
    move = next((role for role in _MOVES if role in cues), None)
    return Phrase(noun=clean(rest), move=move, bound=bound, flags=frozenset(cues), scope=scope)


def clean(noun: str) -> str:
    """Return a noun phrase without introductory words (全年, 实现, 其中) and without unpaired quotation marks."""
    words = _LEAD.sub("", noun).strip("()、, 《的:：\u3000")
    words = _AMONG.sub("", _APPROVED.sub("", words))
    if _BASE.match(words) or _NO_SUBJECT.fullmatch(words):
        return ""
    return words if words.count("“") == words.count("”") else words.replace("“", "").replace("”", "")


def is_attribute(noun: str) -> bool:
    """Return whether a noun names a property of the current subject (增速, 总量) and not a thing of its own."""
    return _ATTRIBUTE.fullmatch(noun) is not None
