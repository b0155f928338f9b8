"""A source's words on pages: they act on nothing, and nothing of them is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from publish.portal.html.escape import MOST_CHARACTERS, escape_source_text, safe_link, shorten

DIRECTIONS = [chr(code) for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]


def read(markup: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!doctype html><p>{markup}</p>")


def words(page: LexborHTMLParser) -> str:
    (paragraph,) = page.css("p")
    return paragraph.text()


def test_markup_is_shown_as_text() -> None:
    text = "<script>alert(1)</script> & <img src=x onerror=alert(1)> \"a\" 'b' &lt;"
    page = read(escape_source_text(text))
    assert page.css("script, img") == []
    assert words(page) == text


def test_a_mark_of_direction_is_isolated_and_named_and_keeps_its_place() -> None:
    for sign in DIRECTIONS:
        page = read(escape_source_text(f"完成{sign}12亿元"))
        (marked,) = page.css("bdi.control")
        assert (marked.attributes["data-code"], marked.text()) == (f"U+{ord(sign):04X}", sign)
        assert words(page) == f"完成{sign}12亿元"


def test_a_control_character_is_a_picture_of_itself() -> None:
    assert escape_source_text("a\x00b\x1bc\x7fd\x85e\ufffef") == "a␀b␛c␡d\ufffde\ufffdf"
    assert escape_source_text("a\tb\nc\u3000d") == "a\tb\nc\u3000d"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40))
def test_no_other_character_is_changed(text: str) -> None:
    assert words(read(escape_source_text(text))) == text


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_title_is_one_line_of_bounded_length_without_marks_of_direction(text: str, most: int) -> None:
    found = shorten(text, most)
    assert len(found) <= most
    assert not set(found) & {*DIRECTIONS, "\n", "\r", "\t", "\x00"}


def test_a_long_title_ends_in_an_ellipsis_and_a_short_one_stays() -> None:
    assert shorten("火炬 高新区\n工作总结") == "火炬 高新区 工作总结"
    assert shorten("长" * 10_000) == "长" * (MOST_CHARACTERS - 1) + "…"
    assert shorten("\u202e" * 100 + "标题") == "标题"


def test_the_address_of_a_web_page_is_linked_so_that_nothing_in_it_ends_the_attribute() -> None:
    for url in ("http://www.zs.gov.cn/a.html", "https://www.zs.gov.cn/a?b=c#d", "HTTPS://www.zs.gov.cn/"):
        assert safe_link(url) == url
    assert safe_link('http://a.example/"><script>公报') == "http://a.example/%22%3E%3Cscript%3E%E5%85%AC%E6%8A%A5"


def test_what_is_no_web_page_is_not_linked() -> None:
    for url in (
        *("javascript:alert(1)", " javascript:alert(1)", "JavaScript://a.example/%0aalert(1)", "vbscript:x", "a.html"),
        *("data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "//a.example/x", "http://", "http://[::1"),
        "",
    ):
        assert safe_link(url) == "", url
