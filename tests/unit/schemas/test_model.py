"""Each check of the published tables, broken by one row."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context
from support.report_readings import whole

from schemas.codelists import Severity
from schemas.tables.columns import TABLES
from schemas.tables.pandera_models import checks_of, examine

# Per table the checks that one cell breaks which bears the check's own name.
NAMED = {
    "observations": """ref_area=Zhongshan indicator=x: period=2023年 measure=size status=hoped bound=!= obs_status=Z
        price_basis=old scope=全市 origin=rumour""",
    "vintages": "origin=rumour",
    "targets": "verdict=promised direction=sideways horizon=soon ambition=high origin=rumour",
    "silences": "kind=hushed origin=rumour",
    "revisions": "kind=moved cause=weather",
    "documents": "state=lost index_note=mended kind=novel origin=rumour publisher_evidence=hearsay",
    "glossary": "",
    "numbers": "reason=whim",
    "indicators": "growth_prices=real",
    "comparisons": "kind=month_on_month origin=rumour",
}
# Per table and check: the cells of one row that break it. What follows from them by the other checks is put right.
CELLS: dict[str, dict[str, dict[str, object]]] = {
    "observations": {
        "null": {"quote": None, "obs_text": "家", "char_end": 38},
        "key": {"obs_id": "CN-442000-torch|gdp|level||1999|actual"},
        "scope_bar": {"scope": "全|市", "measure": "rank"},
        "period_order": {"period": "2023/2021"},
        "period_year": {"period": "0001"},
        "year": {"year": 1999},
        "rank_of": {"rank_of": "level"},
        "planned": {"status": "target"},
        "finite": {"value": float("inf"), "value_base": float("inf")},
        "upper": {"value_upper": 509.0},
        "unit_mult": {"unit_mult": 40, "value_base": 510e40},
        "base": {"value_base": 5100.0},
        "decimals": {"decimals": -1},
        "rank": {"measure": "rank", "value": 2.5, "value_base": 2.5},
        "span": {"char_start": -4, "char_end": 0},
        "span_length": {"char_end": 45},
        "obs_text": {"obs_text": "", "char_end": 37, "char_start": 37},
        "quote": {"quote": "规模以上工业企业511家"},
        "named": {"label_zh": ""},
        "share": {"measure": "share", "unit_code": "percent"},
        "growth": {"measure": "growth", "unit_code": "percent", "value": -101.0, "value_base": -101.0},
        "subject": {"subject": ""},
    },
    "vintages": {"null": {"first_quote": None}, "interval": {"realtime_end": date(2026, 11, 22)}},
    "targets": {
        "null": {"quote": None},
        "outcome": {"verdict": "kept"},
        "near": {
            "verdict": "near",
            "margin": -2.0,
            "tolerance": 1.0,
            "value_upper": None,
            "match": "same_series",
            "outcome_obs_id": "CN-442000-torch|gdp|level||2025|actual",
            "margin_unit": "亿元",
            "margin_kind": "amount",
        },
        "blame": {
            "verdict": "missed",
            "margin": -2.0,
            "tolerance": 1.0,
            "match": "near_words",
            "outcome_obs_id": "CN-442000-torch|gdp|level||2025|actual",
            "margin_unit": "亿元",
            "margin_kind": "amount",
        },
        "silence": {"verdict": "fell_silent", "indicator": "x:公园"},
    },
    "silences": {"null": {"last_quote": None}, "words": {"words": "进出口总额稳步增长"}},
    "revisions": {"null": {"label_zh": None}, "before": {"before_value": None}, "after": {"after_value": None}},
    "documents": {
        "null": {"title": None},
        "sha256": {"payload_sha256": "ABCDEF"},
        "captured_at": {"captured_at": "2026-11-23 04:00"},
        "counts": {"unread": -1},
        "reference_period": {"reference_period": "last year"},
    },
    "glossary": {"null": {"explanation": None}, "span": {"char_start": 52}, "named": {"term": ""}},
    "numbers": {
        "null": {"obs_text": None},
        "span": {"char_start": 9, "char_end": 9},
        "obs_text": {"obs_text": ""},
        "fate": {"fate": "forgotten", "reason": None},
        "ignored": {"reason": None},
        "claimed": {"obs_id": "CN-442000-torch|gdp|level||2023|actual"},
    },
    "indicators": {
        "null": {"theme": None},
        "id": {"id": "GDP per head"},
        "range": {"range_min": 5.0, "range_max": 5.0},
        "ratio": {"part": "gdp"},
        "named": {"definition": ""},
    },
    "comparisons": {
        "null": {"base_period": None},
        "verdict": {"verdict": "odd", "stated_obs_id": "CN-442000-torch|gdp|change||2024|actual", "change": None},
        "itself": {"base_obs_id": "CN-442000-torch|gdp|level||2024|actual"},
        "implied": {"implied_base_low": 2.0, "implied_base_high": 1.0},
        "change": {"change": 1.0, "verdict": "not_comparable"},
        "fits": {"verdict": "consistent", "stated_obs_id": "CN-442000-torch|gdp|growth||2024|actual", "gap": 1.0},
        "judged": {"verdict": "revised", "change": None, "stated_obs_id": None, "gap": 1.0},
    },
}
BAD: dict[str, dict[str, dict[str, object]]] = {
    table: cells | {name: {name: cell} for name, _, cell in (pair.partition("=") for pair in NAMED[table].split())}
    for table, cells in CELLS.items()
}
# An empty obs_text cannot be avoided to be no stretch of text either.
BESIDES = {("observations", "obs_text"): {"observations_span"}}


def spoilt(table: str, row: int, cells: dict[str, object]) -> pl.DataFrame:
    """The sound table with some cells of one row replaced, its key spelt again."""
    frame = whole()[table]
    rows = frame.to_dicts()
    rows[row] |= cells
    if table == "observations" and "obs_id" not in cells:
        names = ("ref_area", "indicator", "measure", "scope", "period", "status")
        rows[row]["obs_id"] = "|".join(rows[row][name] for name in names)
    if table == "observations" and "period" in cells:
        rows[row]["year"] = int(rows[row]["period"].split("/")[-1][:4])
    return pl.DataFrame(rows, schema=frame.schema, orient="row")


def victim(table: str) -> int:
    """The row to spoil: a count of firms, an ignored number, or simply the first."""
    frame = whole()[table]
    wanted = {"observations": pl.col("obs_text") == "510家", "numbers": pl.col("fate") == "ignored"}
    if table not in wanted:
        return 0
    return int(frame.with_row_index().filter(wanted[table])["index"][0])


@pytest.mark.parametrize("table", TABLES)
def test_sound_tables_pass_and_every_check_finds_the_row_that_breaks_it_and_no_other(table: str) -> None:
    assert examine(table, whole()[table]) == ()
    assert set(checks_of(table)) - {"form", "unique"} == set(BAD[table])
    row, warned = victim(table), set()
    for code, cells in BAD[table].items():
        frame = spoilt(table, row, cells)
        findings = {str(finding.code): finding for finding in examine(table, frame)}
        assert set(findings) == {f"{table}_{code}"} | BESIDES.get((table, code), set())
        finding = findings[f"{table}_{code}"]
        assert finding.count == 1
        assert str(frame[row, 0]) in finding.evidence[0]
        warned |= {code} if finding.severity is not Severity.REJECT else set()
    # What is only hard to believe warns; what breaks the form rejects.
    assert warned == ({"share", "growth", "subject"} if table == "observations" else set())


@pytest.mark.parametrize("table", TABLES)
def test_two_rows_with_the_same_key_are_found(table: str) -> None:
    frame = whole()[table]
    (finding,) = examine(table, pl.concat([frame, frame[:1]]))
    assert (finding.code, finding.count) == (f"{table}_unique", 2)


def test_not_a_number_is_an_empty_cell_and_no_upper_end() -> None:
    def codes(**cells: float) -> list[str]:
        return [finding.code for finding in examine("observations", spoilt("observations", row, dict(cells)))]

    row = victim("observations")
    assert codes(value=float("nan"), value_base=float("nan")) == ["observations_null"]
    assert codes(value_upper=float("nan")) == ["observations_finite"]


def test_no_required_column_of_observations_may_be_empty() -> None:
    frame = whole()["observations"]
    for column in (column.name for column in TABLES["observations"] if not column.nullable):
        empty = frame.with_columns(pl.lit(None, dtype=frame.schema[column]).alias(column))
        codes = {str(finding.code): finding.count for finding in examine("observations", empty)}
        assert codes["observations_null"] == frame.height, column


def test_another_form_is_one_finding() -> None:
    sound = whole()["observations"]
    added, sorted_ = sound.with_columns(extra=pl.lit(1)), sound.select(sorted(sound.columns))
    kinds = {"value": pl.String, "decimals": pl.Int32, "published_on": pl.String}
    casts = [sound.with_columns(pl.col(name).cast(kind)) for name, kind in kinds.items()]
    for frame in (sound.drop("theme"), added, sorted_, *casts):
        (finding,) = examine("observations", frame)
        assert (finding.code, finding.severity) == ("observations_form", Severity.REJECT)
        assert finding.evidence


def test_many_bad_rows_are_one_finding_with_five_examples() -> None:
    frame = whole()["observations"].with_columns(price_basis=pl.lit("old"))
    (finding,) = examine("observations", frame)
    assert finding.count == frame.height > 5
    assert finding.evidence == tuple(frame["obs_id"][:5])


def test_settings_of_pandera_cannot_switch_the_checks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANDERA_VALIDATION_DEPTH", "SCHEMA_ONLY")
    bad = spoilt("observations", victim("observations"), {"bound": "!="})
    with config_context(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert [finding.code for finding in examine("observations", bad)] == ["observations_bound"]
