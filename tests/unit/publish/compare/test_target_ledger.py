"""The ledger of promises on real reports: what provinces planned for the growth of output, and what came of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import polars as pl
from support.provinces import provinces
from support.report_readings import material
from support.requires import shared

from publish.compare.silences import silences
from publish.compare.targets import targets
from publish.tables.from_readings import read_tables
from schemas.tables.pandera_models import examine

BOUNDS = {"左右": "~", "以上": ">=", "": "="}
KEPT = {"fujian", "guangxi", "hebei", "jiangxi", "shaanxi", "sichuan"}
"""The provinces that grew in 2025 as they had promised."""
NEAR = {"jilin", "xinjiang"}
"""Those that promised about so much and came within half a point of it."""
LEAST_DECIDED = 100
"""Of the promises for 2025 in words of the registry; what the reader learns may move a few."""
NAMES = {
    "gdp": "地区生产总值增长",
    "unemployment_surveyed": "城镇调查失业率为",
    "retail_sales": "社会消费品零售总额增长",
}
"""How everybody names these series who states them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A row of the reference: what was planned or reached, by hand."""

    low: float
    high: float | None
    qualifier: str
    document: str


@cache
def reference() -> Mapping[tuple[str, str, str], Growth]:
    """Each plan and outcome of the reference by province, year and kind."""
    with shared("reference", "provincial_gdp.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["doc"].partition("-")[2], row["year"], row["kind"]): stated(row) for row in rows}


def stated(row: Mapping[str, str]) -> Growth:
    low, _, high = re.sub("[—–~]", "-", row["value_or_range"]).partition("-")
    return Growth(low=float(low), high=float(high) if high else None, qualifier=row["qualifier"], document=row["doc"])


@cache
def ledger(province: str) -> tuple[pl.DataFrame, pl.DataFrame, Mapping[str, str]]:
    """The promises and silences of a province, and the texts of its reports."""
    made = material(*provinces()[province])
    read_ones = read_tables(made)
    given = (read_ones["observations"], read_ones["documents"], made.documents_by_id())
    texts = {name: document.text for name, document in made.documents_by_id().items()}
    return targets(*given), silences(*given), texts


def growth_of_output(province: str, year: str) -> dict[str, object]:
    table = ledger(province)[0]
    chosen = (pl.col("indicator") == "gdp") & (pl.col("measure") == "growth") & (pl.col("period") == year)
    return table.row(by_predicate=chosen, named=True)


def test_the_reference_tells_of_fourteen_provinces() -> None:
    assert len(reference()) == 3 * 14
    assert {province for province, _, _ in reference()} == set(provinces())


def test_growth_promised_for_2025_is_held_against_what_came_of_it() -> None:
    for province in provinces():
        planned, reached = (reference()[province, "2025", kind] for kind in ("target", "actual"))
        found = growth_of_output(province, "2025")
        stated = found["value"], found["value_upper"], found["document"], found["bound"]
        assert stated == (planned.low, planned.high, planned.document, BOUNDS[planned.qualifier])
        assert (found["outcome_value"], found["outcome_document"]) == (reached.low, reached.document)
        assert found["margin"] == float(Decimal(repr(reached.low)) - Decimal(repr(planned.low)))
        assert (reached.low >= planned.low) == (province in KEPT)
        expected = "kept" if province in KEPT else "near" if province in NEAR else "missed"
        assert (found["verdict"], found["direction"]) == (expected, "up"), province


def test_growth_promised_for_2026_is_open() -> None:
    for province in provinces():
        planned = reference()[province, "2026", "target"]
        found = growth_of_output(province, "2026")
        stated = found["value"], found["value_upper"], found["document"]
        assert stated == (planned.low, planned.high, planned.document)
        assert (found["verdict"], found["outcome_value"], found["outcome_quote"]) == ("open", None, None)


def test_every_row_passes_the_checks_and_cuts_its_words_out_of_the_text() -> None:
    places = ("outcome_document", "outcome_char_start", "outcome_char_end", "outcome_quote")
    for promises, quiet, texts in map(ledger, provinces()):
        assert examine("targets", promises) == ()
        assert examine("silences", quiet) == ()
        named = promises.filter(pl.col("outcome_quote").is_not_null() & pl.col("outcome_value").is_null())
        cut = [(texts[name][start:end], quote) for name, start, end, quote in named.select(places).rows()]
        assert [pair for pair in cut if pair[0] not in pair[1]] == []
        words = quiet.filter(pl.col("words").is_not_null()).select("document", "char_start", "char_end", "words")
        assert [row for row in words.rows() if texts[row[0]][row[1] : row[2]] != row[3]] == []


def test_a_silence_on_output_unemployment_or_trade_is_one_that_a_reader_of_the_report_finds() -> None:
    """The names that nobody writes in another way: where the report has one outside its plans, it is not absent."""
    for province in provinces():
        promises, quiet, texts = ledger(province)
        silent = {*quiet.filter(kind="absent")["indicator"], *promises.filter(verdict="fell_silent")["indicator"]}
        text = texts[f"2026-{province}"]
        backward = text[: len(text) // 4]
        assert {series for series, name in NAMES.items() if name in backward} & silent == set(), province


def test_promises_of_the_registry_are_decided_where_the_next_report_gives_the_number() -> None:
    known = ~pl.col("indicator").str.starts_with("x:")
    counts: Counter[str] = Counter()
    for promises, _, _ in map(ledger, provinces()):
        counts.update(promises.filter(known, period="2025")["verdict"].to_list())
    assert counts["open"] == 0
    assert counts["kept"] + counts["missed"] >= LEAST_DECIDED
    assert counts["kept"] > counts["missed"]
