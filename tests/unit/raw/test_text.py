"""Canonical text: what a browser would show, nothing lost, each stretch with its way back to the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from support.growth import grows_linearly

from raw.page.canonical_text import Anchor, Canonical, joined, locate
from raw.page.html_to_text import MAX_DEPTH, canonical


def read(html: str) -> Canonical:
    body = LexborHTMLParser(html).body
    assert body is not None
    return canonical(body, "body")


def follow_back(html: str, content: Canonical) -> None:
    """Every anchor's path leads to one element, whose own text holds the stretch at the anchor's offset."""
    tree = LexborHTMLParser(html)
    for anchor in content.anchors:
        (node,) = tree.css(anchor.path)
        own = canonical(node, anchor.path).text
        stretch = content.text[anchor.start : anchor.end]
        assert own[anchor.offset : anchor.offset + len(stretch)] == stretch


LINES = "一\n二\n三"
BLOCKS = {
    "<p>一</p><p>二</p>": "一\n二",
    "<p>增长<span>107.8%</span><b>、</b><font>118%</font>。</p>": "增长107.8%、118%。",
    "<p>学习<a><i><u>28</u></i></a>次</p>": "学习28次",
    **dict.fromkeys(["<p>一<br>二<br/>三</p>", "<div>一<p>二</p>三</div>", "一<div></div>二<p> </p>三"], LINES),
    **dict.fromkeys(["<ul><li>一<li>二</ul>三", "<h2>一</h2>二<hr>三", "<p>一<p>二<div>三"], LINES),
    "<p>一<br><br>二<br></p><p>三</p>": "一\n\n二\n三",
    "<br><p><br>一</p>": "一",
}
SPACES = {
    "<p>  a \n\t b\r\n\f c  </p>": "a b c",
    "<p>a <b> b</b> c</p>": "a b c",
    "<p>a<b> </b>b</p>": "a b",
    "<p>a <br> b</p>": "a\nb",
    "<p>\u00a0a\u00a0 \u00a0</p>": "\u00a0a\u00a0 \u00a0",
    "<p>\u3000\u3000一、 二</p>": "\u3000\u3000一、 二",
    "<p>a\u200bb\ufeffc\u200d</p>": "a\u200bb\ufeffc\u200d",
    "<p>&nbsp;</p><p>一</p>": "\u00a0\n一",
    "<p>&amp;&lt;&#x3000;&emsp;&hellip;&ldquo;&#8451;</p>": "&<\u3000\u2003…“℃",
    "<p>&amp;nbsp;</p>": "&nbsp;",
    "<pre>\n 一\n\n  二 \n</pre>三": " 一\n\n  二 \n三",
}
TABLES = {
    "<table><tr><td>一</td><td>二</td></tr><tr><td>三</td><td>四</td></tr></table>": "一\t二\n三\t四",
    "<table>\n <tr>\n <th>一</th>\n <td>二</td>\n </tr>\n</table>三": "一\t二\n三",
    "<table><tr><td></td><td>二</td><td></td></tr><tr><td>三": "\t二\t\n三",
    "一<table><tr><td></td><td>二</td></tr></table>": "一\n\t二",
    "<table><tr><td><p>一</p></td><td><p>二</p><p>三</p></td><td>四</td></tr></table>": "一\t二\n三\t四",
    "<table><tr><td>一<br></td><td><br>二</td></tr></table>": "一\t二",
    "<table><tr><td>一<td><table><tr><td>二<td>三</table><td>四</table>五": "一\t二\t三\t四\n五",
    "<table><caption>表</caption><tbody><tr><td>一<tbody><tr><td>二</table>": "表\n一\n二",
}


@pytest.mark.parametrize("table", [BLOCKS, SPACES, TABLES], ids=["blocks", "white space", "tables"])
def test_a_text_is_what_a_browser_shows(table: dict[str, str]) -> None:
    assert {html: read(html).text for html in table} == table


def test_what_no_reader_sees_is_no_text() -> None:
    for tag in ("script", "style", "noscript", "template", "iframe"):
        assert read(f"<p>一<{tag}>var n = 3.5;</{tag}>二<!-- 三 --></p>").text == "一二"


def test_one_element_can_be_left_out() -> None:
    tree = LexborHTMLParser("<p>一</p><div id=x>二<p>三</p></div><p>四</p>")
    assert tree.body is not None
    content = canonical(tree.body, "body", without={node.mem_id for node in tree.css("#x")})
    assert content.text == "一\n四"
    assert content.anchors[-1].path == "body > p:nth-of-type(2)"


def test_an_anchor_names_the_block_and_counts_in_its_text() -> None:
    content = read("<h1>题</h1><div><p>一</p><p>二<b>三</b>\n 四<br>五</p></div>")
    assert content.text == "题\n一\n二三 四\n五"
    assert content.anchors == (
        Anchor(start=0, end=1, path="body > h1:nth-of-type(1)", offset=0),
        Anchor(start=2, end=3, path="body > div:nth-of-type(1) > p:nth-of-type(1)", offset=0),
        Anchor(start=4, end=10, path="body > div:nth-of-type(1) > p:nth-of-type(2)", offset=0),
    )


@pytest.mark.parametrize(
    "html",
    [
        "<div>一<p>二 <b>三</b></p> 四<p>五</p>六</div>七",
        "<table><tr><td></td><td><p>一</p>二</td></tr><tr><td>三<td><table><tr><td>四<td>五</table></table>六",
        "<o:p><div>一</div></o:p><x-y>二<div>三</div></x-y>",
        "<svg><foreignObject><p>一</p></foreignObject></svg>二",
        "<pre> 一<div>二</div>\n三</pre>四",
        "<pre>一<div>  二  三\n\n四 </div></pre>",
        "<p>一</p>文<p>二</p><ul><li>三<p>四</ul><span><p>五</p></span>",
    ],
)
def test_every_anchor_leads_back_to_its_characters(html: str) -> None:
    content = read(html)
    covered = {place for anchor in content.anchors for place in range(anchor.start, anchor.end)}
    shown = {place for place, character in enumerate(content.text) if not character.isspace()}
    assert shown
    assert shown <= covered
    follow_back(html, content)


TAGS = ("p", "div", "span", "b", "br", "td", "tr", "table", "li", "pre", "h1", "o:p", "svg", "script", "article")


TAG = st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])
WORD = st.sampled_from(["一", "二三", " ", "\n", "4.5%", "&nbsp;", "<!-- -->"])


@given(st.lists(TAG | WORD, max_size=25))
def test_anchors_lead_back_from_any_tag_soup(pieces: list[str]) -> None:
    html = "".join(pieces)
    content = read(html)
    ends = [0, *(end for anchor in content.anchors for end in (anchor.start, anchor.end)), len(content.text)]
    assert ends == sorted(ends)
    follow_back(html, content)


@given(st.lists(st.text(st.characters(categories=("L", "N"), include_characters="。,、%"), min_size=1)))
def test_no_paragraph_is_lost(paragraphs: list[str]) -> None:
    html = "".join(f"<p>{text}</p>\n" for text in paragraphs)
    assert read(html).text == "\n".join(paragraphs)


def test_locate_gives_the_element_and_the_offset_of_every_character() -> None:
    content = read("<p>一二</p><p>三四</p>")
    first, second = "body > p:nth-of-type(1)", "body > p:nth-of-type(2)"
    found = [locate(content.anchors, position) for position in range(len(content.text) + 1)]
    assert found == [(first, 0), (first, 1), (first, 2), (second, 0), (second, 1), (second, 2)]


def test_locate_stays_inside_the_text() -> None:
    anchors = (Anchor(start=5, end=7, path="p", offset=3),)
    assert [locate(anchors, position) for position in (0, 5, 6, 99)] == [("p", 3), ("p", 3), ("p", 4), ("p", 5)]
    assert locate((), 17) == ("", 17)  # without anchors a position is its own place


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_cut_keeps_the_way_back(one: int, other: int) -> None:
    start, end = sorted((one, other))
    html = "<p>一二三</p><div>四<p>五六</p>七</div>"
    content = read(html)
    piece = content.cut(start, end)
    assert piece.text == content.text[start:end]
    follow_back(html, piece)
    for position, character in enumerate(piece.text):
        if character != "\n":
            assert locate(piece.anchors, position) == locate(content.anchors, start + position)


def test_joined_texts_keep_their_ways_back_and_the_separator_belongs_to_none() -> None:
    one = Canonical(text="一二", anchors=(Anchor(start=0, end=2, path="h1", offset=0),))
    two = Canonical(text="三", anchors=(Anchor(start=0, end=1, path="p", offset=4),))
    whole = joined((one, Canonical(text="注"), two))
    assert whole.text == "一二\n注\n三"
    anchors = [(anchor.start, anchor.end, anchor.path, anchor.offset) for anchor in whole.anchors]
    assert anchors == [(0, 2, "h1", 0), (5, 6, "p", 4)]
    assert joined(()) == Canonical(text="")


def test_the_weight_of_a_text_counts_no_space_of_any_kind() -> None:
    assert Canonical(text=" 一\u00a0\u3000\n二\t3 ").weight == 3


def test_paths_stay_short_however_deep_a_page_nests() -> None:
    content = read("<div>一" * 2000)
    assert content.text.count("一") == 2000
    assert max(anchor.path.count(">") for anchor in content.anchors) == MAX_DEPTH
    assert grows_linearly(lambda depth: read("<div>一" * depth), 2000)


def test_what_lies_too_deep_leads_back_to_the_element_around_it() -> None:
    html = "<div>一" * (MAX_DEPTH + 40)
    follow_back(html, read(html))
