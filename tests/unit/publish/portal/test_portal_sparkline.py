"""A sparkline lies within its picture, shows rises as rises and gaps as gaps, and is markup without styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader
from selectolax.lexbor import LexborHTMLParser

from publish.portal.model.sparkline import HEIGHT, WIDTH, sparkline

if TYPE_CHECKING:
    from random import Random

years = st.integers(1900, 2100)
values = st.floats(-1e12, 1e12, allow_nan=False)


@given(st.dictionaries(years, values, min_size=2), st.randoms(use_true_random=False))
def test_every_corner_lies_in_the_picture_and_years_go_right(series: dict[int, float], chance: Random) -> None:
    points = list(series.items())
    chance.shuffle(points)
    line = sparkline(points)
    assert line is not None
    assert line == sparkline(sorted(points))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in line.corners)
    assert [x for x, _ in line.corners] == sorted(x for x, _ in line.corners)
    assert (line.first, line.last) == (min(series), max(series))


@given(st.dictionaries(years, st.integers(-1000, 1000).map(float), min_size=2))
def test_a_greater_value_never_lies_lower(series: dict[int, float]) -> None:
    line = sparkline(sorted(series.items()))
    assert line is not None
    heights = dict(zip(sorted(series), (y for _, y in line.corners), strict=True))
    ordered = [heights[year] for year in sorted(series, key=series.__getitem__)]
    assert ordered == sorted(ordered, reverse=True)


@given(st.dictionaries(years, values, min_size=2), st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(series: dict[int, float], chance: object) -> None:
    shuffled = list(series.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    assert sparkline(shuffled) == sparkline(sorted(series.items()))


def test_a_missing_year_leaves_its_room_and_what_never_changes_is_a_level_line_in_the_middle() -> None:
    line, level = sparkline([(2020, 1.0), (2021, 2.0), (2024, 3.0)]), sparkline([(2020, 5.0), (2021, 5.0)])
    assert line is not None
    assert level is not None
    (first, _), (second, _), (third, _) = line.corners
    assert third - second == pytest.approx(3 * (second - first), abs=0.2)
    assert {y for _, y in level.corners} == {HEIGHT / 2}


def test_less_than_two_years_are_no_line() -> None:
    assert [sparkline(points) for points in ([], [(2024, 1.0)], [(2024, 1.0), (2024, 2.0)])] == [None] * 3


@pytest.mark.parametrize("drawn", [True, False])
def test_the_macro_prints_a_picture_that_screen_readers_pass_over_or_nothing(*, drawn: bool) -> None:
    environment = Environment(loader=PackageLoader("publish.portal"), autoescape=True)
    page = environment.from_string('{% from "sparkline.html" import spark %}{{ spark(line) }}')
    html = page.render(line=sparkline([(2023, 1.0), (2024, 2.0)]) if drawn else None)
    pictures = LexborHTMLParser(html).css("svg")
    assert len(pictures) == drawn
    assert "style" not in html
    assert all(picture.attributes["aria-hidden"] == "true" for picture in pictures)
    assert [dot.attributes["cx"] for dot in LexborHTMLParser(html).css("circle")] == [str(WIDTH - 3)] * drawn
