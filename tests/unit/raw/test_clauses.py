from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import mapped

from raw.extract.clauses import clauses, following_noun, sentences
from schemas.document import Span


def whole(text: str) -> Span:
    return Span(start=0, end=len(text))


def parts(text: str) -> list[str]:
    return [clause.cut(text) for clause in clauses(text, whole(text))]


def noun(text: str) -> str:
    return following_noun(text, 0, len(text)).cut(text)


@pytest.mark.parametrize("mark", ["。", "！", "？", "；", ";", "\n"])
def test_each_mark_ends_a_sentence(mark: str) -> None:
    text = f"甲增长5%{mark}乙下降3%"
    assert [sentence.cut(text) for sentence in sentences(text, whole(text))] == ["甲增长5%", "乙下降3%"]


def test_only_the_body_has_sentences() -> None:
    text = "索引号。甲增长。页脚。"
    assert [one.cut(text) for one in sentences(text, Span(start=4, end=8))] == ["甲增长", ""]


def test_a_mark_between_digits_parts_no_clauses() -> None:
    texts = mapped("""产值5亿元，增长3% → 产值5亿元 增长3% | 产值5亿元,增长3% → 产值5亿元 增长3% | 新增2—4家 → 新增2—4家
    目标是：产值增长5% → 目标是 产值增长5% | 产值1,234亿元 → 产值1,234亿元 | 收入比2.3:1 → 收入比2.3:1""")
    assert {text: " ".join(parts(text)) for text in texts} == texts


def test_what_a_number_counts_ends_where_its_predicate_begins() -> None:
    counted = mapped("""强村公司，其中 → 强村公司 | 示范村和20个 → 示范村 | 省、市重点项目开工 → 省、市重点项目
    规模以上企业完成改造 → 规模以上企业 | 亿元以上项目落地 → 亿元以上项目 | “小巨人”企业 → “小巨人”企业
    60岁以上老人领取补贴 → 60岁以上老人领取补贴 | 吸引力强、带动面广的场景 → 吸引力强、带动面广的场景
    县(市、区) → 县(市、区) | ，增长 → | 增长5% → | 以上 → | 左右 → | 台阶 → | 居全市第一 → | 、利润 → | →""")
    assert {behind: noun(behind) for behind in counted} == counted


@given(st.text(alphabet="甲增长5%，,：。；\n—", max_size=60))
def test_clauses_and_their_marks_are_the_sentence(text: str) -> None:
    found = list(clauses(text, whole(text)))
    assert [one.start for one in found[1:]] == [one.end + 1 for one in found[:-1]]
    assert (found[0].start, found[-1].end) == (0, len(text))
