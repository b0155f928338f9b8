"""What the registry says of how indicators relate: whose growth is at constant prices, what is a part of what."""

from __future__ import annotations

import polars as pl
import pytest
from support.report_readings import tables

from schemas.codelists import PriceBasis
from schemas.registry.indicators import by_id, load_indicators
from schemas.registry.units import resolve
from schemas.tables.pandera_models import examine

RATIOS = [entry for entry in load_indicators() if entry.part or entry.whole]
CONSTANT = {entry.id for entry in load_indicators() if entry.growth_prices}
# Reported at current prices, or now in the one way and now in the other.
NOMINAL = """
retail_sales investment_fixed investment_industry budget_revenue tax_revenue trade_total exports income_disposable
output_industry_scale output_construction profit_industry_scale tourism_income va_culture va_digital va_digital_core
online_retail loans rnd_expenditure
"""


def test_growth_is_at_constant_prices_for_output_and_value_added_and_not_for_money_spent_or_earned() -> None:
    assert {"gdp", "gdp_per_capita", "va_primary", "va_secondary", "va_tertiary", "va_industry_scale"} <= CONSTANT
    assert {entry.growth_prices for entry in load_indicators()} == {"", PriceBasis.CONSTANT.value}
    assert CONSTANT & set(NOMINAL.split()) == set()
    assert set(NOMINAL.split()) <= by_id().keys()
    codes = {resolve(by_id()[id_].unit).code for id_ in CONSTANT}
    assert {code.partition("/")[0] for code in codes} == {"CNY"}, "only amounts of money have prices"


def test_a_ratio_relates_two_other_indicators_in_one_unit_and_is_the_only_one_of_them() -> None:
    assert len(RATIOS) >= 14
    for ratio in RATIOS:
        part, whole = by_id()[ratio.part], by_id()[ratio.whole]
        assert len({ratio.id, part.id, whole.id}) == 3, ratio.id
        assert resolve(ratio.unit).code == "percent", ratio.id
        assert resolve(part.unit).code == resolve(whole.unit).code in {"CNY", "kW"}, ratio.id
    assert len({(ratio.part, ratio.whole) for ratio in RATIOS}) == len(RATIOS)


def test_no_ratio_is_made_of_ratios_and_none_goes_round_in_a_circle() -> None:
    assert {side for entry in RATIOS for side in (entry.part, entry.whole)}.isdisjoint(entry.id for entry in RATIOS)
    assert all(whole != start for start in by_id() for whole in wholes_of(start))


def wholes_of(start: str) -> list[str]:
    """Every whole that an indicator is a part of, by one step or by several."""
    found: list[str] = []
    reached = [start]
    while reached:
        one = reached.pop()
        further = [entry.whole for entry in RATIOS if entry.part == one and entry.whole not in found]
        found += further
        reached += further
    return found


def test_the_published_table_says_the_same_and_leaves_the_rest_empty() -> None:
    table = tables()["indicators"]
    rows = {row["id"]: (row["growth_prices"], row["part"], row["whole"]) for row in table.iter_rows(named=True)}
    assert rows["gdp"] == ("constant", None, None)
    assert rows["rnd_intensity"] == (None, "rnd_expenditure", "gdp")
    assert rows["retail_sales"] == (None, None, None)
    assert {id_ for id_, (prices, _, _) in rows.items() if prices} == CONSTANT
    assert {id_ for id_, (_, part, whole) in rows.items() if part and whole} == {entry.id for entry in RATIOS}


@pytest.mark.parametrize(
    ("cells", "code"),
    [({"growth_prices": "real"}, "growth_prices"), ({"part": None}, "ratio"), ({"whole": None}, "ratio")],
)
def test_a_registry_that_relates_by_halves_is_refused(cells: dict[str, str | None], code: str) -> None:
    here = pl.col("id") == "rnd_intensity"
    spoilt = [pl.when(here).then(pl.lit(cell)).otherwise(name).alias(name) for name, cell in cells.items()]
    (finding,) = examine("indicators", tables()["indicators"].with_columns(spoilt))
    assert (finding.code, finding.count) == (f"indicators_{code}", 1)
