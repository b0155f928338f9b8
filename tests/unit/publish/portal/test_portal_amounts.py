"""Numbers as readers see them: in Chinese as printed, in English in words of the same precision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.portal.html.escape import MOST_CHARACTERS
from publish.portal.html.translations import translations
from publish.portal.text.amounts import amount, label, short_amount, with_unit, year
from schemas.codelists import Bound, Measure
from schemas.registry.units import BASE_UNITS, MAGNITUDES, codes, resolve


def row(
    printed: str, unit: str, bound: str = "=", measure: str = "level", upper: float | None = None
) -> dict[str, Any]:
    cells = {"value": float(printed), "value_upper": upper, "bound": bound, "unit": unit, "measure": measure}
    return cells | {"decimals": len(printed.partition(".")[2])}


@pytest.mark.parametrize(
    ("stated", "chinese", "english"),
    [
        (row("573.72", "亿元"), "573.72亿元", "CNY 57.372 billion"),
        (row("500", "亿元", ">"), "超500亿元", "over CNY 50 billion"),
        (row("57.00", "亿元"), "57.00亿元", "CNY 5.70 billion"),
        (row("0", "亿元"), "0亿元", "CNY 0"),
        (row("3.5", "%", "~"), "约3.5%", "about 3.5%"),
        (row("-3.5", "%", measure="growth"), "−3.5%", "−3.5%"),
        (row("-5", "%", ">=", measure="growth"), "下降5%以上", "a fall of at least 5%"),
        (row("-5", "%", "<=", measure="cagr"), "下降5%以内", "a fall of at most 5%"),
        (row("-1.2", "亿元", ">", measure="change"), "下降超1.2亿元", "a fall of over CNY 120 million"),
        (row("-3", "%", "~", measure="growth"), "下降约3%", "a fall of about 3%"),
        (row("-6.5", "%", ">=", measure="growth", upper=-6.0), "下降6.0–6.5%以上", "a fall of at least 6.0–6.5%"),
        (row("-5", "摄氏度", ">="), "−5摄氏度以上", "at least −5 °C"),
        (row("6", "%", ">=", upper=6.5), "6–6.5%以上", "at least 6–6.5%"),
        (row("4.5", "万人"), "4.5万人", "45,000 people"),
        (row("1", "人"), "1人", "1 person"),
        (row("1.2", "万亿元"), "1.2万亿元", "CNY 1.2 trillion"),
        (row("3000", "元/月", "<="), "3000元/月以内", "at most CNY 3,000 per month"),
        (row("2.5", "万元/平方公里"), "2.5万元/平方公里", "CNY 25,000 per km²"),
        (row("1800", "万元", "<"), "不足1800万元", "under CNY 18 million"),
        (row("12345", "家"), "12345家", "12,345"),
        (row("2", "人/车"), "2人/车", "2 人/车"),
        (row("0.3", "个百分点", measure="change"), "0.3个百分点", "0.3 percentage points"),
        (row("10", "百户"), "10百户", "1,000 households"),
        (row("100", "万"), "100万", "1 million"),
        (row("3", "位", measure="rank"), "第3位", "no. 3"),
        (row("3", "名", "<=", measure="rank"), "前3名", "top 3"),
        (row("1", "位", measure="change"), "1位", "1 place"),
        (row("4", "位", measure="change"), "4位", "4 places"),
        (row("12", ""), "12", "12"),
    ],
)
def test_an_amount_says_the_same_in_both_languages(stated: dict[str, Any], chinese: str, english: str) -> None:
    assert (amount(stated), amount(stated, language="en")) == (chinese, english)


def test_columns_under_a_prefix_say_their_own_amount() -> None:
    stated = row("3", "位", measure="rank") | {f"last_{key}": value for key, value in row("6.5", "亿元").items()}
    assert amount(stated, "last_") == "6.5亿元"
    assert amount(stated, "last_", "en") == "CNY 650 million"


def test_a_table_without_decimals_or_upper_ends_says_all_that_there_is() -> None:
    assert amount({"outcome_value": 573.72, "outcome_bound": "=", "outcome_unit": "亿元"}, "outcome_") == "573.72亿元"
    assert [amount({"outcome_value": None}, "outcome_", language) for language in ("zh", "en")] == ["", ""]


@given(
    st.decimals(-10_000, 10_000, allow_nan=False, places=2),
    st.sampled_from([f"{magnitude}元" for magnitude in MAGNITUDES]),
)
def test_no_digit_is_lost_on_the_way_to_english(value: Decimal, unit: str) -> None:
    said = amount(row(str(value), unit), language="en").removeprefix("CNY ").replace("\N{MINUS SIGN}", "-")
    digits, _, scale = said.partition(" ")
    power = {"": 1.0, "million": 1e6, "billion": 1e9, "trillion": 1e12}[scale]
    assert float(digits.replace(",", "")) * power == pytest.approx(float(value) * 10.0 ** resolve(unit).mult, rel=1e-12)


def test_every_bound_is_told_from_every_other_in_both_languages() -> None:
    for language in ("zh", "en"):
        assert len({amount(row("5", "亿元", bound.value), language=language) for bound in Bound}) == len(Bound)


def test_every_unit_that_is_read_has_an_english_name() -> None:
    for stated, code in codes().items():
        said = with_unit("2", resolve(stated), Measure.LEVEL.value, translations("en"))
        assert said.isascii() or code in {"m2", "km2", "m3", "permille", "permyriad", "ug", "degree_celsius"}, code
    assert set(BASE_UNITS) <= set(codes().values())


def test_a_unit_that_english_has_no_name_for_is_told_in_short_as_chinese() -> None:
    assert short_amount(row("12", "万人"), language="en").lang == ""
    assert short_amount(row("2", "人/车"), language="en").lang == "zh-Hans"
    assert short_amount(row("2", "人/车")).lang == ""
    assert short_amount({"outcome_value": None}, "outcome_", "en").text == ""
    long = short_amount(row("2", "\u202e\n字" * 500), language="en").text
    assert len(long) == MOST_CHARACTERS
    assert not {"\u202e", "\n"} & {*long}


def test_years_are_named_as_readers_name_them() -> None:
    assert (year("2024", "zh"), year("2024", "en")) == ("2024年", "2024")
    assert (year("2021/2025", "zh"), year("2021/2025", "en")) == ("2021–2025年", "2021–2025")


def test_a_name_without_english_is_marked_as_chinese() -> None:
    known = {"label_zh": "地区生产总值", "label_en": "Gross regional product"}
    assert (label(known, "zh").text, label(known, "zh").lang) == ("地区生产总值", "")
    assert (label(known, "en").text, label(known, "en").lang) == ("Gross regional product", "")
    unknown = {"label_zh": "增长贡献", "label_en": None}
    assert (label(unknown, "en").text, label(unknown, "en").lang) == ("增长贡献", "zh-Hans")
