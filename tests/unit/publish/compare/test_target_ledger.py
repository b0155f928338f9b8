"""The ledger of promises on real reports: what provinces planned for the growth of output, and what came of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import polars as pl
import pytest
from support.reports import material, reading
from support.requires import ROOT, shared

from publish.compare.silences import silences
from publish.compare.targets import targets
from publish.tables.from_readings import read_tables
from raw.extract.observations import read
from raw.page.parse import parse_text
from raw.reading import document_of
from schemas.reading import Reading
from schemas.tables.pandera_models import examine

YEARS = (2025, 2026)
PROVINCES = 14
BOUNDS = {"左右": "~", "以上": ">=", "": "="}
# Of the promises for 2025 in words of the registry; what the reader learns may move a few.
LEAST_DECIDED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A row of the reference: what was planned or reached, by hand."""

    low: float
    high: float | None
    qualifier: str
    document: str

    @property
    def floor(self) -> float:
        """The least growth that keeps it, worked out apart from the code under test."""
        return self.low - 0.05 * self.low if self.qualifier == "左右" else self.low


def reference() -> Mapping[tuple[str, str, str], Growth]:
    """Each plan and outcome of the reference by province, year and kind."""
    with shared("reference", "provincial_gdp.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["doc"].partition("-")[2], row["year"], row["kind"]): stated(row) for row in rows}


def stated(row: Mapping[str, str]) -> Growth:
    low, _, high = re.sub("[—–~]", "-", row["value_or_range"]).partition("-")
    return Growth(low=float(low), high=float(high) if high else None, qualifier=row["qualifier"], document=row["doc"])


def reports(province: str) -> tuple[Reading, ...]:
    """The reports of a province, each given in the year after the one that it is on."""
    found = []
    for year in YEARS:
        file = shared("reports", "provincial") / f"{year}-{province}.txt"
        document = document_of(parse_text(file.read_text("utf-8")))
        observations, numbers = read(document)
        plain = reading(file.stem, document.text, ())
        found.append(
            replace(plain, document=document, observations=observations, numbers=numbers, reference_year=year - 1)
        )
    return tuple(found)


def provinces() -> list[str]:
    """The provinces whose reports lie beside the project; none where they do not."""
    folder = ROOT.parent / "shared" / "reports" / "provincial"
    return sorted({file.stem.partition("-")[2] for file in folder.glob("*.txt")})


@cache
def ledger(province: str) -> tuple[pl.DataFrame, pl.DataFrame, Mapping[str, str]]:
    """The promises and silences of a province, and the texts of its reports."""
    made = material(*reports(province))
    read_ones = read_tables(made)
    given = (read_ones["observations"], read_ones["documents"], made.documents_by_id())
    texts = {name: document.text for name, document in made.documents_by_id().items()}
    return targets(*given), silences(*given), texts


def growth_of_output(province: str, year: str) -> dict[str, object]:
    table = ledger(province)[0]
    chosen = (pl.col("indicator") == "gdp") & (pl.col("measure") == "growth") & (pl.col("period") == year)
    return table.row(by_predicate=chosen, named=True)


def test_the_reference_tells_of_fourteen_provinces() -> None:
    assert len(reference()) == 3 * PROVINCES
    assert {province for province, _, _ in reference()} == set(provinces())


@pytest.mark.parametrize("province", provinces())
def test_growth_promised_for_2025_is_held_against_what_came_of_it(province: str) -> None:
    planned, reached = (reference()[province, "2025", kind] for kind in ("target", "actual"))
    found = growth_of_output(province, "2025")
    assert (found["value"], found["value_upper"], found["document"]) == (planned.low, planned.high, planned.document)
    assert found["bound"] == BOUNDS[planned.qualifier]
    assert (found["outcome_value"], found["outcome_document"]) == (reached.low, reached.document)
    assert found["margin"] == pytest.approx(reached.low - planned.low)
    assert found["verdict"] == ("kept" if reached.low >= planned.floor - 1e-12 else "missed")
    assert found["direction"] == "up"


@pytest.mark.parametrize("province", provinces())
def test_growth_promised_for_2026_is_open(province: str) -> None:
    planned = reference()[province, "2026", "target"]
    found = growth_of_output(province, "2026")
    assert (found["value"], found["value_upper"], found["document"]) == (planned.low, planned.high, planned.document)
    assert (found["verdict"], found["outcome_value"], found["outcome_quote"]) == ("open", None, None)


def test_six_provinces_kept_their_promise_of_growth_and_the_others_missed_it() -> None:
    verdicts = {province: growth_of_output(province, "2025")["verdict"] for province in provinces()}
    kept = {"fujian", "guangxi", "hebei", "jiangxi", "shaanxi", "sichuan"}
    assert {province for province, verdict in verdicts.items() if verdict == "kept"} == (kept if verdicts else set())
    assert Counter(verdicts.values())["missed"] == (PROVINCES - len(kept) if verdicts else 0)


@pytest.mark.parametrize("province", provinces())
def test_every_row_passes_the_checks_and_cuts_its_words_out_of_the_text(province: str) -> None:
    promises, quiet, texts = ledger(province)
    assert examine("targets", promises) == ()
    assert examine("silences", quiet) == ()
    named = promises.filter(pl.col("outcome_quote").is_not_null() & pl.col("outcome_value").is_null())
    places = ("outcome_document", "outcome_char_start", "outcome_char_end", "outcome_quote")
    cut = [(texts[name][start:end], quote) for name, start, end, quote in named.select(places).rows()]
    assert [pair for pair in cut if pair[0] not in pair[1]] == []
    words = quiet.filter(pl.col("words").is_not_null()).select("document", "char_start", "char_end", "words")
    assert [row for row in words.rows() if texts[row[0]][row[1] : row[2]] != row[3]] == []


@pytest.mark.parametrize("province", provinces())
def test_a_silence_on_output_industry_or_prices_is_one_that_a_reader_of_the_report_finds(province: str) -> None:
    """The names that nobody writes in another way: where the report has one outside its plans, it is not absent."""
    promises, quiet, texts = ledger(province)
    absent = set(quiet.filter(pl.col("kind") == "absent")["indicator"])
    unspoken = set(promises.filter(pl.col("verdict") == "fell_silent")["indicator"])
    text = texts[f"2026-{province}"]
    said = {
        "gdp": "地区生产总值增长",
        "unemployment_surveyed": "城镇调查失业率为",
        "retail_sales": "社会消费品零售总额增长",
    }
    backward = text[: len(text) // 4]
    assert {series for series, name in said.items() if name in backward} & (absent | unspoken) == set()


def test_promises_of_the_registry_are_decided_where_the_next_report_gives_the_number() -> None:
    known = ~pl.col("indicator").str.starts_with("x:")
    counts: Counter[str] = Counter()
    for province in provinces():
        counts.update(ledger(province)[0].filter(known & (pl.col("period") == "2025"))["verdict"].to_list())
    assert counts["open"] == 0
    assert not provinces() or counts["kept"] + counts["missed"] >= LEAST_DECIDED
    assert not provinces() or counts["kept"] > counts["missed"]
