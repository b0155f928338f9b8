"""Every way a number is written, and its value.

`scan` finds numerals and leaves their units alone: of 1800余万元 the numeral is 1800, of 百亿元 it is 百 (100), of
三分之一 it is the whole. Full-width digits and letters count as the plain ones; the text itself is never changed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from raw.numerals.characters import simplified
from raw.numerals.chinese import DIGITS, LONGEST, words_value

__all__ = ["DIGITS", "Numeral", "NumeralStyle", "plain", "scan", "words_value"]

_CHINESE = "〇零一二两三四五六七八九十百千廿"
# 两 counts nothing beside another digit: 一九八二两年 is a year and two, 两三年 no 23. Of 二千千瓦 the second 千 is the
# unit's.
_WORD = r"(?:[〇零一二三四五六七八九十百廿]|(?<!千)千|(?<![一二三四五六七八九])两(?![零一二三四五六七八九]))"
# A run has one way to match, so that it costs its length once: what is given up of it is never followed by 分之.
_RUN = rf"{_WORD}+(?:[万亿](?=[零〇]|[{DIGITS}两][十百千]){_WORD}+)*(?:点[{DIGITS}〇]+)?"
# Invisible characters that web pages leave between two digits.
_UNSEEN = "\u200b-\u200d\u2060\ufeff"
INVISIBLE = re.compile(f"[{_UNSEEN}]")
_DIGITS = rf"\d+(?:{INVISIBLE.pattern}{{1,3}}\d+)*"
# A space parts groups of three, or stands before the point. With more numbers in a row, as in a table, it parts those.
_THIN = " \u00a0\u2009\u202f"
_BLANK = f"[{_THIN}]"
GROUPED = rf"[1-9]\d{{0,2}}(?:{_BLANK}\d{{3}})+"
# Full-width digits that were made narrow: 1 5 .3 %.
LETTERED = r"\d(?: \d)+(?: ?\. ?\d(?: \d)*)?|\d \. ?\d(?: \d)+"
_SPACED = rf"(?<!\d)(?<!\d{_BLANK})(?:{GROUPED}(?:\.\d+)?(?!{_BLANK}?[.\d])|(?:{LETTERED})(?= ?[%‰‱\u4e00-\u9fff]))"
_POINT = rf"(?: \. ?|(?<=\d{{3}})\. |{INVISIBLE.pattern}{{0,3}}\.{INVISIBLE.pattern}{{0,3}})"
_NUMERAL = re.compile(
    rf"(?=[{_CHINESE}几数首万亿\d])(?:"
    rf"(?P<parts>(?:百|千|万|{_RUN})分之(?:{_RUN}|\d+(?:\.\d+)?))"
    r"|(?P<slash>(?<![\d/.])\d{1,3}/\d{1,3}(?![\d/]))"
    r"|(?P<mixed>\d{1,4}[万亿](?:\d[千百十])+\d?(?!\d))"
    rf"|(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|{_SPACED}|{_DIGITS}(?:{_POINT}{_DIGITS})?)"
    rf"|(?P<words>{_RUN}|两|首(?=位(?!度))|(?<!十)[几数](?=[十百千万亿])(?:{_RUN})?)"
    rf"|(?P<bare>(?<![{_CHINESE}几数余多来\d万亿])(?<!\d[ {_UNSEEN}])(?=(?:万?亿|万)[元人户吨亩件家级美列辆台套株场]))"
    r")"
)
_SECTION = re.compile(r"[余多几]?([万亿])")
_WIDE = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_PLAIN: Final = str.maketrans(
    "".join(map(chr, _WIDE)) + "．％：，；（）＋／～∶－−",
    "".join(chr(code - 0xFEE0) for code in _WIDE) + ".%:,;()+/~:--",
)
_GAPS = re.compile(f"[,{_THIN}{_UNSEEN}]")


class NumeralStyle(StrEnum):
    """How a numeral is written."""

    DIGITS = "digits"
    WORDS = "words"
    FRACTION = "fraction"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A numeral at `start`..`end`: its value, its printed decimals, how it is written.

    A `FRACTION` has its value in per cent, to four decimals (1/4 is 25). A `BARE` numeral is implied before a magnitude
    (亿元以上): its value is 1, its span empty.
    """

    start: int
    end: int
    value: float
    decimals: int
    form: NumeralStyle


def plain(text: str) -> str:
    """Return the text with plain characters for the full-width, traditional and formal ones of numbers."""
    return simplified(text.translate(_PLAIN))


def scan(text: str) -> tuple[Numeral, ...]:
    """Return every numeral of a text (see `plain`), in order, none overlapping another."""
    return tuple(_to_numeral(match) for match in _NUMERAL.finditer(text))


def _to_numeral(match: re.Match[str]) -> Numeral:
    raw = match.group()
    if match["parts"]:
        value, decimals, form = _parts(raw), 0, NumeralStyle.FRACTION
    elif match["slash"]:
        over, under = raw.split("/")
        value, decimals, form = round(100 * float(over) / (float(under) or 1), 4), 0, NumeralStyle.FRACTION
    elif match["mixed"] or (match["words"] and not {"万", "亿"}.isdisjoint(raw)):
        value, decimals, form = _sections(match), 0, NumeralStyle.DIGITS if match["mixed"] else NumeralStyle.WORDS
    elif match["digits"]:
        value, decimals, form = *_digits(raw), NumeralStyle.DIGITS
    elif match.lastgroup == "bare":
        value, decimals, form = 1.0, 0, NumeralStyle.BARE
    else:
        value, decimals, form = _loose(raw), len(raw.partition("点")[2]), NumeralStyle.WORDS
    return Numeral(start=match.start(), end=match.end(), value=value, decimals=decimals, form=form)


def _digits(raw: str) -> tuple[float, int]:
    """Return the value of digits and how many of them are decimals."""
    shown = _GAPS.sub("", raw)
    return float(shown) if len(shown) <= LONGEST else math.nan, len(shown.partition(".")[2])


def _sections(match: re.Match[str]) -> float:
    """Return the value of 三亿零四百七十五 before 万: as many 万 as the whole is."""
    section = _SECTION.match(match.string, match.end())
    unit = section[1] if section else ""
    return _loose(match.group() + unit) / _loose(unit or "一")


def _loose(raw: str) -> float:
    """Return the value of words: 几十 is 10, 数百 is 100; NaN where they form no number."""
    if raw == "首":
        return 1.0
    words = "一" + raw[1:] if raw[0] in "几数" else re.sub("^[零〇]+(?=[^零〇点])", "", raw)
    value = words_value(words)
    return math.nan if value is None else value


def _parts(raw: str) -> float:
    """Return the per cent of 三分之一 or 百分之三点五."""
    under, _, over = raw.partition("分之")
    whole = {"百": 100.0, "千": 1000.0, "万": 10000.0}.get(under) or _loose(under) or 1.0
    part = _digits(over)[0] if over[0].isdigit() else _loose(over)
    return round(100 * part / whole, 4)
