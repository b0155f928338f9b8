"""The body that stands a second time in the page, as an escaped string in a script's object."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.growth import grows_linearly

from raw.page.script_config import detail_content, unescape

BODY = '<p class="a">增长<span>107.8%</span>、118%</p>\n<p>它\'s 「{[(」 😀 </p>'
LITERAL = json.dumps(BODY, ensure_ascii=True).replace("/", "\\/").replace("<", "\\u003C").replace(">", "\\u003E")


def of(*scripts: str) -> str | None:
    return detail_content(iter(scripts))


@pytest.mark.parametrize(
    "script",
    [
        f"window._CONFIG = {{SID: '760001', DETAIL: {{id: 1, content: {LITERAL}, url: ''}}, TREE: []}};",
        f'_CONFIG.DETAIL = {{"title": "题", "content": {LITERAL}}}',
        f"_CONFIG={{'DETAIL':{{'content':{LITERAL}}}}}",
        f"var c = {{DETAIL : {{ tags: [{{content: 'no'}}], more: {{content: 'no'}}, content : {LITERAL} }} }}",
        f"// it's {{ DETAIL: {{content: 'no'}}\n/* \" DETAIL: {{content: 1 */ c = {{DETAIL: {{content: {LITERAL}}}}}",
        f"var s = 'DETAIL: {{content: 1}}', t = \"it's\"; c = {{DETAIL: {{content: {LITERAL}}}}}",
        f"if (c.DETAIL) {{ content: 'no' }} c.DETAIL = {{content: {LITERAL}}}",
        f"c = {{MYDETAIL: {{content: 'no'}}, DETAIL_2: {{content: 'no'}}, DETAIL: {{content: {LITERAL}}}}}",
    ],
)
def test_the_content_is_found_wherever_the_script_keeps_it(script: str) -> None:
    assert of("var first = 1", script) == BODY


@pytest.mark.parametrize(
    "script",
    [
        "c = {DETAIL: {id: 1}}",
        "c = {DETAIL: {}, content: 'outside'}",
        "c = {DETAIL: {id: 1}, OTHER: {content: 'beside'}}",
        "c = {DETAIL: {content: ''}}",
        "c = {DETAIL: {content: null, other: 'x'}}",
        "c = {DETAIL: {inner: {content: 'deeper'}}}",
        "c = {DETAIL: {content: ",
    ],
)
def test_a_detail_without_content_is_told_from_no_detail(script: str) -> None:
    assert of(script) == ""


def test_a_page_without_a_detail_has_none_and_the_first_script_with_content_counts() -> None:
    for script in ("", "c = {content: 'x'}", "c = {DETAIL: null}", "DETAILS = {content: 'x'}"):
        assert of(script) is None
    assert of("c = {DETAIL: {}}", "c = {DETAIL: {content: 'a'}}", "c = {DETAIL: {content: 'b'}}") == "a"


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r"'\u003Cp\u003E\/\"\'\n\t\\'", "<p>/\"'\n\t\\"),
        (r"'\x3C\x22\u{1F600}\u{3C}'", '<"😀<'),
        (r"'\ud83d\ude00'", "😀"),
        (r"'\q\0\v'", "q\0\v"),
        ("'a\\\nb\\\r\nc'", "abc"),
        ("`a\nb`", "a\nb"),
        (r"'\ud83d and \ude00'", "\ufffd and \ufffd"),
        (r"'\u{110000}\u{d800}'", "\ufffd\ufffd"),
        ("'never closed", "never closed"),
        ("'", ""),
    ],
)
def test_every_escape_of_javascript_is_read(literal: str, text: str) -> None:
    assert unescape(literal) == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_what_json_wrote_is_read_back(text: str, ascii_only: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    literal = json.dumps(text, ensure_ascii=ascii_only)
    assert of(f"c = {{DETAIL: {{a: [1, {{}}], content: {literal}}}}}") == text


@given(st.text("DETAIL:={}[]()\"'`\\/*content \n", max_size=80))
def test_any_script_is_read_or_passed_over(script: str) -> None:
    found = of(f"DETAIL {script}")
    assert found is None or isinstance(found, str)


@pytest.mark.parametrize(
    ("start", "repeated"),
    [("", "DETAIL:{"), ('DETAIL "', '"'), ("DETAIL ", "/*"), ("DETAIL ", "`\"'"), ("c={DETAIL:{content:'", "\u003c")],
    ids=["nested", "escaped quotes", "comments", "quotes", "unclosed"],
)
def test_the_cost_of_a_script_grows_with_its_length(start: str, repeated: str) -> None:
    assert grows_linearly(lambda times: of(start + repeated * times), 200_000)
