"""Units in headers, labels and captions of tables."""

from __future__ import annotations

import re
from functools import cache

from schemas.registry.units import resolve

_BRACKET = re.compile(r"[(（\[［](?:单位[:：])?\s*(?P<unit>[^()（）\[\]［］]{1,12})\s*[)）\]］]")
_TRAILING = re.compile(r"(?:[±\s]*(?P<percent>[%‰])|[,，、:：/]\s*(?P<unit>[^\s,，、:：()（）%‰]{1,8}))\s*$")
_PARTS = re.compile(r"[、,，;；\s]+|和|(?<=%)/|/(?=%)")
_BLANKS = re.compile(r"\s")
_LOOSE = re.compile(r"(?:百万|千万|万亿|百|千|万|亿)?[\u4e00-\u9fffA-Za-z℃µμ·³²/]{1,8}")


@cache
def is_unit(words: str) -> bool:
    """Return whether some words are a unit of the registry, alone or with a magnitude (万吨, 元/吨)."""
    if not words or words in {"年", "月", "日", "分", "度", "市", "县", "区", "村", "镇", "乡"}:
        return False
    return resolve(words).code not in {"other", "none"}


def unit_of(words: str) -> str:
    """Return the unit that a header or a label states in brackets or at its end, empty where it states none."""
    for match in reversed(list(_BRACKET.finditer(words))):
        unit = _BLANKS.sub("", match["unit"]).replace("±", "")
        if is_unit(unit) or unit in {"百分点", "%", "‰"}:
            return unit
    trailing = _TRAILING.search(words)
    if trailing is None:
        return ""
    unit = trailing["percent"] or trailing["unit"]
    return unit if trailing["percent"] or is_unit(unit) else ""


def without_unit(words: str) -> str:
    """Return a header or a label without the unit that it states."""
    unit = unit_of(words)
    if not unit:
        return words
    bracketed = [match for match in _BRACKET.finditer(words) if _BLANKS.sub("", match["unit"]).replace("±", "") == unit]
    if bracketed:
        return words[: bracketed[-1].start()] + words[bracketed[-1].end() :]
    trailing = _TRAILING.search(words)
    return words[: trailing.start()] if trailing else words


def stated_unit(words: str) -> str:
    """Return the unit in a cell of a unit column: as stated, whether the registry knows it or not."""
    unit = _BLANKS.sub("", words)
    return unit if is_unit(unit) or unit in {"%", "‰"} or _LOOSE.fullmatch(unit) else ""


def units_in(words: str) -> tuple[str, ...]:
    """Return the units that a caption names: 亿元, or 万元 and %."""
    parts = (part for part in _PARTS.split(words.strip()) if part)
    return tuple(part for part in parts if is_unit(part) or part in {"%", "‰"})
