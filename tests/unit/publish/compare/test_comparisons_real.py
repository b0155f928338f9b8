"""The comparisons of real reports: two years of fourteen provinces, and the zone beside what the press said of it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl
import pytest
from support.provinces import provinces, read_report
from support.report_readings import material
from support.requires import shared
from support.table_rows import INDICATORS, base, frame

from publish.compare.comparisons import comparisons
from publish.tables.from_readings import read_tables
from schemas.reading import Reading
from schemas.tables.pandera_models import examine

OUTPUT_2023 = ("2023", "地区生产总值", "level")


def observed(place: int, *readings: Reading) -> pl.DataFrame:
    """The observations of some reports of one area."""
    known = material(*readings)
    source = replace(known.source, ref_area=f"CN-{place:02}0000")
    return read_tables(replace(known, source=source))["observations"]


@cache
def observations() -> pl.DataFrame:
    """Those of every province."""
    return pl.concat([observed(place, *reports) for place, reports in enumerate(provinces().values(), 11)])


@cache
def table() -> pl.DataFrame:
    return comparisons(observations(), INDICATORS)


def test_every_row_passes_the_checks_of_a_release() -> None:
    assert table().height >= 180
    assert examine("comparisons", table()) == ()


def test_most_pairs_state_nothing_of_each_other_and_few_do_not_fit() -> None:
    counts = Counter(table()["verdict"])
    assert counts["unchecked"] > 0.9 * table().height
    assert 0 < counts["revised"] + counts["scope_break"] <= 5
    assert counts["price_basis"] + counts["consistent"] >= 5


def test_a_growth_of_output_that_fits_but_for_prices_is_no_revision() -> None:
    output = table().filter(pl.col("indicator") == "gdp", pl.col("measure") == "level")
    assert set(output["verdict"]) <= {"price_basis", "consistent", "not_comparable", "unchecked"}
    assert output.filter(pl.col("verdict") == "price_basis")["gap"].abs().max() < 2  # type: ignore[operator] # never empty


def test_what_is_consistent_lies_within_what_is_implied() -> None:
    fits = table().filter(pl.col("verdict") == "consistent")
    assert fits.height > 0
    inside = fits["base_value_base"].is_between(fits["implied_base_low"], fits["implied_base_high"])
    assert inside.all()


def test_shuffled_observations_give_the_same_table() -> None:
    for seed in (1, 2):
        assert comparisons(observations().sample(fraction=1, shuffle=True, seed=seed), INDICATORS).equals(table())


@cache
def zone() -> pl.DataFrame:
    """The seed's own numbers, and the output of the year before as the press gave it."""
    (file,) = sorted(shared("seed").glob("*.txt"))
    with shared("reference", "zone_facts.csv").open(encoding="utf-8") as facts:
        (before,) = [
            float(row["value"])
            for row in csv.DictReader(facts)
            if row["entity"].startswith("中山火炬") and (row["year"], row["indicator_zh"], row["kind"]) == OUTPUT_2023
        ]
    seed = observed(44, read_report(file, date(2025, 5, 29)))
    press = frame(base(before, area="CN-440000", origin="reviewed"))
    return comparisons(pl.concat([seed, press]), INDICATORS)


@pytest.mark.parametrize(
    ("indicator", "kind", "expected"),
    [("gdp", "year_on_year", "revised"), ("rnd_expenditure", "part_of_whole", "scope_break")],
)
def test_the_zone_contradicts_itself_where_it_is_known_to(indicator: str, kind: str, expected: str) -> None:
    (found,) = zone().filter(pl.col("indicator") == indicator, pl.col("kind") == kind).iter_rows(named=True)
    assert (found["verdict"], found["change"]) == (expected, None)


def test_the_base_that_the_zone_implies_is_about_554() -> None:
    (found,) = zone().filter(pl.col("indicator") == "gdp").iter_rows(named=True)
    assert found["implied_base_low"] < 554.3e8 < found["implied_base_high"]
    assert (found["base_value"], found["origin"]) == (531.48, "reviewed")
