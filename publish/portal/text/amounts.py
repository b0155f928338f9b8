"""Amounts as a reader sees them: as printed in Chinese, with the same precision in English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from publish.portal.html.escape import shorten
from publish.portal.html.translations import translations
from schemas.codelists import Bound, Measure
from schemas.registry.units import Unit, resolve
from schemas.translations import LANGUAGES, Translations

Row = Mapping[str, Any]

_DIFFERENCES = (Measure.GROWTH.value, Measure.CAGR.value, Measure.CHANGE.value, Measure.GAP.value)
_BOUND_KEYS = MappingProxyType({bound.value: f"bound_{bound.name.lower()}" for bound in Bound})
_SCALES = (12, 9, 6)
_LEAST_MAGNITUDE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text with the value of its `lang` attribute, "" if it is in the language of the page."""

    text: str
    lang: str


def amount(row: Row, prefix: str = "", language: str = "zh") -> str:
    """Return the number of a row with its bound, its upper end and its unit, "" if there is none.

    Args:
        row: A row of any table that states amounts.
        prefix: The prefix of the columns of the amount.
        language: `zh` or `en`.
    """
    if row[f"{prefix}value"] is None:
        return ""
    t, measure = translations(language), _measure(row, prefix)
    bound, is_rank = row[f"{prefix}bound"], measure == Measure.RANK.value
    is_top = is_rank and bound == Bound.AT_MOST.value
    ends = _range_ends(row, prefix)
    if language == "zh":
        number = _join(f"{end:f}" for end in ends) + row[f"{prefix}unit"]
        number = t("amount_rank", number=number) if is_rank and not is_top else number
    else:
        unit = resolve(row[f"{prefix}unit"])
        power = _scale(max(abs(end) for end in ends), unit.mult)
        number = _join(_rescale(end, unit.mult, power) for end in ends)
        number = t(f"scale_{power}", number=number) if power else number
        number = number if is_top else with_unit(number, unit, measure, t)
    if is_top:
        return t("amount_top", number=number)
    number = t(_BOUND_KEYS[bound], number=number)
    return t("amount_fall", number=number) if is_fall(row, prefix) else number


def amounts(row: Row, prefix: str = "") -> Mapping[str, str]:
    """Return the amount of a row by language."""
    return {language: amount(row, prefix, language) for language in LANGUAGES}


def margin(row: Row, language: str = "zh") -> str:
    """Return by how much the outcome of a target differs from it, signed, with its decimals and unit; "" if unknown."""
    if row["margin"] is None:
        return ""
    number = _signed(row["margin"], row["margin_decimals"])
    unit = str(row["margin_unit"])
    if language == "zh":
        return number + unit
    return with_unit(number, resolve(unit), Measure.CHANGE.value, translations(language))


def tolerance(row: Row, language: str = "zh") -> str:
    """Return the tolerance of a target with its unit, "" if there is none."""
    if not row["tolerance"]:
        return ""
    number = f"{Decimal(repr(row['tolerance'])).normalize():f}"
    unit = str(row["margin_unit"])
    if language == "zh":
        return number + unit
    return with_unit(number, resolve(unit), Measure.CHANGE.value, translations(language))


def short_amount(row: Row, prefix: str = "", language: str = "zh") -> Label:
    """Return the amount on one line of bounded length, marked as Chinese if its unit has no English name."""
    is_translated = (
        language == "zh"
        or row[f"{prefix}value"] is None
        or _unit_key(resolve(row[f"{prefix}unit"]).code) in translations(language)
    )
    return Label(text=shorten(amount(row, prefix, language)), lang="" if is_translated else "zh-Hans")


def with_unit(number: str, unit: Unit, measure: str, t: Translations) -> str:
    """Return an English number with its unit; a unit without an English name stays as the source prints it."""
    if unit.code == "rank":
        key = {Measure.RANK.value: "amount_rank", Measure.CHANGE.value: "amount_places"}.get(measure, "")
        return t(key, number=number) if key else number
    key = _unit_key(unit.code)
    if key not in t:
        return f"{number} {unit.name}" if unit.name else number
    number = t(key, number=number)
    _, slash, per = unit.code.partition("/")
    return t("amount_per", number=number, unit=t(f"per_{per}") if f"per_{per}" in t else per) if slash else number


def is_fall(row: Row, prefix: str = "") -> bool:
    """Return whether a bound limits a fall: 下降5%以上 is stored as -5 and `>=`, and means no more than -5."""
    falling = max(_values(row, prefix)) < 0
    return falling and row[f"{prefix}bound"] != Bound.EXACT.value and _measure(row, prefix) in _DIFFERENCES


def year(period: str, language: str) -> str:
    """Return a period in words: 2024年, 2021–2025, or 2025-01–2025-03."""
    years = period.replace("/", "–")
    return f"{years}年" if language == "zh" and "-" not in period else years


def label(row: Row, language: str, prefix: str = "label") -> Label:
    """Return the name of what a row counts, in Chinese if it has no English one."""
    if language == "zh" or not row[f"{prefix}_en"]:
        return Label(text=row[f"{prefix}_zh"], lang="" if language == "zh" else "zh-Hans")
    return Label(text=row[f"{prefix}_en"], lang="")


def _signed(number: float, decimals: int) -> str:
    printed = f"{Decimal(repr(number)):+.{decimals}f}"
    return printed.replace("-", "\N{MINUS SIGN}")


def _measure(row: Row, prefix: str) -> str:
    return str(row.get(f"{prefix}measure") or row.get("measure") or Measure.LEVEL.value)


def _unit_key(code: str) -> str:
    return f"unit_{code.partition('/')[0]}"


def _range_ends(row: Row, prefix: str) -> list[Decimal]:
    decimals = row.get(f"{prefix}decimals", 0)
    ends = [_as_printed(end, decimals) for end in _values(row, prefix)]
    return sorted(-end for end in ends) if is_fall(row, prefix) else ends


def _values(row: Row, prefix: str) -> list[float]:
    return [end for end in (row[f"{prefix}value"], row.get(f"{prefix}value_upper")) if end is not None]


def _as_printed(value: float, decimals: int) -> Decimal:
    # More decimals than were printed only where these would change the value.
    printed = f"{value:.{decimals}f}"
    return Decimal(printed) if float(printed) == value else Decimal(repr(value))


def _join(ends: Iterable[str]) -> str:
    # Screen readers leave out a hyphen, but not a minus sign.
    return "–".join(ends).replace("-", "\N{MINUS SIGN}")


def _scale(largest: Decimal, mult: int) -> int:
    # A number that was printed without a magnitude stays as it was printed.
    if mult < _LEAST_MAGNITUDE:
        return 0
    return next((power for power in _SCALES if largest.scaleb(mult) >= Decimal(10) ** power), 0)


def _rescale(end: Decimal, mult: int, power: int) -> str:
    """Return the number in another power of ten, with every printed digit and no further zeros."""
    moved = f"{end.scaleb(mult - power):,f}"
    printed = max(0, -int(end.as_tuple().exponent))
    whole, _, part = moved.partition(".")
    decimals = part[:printed] + part[printed:].rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
