"""Grids: no markup and no text breaks them, and their cost grows with the text."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.growth import grows_linearly
from support.table_pages import Row, markup, page_document, text_document

from raw.extract.observations import read
from schemas.document import Document

TITLE = "甲市2025年国民经济和社会发展统计公报"
TAGS = ("table", "tr", "td", "th", "tbody", "caption", "p", "br")
WORDS = st.sampled_from(
    ("指标", "单位：万元", "2025年", "12.5", "-", "增长（%）", "其中：", "合计", "一、", "", "3", "a|b", "注：略。")
)
SPANS = st.sampled_from(("", " colspan=2", " rowspan=3", " colspan=0", " rowspan=99999", " colspan=1000", " rowspan=x"))
PIECES = st.builds("<{}{}{}>{}".format, st.sampled_from(("", "/")), st.sampled_from(TAGS), SPANS, WORDS)
MOST_CELLS = 100_000


def check(document: Document) -> None:
    """The tables lie in the body without overlap, their cells in order inside the grid, and all of it can be read."""
    spans = [document.body, *(table.span for table in document.tables), document.body]
    assert all(table.span.start >= document.body.start for table in document.tables)
    assert all(one.end <= other.start for one, other in pairwise(spans[1:-1]))
    for table in document.tables:
        assert all(one.span.end <= other.span.start for one, other in pairwise(table.cells))
        assert all(0 <= cell.row < cell.row + cell.rows <= table.height for cell in table.cells)
        assert all(0 <= cell.column < cell.column + cell.columns <= table.width for cell in table.cells)
    observations, numbers = read(document)
    assert all(item.span.cut(document.text) == item.obs_text for item in observations)
    assert all(item.obs_text in item.quote and item.quote in document.text for item in observations)
    assert all(one.span.end <= other.span.start for one, other in pairwise(numbers))


@given(st.lists(PIECES, max_size=40))
def test_any_markup_makes_grids_or_none(pieces: list[str]) -> None:
    check(page_document(TITLE, "".join(pieces)))


@given(st.lists(st.lists(WORDS, max_size=5), max_size=8), st.sampled_from(("\t", "|", " ", "  ", "\n")))
def test_any_lines_make_grids_or_none(rows: list[list[str]], separator: str) -> None:
    check(text_document(TITLE, "\n".join(separator.join(row) for row in rows)))


def page_of(cells: int) -> str:
    rows = [["指标", *(f"{year}年（亿元）" for year in range(2016, 2025))]]
    rows += [[f"指标{row}产值", *(f"{row}.{column}" for column in range(9))] for row in range(cells // 10)]
    return markup(rows)


def test_a_table_of_a_hundred_thousand_cells_is_read_in_linear_time() -> None:
    counts: dict[int, int] = {}

    def count(cells: int) -> None:
        counts[cells] = len(read(page_document(TITLE, page_of(cells)))[0])

    assert grows_linearly(count, MOST_CELLS)
    assert counts[MOST_CELLS] == MOST_CELLS // 10 * 9


def test_tables_in_text_are_read_in_linear_time() -> None:
    lines = {
        "blanks": "产值 1.5 2.5\n",
        "cells": "产值\n1.5\n2.5\n",
        "words": "产值\n",
        "numbers": "1.5\n",
        "bars": "|产值|1.5|\n",
        "headers": "（%）\n",
    }

    def read_lines(line: str, size: int) -> None:
        read(text_document(TITLE, (line * size)[:size]))

    slow = [name for name, line in lines.items() if not grows_linearly(partial(read_lines, line), 8_000)]
    assert slow == []


def test_spans_that_cover_more_than_a_table_has_cost_no_memory() -> None:
    rows: list[Row] = [[("指标", "rowspan=60000 colspan=1000"), "12.5"]] * 2_000
    check(page_document(TITLE, markup(rows)))
