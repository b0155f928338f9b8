"""A document's text in pieces: nothing of it is lost, and each clause is one element with nothing else in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.requires import shared

from publish.portal.text.clause_layout import Clause, arrange_clauses, locate_clause
from publish.portal.text.paragraphs import Kind, MarkedNumber, Paragraph, split_paragraphs
from raw.extract.observations import read
from raw.page.parse import parse_text
from raw.reading import document_of
from schemas.document import Document, Period, Section, Span, TimeOrientation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXT = "公报\n一、总结\n全年完成GDP573.72亿元,增长3.5%;工业投资增长11.8%。\n\n二、部署\n增长6%以上。"


def span(words: str, text: str = TEXT) -> Span:
    return Span(start=text.index(words), end=text.index(words) + len(words))


def clause(anchor: str, words: str, number: str, text: str = TEXT) -> Clause:
    return Clause(anchor=anchor, quote=words, span=span(words, text), number=span(number, text))


def document(text: str = TEXT, *headings: tuple[int, str]) -> Document:
    back = partial(Section, label="一", path="一", period=Period.of(2024), outlook=TimeOrientation.BACK)
    starts = [text.rindex("\n", 0, text.index(title)) + 1 for _, title in headings]
    sections = [
        back(level=level, title=title, span=Span(start=start, end=len(text)))
        for start, (level, title) in zip(starts, headings, strict=True)
    ]
    body = Span(start=text.find("\n") + 1, end=len(text))
    return Document(title="公报", published_on=None, text=text, body=body, sections=tuple(sections))


@dataclass(slots=True, kw_only=True)
class Printed:
    """Paragraphs read as a browser reads them: the text of each, and that of each element with an address."""

    lines: list[str] = field(default_factory=list)
    elements: dict[str, str] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)


def printed(paragraphs: Iterable[Paragraph]) -> Printed:
    found = Printed()
    for paragraph in paragraphs:
        opened: list[str] = []
        for piece in paragraph.pieces:
            if piece.kind is Kind.OPEN:
                assert piece.anchor not in found.elements
                opened.append(piece.anchor)
                found.elements[piece.anchor] = ""
            elif piece.kind is Kind.CLOSE:
                opened.pop()
            for anchor in opened:
                found.elements[anchor] += piece.text
        assert opened == []
        found.lines.append("".join("…" if piece.kind is Kind.GAP else piece.text for piece in paragraph.pieces))
        found.beside |= paragraph.beside
    return found


def numbers(*words: str) -> list[MarkedNumber]:
    return [MarkedNumber(span=span(one), fate="claimed") for one in words]


def test_a_clause_is_an_element_and_its_number_a_piece_of_it() -> None:
    cited = [clause("a", "全年完成GDP573.72亿元", "573.72亿元"), clause("b", "增长3.5%", "3.5%")]
    paragraph = list(split_paragraphs(document(), numbers("573.72亿元", "3.5%", "11.8%"), cited, whole=True))[2]
    assert printed([paragraph]).elements == {"a": "全年完成GDP573.72亿元", "b": "增长3.5%"}
    assert [piece.text for piece in paragraph.pieces if piece.kind is Kind.NUMBER] == ["573.72亿元", "3.5%", "11.8%"]
    assert paragraph.ordinals == {"a": 1, "b": 2}


def test_clauses_that_are_the_same_words_lie_within_each_other() -> None:
    words = "增长3.5%;工业投资增长11.8%"
    cited = [clause("b", words, "11.8%"), clause("a", words, "3.5%")]
    found = printed(split_paragraphs(document(), [], cited, whole=True))
    assert found.elements == {"a": words, "b": words}
    assert found.beside == set()


@pytest.mark.parametrize("other", ["573.72亿元,增长3.5%", "3.5%;工业投资", "亿元,增长3.5%;工业"])
def test_a_clause_that_runs_across_another_is_quoted_beside_it(other: str) -> None:
    first = clause("a", "全年完成GDP573.72亿元,增长", "573.72亿元")
    second = clause("b", "增长3.5%;工业投资增长11.8%", "3.5%")
    found = printed(split_paragraphs(document(), [], [first, second, clause("c", other, "3.5%")], whole=True))
    assert found.elements.keys() | found.beside == {"a", "b", "c"}
    assert not found.elements.keys() & found.beside
    assert all(found.elements[one.anchor] == one.quote for one in (first, second) if one.anchor in found.elements)
    assert "b" in found.beside or "c" in found.beside


def test_a_clause_that_runs_across_a_paragraph_is_quoted_beside_it() -> None:
    found = printed(split_paragraphs(document(), [], [clause("a", "11.8%。\n\n二、部署", "11.8%")], whole=True))
    assert (found.elements, found.beside) == ({}, {"a"})


def test_a_number_that_runs_across_a_clause_is_marked_on_both_sides() -> None:
    cited = [clause("a", "全年完成GDP573", "573")]
    paragraphs = split_paragraphs(document(), numbers("573.72亿元"), cited, whole=True)
    pieces = [piece.text for one in paragraphs for piece in one.pieces if piece.kind is Kind.NUMBER]
    assert pieces == ["573", ".72亿元"]


def test_where_only_quotes_are_allowed_the_rest_is_gaps() -> None:
    cited = [
        clause("a", "增长3.5%", "3.5%"),
        clause("b", "工业投资增长11.8%", "11.8%"),
        clause("c", "增长6%以上", "6%"),
    ]
    found = printed(split_paragraphs(document(), numbers("573.72亿元", "3.5%"), cited, whole=False))
    assert found.lines == ["…增长3.5%…工业投资增长11.8%…", "增长6%以上…"]


def test_headings_follow_each_other_without_a_leap() -> None:
    text = "公报\n（一）稳中有进\n正文。\n一、总结\n（二）再上台阶\n二、增长6%以上，这是一个长长的句子，末了才说部署"
    made = document(text, (2, "稳中有进"), (1, "总结"), (2, "再上台阶"), (1, "部署"))
    paragraphs = list(split_paragraphs(made, [], [], whole=True))
    assert [one.heading for one in paragraphs] == [0, 3, 0, 3, 4, 0]
    places = [piece.anchor for one in paragraphs for piece in one.pieces if piece.kind is Kind.PLACE]
    assert places == [f"section-{section.span.start}" for section in made.sections]


def test_a_clause_is_found_around_its_number_and_not_where_else_it_stands() -> None:
    text = "增长5%。增长5%。增长5%。"
    assert locate_clause(text, "增长5%", Span(start=7, end=9)) == Span(start=5, end=9)
    assert locate_clause(text, "增长5", Span(start=7, end=9)) == Span(start=5, end=8)
    assert locate_clause(text, "下降5%", Span(start=7, end=9)) is None
    assert locate_clause(text, "", Span(start=7, end=9)) is None


SPANS = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12)).map(
    lambda at: Span(start=at[0], end=min(len(TEXT), at[0] + at[1]))
)


@given(cited=st.lists(SPANS, max_size=8), counted=st.lists(SPANS, max_size=6), whole=st.booleans())
def test_whatever_is_cited_the_text_is_whole_and_every_clause_exact_and_found_once(
    *, cited: Sequence[Span], counted: Sequence[Span], whole: bool
) -> None:
    clauses = [
        Clause(anchor=f"c{place}", quote=one.cut(TEXT), span=one, number=one)
        for place, one in enumerate(cited)
        if TEXT[one.start] != "\n"
    ]
    marked = [MarkedNumber(span=one, fate="unread") for one in _apart(counted)]
    found = printed(split_paragraphs(document(), marked, clauses, whole=whole))
    assert {one.anchor for one in clauses} == found.elements.keys() | found.beside
    assert all(found.elements.get(one.anchor, one.quote) == one.quote for one in clauses)
    if whole:
        assert found.lines == [line for line in TEXT.split("\n") if line]


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Numbers as a reader finds them: they never overlap, and none runs across a line."""
    kept: list[Span] = []
    for one in sorted(spans, key=lambda one: one.start):
        if "\n" not in one.cut(TEXT) and (not kept or kept[-1].end <= one.start):
            kept.append(one)
    return kept


def test_an_order_of_clauses_changes_nothing() -> None:
    cited = [clause("a", "全年完成GDP573.72亿元,增长", "573.72亿元"), clause("b", "增长3.5%", "3.5%")]
    lines = [Span(start=0, end=len(TEXT))]
    assert arrange_clauses(cited, lines) == arrange_clauses(cited[::-1], lines)


def test_in_whole_reports_every_clause_is_lit_up_exactly() -> None:
    for file in sorted(shared("reports", "provincial").glob("202[56]-*.txt"))[::9]:
        made = document_of(parse_text(file.read_text("utf-8")))
        observations, account = read(made)
        clauses = []
        for place, one in enumerate(observations):
            at = locate_clause(made.text, one.quote, one.span)
            assert at is not None, (file.name, one.quote)
            clauses.append(Clause(anchor=str(place), quote=one.quote, span=at, number=one.span))
        marked = [MarkedNumber(span=one.span, fate=one.fate.value) for one in account]
        found = printed(split_paragraphs(made, marked, clauses, whole=True))
        assert found.elements == {one.anchor: one.quote for one in clauses}
        assert found.lines == [line for line in made.text.split("\n") if line.strip()]
