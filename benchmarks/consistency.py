"""Whether what consecutive reports of a government say of the macro core fits together.

    python benchmarks/consistency.py [--outliers N]

Reads the reports beside the project (`reports/local`, one file a report, named by year and government). A pair is a
level of a year in the report on that year, and the level and the growth of the next year in the next report: the
second implies a base, and the base fits where it is within rounding and a revision of the first (a census revises by
up to a tenth; growth at constant prices leaves what prices explain). It also counts the keys of registry series under
which one report states two numbers that differ. Nothing is asserted: outliers are printed, to be looked at.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from raw.extract.observations import read
from raw.extract.series import agree
from raw.reading import document_of, parse
from schemas.codelists import Bound, Measure, Status
from schemas.observation import Observation

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORE = (
    "gdp",
    "va_industry_scale",
    "investment_fixed",
    "retail_sales",
    "trade_total",
    "exports",
    "budget_revenue",
    "budget_expenditure",
    "income_urban",
    "income_rural",
    "income_per_capita",
    "population_resident",
    "grain_output",
)
REVISION, PRICES = 0.10, 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A level as first reported, and the one that the next report implies; `gap` is their difference in per cent."""

    report: str
    indicator: str
    year: int
    reported: float
    implied: float
    gap: float
    quotes: tuple[str, str, str]


def main() -> None:
    """Read the reports, print the share of pairs that fit, the collisions, and the worst outliers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outliers", type=int, default=20, help="how many of the worst pairs are printed")
    args = parser.parse_args()
    readings: dict[str, dict[int, Sequence[Observation]]] = defaultdict(dict)
    collisions = registered = total = 0
    for path in sorted((SHARED / "reports" / "local").glob("*.txt")):
        year, _, government = path.stem.partition("-")
        observations, _ = read(document_of(parse(path.read_bytes(), "text/plain")))
        readings[government][int(year)] = observations
        total += len(observations)
        registered += sum(not each.indicator.startswith("x:") for each in observations)
        collisions += len(list(colliding(observations)))
    pairs = [pair for government, years in readings.items() for pair in pairs_of(government, years)]
    fitting = [pair for pair in pairs if fits(pair)]
    print(f"{total} observations, {registered} of registry series ({registered / total:.1%})")
    print(f"{collisions} keys of registry series with two numbers that differ in one report")
    print(f"{len(pairs)} pairs of the macro core, {len(fitting)} fit ({len(fitting) / max(1, len(pairs)):.1%})")
    for pair in sorted(pairs, key=lambda pair: -abs(pair.gap))[: args.outliers]:
        amounts = f"{pair.reported:g}, implied {pair.implied:g} ({pair.gap:+.0f} %)"
        print(f"{pair.report} {pair.indicator} {pair.year}: {amounts}")
        for quote in pair.quotes:
            print(f"    {quote}")


def colliding(observations: Sequence[Observation]) -> Iterator[tuple[Observation, Observation]]:
    """Yield the observations of registry series that an earlier one under the same key contradicts."""
    first: dict[tuple[str, str, str], Observation] = {}
    for each in observations:
        if each.indicator.startswith("x:"):
            continue
        before = first.setdefault((each.key(""), each.unit_code, each.rank_of), each)
        if not agree(before, each):
            yield before, each


def pairs_of(government: str, years: dict[int, Sequence[Observation]]) -> Iterator[Pair]:
    """Yield the pairs of the consecutive reports of a government; a report of a year is on the year before."""
    for given, observations in years.items():
        following = years.get(given + 1)
        if following is None:
            continue
        for indicator in CORE:
            first = stated(observations, indicator, Measure.LEVEL, given - 1)
            level = stated(following, indicator, Measure.LEVEL, given)
            growth = stated(following, indicator, Measure.GROWTH, given)
            if first is None or level is None or growth is None or first.unit_code != level.unit_code:
                continue
            implied = amount(level) / (1 + growth.value / 100)
            yield Pair(
                report=f"{given}-{government}",
                indicator=indicator,
                year=given - 1,
                reported=amount(first),
                implied=implied,
                gap=100 * (implied / amount(first) - 1) if amount(first) else 0.0,
                quotes=(first.quote, level.quote, growth.quote),
            )


def stated(observations: Sequence[Observation], indicator: str, measure: Measure, year: int) -> Observation | None:
    """Return the first exact number of a series for a year, None where there is none."""
    for each in observations:
        of_year = each.period.first == each.period.last == year and each.period.months is None
        exact = each.bound == Bound.EXACT and each.status == Status.ACTUAL
        if each.indicator == indicator and each.measure == measure and of_year and exact:
            return each
    return None


def amount(observation: Observation) -> float:
    """Return the value in base units."""
    return observation.value * 10.0**observation.unit_mult


def fits(pair: Pair) -> bool:
    """Return whether the implied base is within a revision of the reported one; prices may add for output."""
    allowed = REVISION + (PRICES if pair.indicator in {"gdp", "va_industry_scale"} else 0)
    return abs(pair.gap) <= 100 * allowed


if __name__ == "__main__":
    main()
