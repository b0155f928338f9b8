"""The account of numbers that are no observation, each with the reason.

A rule is a reason and a pattern over a small window around the number, in which the number (without its unit) stands as
`⟦…⟧`; the window is bounded, so the cost per number is too. The first rule that matches decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType

from raw.mentions import Kind, Mention
from raw.numerals import Form
from schemas.codelists import IgnoreReason

_WINDOW = 14
_RULES = (
    (IgnoreReason.DATE, r"⟦(?:19|20)\d\d⟧(?:年|[-—–~至到、/和]{1,2}(?:19|20)\d\d年?|\.\d|$)"),
    (IgnoreReason.DATE, r"⟦[〇零一二三四五六七八九]{4}⟧年"),
    (IgnoreReason.DATE, r"[-—–~至到、/和年](?:底)?⟦(?:19|20)\d\d⟧年"),
    (IgnoreReason.DATE, r"年⟦\d{1,2}⟧月|⟦[一二三四五六七八九十\d]{1,3}⟧(?:月(?:份|\d|[，。、底初末至]|$)|日(?:[，。、至]|$)|月\d)"),
    (IgnoreReason.DATE, r"月⟦\d{1,2}⟧日?|⟦\d{1,2}⟧(?:时|点)(?:\d|[起前后，。])"),
    (IgnoreReason.DATE, r"⟦[^⟧]{1,5}⟧(?:周年|年代|世纪|季度|个季度|个月来?|年来|年多来|天|个工作日|小时|个小时|分钟|秒)"),
    (IgnoreReason.DATE, r"上⟦半⟧年|前⟦[一二三四五六七八九十\d]+⟧个?(?:季度|月|年)|[一二三四]⟦季⟧度"),
    (IgnoreReason.ORDINAL, r"(?:^|\n)[\s\u3000]*[(（]?⟦[一二三四五六七八九十\d]{1,3}⟧[)）、.．]|(?:^|[\n。；;\u3000])⟦[一二三四五六七八九十]{1,3}⟧(?:是|要)"),
    (IgnoreReason.PLAN, r"⟦十[二三四五六]五⟧|“⟦[一二三四五六七八]五⟧”|⟦[^⟧]{1,4}⟧(?:届|中全会|次(?:全会|会议|全体|党代会|代表大会|党代表))"),
    (IgnoreReason.PLAN, r"届⟦[^⟧]+⟧(?:中|次)|⟦二十⟧大|、⟦[一二三四五六七]⟧中全会|[届大]⟦[一二三四五六七]⟧[、中]"),
    (IgnoreReason.SLOGAN, r"⟦[^⟧]*⟧[+＋]|[+＋]⟦|“[^”“⟦]{0,8}⟦[^⟧]+⟧[^”“]{0,10}”|“⟦\d+⟧|⟦百?千?万⟧工程|百⟦千⟧万"),
    (IgnoreReason.NAME, r"[A-Za-z.\-]⟦\d[^⟧]*⟧(?![\d亿万])|⟦[^⟧]*⟧[A-Za-z](?!EU|[A-Z]FLOPS)|⟦[^⟧]*⟧强(?:[^度化])|⟦\d+⟧[-—]\d+岁|⟦\d+⟧岁"),
    (IgnoreReason.THRESHOLD, r"⟦[^⟧]*⟧(?:[百千万亿]*)(?:元|美元|亩|吨|千瓦|平方米|人|公里|米|度|户|张|床|立方米)?(?:及)?(?:以上|以下|以内)的?[\u4e00-\u9fff]"),
    (IgnoreReason.THRESHOLD, r"⟦[^⟧]*⟧[百千万亿]*(?:吨|元|亩|千瓦|平方米|方|美元|斤)?级"),
    (IgnoreReason.LIST, r"以下⟦[^⟧]+⟧|⟦[一二两三四五六七八九十]{1,3}⟧(?:大|方面|个方面|条主线|项(?:指数|任务|工程|行动|举措|措施|重点|制度|工作|改革)|者|手抓)"),
)
_COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in _RULES)
_RANKED = re.compile(r"(?:全国|全省|全市|全区|全球|世界|珠三角|西部|中部|东部|居|列|排名?|榜单|位|省内|国内|第)$")
_CLASSIFIED = re.compile(
    r"[批届次个轮期产方时议季书小中医条章款阶梯大台例家座部颗艘套只步线人民幼实初附项组单节顺枪]|一(?=\D)"
)
_SMALL_WORDS = 10


def reasons(text: str, found: Iterable[Mention]) -> MappingProxyType[int, IgnoreReason]:
    """For each number that is no observation: its start, and why."""
    table = {mention.start: reason for mention in found if (reason := _reason(text, mention))}
    return MappingProxyType(table)


def is_rank(text: str, mention: Mention) -> bool:
    """Whether 第N is a position in a group and not the number of a thing (全市第6; 第四小学 is none)."""
    if not mention.ordinal:
        return mention.kind == Kind.RANK or _leading(text, mention)
    after = text[mention.end : mention.end + 2]
    return mention.kind == Kind.RANK or not after[:1].isalpha() or _grouped(text, mention, after)


def _grouped(text: str, mention: Mention, after: str) -> bool:
    """Whether a group stands before 第N and no classifier behind it."""
    before = text[max(0, mention.start - 8) : mention.start - 1]
    return bool(_RANKED.search(before)) and not _CLASSIFIED.match(after)


def _leading(text: str, mention: Mention) -> bool:
    """Whether the number is the N of 前N in a group: 全国前十."""
    before = text[max(0, mention.start - 6) : mention.start]
    return before.endswith("前") and _RANKED.search(before[:-1]) is not None and mention.kind == Kind.BARE


def _reason(text: str, mention: Mention) -> IgnoreReason | None:
    """Why a number is no observation, or None."""
    left = text[max(0, mention.start - _WINDOW) : mention.start]
    number = text[mention.start : _core_end(text, mention)]
    right = text[mention.start + len(number) : mention.start + len(number) + _WINDOW]
    window = f"{left}⟦{number}⟧{right}"
    reason = next((reason for reason, rule in _COMPILED if rule.search(window)), None)
    if reason == IgnoreReason.DATE and left.endswith(("连续", "连")) and mention.unit in {"年", "个月"}:
        return None
    return reason or _by_form(text, mention)


def _core_end(text: str, mention: Mention) -> int:
    """Where the digits of a mention end and its unit starts."""
    end = mention.end
    stated = text[mention.start : end]
    if mention.unit and stated.endswith(mention.unit):
        end -= len(mention.unit)
    return max(end, mention.start)


def _by_form(text: str, mention: Mention) -> IgnoreReason | None:
    """What the form alone says: 第N that is no rank, words that count nothing or announce a list."""
    if is_rank(text, mention):
        return None
    if mention.ordinal:
        return IgnoreReason.ORDINAL
    if mention.form == Form.BARE:
        return IgnoreReason.THRESHOLD
    if mention.form != Form.WORDS or mention.kind in {Kind.PERCENT, Kind.POINTS, Kind.TIMES, Kind.FOLD}:
        return None
    if mention.kind == Kind.BARE:
        return IgnoreReason.IDIOM
    if mention.unit in {"年", "级", "度", "面", "路", "方", "道", "层", "片", "对", "村", "县", "市", "区", "镇", "乡", "站"}:
        return IgnoreReason.IDIOM
    return IgnoreReason.LIST if mention.value < _SMALL_WORDS or not mention.unit else None
