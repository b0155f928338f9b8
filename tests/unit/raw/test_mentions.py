"""Numbers with their units: what a number is followed by, ranges, bounds behind it, units that the last one lends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import grouped, mapped

from raw.extract.mentions import Mention, MentionKind, find_mentions
from raw.numerals.scan import plain, scan
from schemas.codelists import Bound


def one(text: str) -> Mention:
    """The one mention of a text."""
    (mention,) = find_mentions(plain(text))
    return mention


def printed(text: str) -> list[str]:
    return [text[mention.start : mention.end] for mention in find_mentions(plain(text))]


@pytest.mark.parametrize(
    ("parts", "kind"),
    grouped(
        {
            MentionKind.QUANTITY: """573.72_亿元 1.5_万亿元 12.4_亿美元 5.1_万 320_万人次 86_万平方米 21_微克/立方米
                5200_元/平方米 450_吨标准煤 9.6_亿千瓦时 130_万标准箱 1,026_家 １０５_个""",
            MentionKind.PERCENT: "3.5_% ３．５_％ 7.2_‰",
            MentionKind.POINTS: "1.2_个百分点 0.3_百分点",
            MentionKind.TIMES: "3.1_倍",
            MentionKind.RANK: "4_位",
            MentionKind.BARE: "573.72_",
        }
    ),
)
def test_a_number_takes_its_unit_with_it(parts: str, kind: MentionKind) -> None:
    number, unit = parts.split("_")
    mention = one(number + unit)
    assert (mention.value, mention.unit) == (float(plain(number).replace(",", "")), plain(unit))
    assert (mention.kind, mention.start, mention.end, mention.bound) == (kind, 0, len(parts) - 1, Bound.EXACT)


def test_numbers_in_words_are_read_as_statistics_give_them() -> None:
    table = mapped("""四成， → 40 % | 七成以上 → 70 % | 三分之一 → 33.33 % | 1/4 → 25 % | 百分之三点五 → 3.5 %
    一番 → 2 倍 | 两番 → 4 倍 | 百亿元 → 100 亿元 | 千人次 → 1000 人次 | 百万 → 100 万 | 四位 → 4 位""")
    assert {text: f"{one(text).value:.4g} {one(text).unit}" for text in table} == table


def test_a_few_more_may_stand_inside_the_magnitude_or_behind_it() -> None:
    table = mapped("""1800余万元 → 1800 万元 | 30多万人 → 30 万人 | 2000余人 → 2000 人 | 两千多家 → 2000 家
    十几万户 → 10 万户 | 5万余户 → 5 万户 | 3亿多元 → 3 亿元""")
    assert {text: f"{one(text).value:g} {one(text).unit}" for text in table} == table
    assert {(one(text).bound, one(text).end - len(text)) for text in table} == {(Bound.ABOVE, 0)}


@pytest.mark.parametrize(
    ("behind", "bound"),
    [*grouped({Bound.AT_LEAST: "以上", Bound.ABOUT: "左右 上下", Bound.AT_MOST: "以内 以下"}), ("", Bound.EXACT)],
)
def test_a_bound_behind_a_number_is_no_part_of_its_span(behind: str, bound: Bound) -> None:
    mention = one(f"5%{behind}，")
    assert (mention.bound, mention.end, mention.tail) == (bound, len("5%"), len(f"5%{behind}"))


def test_the_ends_of_a_range_are_one_mention() -> None:
    ranges = mapped("""4.5-5% → 4.5 5 % | 5.5%—6% → 5.5 6 % | 5.5％—６％ → 5.5 6 % | 3%至5% → 3 5 % | 3万到5万 → 3 5 万
    10~15家 → 10 15 家 | 10～15家 → 10 15 家 | 200——300亿元 → 200 300 亿元""")
    found = {text: one(text) for text in ranges}
    assert {text: f"{mention.value:g} {mention.upper:g} {mention.unit}" for text, mention in found.items()} == ranges
    assert all(mention.end == len(text) for text, mention in found.items())


def test_what_is_no_range_stays_two_numbers() -> None:
    pairs = mapped("""5%、6% → 5% 6% | 6%-5% → 6% 5% | 5家-6% → 5家 6% | 107.8%118% → 107.8% 118%
    42.9%53.9% → 42.9% 53.9% | 由61%提高到64% → 61% 64% | 提高2个百分点和5个百分点 → 2个百分点 5个百分点""")
    assert {text: " ".join(printed(text)) for text in pairs} == pairs
    assert {mention.upper for text in pairs for mention in find_mentions(plain(text))} == {None}


def test_the_decimals_of_a_range_are_those_of_its_finer_end() -> None:
    assert (one("4.5-5%").decimals, one("4-5.25%").decimals) == (1, 2)


def test_the_last_number_of_a_list_lends_its_unit_to_those_before_it() -> None:
    lists = mapped("""11.1、11.2个百分点 → 个百分点/个百分点 | 5、6和7家 → 家/家/家 | 3.2，4.1亿元 → 亿元/亿元
    5增长6家 → /家 | 5户、6家 → 户/家 | 5、第6位 → /位""")
    assert {text: "/".join(mention.unit for mention in find_mentions(plain(text))) for text in lists} == lists


@pytest.mark.parametrize(("text", "unit"), [("2.31:1", ":1"), ("2.31：1", ":1"), ("1:1.5", ":1.5")])
def test_one_to_another_is_a_ratio_and_one_mention(text: str, unit: str) -> None:
    mention = one(text)
    assert (mention.kind, mention.unit, mention.end) == (MentionKind.RATIO, unit, len(text))


def test_a_number_knows_whether_it_is_an_ordinal() -> None:
    assert [one(text).ordinal for text in ("第6位", "第六名", "6位", "前6位")] == [True, True, False, False]


@given(st.text(alphabet="0123456789.,%-—至、:第余多万亿元个家百分点成倍以上左右 ", max_size=60))
def test_mentions_stand_in_order_and_hold_every_numeral(text: str) -> None:
    found = find_mentions(plain(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(mention.start <= mention.end <= mention.tail <= len(text) for mention in found)
    for numeral in scan(plain(text)):
        assert any(mention.start <= numeral.start and numeral.end <= mention.end for mention in found)
