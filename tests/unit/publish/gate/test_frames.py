"""What the gate measures: spans against texts, numbers against observations, levels against ranges."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from support.report_readings import TEXT_2023, TEXT_2024, tables, texts

from publish.gate.measures import check_columns, cut_spans, mismatched_spans
from schemas.tables.columns import frame_schema

WORDS = st.text(alphabet="一二三亿元573.72，。\n𠮷👍é", min_size=1, max_size=30)


def row(document: str, start: int, end: int, text: str) -> dict[str, object]:
    place = {"document": document, "char_start": start, "char_end": end}
    return {"obs_id": f"{document}:{start}", **place, "obs_text": text}


def levels(*cells: tuple[str, str, str, float]) -> list[bool]:
    """Whether each of these numbers is likely: indicator, measure, unit code, base value."""
    built = tables()
    template = built["observations"].row(0, named=True)
    rows = [
        template | {"indicator": indicator, "measure": measure, "unit_code": code, "value_base": value}
        for indicator, measure, code, value in cells
    ]
    frame = pl.DataFrame(rows, schema=frame_schema("observations"))
    return check_columns({**built, "observations": frame}, texts())["observations"]["likely"].to_list()


class TestSpans:
    @given(WORDS, st.data())
    def test_a_span_that_was_cut_from_a_text_is_in_place(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        frame = pl.DataFrame([row("d", start, end, text[start:end])])
        assert mismatched_spans(frame, {"d": text}) == []

    @given(WORDS, WORDS)
    def test_a_span_is_in_place_only_if_it_cuts_its_own_characters(self, text: str, claimed: str) -> None:
        frame = pl.DataFrame([row("d", 0, len(claimed), claimed)])
        assert (mismatched_spans(frame, {"d": text}) == []) is text.startswith(claimed)

    def test_characters_are_code_points_and_not_bytes(self) -> None:
        frame = pl.DataFrame([row("d", 2, 5, "五亿元")])
        assert mismatched_spans(frame, {"d": "𠮷👍五亿元"}) == []

    def test_a_document_without_a_text_cuts_nothing(self) -> None:
        frame = pl.DataFrame([row("d", 0, 1, "五"), row("e", 0, 1, "五")])
        assert cut_spans(frame, {"d": "五"}).to_list() == ["五", None]
        assert mismatched_spans(frame, {"d": "五"}) == ["e:0"]


class TestMeasured:
    def test_of_a_sound_release_everything_holds_in_the_order_of_the_tables(self) -> None:
        built = tables()
        frames = check_columns(built, texts())
        for table, key in (("observations", "obs_id"), ("documents", "document"), ("numbers", "document")):
            assert frames[table][key].equals(built[table][key])
        assert frames["observations"].select(pl.all_horizontal("spans", "stated", "likely").all()).item()
        assert frames["numbers"]["accounted"].all()
        assert frames["documents"]["complete"].all()
        assert frames["documents"]["unread_share"].to_list() == [0.0, 0.0]

    def test_a_level_is_held_against_the_range_of_its_indicator_in_its_unit(self) -> None:
        values = (573.72e8, 0.1e8, 0.09e8, -573.72e8, 573.72e14)
        assert levels(*(("gdp", "level", "CNY", value) for value in values)) == [True, True, False, False, False]
        assert levels(("gdp~海洋", "level", "CNY", 1e30)) == [False]
        rest = ("gdp", "growth", "CNY", 1e30), ("gdp", "level", "person", 1e30), ("x:公园", "level", "CNY", 1e30)
        assert all(levels(*rest))

    def test_an_indicator_with_an_open_end_takes_any_amount_beyond_it(self) -> None:
        built = tables()
        open_ended = built["indicators"].with_columns(range_max=pl.lit(None, dtype=pl.Float64))
        frame = built["observations"].with_columns(value_base=pl.lit(1e30))
        frames = check_columns({**built, "indicators": open_ended, "observations": frame}, texts())
        assert frames["observations"]["likely"].all()

    def test_a_digit_counts_where_no_number_holds_it(self) -> None:
        for text in ("7" + TEXT_2023[1:], TEXT_2023[:-1] + "7"):
            complete = check_columns(tables(), {"post-1": text, "post-2": TEXT_2024})["documents"]["complete"].to_list()
            assert complete == [text.startswith("7"), True]

    def test_a_document_without_numbers_has_none_unread(self) -> None:
        built = tables()
        bare = built["documents"].with_columns(claimed=0, ignored=0, unread=0)
        assert check_columns({**built, "documents": bare}, texts())["documents"]["unread_share"].to_list() == [0.0, 0.0]
