from __future__ import annotations

import pytest
from support.case_tables import mapped

from raw.extract.mentions import find_mentions
from raw.extract.slots import NumberSlot, slots
from raw.numerals.scan import plain
from schemas.document import Span


def of(clause: str) -> list[NumberSlot]:
    text = plain(clause)
    return slots(text, Span(start=0, end=len(text)), list(find_mentions(text)))


def test_the_words_before_a_number_begin_after_the_number_before() -> None:
    found = of("完成投资30亿元增长5%")
    assert [slot.before for slot in found] == ["完成投资", "增长"]


def test_a_counted_noun_belongs_to_the_number_before_it() -> None:
    found = of("培育12家强村公司和3个示范点")
    assert [slot.counted for slot in found] == ["强村公司", "示范点"]
    assert found[1].before == "和"


def test_a_number_counts_what_stands_behind_it_but_money_nothing() -> None:
    counted = mapped("""投入26亿元改善民生 → | 90%的行政村通了公交 → 行政村通了公交 | 覆盖率达90% →
    连续3年荣获优秀 → 荣获优秀 | 22个集体、26名个人受到表彰 → 集体/个人受到表彰
    培育6个国家级、9个省级产业集群 → 国家级产业集群/省级产业集群""")
    assert {clause: "/".join(slot.counted for slot in of(clause)) for clause in counted} == counted
    assert of("6家单位获得省级奖励")[0].predicate == "获得省级奖励"


@pytest.mark.parametrize(
    ("clause", "joined"),
    [
        ("分别增长5%、7%", [False, True]),
        ("分别增长5%和7%", [False, True]),
        ("分别增长5%7%", [False, True]),
        ("增长5%利润下降7%", [False, False]),
    ],
)
def test_numbers_are_joined_where_only_a_joint_parts_them(clause: str, joined: list[bool]) -> None:
    assert [slot.continues_list for slot in of(clause)] == joined


def test_following_counts_the_numbers_joined_on() -> None:
    assert [slot.following for slot in of("分别增长5%、6%、7%")] == [2, 1, 0]
