"""A number as a reader sees it, as printed in Chinese and in English words of the same precision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from publish.portal.html.escape import shorten
from publish.portal.text.english_units import is_named, worded
from schemas.codelists import Bound, Measure
from schemas.registry.units import resolve

Row = Mapping[str, Any]

_CHINESE_BOUNDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Bound.EXACT.value: ("", ""),
        Bound.ABOVE.value: ("超", ""),
        Bound.AT_LEAST.value: ("", "以上"),
        Bound.ABOUT.value: ("约", ""),
        Bound.AT_MOST.value: ("", "以内"),
        Bound.BELOW.value: ("不足", ""),
    }
)
_ENGLISH_BOUNDS: Mapping[str, str] = MappingProxyType(
    {
        Bound.EXACT.value: "",
        Bound.ABOVE.value: "over ",
        Bound.AT_LEAST.value: "at least ",
        Bound.ABOUT.value: "about ",
        Bound.AT_MOST.value: "at most ",
        Bound.BELOW.value: "under ",
    }
)
_MOVES = (Measure.GROWTH.value, Measure.CAGR.value, Measure.CHANGE.value)
_SCALES = ((12, " trillion"), (9, " billion"), (6, " million"))
_LEAST_MAGNITUDE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name with the language that it is in, "" where that is the page's."""

    text: str
    lang: str


def amount(row: Row, prefix: str = "", tongue: str = "zh") -> str:
    """The number of a row with bound, upper end and unit, "" where there is none; `prefix` is that of its columns."""
    if row[f"{prefix}value"] is None:
        return ""
    return _chinese(row, prefix) if tongue == "zh" else _english(row, prefix)


def short_amount(row: Row, prefix: str = "", tongue: str = "zh") -> Label:
    """The number of a row on one line of bounded length; a unit that English has no name for is told in Chinese."""
    named = tongue == "zh" or row[f"{prefix}value"] is None or is_named(resolve(row[f"{prefix}unit"]).code)
    return Label(text=shorten(amount(row, prefix, tongue)), lang="" if named else "zh-Hans")


def is_fall(row: Row, prefix: str = "") -> bool:
    """Whether a number says how far a fall goes: 下降5%以上 is stored as -5 and `>=`, and means no more than -5."""
    falling = max(_values(row, prefix)) < 0
    return falling and row[f"{prefix}bound"] != Bound.EXACT.value and _measure(row, prefix) in _MOVES


def year(period: str, tongue: str) -> str:
    """A period as a reader names it: 2024年, or 2021–2025."""
    years = period.replace("/", "–")
    return f"{years}年" if tongue == "zh" else years


def label(row: Row, tongue: str, prefix: str = "label") -> Label:
    """The name of what a row counts, in Chinese where there is no English one."""
    if tongue == "zh" or not row[f"{prefix}_en"]:
        return Label(text=row[f"{prefix}_zh"], lang="" if tongue == "zh" else "zh-Hans")
    return Label(text=row[f"{prefix}_en"], lang="")


def _chinese(row: Row, prefix: str) -> str:
    before, after = _chinese_bound(row, prefix)
    ends = "–".join(_with_minus_sign(f"{end:f}") for end in _range_ends(row, prefix))
    return f"{'下降' if is_fall(row, prefix) else ''}{before}{ends}{row[f'{prefix}unit']}{after}"


def _english(row: Row, prefix: str) -> str:
    unit, ends = resolve(row[f"{prefix}unit"]), _range_ends(row, prefix)
    power, scale = _scale(max(abs(end) for end in ends), unit.mult)
    digits = "–".join(_with_minus_sign(_rescale(end, unit.mult, power)) for end in ends)
    bound, measure = row[f"{prefix}bound"], _measure(row, prefix)
    if _is_among_first(bound, measure):
        return f"top {digits}"
    fall = "a fall of " if is_fall(row, prefix) else ""
    return fall + _ENGLISH_BOUNDS[bound] + worded(digits + scale, unit.code, unit.name, measure)


def _chinese_bound(row: Row, prefix: str) -> tuple[str, str]:
    """The words before and after a number; that of a rank is an ordinal."""
    bound, measure = row[f"{prefix}bound"], _measure(row, prefix)
    if _is_among_first(bound, measure):
        return "前", ""
    before, after = _CHINESE_BOUNDS[bound]
    return f"{before}第" if measure == Measure.RANK.value else before, after


def _measure(row: Row, prefix: str) -> str:
    return str(row.get(f"{prefix}measure") or row.get("measure") or Measure.LEVEL.value)


def _is_among_first(bound: str, measure: str) -> bool:
    return bound == Bound.AT_MOST.value and measure == Measure.RANK.value


def _range_ends(row: Row, prefix: str) -> list[Decimal]:
    decimals = row.get(f"{prefix}decimals", 0)
    ends = [_as_printed(end, decimals) for end in _values(row, prefix)]
    return sorted(-end for end in ends) if is_fall(row, prefix) else ends


def _values(row: Row, prefix: str) -> list[float]:
    return [end for end in (row[f"{prefix}value"], row.get(f"{prefix}value_upper")) if end is not None]


def _as_printed(value: float, decimals: int) -> Decimal:
    """The number with the decimals that were printed, or with all that it has where these would lose some."""
    printed = f"{value:.{decimals}f}"
    return Decimal(printed) if float(printed) == value else Decimal(repr(value))


def _scale(largest: Decimal, mult: int) -> tuple[int, str]:
    """The power of ten and the word that fit a number; one without a magnitude of its own stays as printed."""
    if mult < _LEAST_MAGNITUDE:
        return 0, ""
    base = largest.scaleb(mult)
    return next(((power, word) for power, word in _SCALES if base >= Decimal(10) ** power), (0, ""))


def _rescale(end: Decimal, mult: int, power: int) -> str:
    """The number in another power of ten: no digit is lost, and no nought added behind those that were printed."""
    moved = f"{end.scaleb(mult - power):,f}"
    printed = max(0, -int(end.as_tuple().exponent))
    whole, _, part = moved.partition(".")
    kept = part[:printed] + part[printed:].rstrip("0")
    return f"{whole}.{kept}" if kept else whole


def _with_minus_sign(digits: str) -> str:
    """The number with a minus sign instead of a hyphen, which screen readers would leave out."""
    return digits.replace("-", "\N{MINUS SIGN}")
