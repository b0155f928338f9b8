"""What a comparison found is told in sentences whose figures any reader can work out again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.portal_pages import editions, sample_site

from publish.portal.model.comparison_text import explain_comparison
from publish.portal.model.cross_references import CrossReferences, build_cross_references
from publish.portal.model.series import all_series
from schemas.codelists import ComparisonVerdict

REVISED = "CN-442000-torch|gdp|level||2024|actual"
FIGURE = r"-?\d[\d,]*(?:\.\d+)?"


@pytest.fixture(scope="module")
def references() -> CrossReferences:
    return build_cross_references(sample_site(), all_series(sample_site().about.tables))


def compared(key: str = REVISED) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = sample_site().about.tables["comparisons"].filter(obs_id=key).to_dicts()
    return found


def test_the_base_that_growth_implies_is_what_the_printed_decimals_allow(references: CrossReferences) -> None:
    """573.72 with 3.5 per cent: from 573.715 over 1.0355 to 573.725 over 1.0345."""
    told = explain_comparison(compared(), references, "zh")
    low, high = (round(level / (1 + rate / 100), 3) for level, rate in ((573.715, 3.55), (573.725, 3.45)))
    assert f"由此推算2023年应为{low}–{high}亿元" in told
    assert "2024年为573.72亿元，所述增速为3.5%" in told


def test_the_gap_is_from_the_nearest_end(references: CrossReferences) -> None:
    nearest = 573.715 / 1.0355
    gap = (nearest - 531.48) / nearest * 100
    assert f"531.48亿元，低于推算值{gap:.1f}%" in explain_comparison(compared(), references, "zh")
    assert f"CNY 53.148 billion, {gap:.1f}% below that" in explain_comparison(compared(), references, "en")


def test_both_tongues_name_the_years(references: CrossReferences) -> None:
    for row in sample_site().about.tables["comparisons"].to_dicts():
        for language in ("zh", "en"):
            printed = re.findall(FIGURE, explain_comparison(row, references, language))
            assert {float(row["period"]), float(row["base_period"])} <= {float(one.replace(",", "")) for one in printed}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_verdict_has_a_sentence_and_no_two_alike(references: CrossReferences, language: str) -> None:
    rows = [compared() | {"verdict": verdict.value} for verdict in ComparisonVerdict]
    sentences = {explain_comparison(row, references, language) for row in rows}
    assert len(sentences) == len(rows)
    assert all("{" not in sentence and sentence.endswith(("。", ".")) for sentence in sentences)


def test_an_open_end_is_told(references: CrossReferences) -> None:
    ends = {"500.000亿元以上": (5.0e10, None), "600.000亿元以内": (None, 6.0e10), "应为500.000亿元": (5.0e10, 5.0e10)}
    for said, (low, high) in (ends | {"490.000–500.000亿元": (4.9e10, 5.0e10)}).items():
        row = compared() | {"implied_base_low": low, "implied_base_high": high}
        assert said in explain_comparison(row, references, "zh")


def test_a_change_that_nothing_speaks_against_is_told(references: CrossReferences) -> None:
    nothing = "CNY 53.148 billion in 2023, CNY 57.372 billion in 2024; no number states how they relate, so"
    more, less = (4.224e9, "CNY 4.224 billion more"), (-1e9, "billion less")
    for change, said in ((None, nothing), more, less, (0.0, "That is the same.")):
        row = compared() | {"stated_obs_id": None, "verdict": "unchecked", "change": change}
        assert said in explain_comparison(row, references, "en")


def test_a_change_is_as_fine_as_the_finer_number(references: CrossReferences) -> None:
    people = compared() | {"unit": "万人", "unit_code": "person", "stated_obs_id": None, "verdict": "unchecked"}
    for (value, decimals), (before, base_decimals, base_mult), said in (
        ((12.0, 0), (11.5, 1, 4), "增加0.5万人"),
        ((12.0, 0), (118_000.0, 0, 0), "增加0.2万人"),
        ((12.25, 2), (12.0, 0, 4), "增加0.25万人"),
        ((12.0, 0), (11.0, 0, 4), "增加1万人"),
    ):
        number = {"value": value, "decimals": decimals, "unit_mult": 4}
        base = {"base_value": before, "base_decimals": base_decimals, "base_unit_mult": base_mult}
        change = {"change": value * 1e4 - before * 10.0**base_mult}
        assert said in explain_comparison(people | number | base | change, references, "zh")


def test_a_part_is_not_said_to_be_far_off_its_whole_or_of_another_year(references: CrossReferences) -> None:
    part = compared() | {"kind": "part_of_whole", "base_period": "2024"}
    for gap in (-0.4, 80.0):
        row = part | {"verdict": "scope_break", "gap": gap}
        chinese, english = (explain_comparison(row, references, language) for language in ("zh", "en"))
        assert "三个数字并不相合" in chinese
        assert "do not fit together" in english
        assert not any(word in chinese + english for word in ("过大", "年份不同", "too far", "or year"))
    row = part | {"stated_obs_id": None, "verdict": "not_comparable", "change": None}
    assert [explain_comparison(row, references, language).count("2024") for language in ("zh", "en")] == [1, 1]


@pytest.mark.parametrize(
    ("gap", "said"), [(-0.004, "0.004%"), (0.04, "0.04%"), (123.456, "123.5%"), (1234.5, "1,234.5%")]
)
def test_a_gap_is_never_rounded_to_nought(references: CrossReferences, gap: float, said: str) -> None:
    assert f"值{said}" in explain_comparison(compared() | {"gap": gap}, references, "zh")


def test_prices_are_named_where_they_can_explain_the_gap() -> None:
    page = editions()[2].page("indicator/gdp.html")
    told = [one.text() for one in page.css("section[aria-labelledby=fit] li")]
    assert any("价格口径不同" in one and "575.10亿元，高于推算值0.5%" in one for one in told)
