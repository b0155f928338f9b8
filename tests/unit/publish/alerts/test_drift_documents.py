"""Documents that became others: another title or date, numbers that were not there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.table_rows import Text, drifted, edited, growth, level, release

from publish.drift.content import DriftLimits
from schemas.codelists import Severity

GDP, MORE = level(573.72), growth(3.5)
WAS = Text()
NOW = replace(WAS, version="b")


def told(text: Text) -> dict[str, object]:
    found = drifted(release(GDP, texts=(WAS,)), release(GDP, texts=(text,)))
    return {code: one.evidence for code, one in found.items()}


@pytest.mark.parametrize("change", [{"title": "2023年工作总结"}, {"published_on": "2035-05-29"}, {"published_on": ""}])
def test_another_title_or_date_is_another_document(change: dict[str, Any]) -> None:
    text = replace(NOW, **change)
    was, now = (f"{one.title}, {one.published_on or 'no date'}" for one in (WAS, text))
    assert told(text) == {"document_replaced": (f"report-2024: was {was} | is {now}",)}


def test_a_reader_that_sees_another_title_in_the_same_text_replaces_nothing() -> None:
    assert told(replace(WAS, title="2023年工作总结")) == {}


def test_a_number_more_in_a_released_document_is_held_with_its_clause() -> None:
    found = edited((GDP,), (GDP, MORE))["numbers_added"]
    assert (found.severity, found.count, found.where) == (Severity.HOLD, 1, "report-2024")
    assert "gdp|growth||2024|actual: was nothing | is 3.5%" in found.evidence[0]


def test_an_operator_may_let_some_be_added() -> None:
    texts = (WAS,), (NOW,)
    before, after = release(GDP, texts=texts[0]), release(GDP, MORE, texts=texts[1])
    assert "numbers_added" not in drifted(before, after, DriftLimits(most_added=1))
    assert "numbers_added" in drifted(before, after, DriftLimits(most_added=0))


def test_a_date_in_another_form_is_the_same_date() -> None:
    for printed in ("2025年5月29日", "2025-5-29", "2025-05-29 10:20"):
        assert told(replace(NOW, published_on=printed)) == {}, printed


def test_a_number_for_a_number_is_a_correction() -> None:
    assert "numbers_added" not in edited((GDP,), (MORE,))
    assert "numbers_added" not in edited((GDP, MORE), (GDP,))


def test_what_a_new_document_says_is_not_added_to_one() -> None:
    other = level(600, document="report-2025", period="2025")
    assert drifted(release(GDP), release(GDP, other)).keys() <= {"indicators_new"}


def test_numbers_that_nobody_publishes_warn() -> None:
    texts = (WAS,), (replace(NOW, numbers=WAS.numbers + 1),)
    found = drifted(release(GDP, texts=texts[0]), release(GDP, texts=texts[1]))["numbers_added"]
    assert (found.severity, found.evidence) == (Severity.WARN, ("report-2024: was 100 numbers | is 101",))


def test_who_enters_facts_by_hand_adds_to_them() -> None:
    mine = replace(WAS, origin="reviewed"), replace(NOW, origin="reviewed", numbers=200, title="另一引文")
    found = drifted(release(GDP, texts=mine[:1]), release(GDP, MORE, texts=mine[1:]))
    assert not {"numbers_added", "document_replaced"} & found.keys()
