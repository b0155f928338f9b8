"""What stands above a table, or in a row over all its columns: its title, its unit, its year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from raw.tables.units import units_in
from schemas.document import Span

_MOST_LINES = 4
_LONGEST = 70
_SENTENCE = re.compile(r"[。；;！!]")
_UNIT_LINE = re.compile(r"(?:计量|金额)?单\s*位\s*[:：]\s*(?P<units>[^)）\n\t]{1,30})")
_TITLE_UNIT = re.compile(r"[(（](?P<units>[^()（）]{1,16})[)）]\s*$")
_NUMBERED = re.compile(
    r"^[\s\u3000]*(?:附?[表图]\s*[\d一二三四五六七八九十]*(?:[-－.]\d+)*\s*[:：、.]?|[(（]?[一二三四五六七八九十\d]+[)）、.])\s*"
)
_HEADS = (
    "投资额|投资|总产值|产值|增加值|价格指数|价格|产量|销量|销售额|零售额|利润总额|利润|播种面积|面积|进出口总值|进出口总额"
    "|进出口|收入|支出|余额|存款|贷款|人口数?|就业人数|经费|用电量|运输量|周转量|生产总值|指数"
)
_NOUN = re.compile(rf"(?:{_HEADS})$")
_TAIL = re.compile(
    r"(?:及|和|与|、)?(?:其)?(?:同比|累计|比上年|较上年)?(?:增长)?(?:主要)?(?:分类|构成|增长速度|增速|增长情况|增长率|增长|增幅|涨跌幅度?|"
    r"(?:完成|执行|安排)?情况表?|预算安排|执行|安排|预算|决算|统计表|一览表|预算表|决算表|明细表|汇总表|分布|对比|变动幅度|速度|比重|表)$"
)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_SCOPE = re.compile(
    r"^.*(?:主要(?:工业|农业|农)?(?:产品)?|分[^\s]{1,4}?(?=固定|房|工业|财政|消费|存|贷)|(?:20|19)\d\d年(?:年?末)?)(?:全[市省州县区])?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The lines over a table.

    Attributes:
        lines: Their spans in the text, in order.
        words: Their words in plain characters, joined by blanks.
        units: The units of the whole table.
        noun: What all its numbers measure, as its title says it (固定资产投资), empty where it does not.
    """

    lines: tuple[Span, ...]
    words: str
    units: tuple[str, ...]
    noun: str


def lines_above(text: str, start: int, first: int) -> tuple[Span, ...]:
    """Return the short lines directly over a table: its title and the line with its unit.

    Args:
        text: The plain text.
        start: Where the table starts.
        first: Where the text before it starts: the end of the table before, or the start of the body.
    """
    lines: list[Span] = []
    end = text.rfind("\n", first, start)
    while end >= first and len(lines) < _MOST_LINES:
        begin = text.rfind("\n", first, end) + 1 or first
        line = text[begin:end]
        if len(line.strip()) > _LONGEST or _SENTENCE.search(line):
            break
        if line.strip():
            lines.append(Span(start=begin, end=end))
            if _NUMBERED.match(line):
                break
        if begin <= first:
            break
        end = begin - 1
    return tuple(reversed(lines))


def caption_of(text: str, lines: Iterable[Span]) -> Caption:
    """Return the caption in some lines of a plain text; the last that names a unit or a noun decides."""
    shown = tuple(lines)
    units: tuple[str, ...] = ()
    noun = ""
    for line in shown:
        words = line.cut(text)[:_LONGEST]
        stated = _UNIT_LINE.search(words) or _TITLE_UNIT.search(words)
        found = units_in(stated["units"]) if stated else ()
        units = found or units
        noun = _noun(words) or noun
    return Caption(lines=shown, words=" ".join(line.cut(text).strip() for line in shown), units=units, noun=noun)


def _noun(title: str) -> str:
    """Return what a title says that the table measures, without its number, its area, its year and its form."""
    words = _BRACKETS.sub("", _UNIT_LINE.sub("", _NUMBERED.sub("", title))).strip()
    while tail := _TAIL.search(words):
        words = words[: tail.start()]
    words = _SCOPE.sub("", words)
    return re.sub(r"\s", "", words) if _NOUN.search(words) else ""
