"""Units in English: the number with what it counts around it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from schemas.codelists import Measure

_NOUNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CNY": ("CNY ", ""),
        "USD": ("USD ", ""),
        "HKD": ("HKD ", ""),
        "EUR": ("EUR ", ""),
        "JPY": ("JPY ", ""),
        "percent": ("", "%"),
        "permille": ("", "‰"),
        "permyriad": ("", "‱"),
        "percentage_point": ("", " percentage points"),
        "times": ("", " times"),
        "m2": ("", " m²"),
        "km2": ("", " km²"),
        "mu": ("", " mu"),
        "ha": ("", " ha"),
        "km": ("", " km"),
        "m": ("", " m"),
        "nmi": ("", " nautical miles"),
        "t": ("", " t"),
        "t_sce": ("", " t of standard coal"),
        "jin": ("", " jin"),
        "g": ("", " g"),
        "kg": ("", " kg"),
        "point": ("", " points"),
        "m3": ("", " m³"),
        "kW": ("", " kW"),
        "MW": ("", " MW"),
        "GW": ("", " GW"),
        "kWh": ("", " kWh"),
        "MWh": ("", " MWh"),
        "GWh": ("", " GWh"),
        "ug": ("", " µg"),
        "year_of_age": ("", " years of age"),
        "kVA": ("", " kVA"),
        "kV": ("", " kV"),
        "TEU": ("", " TEU"),
        "person": ("", " people"),
        "person_time": ("", " person-times"),
        "household": ("", " households"),
        "year": ("", " years"),
        "month": ("", " months"),
        "day": ("", " days"),
        "hour": ("", " hours"),
        "minute": ("", " minutes"),
        "bed": ("", " beds"),
        "vehicle": ("", " vehicles"),
        "flight": ("", " runs"),
        "vessel": ("", " vessels"),
        "PFLOPS": ("", " PFLOPS"),
        "EFLOPS": ("", " EFLOPS"),
        "degree_celsius": ("", " °C"),
        "count": ("", ""),
        "none": ("", ""),
        "rank": ("", ""),
    }
)
_ONE: Mapping[str, str] = MappingProxyType(
    {
        "percentage_point": " percentage point",
        "times": " time",
        "point": " point",
        "person": " person",
        "person_time": " person-time",
        "household": " household",
        "year": " year",
        "month": " month",
        "day": " day",
        "hour": " hour",
        "minute": " minute",
        "bed": " bed",
        "vehicle": " vehicle",
        "flight": " run",
        "vessel": " vessel",
    }
)
_PER: Mapping[str, str] = MappingProxyType(
    {
        "km2": "km²",
        "m2": "m²",
        "m3": "m³",
        "10kCNY": "CNY 10,000",
        "100household": "100 households",
        "l": "litre",
    }
)


def is_named(code: str) -> bool:
    """Whether English has a name for what a unit counts."""
    return code.partition("/")[0] in _NOUNS


def worded(digits: str, code: str, stated: str, measure: str) -> str:
    """A number with its unit; one that no table knows stands as it was stated."""
    if code == "rank":
        return _placed(digits, measure)
    over, slash, under = code.partition("/")
    before, after = _NOUNS.get(over, ("", f" {stated}" if stated else ""))
    noun = _ONE.get(over, after) if digits == "1" else after
    per = f" per {_PER.get(under, under)}" if slash and over in _NOUNS else ""
    return f"{before}{digits}{noun}{per}"


def _placed(digits: str, measure: str) -> str:
    if measure == Measure.RANK.value:
        return f"no. {digits}"
    if measure == Measure.CHANGE.value:
        return f"{digits} place" if digits == "1" else f"{digits} places"
    return digits
