"""A table drawn for the eye: Chinese takes two columns, nothing runs over the width, and nothing hostile acts."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from support.report_readings import tables

from flows.cli.tables import WIDEST, render_table
from schemas.tables.columns import TABLES

DAYS = [date(2026, 6, 1), None, date(2026, 6, 30)]
FRAME = pl.DataFrame({"name": ["地区生产总值", "R&D", ""], "value": [573.72, -0.5, None], "day": DAYS})


def column_of(line: str, word: str) -> int:
    """In which column of the terminal a word begins."""
    return cell_len(line[: line.index(word)])


def test_every_row_stands_under_the_headings_with_empty_cells_for_what_is_not_known() -> None:
    heading, rule, *lines = render_table(FRAME, "own", None).splitlines()
    assert heading.split() == ["name", "value", "day"]
    assert set(rule) <= {"─", " "}
    cells = [["地区生产总值", "573.72", "2026-06-01"], ["R&D", "-0.5"], ["2026-06-30"]]
    assert [line.split() for line in lines] == cells
    assert render_table(FRAME.clear(), "own", None).splitlines()[0].split() == heading.split()


def test_columns_stand_one_under_the_other_though_chinese_is_wider_and_numbers_at_the_right() -> None:
    heading, _, first, second, third = render_table(FRAME, "own", None).splitlines()
    assert column_of(heading, "day") == column_of(first, "2026-06-01") == column_of(third, "2026-06-30")
    ends = {column_of(line, word) + len(word) for line, word in ((first, "573.72"), (second, "-0.5"))}
    assert ends == {column_of(heading, "value") + len("value")}


def test_every_published_table_can_be_drawn_with_all_its_columns() -> None:
    for table, columns in TABLES.items():
        heading = render_table(tables()[table], table, None).splitlines()[0].split()
        assert sorted(heading) == sorted(column.name for column in columns)


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
@pytest.mark.parametrize("table", ["observations", "vintages", "numbers", "documents"])
def test_nothing_runs_over_the_width_and_what_does_not_fit_is_named(table: str, width: int) -> None:
    drawing, _, rest = render_table(tables()[table], table, width).partition("\nnot shown for want of room: ")
    lines = drawing.splitlines()
    assert max(cell_len(line) for line in lines) <= width
    shown = lines[0].split()
    assert shown
    if width > 40:
        assert sorted([*shown, *rest.replace(",", " ").split()]) == sorted(column.name for column in TABLES[table])


def test_what_matters_comes_first() -> None:
    heading = render_table(tables()["observations"], "observations", 80).splitlines()[0].split()
    assert heading[:5] == ["label_zh", "measure", "period", "status", "bound"]


def test_a_long_cell_is_cut_on_a_terminal_and_whole_elsewhere() -> None:
    frame = pl.DataFrame({"quote": ["数" * 200], "end": ["x"]})
    narrow = render_table(frame, "own", 100).splitlines()
    assert max(cell_len(line) for line in narrow) <= WIDEST + len("  end") + 1
    assert "数" * 200 in render_table(frame, "own", None)


@pytest.mark.parametrize("words", ["\x1b[31mred\x1b[0m", "a\nb", "a\tb", "\x07", "\u202eabc", "\x9b2J", "\u200b"])
def test_what_a_terminal_would_act_upon_is_shown_as_a_mark(words: str) -> None:
    text = render_table(pl.DataFrame({"quote": [words]}), "own", None)
    assert not set("\x1b\t\x07\u202e\x9b\u200b") & set(text)
    assert len(text.splitlines()) == 3
    assert "\ufffd" in text


@pytest.mark.parametrize("words", ["[bold]x[/bold]", "[/]", "[link=http://x]y", ":smile:", "{0}"])
def test_marks_of_the_drawing_library_stay_what_they_are(words: str) -> None:
    assert words in render_table(pl.DataFrame({"quote": [words]}), "own", None)


@settings(max_examples=60)
@given(
    cells=st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5),
    width=st.integers(min_value=10, max_value=60),
)
def test_any_text_keeps_to_its_line_and_to_the_width(cells: list[str], width: int) -> None:
    lines = render_table(pl.DataFrame({"a": cells, "b": cells[::-1]}), "own", width).split("\n")
    drawing = lines[: 2 + len(cells)]
    assert all(cell_len(line) <= width for line in drawing)
