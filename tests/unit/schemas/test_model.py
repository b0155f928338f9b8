"""Each check of the published tables, broken by one row."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context
from support.reports import whole

from schemas.codelists import Severity
from schemas.tables.columns import TABLES
from schemas.tables.pandera_models import checks_of, examine

# Per table and check: the cells of one row that break it. What follows from them by the other checks is put right.
BAD: dict[str, dict[str, dict[str, object]]] = {
    "observations": {
        "null": {"quote": None, "obs_text": "家", "char_end": 38},
        "key": {"obs_id": "CN-442000-torch|gdp|level||1999|actual"},
        "ref_area": {"ref_area": "Zhongshan"},
        "indicator": {"indicator": "x:"},
        "scope_bar": {"scope": "全|市", "measure": "rank"},
        "period": {"period": "2023年"},
        "period_order": {"period": "2023/2021"},
        "period_year": {"period": "0001"},
        "measure": {"measure": "size"},
        "status": {"status": "hoped"},
        "bound": {"bound": "!="},
        "obs_status": {"obs_status": "Z"},
        "price_basis": {"price_basis": "old"},
        "planned": {"status": "target"},
        "scope": {"scope": "全市"},
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
        "origin": {"origin": "rumour"},
    },
    "vintages": {
        "null": {"first_quote": None},
        "interval": {"realtime_end": date(2026, 11, 22)},
        "origin": {"origin": "rumour"},
    },
    "targets": {
        "null": {"quote": None},
        "verdict": {"verdict": "promised"},
        "direction": {"direction": "sideways"},
        "origin": {"origin": "rumour"},
        "outcome": {"verdict": "kept"},
    },
    "silences": {
        "null": {"last_quote": None},
        "kind": {"kind": "hushed"},
        "origin": {"origin": "rumour"},
        "words": {"words": "进出口总额稳步增长"},
    },
    "revisions": {
        "null": {"label_zh": None},
        "kind": {"kind": "moved"},
        "cause": {"cause": "weather"},
        "before": {"before_value": None},
        "after": {"after_value": None},
    },
    "documents": {
        "null": {"title": None},
        "sha256": {"payload_sha256": "ABCDEF"},
        "captured_at": {"captured_at": "2026-11-23 04:00"},
        "state": {"state": "lost"},
        "index_note": {"index_note": "mended"},
        "counts": {"unread": -1},
        "origin": {"origin": "rumour"},
        "reference_period": {"reference_period": "last year"},
    },
    "glossary": {
        "null": {"explanation": None},
        "span": {"char_start": 52},
        "named": {"term": ""},
    },
    "numbers": {
        "null": {"obs_text": None},
        "span": {"char_start": 9, "char_end": 9},
        "obs_text": {"obs_text": ""},
        "fate": {"fate": "forgotten", "reason": None},
        "reason": {"reason": "whim"},
        "ignored": {"reason": None},
        "claimed": {"obs_id": "CN-442000-torch|gdp|level||2023|actual"},
    },
    "indicators": {
        "null": {"theme": None},
        "id": {"id": "GDP per head"},
        "range": {"range_min": 5.0, "range_max": 5.0},
        "growth_prices": {"growth_prices": "real"},
        "ratio": {"part": "gdp"},
        "named": {"definition": ""},
    },
    "comparisons": {
        "null": {"base_period": None},
        "kind": {"kind": "month_on_month"},
        "verdict": {"verdict": "odd", "stated_obs_id": "CN-442000-torch|gdp|change||2024|actual", "change": None},
        "origin": {"origin": "rumour"},
        "itself": {"base_obs_id": "CN-442000-torch|gdp|growth||2024|actual"},
        "implied": {"implied_base_low": 2.0, "implied_base_high": 1.0},
        "change": {"change": 1.0, "verdict": "not_comparable"},
        "fits": {"verdict": "consistent", "stated_obs_id": "CN-442000-torch|gdp|growth||2024|actual", "gap": 1.0},
        "judged": {"verdict": "revised", "change": None},
    },
}
# An empty obs_text cannot be avoided to be no stretch of text either.
BESIDES = {("observations", "obs_text"): {"observations_span"}}
CASES = [(table, code) for table, codes in BAD.items() for code in codes]


def spoilt(table: str, row: int, cells: dict[str, object]) -> pl.DataFrame:
    """The sound table with some cells of one row replaced, its key spelt again."""
    frame = whole()[table]
    rows = frame.to_dicts()
    rows[row] |= cells
    if table == "observations" and "obs_id" not in cells:
        names = ("ref_area", "indicator", "measure", "scope", "period", "status")
        rows[row]["obs_id"] = "|".join(rows[row][name] for name in names)
    return pl.DataFrame(rows, schema=frame.schema, orient="row")


def victim(table: str) -> int:
    """The row to spoil: a count of firms, an ignored number, or simply the first."""
    frame = whole()[table]
    wanted = {"observations": pl.col("obs_text") == "510家", "numbers": pl.col("fate") == "ignored"}
    if table not in wanted:
        return 0
    return int(frame.with_row_index().filter(wanted[table])["index"][0])


@pytest.mark.parametrize("table", TABLES)
def test_sound_tables_pass(table: str) -> None:
    assert examine(table, whole()[table]) == ()


@pytest.mark.parametrize(("table", "code"), CASES)
def test_a_bad_row_is_found_by_its_check_and_by_no_other(table: str, code: str) -> None:
    row = victim(table)
    frame = spoilt(table, row, BAD[table][code])
    findings = {str(finding.code): finding for finding in examine(table, frame)}
    assert set(findings) == {f"{table}_{code}"} | BESIDES.get((table, code), set())
    assert findings[f"{table}_{code}"].count == 1
    assert str(frame[row, 0]) in findings[f"{table}_{code}"].evidence[0]


@pytest.mark.parametrize("table", TABLES)
def test_every_check_has_a_row_that_breaks_it(table: str) -> None:
    assert set(checks_of(table)) - {"form", "unique"} == set(BAD[table])


@pytest.mark.parametrize("table", TABLES)
def test_two_rows_with_the_same_key_are_found(table: str) -> None:
    frame = whole()[table]
    (finding,) = examine(table, pl.concat([frame, frame[:1]]))
    assert (finding.code, finding.count) == (f"{table}_unique", 2)


def test_not_a_number_is_an_empty_cell() -> None:
    frame = spoilt("observations", victim("observations"), {"value": float("nan"), "value_base": float("nan")})
    assert [finding.code for finding in examine("observations", frame)] == ["observations_null"]


def test_not_a_number_is_no_upper_end() -> None:
    frame = spoilt("observations", victim("observations"), {"value_upper": float("nan")})
    assert [finding.code for finding in examine("observations", frame)] == ["observations_finite"]


@pytest.mark.parametrize("column", [column.name for column in TABLES["observations"] if not column.nullable])
def test_no_required_column_of_observations_may_be_empty(column: str) -> None:
    frame = whole()["observations"]
    empty = frame.with_columns(pl.lit(None, dtype=frame.schema[column]).alias(column))
    codes = {str(finding.code): finding.count for finding in examine("observations", empty)}
    assert codes["observations_null"] == frame.height


@pytest.mark.parametrize(
    "spoil",
    [
        lambda frame: frame.drop("theme"),
        lambda frame: frame.with_columns(extra=pl.lit(1)),
        lambda frame: frame.select(sorted(frame.columns)),
        lambda frame: frame.cast({"value": pl.String}),
        lambda frame: frame.cast({"decimals": pl.Int32}),
        lambda frame: frame.cast({"published_on": pl.String}),
    ],
    ids=["missing", "added", "order", "text for number", "narrower", "text for date"],
)
def test_another_form_is_one_finding(spoil: object) -> None:
    assert callable(spoil)
    (finding,) = examine("observations", spoil(whole()["observations"]))
    assert (finding.code, finding.severity) == ("observations_form", Severity.REJECT)
    assert finding.evidence


def test_what_is_only_hard_to_believe_warns_and_what_breaks_the_form_rejects() -> None:
    row = victim("observations")
    weights = {
        code: examine("observations", spoilt("observations", row, cells))[0].severity
        for code, cells in BAD["observations"].items()
    }
    warned = {code for code, severity in weights.items() if severity is Severity.WARN}
    assert warned == {"share", "growth", "subject"}
    assert set(weights.values()) == {Severity.WARN, Severity.REJECT}


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
