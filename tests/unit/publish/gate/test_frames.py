"""What the gate measures: spans against texts, numbers against observations, levels against ranges."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from support.report_readings import TEXT_2023, TEXT_2024, tables, texts

from infra.settings import TARGET_SHARES, YEARS_AROUND
from publish.gate.measures import MACRO_CORE, check_columns, cut_spans, mismatched_spans
from schemas.codelists import DocumentKind
from schemas.tables.columns import frame_schema
from schemas.tables.frames import Tables

WORDS = st.text(alphabet="一二三亿元573.72，。\n𠮷👍é", min_size=1, max_size=30)


def row(document: str, start: int, end: int, text: str) -> dict[str, object]:
    place = {"document": document, "char_start": start, "char_end": end}
    return {"obs_id": f"{document}:{start}", **place, "obs_text": text}


def measured(built: Tables, said: dict[str, str] | None = None) -> Mapping[str, pl.DataFrame]:
    return check_columns(built, texts() if said is None else said)


def likely(*cells: tuple[str, str, str, float]) -> list[bool]:
    """Whether each of these numbers is within its range: indicator, measure, unit code, base value."""
    built = tables()
    template = built["observations"].row(0, named=True)
    names = ("indicator", "measure", "unit_code", "value_base")
    rows = [template | {"obs_id": f"{place}"} | dict(zip(names, cell, strict=True)) for place, cell in enumerate(cells)]
    frame = pl.DataFrame(rows, schema=frame_schema("observations"))
    return within(measured({**built, "observations": frame})["observations"])


def within(frame: pl.DataFrame) -> list[bool]:
    return frame.select(pl.col("value_base").is_between("range_min", "range_max"))["value_base"].to_list()


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
    def test_of_a_sound_release_nothing_is_missing_in_the_order_of_the_tables(self) -> None:
        built = tables()
        frames = measured(built)
        for table, key in (("observations", "obs_id"), ("documents", "document"), ("numbers", "document")):
            assert frames[table][key].equals(built[table][key])
        assert frames["observations"]["cut"].equals(built["observations"]["obs_text"], null_equal=True)
        assert frames["observations"]["numbers_stating"].min() == 1
        assert frames["numbers"]["unpublished_rows"].to_list() == [0] * built["numbers"].height
        shares = ("uncounted_digits", "unread_share", "misdated_share", "colliding_share", "incomplete_share")
        assert all(frames["documents"][share].to_list() == [0, 0] for share in shares)
        assert frames["documents"]["target_share"].to_list() == [0.0, 0.2]

    def test_a_level_is_held_against_the_range_of_its_indicator_in_its_unit(self) -> None:
        values = (573.72e8, 0.1e8, 0.09e8, -573.72e8, 573.72e14)
        assert likely(*(("gdp", "level", "CNY", value) for value in values)) == [True, True, False, False, False]
        assert likely(("gdp~海洋", "level", "CNY", 1e30)) == [False]
        rest = ("gdp", "growth", "CNY", 1e30), ("gdp", "level", "person", 1e30), ("x:公园", "level", "CNY", 1e30)
        assert all(likely(*rest))

    def test_an_indicator_with_an_open_end_takes_any_amount_beyond_it(self) -> None:
        built = tables()
        open_ended = built["indicators"].with_columns(range_max=pl.lit(None, dtype=pl.Float64))
        frame = built["observations"].with_columns(value_base=pl.lit(1e30))
        assert all(within(measured({**built, "indicators": open_ended, "observations": frame})["observations"]))

    def test_a_digit_counts_where_no_number_holds_it(self) -> None:
        for text, uncounted in (("7" + TEXT_2023[1:], 0), (TEXT_2023[:-1] + "7", 1)):
            frames = measured(tables(), {"post-1": text, "post-2": TEXT_2024})
            assert frames["documents"]["uncounted_digits"].to_list() == [uncounted, 0]

    def test_a_document_without_numbers_has_none_unread(self) -> None:
        built = tables()
        bare = built["documents"].with_columns(claimed=0, ignored=0, unread=0)
        assert measured({**built, "documents": bare})["documents"]["unread_share"].to_list() == [0.0, 0.0]

    def test_the_macro_core_and_the_kinds_of_the_limits_are_those_of_the_registry_and_the_code_list(self) -> None:
        assert set(MACRO_CORE) <= set(tables()["indicators"]["id"])
        assert set(TARGET_SHARES) | set(YEARS_AROUND) <= {kind.value for kind in DocumentKind}
