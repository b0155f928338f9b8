"""The value of a single numeral, in whatever way it is written.

Rates are in per cent, however they are written: 百分之五 and 5% are 5, 七成 is 70, 千分之五 and 5‰ are 0.5. Other
fractions are parts of one: 三分之一 is 0.333..., 1/4 is 0.25. Percentage points are points: 六个百分点 is 6. An
amount above or about a number (1800余万, 超百万) has the value of that number. A range is two numerals and has none.
"""

from __future__ import annotations

import re
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from raw.numerals.characters import spelt
from raw.numerals.chinese import LITERAL, LONGEST, Exact, exact
from raw.numerals.scan import GROUPED, INVISIBLE, LETTERED, plain

_SIGNS: Final = str.maketrans(dict.fromkeys("－−–—负", "-") | {"⁄": "/", "∕": "/", "圆": "元", "圓": "元"})
_SPACED = re.compile(rf"(?<![\d.])(?:{GROUPED}(?!\d)|(?:{LETTERED})(?!\d|\s*/))")
_BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_BOUND = re.compile(r"(?:超过|超|逾|近|约)?([+-]?)(.+?)(?:级|以上|左右)?")
_ENDS = "(?=[万亿兆]*$)"
_FEW = re.compile(rf"(?<=[\d零一二两三四五六七八九十百千万亿兆])[余多来]{_ENDS}|(?<=[十零])几{_ENDS}")
_SEVERAL = re.compile(r"^[几数](?=[十百千万亿兆])|几(?=[十百千])")
_POWER = re.compile(rf"({LITERAL})(?:[eE]([+-]?[0-9]{{1,2}})|([kK])|M)")
_HALVES = ("半", "一半", "1半")
_SCALES: MappingProxyType[str, Exact] = MappingProxyType({"成": 10, "‰": Fraction(1, 10), "‱": Fraction(1, 100)})


def value_of(text: str) -> float | None:
    """Return the value of a numeral, None where the text is not a numeral or more than one."""
    if len(text) > LONGEST:
        return None
    value = _parse_signed(_compact(text))
    return None if value is None else float(value)


def _parse_signed(numeral: str) -> Exact | None:
    """Return the value of a numeral with what stands around it: 超, a sign, 以上."""
    parts = _BOUND.fullmatch(numeral)
    value = _unsigned(parts[2]) if parts else None
    return -value if parts and value is not None and parts[1] == "-" else value


def _compact(text: str) -> str:
    """Return a numeral in plain characters without spaces between its digits; 1 3/5 keeps its space."""
    shown = INVISIBLE.sub("", spelt(plain(text))).translate(_SIGNS).strip()
    return _BLANKS.sub("", _SPACED.sub(lambda digits: "".join(digits.group().split()), shown))


def _unsigned(numeral: str) -> Exact | None:
    for form, value in _FORMS:
        if match := form.fullmatch(numeral):
            return value(match)
    return None


def _parse_multiple(match: re.Match[str]) -> Exact | None:
    """翻一番 is twice, 翻两番 four times."""
    times = _number(match[1] or "一")
    return 2**times if isinstance(times, int) and times < 10 else None  # noqa: PLR2004 - nobody doubles ten times


def _rate(match: re.Match[str]) -> Exact | None:
    """百分之五 in per cent; only where no 一 stands before the whole is it a rate."""
    return _quotient(100, _operand(match[2]), exact(match[1]))


def _fraction(match: re.Match[str]) -> Exact | None:
    """三分之一, 3又三分之一, 1/4, 1 3/5 as parts of one."""
    whole, under, over = match[1], match[2], match[3]
    if match[6]:
        whole, over, under = match[4], match[5], match[6]
    part, more = _quotient(1, _operand(over), _operand(under)), _number(whole) if whole else 0
    return None if part is None or more is None else more + part


def _money(match: re.Match[str]) -> Exact | None:
    """壹拾壹元壹角 in yuan."""
    yuan, jiao, fen = (_number(part or "零") for part in match.groups())
    return None if yuan is None or jiao is None or fen is None else yuan + Fraction(10 * jiao + fen, 100)


def _tenths(match: re.Match[str]) -> Exact | None:
    """七成五 in per cent."""
    tenths, more = _number(match[1]), 5 if match[2] == "半" else _number(match[2])
    return None if tenths is None or more is None else 10 * tenths + more


def _parse_scaled(match: re.Match[str]) -> Exact | None:
    """Return a number with a sign that scales it (‰, 成), with one that does not (%, 倍), or alone."""
    value = _number(match[1])
    return None if value is None else value * _SCALES.get(match[2], 1)


def _quotient(times: int, over: Exact | None, under: Exact | None) -> Exact | None:
    """Return a multiple of a quotient, None where it has no value."""
    return Fraction(times * over) / under if over is not None and under else None


def _operand(words: str) -> Exact | None:
    """Return the value of one side of a fraction, which may have its own sign."""
    value = _number(words.removeprefix("-"))
    return -value if value is not None and words[0] == "-" else value


def _number(words: str) -> Exact | None:
    """Return the value of digits or words: 3,000.5, 12e3, 3M, 半, 一百零几万, 1800余万."""
    if words in _HALVES:
        return Fraction(1, 2)
    if match := _POWER.fullmatch(words):
        power = match[2] or (3 if match[3] else 6)
        return Fraction(f"{match[1].replace(',', '')}e{power}")
    return exact(_SEVERAL.sub("一", _FEW.sub("", words)))


_FORMS = (
    (re.compile(r"翻(.)?番"), _parse_multiple),
    (re.compile(r"([百千万][百千万亿]*)分之(.+)"), _rate),
    (re.compile(r"(?:(.+)又)?(.+)分之(.+)|(?:([0-9]+) )?([0-9]+)/([0-9]+)"), _fraction),
    (re.compile(r"(.+?)元(?:(.)角)?(?:(.)分)?[整正]?"), _money),
    (re.compile(r"(.+)成([一二三四五六七八九1-9半])"), _tenths),
    (re.compile(r"(.+?)(个?百分点|[%‰‱成个倍]|:1)?"), _parse_scaled),
)
