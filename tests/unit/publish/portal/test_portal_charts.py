"""Charts and sparklines: which are drawn, where their marks lie, and pictures that hold only shapes and figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from support import table_rows

from publish.portal.html.vega import pictures, vega
from publish.portal.model.chart_spec import HEIGHT, WIDTH, panels, spec
from publish.portal.model.series import Series
from publish.portal.model.sparkline import HEIGHT as LINE_HEIGHT
from publish.portal.model.sparkline import WIDTH as LINE_WIDTH
from publish.portal.model.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from publish.portal.text.amounts import Row


def row(period: str, value: float, **other: object) -> Row:
    """An observation, of the output of an area where nothing else is said."""
    return table_rows.row(value, period=period, **other)


def growth(period: str, value: float, **other: object) -> Row:
    return row(period, value, measure="growth", unit="%", **other)


def compared(period: str, verdict: str, **other: object) -> Row:
    """How the number of a year was found to stand to that of the year before."""
    made = {"indicator": "gdp", "measure": "level", "scope": "", "kind": "year_on_year"}
    return made | {"period": period, "verdict": verdict} | other


def series(*rows: Row, former: Sequence[Row] = (), known: bool = True, comparisons: Sequence[Row] = ()) -> Series:
    found = {"observations": rows, "comparisons": tuple(comparisons), "former": tuple(former)}
    return Series(name="gdp", entry={"id": "gdp"} if known else None, targets=(), silences=(), **found)


def drawing(*rows: Row, former: Sequence[Row] = ()) -> LexborHTMLParser:
    """The picture of the one chart of some rows."""
    (panel,) = panels(series(*rows, former=former))
    return LexborHTMLParser(pictures([spec(panel)])[0])


@pytest.fixture(scope="module")
def drawn() -> LexborHTMLParser:
    """Three years of growth, a year without one, a year promised, and a year that was said otherwise before."""
    done = (growth("2021", 8.4), growth("2022", -1.25), growth("2024", 3.5))
    about, least = growth("2024", 5.0, status="target", bound="~"), growth("2025", 6.5, status="target", bound=">=")
    return drawing(*done, about, least, former=[growth("2024", 4.0)])


class TestWhichAreDrawn:
    def test_level_comes_before_growth(self) -> None:
        rows = (growth("2023", 5.0), growth("2024", 3.5), row("2024", 573.72), row("2023", 531.48))
        assert [panel.measure for panel in panels(series(*rows))] == ["level", "growth"]

    def test_one_year_is_no_chart_and_a_promise_for_the_next_year_makes_one(self) -> None:
        assert panels(series(row("2024", 573.72), row("2024", 600.0, status="target"))) == ()
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

    def test_magnitudes_of_one_unit_are_brought_together_and_other_units_stay_out(self) -> None:
        rows = (row("2024", 573.72), row("2023", 5_314_800.0, unit="万元"))
        other = row("2022", 3000.0, unit="亩")
        (panel,) = panels(series(*rows, other))
        assert [point["value"] for point in panel.actual] == pytest.approx([531.48, 573.72])

    def test_the_best_place_of_a_rank_without_an_amount_is_on_top(self) -> None:
        places = (("2022", 9.0), ("2023", 4.0), ("2024", 1.0))
        ranks = [row(year, place, measure="rank", unit="位") for year, place in places]
        moved = [str(mark.attributes["transform"]) for mark in drawing(*ranks).css(".mark-symbol path")]
        heights = [float(re.findall(r"-?\d+\.?\d*", one)[1]) for one in moved]
        assert heights == sorted(heights, reverse=True)


def test_a_line_is_broken_where_a_number_does_not_continue_the_year_before() -> None:
    """No line shows a growth that there never was."""
    broken = [[compared("2023", verdict)] for verdict in ("revised", "scope_break", "not_comparable")]
    others = ({"measure": "growth"}, {"kind": "part_of_whole"}, {"scope": "全省"}, {"indicator": "gdp~南区"})
    whole = [
        *([], [compared(str(year), "consistent") for year in range(2022, 2025)]),
        [compared("2023", "price_basis"), compared("2024", "unchecked")],
        *([compared("2023", "revised", **other)] for other in others),
    ]
    rows = [row(str(year), 100.0 + year) for year in range(2021, 2025)]
    charts = [panels(series(*rows, comparisons=comparisons)) for comparisons in whole + broken]
    paths = [
        LexborHTMLParser(picture).css(".mark-line path") for picture in pictures([spec(chart) for (chart,) in charts])
    ]
    lines = [sum("L" in str(path.attributes["d"]) for path in found) for found in paths]
    assert lines == [1] * len(whole) + [2] * len(broken)


class TestWhereMarksLie:
    def test_bars_stand_on_nought_and_falls_hang_from_it(self, drawn: LexborHTMLParser) -> None:
        paths = [re.findall(r"-?\d+\.?\d*", str(one.attributes["d"])) for one in drawn.css(".layer_1_marks path")]
        bars = [(float(top), float(top) + abs(float(height)), abs(float(height))) for _, top, _, height, *_ in paths]
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

    def test_what_was_said_before_is_a_faint_step_where_there_is_any(self, drawn: LexborHTMLParser) -> None:
        (step,) = drawn.css(".layer_0_marks path")
        assert float(step.attributes["opacity"] or 1) < 0.5
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
        picture = drawing(row("2023", 90.0, upper=95.0), row("2024", 100.0))
        assert len(picture.css(".layer_2_marks line")) == 1


class TestPictures:
    def test_they_hold_shapes_and_figures_and_nothing_else(self, drawn: LexborHTMLParser) -> None:
        assert not re.search(r"style=|<script|<style|href|aria-|role=|\son[a-z]+=", drawn.html or "")
        assert all(re.fullmatch(r"[\d,.−]+", one.text()) for one in drawn.css("text"))
        assert {one.attributes["fill"] for one in drawn.css("text")} == {"currentColor"}
        (picture,) = drawn.css("svg")
        assert picture.attributes["viewBox"] == f"0 0 {WIDTH + 80} {HEIGHT + 42}"  # no font of the machine measured it

    def test_coordinates_are_short_and_labels_whole(self) -> None:
        page = drawing(row("2023", 1.0001), row("2024", 1.0002))
        assert not re.search(r"\.\d{3,}", re.sub(r">[^<]*<", "><", page.html or ""))
        assert any(re.fullmatch(r"1\.0{2,3}\d+", one.text()) for one in page.css("text"))

    def test_the_same_charts_are_the_same_bytes_in_any_company(self) -> None:
        rows = [growth(str(year), year % 7 - 2.0) for year in range(2010, 2024)]
        made = [spec(panel) for panel in panels(series(*rows, row("2023", 1.0), row("2024", 2.0)))]
        assert pictures(made) == tuple(pictures([one])[0] for one in made)
        assert pictures([]) == ()

    def test_vega_is_one_script_that_every_build_gets_alike(self) -> None:
        script = vega()
        assert b"window.vegaEmbed" in script
        assert len(script) < 1_000_000
        vega.cache_clear()
        assert vega() == script


years = st.integers(1900, 2100)
values = st.floats(-1e12, 1e12, allow_nan=False)


@given(st.dictionaries(years, values, min_size=2), st.randoms(use_true_random=False))
def test_every_corner_lies_in_the_picture_and_years_go_right(series: dict[int, float], chance: Random) -> None:
    points = list(series.items())
    chance.shuffle(points)
    line = sparkline(points)
    assert line is not None
    assert line == sparkline(sorted(points))
    assert all(0 <= x <= LINE_WIDTH and 0 <= y <= LINE_HEIGHT for x, y in line.corners)
    assert [x for x, _ in line.corners] == sorted(x for x, _ in line.corners)
    assert (line.first, line.last) == (min(series), max(series))


@given(st.dictionaries(years, st.integers(-1000, 1000).map(float), min_size=2))
def test_a_greater_value_never_lies_lower(series: dict[int, float]) -> None:
    line = sparkline(sorted(series.items()))
    assert line is not None
    heights = dict(zip(sorted(series), (y for _, y in line.corners), strict=True))
    ordered = [heights[year] for year in sorted(series, key=series.__getitem__)]
    assert ordered == sorted(ordered, reverse=True)


def test_a_missing_year_leaves_its_room_and_what_never_changes_is_a_level_line_in_the_middle() -> None:
    line, level = sparkline([(2020, 1.0), (2021, 2.0), (2024, 3.0)]), sparkline([(2020, 5.0), (2021, 5.0)])
    assert line is not None
    assert level is not None
    (first, _), (second, _), (third, _) = line.corners
    assert third - second == pytest.approx(3 * (second - first), abs=0.2)
    assert {y for _, y in level.corners} == {LINE_HEIGHT / 2}


def test_less_than_two_years_are_no_line() -> None:
    assert [sparkline(points) for points in ([], [(2024, 1.0)], [(2024, 1.0), (2024, 2.0)])] == [None] * 3
