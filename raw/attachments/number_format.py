"""A cell as a spreadsheet program shows it: 0.054 with the format `0.0%` is printed 5.4%.

Only what decides the digits is read of a format: decimals, grouping, per cent and literal text; of several sections the
one for the sign.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

_GENERAL = frozenset({"", "general", "@"})
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]*))?")
_PLACES = 15  # as many digits as a spreadsheet keeps


def shown(value: object, pattern: str) -> str:
    """Return the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return _number(Decimal(repr(value)), pattern)


def _number(value: Decimal, pattern: str) -> str:
    sections = pattern.split(";")
    negative = value < 0
    chosen = sections[1] if negative and len(sections) > 1 else sections[0]
    plain = _LITERAL.sub("", chosen)
    digits = _DIGITS.search(plain)
    if plain.strip().lower() in _GENERAL or digits is None or "E" in plain:
        return _general(value)
    percent = plain.count("%")
    decimals = len(digits[1] or "")
    scaled = (abs(value) * 100**percent).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{scaled:,f}" if "," in digits[0] else f"{scaled:f}"
    optional = (digits[1] or "").count("#")
    if optional:
        text = re.sub(rf"\.?0{{1,{optional}}}$", "", text) if "." in text else text
    # A section of its own for negative numbers may print parentheses or colour instead of the sign.
    return ("-" if negative else "") + text + "%" * percent


def _general(value: Decimal) -> str:
    text = f"{float(value):.{_PLACES}g}"
    return f"{Decimal(text):f}" if "e" in text else text
