"""Every way a number is written, and its value.

`scan` finds numerals and leaves their units alone: of 1800余万元 the numeral is 1800, of 百亿元 it is 百 (100), of
三分之一 it is the whole. Full-width digits and letters count as the plain ones; the text itself is never changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

DIGITS = "零一二三四五六七八九"
_CHINESE = "〇零一二两三四五六七八九十百千廿"
_RUN = rf"[{_CHINESE}]+(?:点[{DIGITS}〇]+)?"
_NUMERAL = re.compile(
    rf"(?P<parts>(?:百|千|万|{_RUN})分之(?:{_RUN}|\d+(?:\.\d+)?))"
    r"|(?P<slash>(?<![\d/.])\d{1,3}/\d{1,3}(?![\d/]))"
    r"|(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)"
    rf"|(?P<words>{_RUN}|(?<!十)[几数](?=[十百千万亿])(?:{_RUN})?)"
    rf"|(?P<bare>(?<![{_CHINESE}几数余多来\d万亿])(?=(?:万亿|亿|万)[元人户吨亩件家级美列辆台套株场]))"
)
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_PLAIN = str.maketrans(
    "".join(map(chr, _WIDE)) + "．％：，；（）＋／～",
    "".join(map(chr, _WIDE.values())) + ".%:,;()+/~",
)
_PLACES = {"十": 10, "百": 100, "千": 1000}


class Form(StrEnum):
    """How a numeral is written."""

    DIGITS = "digits"
    WORDS = "words"
    FRACTION = "fraction"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A numeral at `start`..`end`: its value, its printed decimals, how it is written.

    A `FRACTION` has its value in per cent, to four decimals (1/4 is 25). A `BARE` numeral is the one unsaid before
    a magnitude (亿元以上): its value is 1, its span empty.
    """

    start: int
    end: int
    value: float
    decimals: int
    form: Form


def plain(text: str) -> str:
    """The text with full-width digits, letters and punctuation as plain ones, each in its place."""
    return text.translate(_PLAIN)


def scan(text: str) -> tuple[Numeral, ...]:
    """Every numeral of a text (see `plain`), in order, none overlapping another."""
    return tuple(_read(match) for match in _NUMERAL.finditer(text))


def words_value(words: str) -> float | None:
    """The value of a numeral in Chinese words, or None where the characters form no number.

    二〇二四 is read digit by digit, 两千四 as 2400, 十 as 10, 三点五 as 3.5.
    """
    whole, _, fraction = words.replace("〇", "零").replace("两", "二").replace("廿", "二十").partition("点")
    if not set(whole) & set(_PLACES):
        digits = "".join(str(DIGITS.index(char)) for char in whole)
        value = float(digits) if digits else None
    else:
        value = _positional(whole)
    if value is None or not fraction:
        return value
    return float(f"{value:.0f}." + "".join(str(DIGITS.index(char)) for char in fraction))


def _positional(words: str) -> float | None:
    """三千五百二十 by its places; a last digit without a place stands one place below the place before it."""
    total, digit, place = 0, None, 10
    for char in words:
        if char in _PLACES:
            place = _PLACES[char]
            total += (1 if digit is None else digit) * place
            digit = None
        elif char == "零":
            place = 10
        elif digit is None:
            digit = DIGITS.index(char)
        else:
            return None
    return float(total + (digit or 0) * (place // 10 if digit is not None and place > 10 else 1))  # noqa: PLR2004 - 十


def _read(match: re.Match[str]) -> Numeral:
    """The numeral of a match."""
    raw = match.group()
    if match["parts"]:
        value, decimals, form = _parts(raw), 0, Form.FRACTION
    elif match["slash"]:
        over, under = raw.split("/")
        value, decimals, form = round(100 * float(over) / (float(under) or 1), 4), 0, Form.FRACTION
    elif match["digits"]:
        value, decimals, form = float(raw.replace(",", "")), len(raw.partition(".")[2]), Form.DIGITS
    elif match.lastgroup == "bare":
        value, decimals, form = 1.0, 0, Form.BARE
    else:
        value, decimals, form = _loose(raw), len(raw.partition("点")[2]), Form.WORDS
    return Numeral(start=match.start(), end=match.end(), value=value, decimals=decimals, form=form)


def _loose(raw: str) -> float:
    """The value of words; 几十 and 数百 count one of their place, and words that form no number are 0."""
    value = words_value("一" + raw[1:] if raw[0] in "几数" else raw)
    return 0.0 if value is None else value


def _parts(raw: str) -> float:
    """The per cent of 三分之一 or 百分之三点五."""
    under, _, over = raw.partition("分之")
    whole = {"百": 100.0, "千": 1000.0, "万": 10000.0}.get(under) or _loose(under) or 1.0
    part = float(over) if over[0].isdigit() else _loose(over)
    return round(100 * part / whole, 4)
