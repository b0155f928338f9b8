"""Which key each observation of a document gets: two different numbers never share one, and a key is stable."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_readings import Mark, material, reading, tables

from publish.tables.from_readings import read_tables
from publish.tables.observation_keys import base_value, current_by_key, statements
from schemas.codelists import Bound, Origin
from schemas.reading import Reading
from schemas.tables.pandera_models import examine

AREA = "CN-442000-torch"
FIRMS = "2024年新增企业30家，其中民众街道新增企业12家，张家边新增企业12家，健康基地新增企业9家。"


def firm(printed: str, value: float, subject: str = "新增企业", **changes: object) -> Mark:
    mark = Mark(printed=printed, value=value, unit="家", subject=subject, indicator="x:新增企业")
    return replace(mark, **changes)  # type: ignore[arg-type] # fields by name


def keys(*marks: Mark, text: str = FIRMS) -> list[str]:
    """What tells the keys of a document's observations apart, in the order of its text."""
    found = statements(reading("post-9", text, marks), AREA)
    return [statement.obs_id.split("|")[1] for statement in found]


def test_the_first_of_different_numbers_keeps_the_plain_key_and_the_same_number_again_has_the_same() -> None:
    marks = (firm("30家", 30), firm("12家", 12, "分区"), firm("12家", 12, "分区", nth=1))
    assert keys(*marks) == ["x:新增企业", "x:新增企业~分区", "x:新增企业~分区"]


def test_the_same_subject_is_told_apart_by_the_words_before_the_number_and_at_last_by_its_place() -> None:
    marks = (firm("30家", 30), firm("9家", 9), firm("12家", 12))
    assert keys(*marks) == ["x:新增企业", "x:新增企业~其中民众街道新增企业", "x:新增企业~健康基地新增企业"]
    assert keys(*marks, text="30家，12家，9家。") == ["x:新增企业", "x:新增企业~2", "x:新增企业~3"]


def test_a_number_that_changes_keeps_the_key_that_its_words_gave_it() -> None:
    changed = FIRMS.replace("9家", "19家")
    before = keys(firm("30家", 30), firm("9家", 9))
    assert keys(firm("30家", 30), firm("19家", 19), text=changed) == before


def test_a_numeral_in_words_before_it_does_not_move_a_key() -> None:
    marks = (firm("30家", 30), firm("9家", 9))
    texts = [f"新增30家，比百分之{share}更多的是一般企业9家。" for share in ("九点四", "十七")]
    assert keys(*marks, text=texts[0]) == keys(*marks, text=texts[1]) == ["x:新增企业", "x:新增企业~比更多的是一般企业"]


def test_another_bound_unit_or_upper_end_is_another_number() -> None:
    plain = firm("30家", 30)
    changes: tuple[dict[str, Any], ...] = {"bound": Bound.ABOVE}, {"upper": 40.0}, {"unit": "人"}
    for other in (firm("12家", 30, **change) for change in changes):
        assert len(set(keys(plain, other))) == 2


def test_the_same_amount_in_another_magnitude_is_the_same_number() -> None:
    text = "投资1.2亿元，即12000万元。"
    mark = Mark(printed="1.2亿元", value=1.2, unit="亿元", subject="投资", indicator="x:投资")
    again = replace(mark, printed="12000万元", value=12000, unit="万元")
    assert keys(mark, again, text=text) == ["x:投资", "x:投资"]


def test_hostile_words_cannot_break_the_key() -> None:
    text = "a|b~c\td 30家，x|y z~ 12家。"
    marks = (firm("30家", 30, "a|b~c\td"), firm("12家", 12, "x|y z~"))
    assert examine("observations", tables(reading("post-9", text, marks))["observations"]) == ()
    assert keys(*marks, text=text) == ["x:新增企业", "x:新增企业~xyz"]


@pytest.mark.parametrize(
    ("value", "unit_mult", "base"),
    [
        (573.72, 8, 5.7372e10),
        (0.1, 12, 1e11),
        (1.15, 2, 115.0),
        (12.0, -3, 0.012),
        (-40.9, 0, -40.9),
        (0.0, 8, 0.0),
    ],
)
def test_the_base_value_is_rounded_once(value: float, unit_mult: int, base: float) -> None:
    assert base_value(value, unit_mult) == base


@given(st.decimals(-(10**9), 10**9, places=4).map(float), st.integers(0, 12))
def test_the_base_value_is_the_value_in_another_unit(value: float, unit_mult: int) -> None:
    assert math.isclose(base_value(value, unit_mult), value * 10.0**unit_mult, rel_tol=1e-12)


VALUES = st.integers(1, 6)
SUBJECTS = st.sampled_from(["新增企业", "企业", "a|b", "~", "", "企业 二"])
STATED = st.lists(st.tuples(VALUES, SUBJECTS, st.sampled_from(list(Bound))), min_size=1, max_size=12)


def document(stated: list[tuple[int, str, Bound]]) -> tuple[str, tuple[Mark, ...]]:
    """A text that states these numbers one after the other, each under the same indicator."""
    printed = [f"第{chr(0x4E00 + place)}片{value}家" for place, (value, _, _) in enumerate(stated)]
    told = zip(printed, stated, strict=True)
    return "，".join(printed), tuple(firm(words, value, who, bound=bound) for words, (value, who, bound) in told)


@settings(max_examples=80)
@given(STATED, st.randoms())
def test_one_key_is_one_amount_in_whatever_order_a_reader_lists_what_a_document_states(
    stated: list[tuple[int, str, Bound]], chance: Random
) -> None:
    report = reading("post-9", *document(stated))
    found = statements(report, AREA)
    amounts: dict[str, set[tuple[float, Bound]]] = {}
    for one in found:
        amounts.setdefault(one.obs_id, set()).add((one.observation.value, one.observation.bound))
    assert all(len(amount) == 1 for amount in amounts.values())
    assert {amount for held in amounts.values() for amount in held} == {(value, bound) for value, _, bound in stated}
    shuffled = replace(report, observations=tuple(chance.sample(report.observations, len(report.observations))))
    assert [one.obs_id for one in statements(shuffled, AREA)] == [one.obs_id for one in found]


@settings(max_examples=10)
@given(STATED)
def test_whatever_a_document_states_its_rows_are_sound(stated: list[tuple[int, str, Bound]]) -> None:
    text, marks = document(stated)
    built = read_tables(material(reading("post-9", text, marks)))
    codes = {finding.code for table, frame in built.items() for finding in examine(table, frame)}
    assert codes <= {"observations_subject"}


def test_of_several_mentions_the_first_is_the_row() -> None:
    found = statements(reading("post-9", FIRMS, (firm("12家", 12), firm("12家", 12, nth=1))), AREA)
    (held,) = current_by_key(found).values()
    assert held.observation.span.start == FIRMS.index("12家")


OUTPUT = Mark(printed="573.72亿元", value=573.72, unit="亿元", subject="地区生产总值", indicator="gdp")
OLD, NEW = date(2024, 1, 18), date(2025, 1, 20)


def stated(printed: str, origin: Origin, published_on: date | None, document_id: str = "post-1") -> Reading:
    """A document of one sentence that states output."""
    mark = replace(OUTPUT, printed=f"{printed}亿元", value=float(printed))
    report = reading(document_id, f"地区生产总值{printed}亿元。", (mark,), published_on=published_on)
    return replace(report, origin=origin)


def holds(*readings: Reading) -> float:
    """The value that holds for the one key of these documents."""
    (held,) = current_by_key(one for each in readings for one in statements(each, AREA)).values()
    return held.observation.value


def test_what_a_report_states_beats_what_was_entered_by_hand_whatever_its_day() -> None:
    for published_on, entered in product((OLD, NEW, None), (OLD, NEW, date(2026, 1, 1), None)):
        report = stated("573.72", Origin.REPORT, published_on)
        by_hand = stated("531.48", Origin.REVIEWED, entered, "reviewed-0123456789ab")
        assert holds(report, by_hand) == holds(by_hand, report) == 573.72, (published_on, entered)


def test_of_two_entered_by_hand_the_later_holds_and_of_two_reports_too() -> None:
    for origin in Origin:
        older, newer = stated("1", origin, OLD, "b"), stated("2", origin, NEW, "a")
        assert holds(older, newer) == holds(newer, older) == 2


def test_what_was_entered_by_hand_holds_where_no_report_states_it() -> None:
    by_hand = stated("531.48", Origin.REVIEWED, OLD)
    (row,) = tables(by_hand)["observations"].to_dicts()
    assert (row["value"], row["origin"]) == (531.48, "reviewed")
