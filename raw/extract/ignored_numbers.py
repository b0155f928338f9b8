"""The numbers that are not observations, each with the reason.

A rule is a reason and a pattern over a window around the number, which is written there without its unit as `⟦…⟧`. The
window is bounded, so that the cost per number is too. The first rule that matches counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from raw.extract.mentions import Mention, MentionKind
from raw.numerals.scan import NumeralStyle
from schemas.codelists import Bound, IgnoreReason
from schemas.registry.units import MAGNITUDES

_WINDOW = 14
_HAN_DIGITS = "[一二三四五六七八九十]"
_YEAR = r"⟦(?:19|20)\d\d⟧"
_MEETING = "届|中全会|次(?:全会|会议|全体|党代会|代表大会|党代表)"
_SPAN = "周年|年代|世纪|季度|个季度|个月来?|年来|年多来"
_TIME = "天|个?工作日|个?小时|分钟|秒"
_MEASURED = "元|美元|亩|吨|千瓦|平方米|人|公里|米|度|户|张|床|立方米"
_CLASSES = "县|区|市|镇|乡|村|企业|产业|园区|集群|项目|平台|品牌|行政村"
_TASKS = "指数|任务|工程|行动|举措|措施|重点|制度|工作|改革"
_OR_MORE = "(?:以上|以下|以内)"
_RULES = (
    (IgnoreReason.DATE, rf"{_YEAR}(?:年|[-—–~至到、/和]{{1,2}}(?:19|20)\d\d年?|\.\d|$)"),
    (IgnoreReason.DATE, r"⟦[〇零一二三四五六七八九]{4}⟧年"),
    (IgnoreReason.DATE, rf"[-—–~至到、/和年]底?{_YEAR}年"),
    (IgnoreReason.DATE, r"⟦[一二三四五六七八九十\d]{1,3}⟧(?:[-—至到]\d{1,2})?月(?![票球均嫂])"),
    (IgnoreReason.DATE, r"⟦[一二三四五六七八九十\d]{1,3}⟧月(?:份|\d|[，。、底初末至]|$)"),
    (IgnoreReason.DATE, r"⟦[一二三四五六七八九十\d]{1,3}⟧日(?:[，。、至]|$)"),
    (IgnoreReason.DATE, r"(?<![每人均])月⟦[^⟧]{1,3}⟧日?"),
    (IgnoreReason.DATE, r"⟦\d{1,2}⟧[时点](?:\d|[起前后，。])"),
    (IgnoreReason.DATE, rf"⟦[^⟧]{{1,5}}⟧(?:{_SPAN})"),
    (IgnoreReason.DATE, rf"(?<![到至达为约近超过少加长短缩数])⟦[^⟧]{{1,5}}⟧(?:{_TIME})"),
    (IgnoreReason.DATE, r"前⟦[一二三四五六七八九十\d]+⟧个?(?:季度|月|年)"),
    (IgnoreReason.ORDINAL, r"(?:^|\n)[\s\u3000]*[(（]?⟦[一二三四五六七八九十\d]{1,3}⟧[)）、.．]"),
    (IgnoreReason.ORDINAL, r"[(（［\[〔【]⟦\d{1,3}⟧[)）］\]〕】]"),
    (IgnoreReason.ORDINAL, rf"(?:^|[\n。；;，,：:\u3000])⟦{_HAN_DIGITS}{{1,3}}⟧[是要]"),
    (IgnoreReason.PLAN, r"⟦十[二三四五六]五⟧|“⟦[一二三四五六七八]五⟧”"),
    (IgnoreReason.PLAN, rf"⟦[^⟧]{{1,4}}⟧(?:{_MEETING})"),
    (IgnoreReason.PLAN, rf"届⟦[^⟧]+⟧[中次]|⟦二十⟧大|、⟦{_HAN_DIGITS}⟧中全会|[届大]⟦{_HAN_DIGITS}⟧[、中]"),
    (IgnoreReason.SLOGAN, r"⟦[^⟧]*⟧[+＋]|[+＋]⟦|“⟦\d+⟧|⟦百?千?万⟧工程|百⟦千⟧万"),
    (IgnoreReason.SLOGAN, r"“[^”“⟦]{0,8}⟦[^⟧]+⟧[^”“]{0,10}”"),
    (
        IgnoreReason.ORDINAL,
        r"⟦[一二三]⟧(?:[、和]第?[一二三])+次?产业|[一二三][、和]第?⟦[一二三]⟧(?:[、和]第?[一二三])*次?产业",
    ),
    (IgnoreReason.IDIOM, r"(?:质量|安全|健康|生命|人民|群众|服务|发展|稳定|团结|预防|效率|生态)第⟦一⟧"),
    (IgnoreReason.ORDINAL, r"(?:^|\s)[附]?[表图] ?⟦\d{1,3}⟧"),
    (IgnoreReason.IDIOM, r"⟦三⟧位一体|⟦[一二三四五六七八九十百千万]+⟧分(?![之米别钟贝])"),
    (IgnoreReason.NAME, r"[东西南北][经纬]⟦"),
    (IgnoreReason.NAME, r"(?:[A-Za-z._]|[A-Za-z\d]-)⟦\d[^⟧]*⟧(?![\d亿万])|⟦[^⟧]*⟧[A-Za-z](?!EU|[A-Z]FLOPS)"),
    (IgnoreReason.NAME, r"⟦[^⟧]*⟧号(?![召称])|⟦\d\.0⟧版"),
    (IgnoreReason.NAME, r"⟦\d{3,5}⟧(?:(?:便民|政务|市民|服务)*热线|国道|省道)|(?:[国省县]道|航班|专线)⟦\d"),
    (IgnoreReason.NAME, r"⟦[^⟧/之]*⟧强[^度化]|⟦[^⟧]*⟧(?:千伏|纳米|英寸)[\u4e00-\u9fff]"),
    (IgnoreReason.THRESHOLD, rf"⟦[^⟧]*⟧[百千万亿]*(?:美?元|吨|亩)及?{_OR_MORE}(?!的?(?:目标|增|水平))[\u4e00-\u9fff]"),
    (IgnoreReason.THRESHOLD, rf"[超过达]⟦[^⟧]*⟧[百千万亿]*(?:美?元|吨|亩)的?[\u4e00-\u9fff]{{0,4}}(?:{_CLASSES})"),
    (IgnoreReason.THRESHOLD, rf"⟦[^⟧]*⟧[百千万亿]*(?:{_MEASURED})?及?{_OR_MORE}的?[\u4e00-\u9fff“”]{{1,20}}\d"),
    (IgnoreReason.THRESHOLD, rf"(?<![到达为至])⟦[^⟧]*⟧(?:[-—]\d+)?(?:周?岁|年)(?:及?{_OR_MORE}|[的至儿老])"),
    (IgnoreReason.THRESHOLD, r"⟦[^⟧]*⟧(?:[-—]\d+)?周?岁(?:及?以[上下])?(?=[\u4e00-\u9fff])(?!以|左右|提|延)"),
    (IgnoreReason.THRESHOLD, r"⟦[^⟧]*⟧[百千万亿]*(?:吨|元|亩|千瓦|平方米|方|美元|斤)?级"),
    (IgnoreReason.THRESHOLD, r"每⟦"),
    (IgnoreReason.THRESHOLD, r"前⟦[^⟧]*⟧[%‰](?:的)?学科|⟦[1-5IVⅠ-Ⅴ][^⟧]*⟧类(?:水|断面|标准|及?以)"),
    (IgnoreReason.LIST, r"⟦\d{1,2}⟧[件项](?:民生|惠民)?实事[:：]"),
    (IgnoreReason.NAME, r"全[国省球]⟦\d+⟧个[^，,。；⟧]{0,10}(?:城市|地区|省份|州)"),
    (IgnoreReason.LIST, r"以下⟦[^⟧]+⟧"),
    (IgnoreReason.LIST, r"⟦\d{1,2}⟧(?:个?方面|大(?!型))"),
    (IgnoreReason.LIST, rf"⟦[一二两三四五六七八九十]{{1,3}}⟧(?:大|个?方面|条主线|项(?:{_TASKS})|者|手抓)"),
)
# Units that make fixed words with a numeral in words: 两路, 四面, 三级.
_FIXED_UNITS = frozenset("年级度面路方道层片对村县市区镇乡站")
_COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in _RULES)
_RANKED = re.compile(r"(?:全国|全省|全市|全区|全球|世界|珠三角|西部|中部|东部|居|列|排名?|榜单|位|省内|国内|第)$")
_CLASSIFIED = re.compile(
    r"[批届次个轮期产方时议季书小中医条章款阶梯大台例家座部颗艘套只步线人民幼实初附项组单节顺枪]|一(?=\D)"
)
_SMALL_WORDS = 10
_PLACES = frozenset({100.0, 1000.0})
_YEARS = range(1900, 2100)
_REACHED = (
    "突破",
    "超",
    "超过",
    "逾",
    "达",
    "达到",
    "近",
    "上",
    "跨越",
    "跨过",
    "迈过",
    "站上",
    "迈上",
    "跨上",
    "冲破",
    "破",
)


def ignore_reasons(text: str, mentions: Iterable[Mention]) -> dict[int, IgnoreReason]:
    """Return the reason of each number that is not an observation, by its start."""
    return {mention.start: reason for mention in mentions if (reason := _reason(text, mention))}


def is_rank(text: str, mention: Mention) -> bool:
    """Return whether a number is a position in a group (全市第6) and not the number of a thing (第四小学)."""
    start = mention.start
    if text.startswith("首", start):
        return _RANKED.search(text[max(0, start - 8) : start]) is not None
    if mention.kind == MentionKind.RANK:
        return True
    if not mention.ordinal:  # 全国前十
        before = text[max(0, start - 6) : start]
        return before.endswith("前") and _RANKED.search(before[:-1]) is not None and mention.kind == MentionKind.BARE
    end = _digits_end(text, mention)
    after = text[end : end + 2]
    if after[:1] in {"名", ""} or not after[:1].isalpha():
        return True
    return bool(_RANKED.search(text[max(0, start - 8) : start - 1])) and not _CLASSIFIED.match(after)


def _reason(text: str, mention: Mention) -> IgnoreReason | None:
    """Return why a number is not an observation, None where it may be one."""
    left = text[max(0, mention.start - _WINDOW) : mention.start]
    number = text[mention.start : _digits_end(text, mention)]
    right = text[mention.start + len(number) : mention.start + len(number) + _WINDOW]
    window = f"{left}⟦{number}⟧{right}"
    reason = next((reason for reason, rule in _COMPILED if rule.search(window)), None)
    if left.endswith("连续") and mention.unit in {"年", "个月"}:
        return None
    if mention.unit == "年":
        return IgnoreReason.DATE
    if reason == IgnoreReason.NAME and mention.unit.isascii() and mention.unit.isalpha():
        return None
    return reason or _by_form(text, mention)


def _digits_end(text: str, mention: Mention) -> int:
    """Return the end of a mention without its unit."""
    written = text[mention.start : mention.end]
    return mention.start + len(written.removesuffix(mention.unit))


def _by_form(text: str, mention: Mention) -> IgnoreReason | None:
    """Return the reason by the form alone: 第N that is not a rank, a magnitude without a number, an idiom in words."""
    if is_rank(text, mention):
        return None
    if mention.ordinal:
        return IgnoreReason.ORDINAL
    if mention.form == NumeralStyle.DIGITS:
        return IgnoreReason.DATE if mention.kind == MentionKind.BARE and mention.value in _YEARS else None
    reached = text[max(0, mention.start - 2) : mention.start].endswith(_REACHED)
    if mention.form == NumeralStyle.BARE:
        return None if reached else IgnoreReason.THRESHOLD
    return _of_words(mention, reached=reached) if mention.form == NumeralStyle.WORDS else None


def _of_words(mention: Mention, *, reached: bool) -> IgnoreReason | None:
    """Return why a numeral in words is not an observation: an idiom, or so small that it only announces a list."""
    if mention.kind in {MentionKind.PERCENT, MentionKind.POINTS, MentionKind.TIMES, MentionKind.FOLD}:
        return None
    # 百, 千 and a magnitude without a unit (百场, 千亿提升) count only after 超 and the like (超百万).
    loose = (mention.value in _PLACES and mention.bound != Bound.ABOVE) or mention.unit in MAGNITUDES
    if mention.kind == MentionKind.BARE or mention.unit in _FIXED_UNITS or (loose and not reached):
        return IgnoreReason.IDIOM
    return IgnoreReason.LIST if mention.value < _SMALL_WORDS else None
