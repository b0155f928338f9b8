"""Charts: which are drawn, where their marks lie, and pictures that hold nothing but shapes and figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from publish.portal.html.vega import pictures, vega
from publish.portal.model.chart_spec import HEIGHT, WIDTH, panels, spec
from publish.portal.model.series import Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publish.portal.text.amounts import Row

BOX = (WIDTH + 80, HEIGHT + 42)


def row(period: str, value: float, **other: object) -> Row:
    """An observation, of the output of an area where nothing else is said."""
    made = {
        "indicator": "gdp",
        "label_zh": "地区生产总值",
        "label_en": "Gross regional product",
        "measure": "level",
        "scope": "",
        "period": period,
        "status": "actual",
        "value": value,
        "value_upper": None,
        "bound": "=",
        "unit": "亿元",
        "unit_code": "CNY",
        "unit_mult": 8,
    } | other
    key = "|".join(str(made[name]) for name in ("indicator", "measure", "scope", "period", "status"))
    return made | {"obs_id": f"area|{key}"}


def growth(period: str, value: float, **other: object) -> Row:
    return row(period, value, measure="growth", unit="%", unit_code="percent", unit_mult=0, **other)


def compared(period: str, verdict: str, **other: object) -> Row:
    """How the number of a year was found to stand to that of the year before."""
    made = {"indicator": "gdp", "measure": "level", "scope": "", "kind": "year_on_year"}
    return made | {"period": period, "verdict": verdict} | other


def series(*rows: Row, former: Sequence[Row] = (), known: bool = True, comparisons: Sequence[Row] = ()) -> Series:
    return Series(
        name="gdp",
        entry={"id": "gdp"} if known else None,
        observations=rows,
        targets=(),
        comparisons=tuple(comparisons),
        silences=(),
        former=tuple(former),
    )


def lines(*comparisons: Row) -> int:
    """How many lines a chart of four years has."""
    rows = [row(str(year), 100.0 + year) for year in range(2021, 2025)]
    (panel,) = panels(series(*rows, comparisons=comparisons))
    picture = LexborHTMLParser(pictures([spec(panel)])[0])
    return len([one for one in picture.css(".mark-line path") if "L" in (one.attributes["d"] or "")])


@pytest.fixture(scope="module")
def drawn() -> LexborHTMLParser:
    """Three years of growth, a year without one, a year promised, and a year that was said otherwise before."""
    rows = (
        growth("2021", 8.4),
        growth("2022", -1.25),
        growth("2024", 3.5),
        growth("2024", 5.0, status="target", bound="~"),
        growth("2025", 6.5, status="target", bound=">="),
    )
    (panel,) = panels(series(*rows, former=[{**growth("2024", 4.0)}]))
    return LexborHTMLParser(pictures([spec(panel)])[0])


class TestWhichAreDrawn:
    def test_level_comes_before_growth(self) -> None:
        rows = (growth("2023", 5.0), growth("2024", 3.5), row("2024", 573.72), row("2023", 531.48))
        assert [panel.measure for panel in panels(series(*rows))] == ["level", "growth"]

    def test_one_year_is_no_chart(self) -> None:
        assert panels(series(row("2024", 573.72), row("2024", 600.0, status="target"))) == ()

    def test_a_promise_for_the_next_year_makes_one(self) -> None:
        (panel,) = panels(series(row("2024", 573.72), row("2025", 600.0, status="target")))
        assert (panel.years, len(panel.actual), len(panel.targets)) == ((2024, 2025), 1, 1)

    def test_what_the_registry_does_not_know_is_drawn_once_two_years_of_it_are_known(self) -> None:
        promised = row("2025", 600.0, status="target")
        assert panels(series(row("2024", 573.72), promised, known=False)) == ()
        assert len(panels(series(row("2023", 531.48), row("2024", 573.72), promised, known=False))) == 1

    def test_numbers_of_several_years_are_in_none(self) -> None:
        assert panels(series(row("2021/2025", 9.0), row("2016/2020", 8.0))) == ()

    def test_what_the_name_itself_means_comes_before_its_variants(self) -> None:
        rows = [row(year, 100.0, indicator="gdp~南区") for year in ("2022", "2023", "2024")]
        alone = [row(year, 500.0) for year in ("2022", "2023", "2024")]
        assert {point["value"] for point in panels(series(*rows, *alone))[0].actual} == {500.0}
        assert {point["value"] for point in panels(series(*rows))[0].actual} == {100.0}

    def test_numbers_of_another_kind_of_unit_stay_out(self) -> None:
        rows = (row("2022", 1.0), row("2023", 2.0), row("2024", 3000.0, unit="亩", unit_code="mu", unit_mult=0))
        assert panels(series(*rows))[0].years == (2022, 2023)

    def test_magnitudes_of_one_unit_are_brought_together(self) -> None:
        rows = (row("2024", 573.72), row("2023", 5_314_800.0, unit="万元", unit_mult=4))
        values = [point["value"] for point in panels(series(*rows))[0].actual]
        assert values == pytest.approx([531.48, 573.72])

    def test_a_rank_is_drawn_where_there_is_no_amount_and_its_best_place_is_on_top(self) -> None:
        ranks = [
            row(year, place, measure="rank", unit="位", unit_code="rank", unit_mult=0)
            for year, place in (("2022", 9.0), ("2023", 4.0), ("2024", 1.0))
        ]
        (panel,) = panels(series(*ranks))
        heights = _heights(LexborHTMLParser(pictures([spec(panel)])[0]), "mark-symbol")
        assert heights == sorted(heights, reverse=True)


class TestBrokenLines:
    """No line shows a growth that there never was."""

    def test_numbers_that_continue_one_another_are_one_line(self) -> None:
        assert lines() == 1
        assert lines(*(compared(str(year), "consistent") for year in range(2022, 2025))) == 1
        assert lines(compared("2023", "price_basis"), compared("2024", "unchecked")) == 1

    @pytest.mark.parametrize("verdict", ["revised", "scope_break", "not_comparable"])
    def test_a_number_that_does_not_continue_the_year_before_begins_a_line(self, verdict: str) -> None:
        assert lines(compared("2023", verdict)) == 2

    @pytest.mark.parametrize(
        "other", [{"measure": "growth"}, {"kind": "part_of_whole"}, {"scope": "全省"}, {"indicator": "gdp~南区"}]
    )
    def test_what_is_found_of_other_numbers_breaks_nothing(self, other: dict[str, str]) -> None:
        assert lines(compared("2023", "revised", **other)) == 1


class TestWhereMarksLie:
    def test_bars_stand_on_nought_and_falls_hang_from_it(self, drawn: LexborHTMLParser) -> None:
        bars = [_bar(one.attributes["d"] or "") for one in drawn.css(".layer_1_marks path")]
        tops, bottoms, heights = zip(*bars, strict=True)
        nought = tops[1]
        assert bottoms[0] == bottoms[2] == pytest.approx(nought, abs=0.02)
        assert heights[0] / heights[2] == pytest.approx(8.4 / 3.5, rel=0.01)
        assert heights[1] / heights[2] == pytest.approx(1.25 / 3.5, rel=0.01)

    def test_a_promise_is_a_mark_of_its_own_that_says_which_way_it_is_kept(self, drawn: LexborHTMLParser) -> None:
        aims = drawn.css(".mark-symbol path")
        assert len(aims) == 2
        assert [one.attributes["stroke"] for one in aims] == ["var(--ink)"] * 2
        assert {one.attributes.get("fill") for one in aims} <= {None, "none", "transparent"}
        assert aims[0].attributes["d"] != aims[1].attributes["d"]

    @pytest.mark.parametrize(
        ("value", "bound", "shape"),
        [(5.0, ">=", "up"), (5.0, "<", "down"), (-5.0, ">=", "down"), (-5.0, ">", "down"), (-5.0, "<=", "up")],
    )
    def test_the_mark_of_a_bound_points_to_where_the_number_may_lie(self, value: float, bound: str, shape: str) -> None:
        """A fall of at least 5 per cent is -5 and `>=`, and lies below -5; an amount below nought does not turn."""
        (panel,) = panels(series(growth("2023", 1.0), growth("2024", value, status="target", bound=bound)))
        assert [point["shape"] for point in panel.targets] == [f"triangle-{shape}"]
        (panel,) = panels(series(row("2023", 1.0), row("2024", value, status="target", bound=bound)))
        assert [point["shape"] for point in panel.targets] == ["triangle-up" if ">" in bound else "triangle-down"]

    def test_what_was_said_before_is_a_faint_step(self, drawn: LexborHTMLParser) -> None:
        (step,) = drawn.css(".layer_0_marks path")
        assert float(step.attributes["opacity"] or 1) < 0.5
        assert not series(growth("2024", 3.5)).former

    def test_without_former_values_and_promises_there_are_no_marks_of_them(self) -> None:
        (panel,) = panels(series(row("2023", 1.0), row("2024", 2.0)))
        assert [layer["data"]["name"] for layer in spec(panel)["layer"]] == ["done"] * 3

    @given(st.dictionaries(st.integers(1950, 2080), st.floats(-1e9, 1e9, allow_nan=False), min_size=2, max_size=30))
    def test_every_value_lies_within_the_axis_and_labels_never_crowd(self, values: dict[int, float]) -> None:
        (panel,) = panels(series(*(growth(str(year), value) for year, value in values.items())))
        made = spec(panel)
        low, high = made["encoding"]["y"]["scale"]["domain"]
        assert low <= min(0.0, *values.values()) <= max(0.0, *values.values()) <= high
        labels = made["encoding"]["x"]["axis"]["values"]
        assert labels[-1] == max(values)
        assert len(labels) <= 7
        assert min(values) <= labels[0]

    def test_amounts_that_differ_by_little_do_not_stand_on_nought_and_others_do(self) -> None:
        near, far = (panels(series(row("2023", low), row("2024", 100.0)))[0] for low in (90.0, 10.0))
        assert spec(near)["encoding"]["y"]["scale"]["domain"][0] > 80
        assert spec(far)["encoding"]["y"]["scale"]["domain"][0] == 0

    def test_a_range_reaches_from_end_to_end(self) -> None:
        (panel,) = panels(series(row("2023", 90.0, value_upper=95.0), row("2024", 100.0)))
        (made,) = pictures([spec(panel)])
        assert len(LexborHTMLParser(made).css(".layer_2_marks line")) == 1


class TestPictures:
    def test_they_hold_shapes_and_figures_and_nothing_else(self, drawn: LexborHTMLParser) -> None:
        html = drawn.html or ""
        assert not re.search(r"style=|<script|<style|href|aria-|role=|\son[a-z]+=", html)
        assert all(re.fullmatch(r"[\d,.−]+", one.text()) for one in drawn.css("text"))
        assert {one.attributes["fill"] for one in drawn.css("text")} == {"currentColor"}

    def test_coordinates_are_short_and_labels_whole(self) -> None:
        (panel,) = panels(series(row("2023", 1.0001), row("2024", 1.0002)))
        (made,) = pictures([spec(panel)])
        page = LexborHTMLParser(made)
        assert not re.search(r"\.\d{3,}", re.sub(r">[^<]*<", "><", made))
        assert any(re.fullmatch(r"1\.0{2,3}\d+", one.text()) for one in page.css("text"))

    def test_fonts_of_the_machine_measure_nothing(self, drawn: LexborHTMLParser) -> None:
        (picture,) = drawn.css("svg")
        assert picture.attributes["viewBox"] == f"0 0 {BOX[0]} {BOX[1]}"

    def test_the_same_charts_are_the_same_bytes_in_any_company(self) -> None:
        rows = [growth(str(year), year % 7 - 2.0) for year in range(2010, 2024)]
        made = [spec(panel) for panel in panels(series(*rows, row("2023", 1.0), row("2024", 2.0)))]
        assert pictures(made) == tuple(pictures([one])[0] for one in made)

    def test_nothing_is_started_for_no_chart(self) -> None:
        assert pictures([]) == ()

    def test_vega_is_one_script_that_every_build_gets_alike(self) -> None:
        script = vega()
        assert b"window.vegaEmbed" in script
        assert len(script) < 1_000_000
        vega.cache_clear()
        assert vega() == script


def _bar(path: str) -> tuple[float, float, float]:
    """Top, bottom and height of a bar."""
    numbers = [float(found) for found in re.findall(r"-?\d+\.?\d*", path)]
    top, height = numbers[1], abs(numbers[3])
    return top, top + height, height


def _heights(page: LexborHTMLParser, kind: str) -> list[float]:
    moved = [one.attributes["transform"] or "" for one in page.css(f".{kind} path")]
    return [float(re.findall(r"-?\d+\.?\d*", one)[1]) for one in moved]
