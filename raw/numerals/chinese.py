"""Values of numerals in Chinese words: 三千五百二十, 五兆六十二亿, 5万4千6百, 二〇二四, 十五点三亿."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, TypeAlias

Exact: TypeAlias = int | Fraction

DIGITS = "零一二三四五六七八九"
# No numeral of a report is longer; reading one may take the square of its length.
LONGEST = 100
_UNITS = (("兆", 10**12), ("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_SECTIONS = "兆亿万"
_NAMES = "兆亿万千百十"
_SPELT: Final = str.maketrans({"〇": "零", "廿": "二十", "卅": "三十", "卌": "四十"})
_CIPHERS: Final = str.maketrans(f"{DIGITS}两", "01234567892")
LITERAL = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
_DIGIT = re.compile(rf"[{DIGITS}两0-9]")
_SINGLE = re.compile(rf"[{DIGITS}两]|{LITERAL}")
_RUN = re.compile(rf"[{DIGITS}]+|两|{LITERAL}")
_DECIMALS = re.compile(rf"[{DIGITS}]+|[0-9]+")


def words_value(words: str) -> float | None:
    """Return the value of a numeral in Chinese words, or None where the characters form no number.

    二〇二四 is read digit by digit, 两千四 as 2400, 十 as 10, 三点五 as 3.5.
    """
    value = exact(words)
    return None if value is None else float(value)


def exact(words: str) -> Exact | None:
    """Return the exact value of a numeral, as `words_value`; it may contain digits (5万4千6百, 1,100万)."""
    if not 0 < len(words) <= LONGEST:
        return None
    spelt = words.translate(_SPELT)
    return _parse_whole(spelt) if set(spelt) & set(_NAMES) else _decimal(spelt, _RUN)


def _parse_whole(words: str) -> Exact | None:
    """Return the value of words: those before the greatest unit count it, those behind it add to it."""
    for name, unit in _UNITS:
        before, match, behind = words.rpartition(name)
        if match:
            count, rest = _count(before, name), _parse_remainder(behind, unit)
            return None if count is None or rest is None else count * unit + rest
    return _decimal(words, _SINGLE)


def _count(words: str, name: str) -> Exact | None:
    """Return the count of a unit, 1 where it is not written; 十百千 take a digit, 万亿兆 any number, such as 万."""
    if not words:
        return 1
    if name in _SECTIONS:
        return None if name in words[:-1] else _parse_whole(words)
    return _decimal(words, _SINGLE)


def _parse_remainder(words: str, unit: int) -> Exact | None:
    """Return the value after a unit: nothing, less than the unit, or one digit of the next place (九万四)."""
    if _DIGIT.fullmatch(words):
        return int(words.translate(_CIPHERS)) * unit // 10
    tail = words.lstrip("零")
    if not tail or tail[0] in _SECTIONS:
        return None if tail else 0
    value = _parse_whole(f"零{tail}" if tail[0] == "点" else tail)
    return value if value is not None and value < unit else None


def _decimal(words: str, whole: re.Pattern[str]) -> Exact | None:
    """Return a number without units of the form `whole`, perhaps with decimals: 3,000.5, 五, 一七二零点一三四."""
    before, point, behind = words.partition("点")
    if not whole.fullmatch(before) or (point and ("." in before or not _DECIMALS.fullmatch(behind))):
        return None
    digits = before.replace(",", "").translate(_CIPHERS)
    if not point and "." not in digits:
        return int(digits)
    return Fraction(f"{digits}.{behind.translate(_CIPHERS)}" if point else digits)
