"""The series of a number, and which numbers keep it where a document states several under one key.

A report names parts of its area, projects and earlier counts with the words of the whole: the words alone do not say
which number is the series'. Of numbers that cannot all be true those keep the id that stand where the document states
its main figures, if these agree; else none does. What loses the id keeps its words as a series of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from schemas.codelists import Bound, Measure, Status
from schemas.document import Document
from schemas.observation import Observation
from schemas.registry.indicators import by_id, identify, indicator_slug
from schemas.registry.units import resolve, same_dimension

# The series that reports state one after the other, and how many of them make a paragraph one of main figures.
_MAIN = frozenset(
    {
        *("gdp", "va_industry_scale", "investment_fixed", "retail_sales", "trade_total", "exports", "budget_revenue"),
        *("income_urban", "income_rural", "income_per_capita", "net_income_rural", "cpi", "unemployment_surveyed"),
        *("unemployment_registered", "employment_new_urban", "va_primary", "va_secondary", "va_tertiary", "fdi_used"),
    }
)
_LEAST_MAIN = 3
_MOST_DIFFERENT = 20
# How far a limit may be from the number that it is said of: 突破1000家、达1148家.
_NEAR_LIMIT = 0.2
_ABOUT = 0.05
_STRETCH = ("力争", "争取")
_LIMITS = frozenset({Bound.ABOVE, Bound.AT_LEAST, Bound.BELOW, Bound.AT_MOST})


def confirm_series(document: Document, observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Return the observations; those whose series another number of the document contradicts get one of their own."""
    paragraphs = _Paragraphs(document.text, observations)
    groups: dict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for each in observations:
        if not each.indicator.startswith("x:"):
            groups[each.key(""), each.unit_code, each.rank_of].append(each)
    refused = {id(each) for group in groups.values() for each in _refused(group, paragraphs)}
    return tuple(
        replace(each, indicator=f"x:{indicator_slug(each.subject)}") if id(each) in refused else each
        for each in observations
    )


def is_refused(observation: Observation) -> bool:
    """Return whether an observation does not carry the series that its words name."""
    named = series(observation.subject, observation.measure, observation.unit_code)
    return observation.indicator.startswith("x:") and not named.startswith("x:")


def series(subject: str, measure: Measure, unit_code: str) -> str:
    """Return the id of a subject's series, `x:` and its name where the registry has none.

    A level in another dimension than the registered unit is another series: a number of households beside an estate.
    """
    indicator = identify(subject)
    entry = by_id().get(indicator)
    if entry is None or measure != Measure.LEVEL or same_dimension(unit_code, resolve(entry.unit).code):
        return indicator
    return f"x:{indicator_slug(subject)}"


class _Paragraphs:
    """The paragraphs of a text, some of which state the main figures of the document."""

    def __init__(self, text: str, observations: Iterable[Observation]) -> None:
        self._starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
        named: dict[int, set[str]] = defaultdict(set)
        for each in observations:
            if each.indicator in _MAIN:
                named[self._of(each)].add(each.indicator)
        self._main = {at for at, indicators in named.items() if len(indicators) >= _LEAST_MAIN}

    def _of(self, observation: Observation) -> int:
        return bisect_right(self._starts, observation.span.start)

    def states_main_figures(self, observation: Observation) -> bool:
        return self._of(observation) in self._main


def _refused(group: Sequence[Observation], paragraphs: _Paragraphs) -> Iterable[Observation]:
    """Return the observations of one key that do not keep its series."""
    if _all_agree(group):
        return ()
    whole = [each for each in group if not each.quote.startswith("其中")]
    main = [each for each in whole if paragraphs.states_main_figures(each)]
    kept = whole if _all_agree(whole) else main if _all_agree(main) else []
    return [each for each in group if not kept or not agree(kept[0], each)]


def _all_agree(group: Sequence[Observation]) -> bool:
    """Return whether all numbers can be true; of so many different ones nobody says so, and the cost stays bounded."""
    values = {
        (each.value, each.value_upper, each.unit_mult, each.decimals, each.bound, each.sentence) for each in group
    }
    return len(values) <= _MOST_DIFFERENT and all(
        agree(one, other) for at, one in enumerate(group) for other in group[at + 1 :]
    )


def agree(one: Observation, other: Observation) -> bool:
    """Return whether two numbers of one key can both be true, each as exact as it is printed."""
    step = max(_step(one), _step(other))
    low, high = _range(one)
    other_low, other_high = _range(other)
    apart = max(0.0, low - other_high, other_low - high)
    size = max(abs(high), abs(other_high))
    if apart <= step or (Bound.ABOUT in {one.bound, other.bound} and apart <= _ABOUT * size):
        return True
    stretched = any(word in one.quote or word in other.quote for word in _STRETCH)
    if one.status == Status.TARGET and (one.sentence == other.sentence or stretched):  # 增长12%、争取增长14%
        return True
    return (one.bound in _LIMITS or other.bound in _LIMITS) and apart <= _NEAR_LIMIT * size


def _range(observation: Observation) -> tuple[float, float]:
    scale = 10.0**observation.unit_mult
    upper = observation.value if observation.value_upper is None else observation.value_upper
    return observation.value * scale, upper * scale


def _step(observation: Observation) -> float:
    """Return half a unit of the last printed decimal."""
    return 0.5 * 10.0 ** (observation.unit_mult - observation.decimals)
