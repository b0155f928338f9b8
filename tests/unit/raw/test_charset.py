"""Bytes to characters: what a page declares is a promise, and only silence is met with detection."""

from __future__ import annotations

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.requires import shared

from raw.page.charset import decode, read
from schemas.codelists import Severity
from schemas.errors import CharsetError, ContentError

REPORT = "深中通道建成通车，全区地区生产总值增长3.5%，规模以上工业增加值增长2.9%。" * 4
TRADITIONAL = "我代表省人民政府，向大會報告工作，請予審議，經濟增長百分之三點五。" * 4


def html(meta: str = "", text: str = REPORT) -> str:
    return f"<html><head>{meta}<title>工作总结</title></head><body><p>{text}</p></body></html>"


def test_the_header_names_the_charset_in_every_spelling() -> None:
    for label in ("utf-8", "UTF-8", "utf8", '"utf-8"', "'utf-8'", "utf-8; boundary=x"):
        assert decode(html().encode(), f"text/html; charset={label}") == html()
    beyond_gb2312 = html(text=REPORT + "镕䶮€𠮷")
    for label in ("gb2312", "GBK", "gb18030", "x-gbk", "csGB2312"):
        assert decode(beyond_gb2312.encode("gb18030"), f"text/html; charset={label}") == beyond_gb2312


@pytest.mark.parametrize(
    "meta",
    [
        *('<meta charset="gb2312">', "<META CHARSET=gbk />", f"<!-- {'x' * 3000} --><meta charset='gbk'>"),
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
        "<meta content='text/html;charset=GB18030' http-equiv=content-type>",
    ],
)
def test_without_a_header_the_meta_of_the_page_names_the_charset(meta: str) -> None:
    page = html(meta)
    assert decode(page.encode("gb18030"), "text/html") == page


def test_a_meta_inside_a_comment_declares_nothing() -> None:
    page = html("<!-- <meta charset=gbk> -->")
    assert read(page.encode(), "").codec == "utf-8"


def test_a_meta_cannot_say_utf_16_where_it_was_read_byte_by_byte() -> None:
    page = html('<meta charset="utf-16">')
    assert decode(page.encode(), "") == page


def test_a_byte_order_mark_decides_where_nothing_is_declared_and_one_is_never_text() -> None:
    marks = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    for codec, mark in marks.items():
        decoded = read(mark + REPORT.encode(codec), "text/plain")
        assert (decoded.text, decoded.findings) == (REPORT, ())
    assert decode(codecs.BOM_UTF8 + REPORT.encode(), "text/html; charset=utf-8") == REPORT
    assert decode(("\ufeff" + REPORT).encode("gb18030"), "text/html; charset=gbk") == REPORT
    assert decode(codecs.BOM_UTF8 * 2 + b"a", "text/html; charset=utf-8") == "\ufeffa"


@pytest.mark.parametrize(
    ("codec", "text"), [("utf-8", REPORT), ("gb18030", REPORT), ("big5hkscs", TRADITIONAL), ("ascii", "GDP 3.5%")]
)
def test_a_page_that_declares_nothing_is_detected_and_says_so(codec: str, text: str) -> None:
    decoded = read(html(text=text).replace("工作总结", "").encode(codec), "text/html")
    assert text in decoded.text
    assert [finding.code for finding in decoded.findings] == ["charset_detected"]
    assert decoded.findings[0].severity is Severity.NOTE


def test_a_long_page_and_every_report_of_the_reference_are_detected() -> None:
    page = html(text="\n".join(f"<p>{number}、{REPORT}</p>" for number in range(3000)))
    assert decode(page.encode("gb18030"), "") == page
    for file in sorted(shared("reports").glob("[np]*/*.txt")):
        text = file.read_bytes().decode("utf-8")
        assert {decode(text.encode(codec), "") for codec in ("utf-8", "gb18030")} == {text.removeprefix("\ufeff")}


def test_line_ends_and_unseen_characters_stay_as_they_are() -> None:
    text = "一\r\n二\r三\n\u200b\u3000\u00a0四\u200d"
    assert decode(text.encode(), "text/plain; charset=utf-8") == text


def test_gb18030_under_a_promise_of_utf_8_is_refused_with_all_that_helps() -> None:
    body = html("<meta charset=utf-8>").encode("gb18030")
    with pytest.raises(CharsetError) as caught:
        decode(body, "text/html; charset=UTF-8")
    said = str(caught.value)
    assert "'utf-8' in the Content-Type header" in said
    assert f"at byte {body.index('工作'.encode('gb18030'))}" in said
    assert "looks like gb18030" in said
    assert caught.value.remedy
    assert isinstance(caught.value, ContentError)
    assert caught.value.exit_status == 4


@pytest.mark.parametrize(
    ("body", "content_type", "fault"),
    [
        (html("<meta charset=utf-8>").encode("gb18030"), "text/html", "in the page's meta, but breaks it at byte"),
        (html("<meta charset=gbk>").encode("gb18030"), "text/html; charset=utf-8", "Content-Type header"),
        (b"text", "text/html; charset=hz-gb-2312", "declares 'hz-gb-2312' in the Content-Type header"),
        *((b"<p>report\x00</p>", kind, "NUL at character 9") for kind in ("", "x; charset=utf-8", "x; charset=gbk")),
    ],
)
def test_a_broken_or_unknown_promise_and_a_nul_are_refused_by_name(body: bytes, content_type: str, fault: str) -> None:
    with pytest.raises(CharsetError, match=fault):
        decode(body, content_type)


@pytest.mark.parametrize("length", [1, 2, 3, 40, 41])
def test_utf_8_under_a_promise_of_gbk_is_refused_even_where_the_bytes_would_pass(length: int) -> None:
    body = ("工作总结报告" * length).encode()
    with pytest.raises(CharsetError, match="'gbk' in the Content-Type header, but breaks it at byte"):
        decode(body, "text/html; charset=gbk")


@pytest.mark.parametrize("label", ["iso-8859-1", "us-ascii", "windows-1252"])
def test_a_latin_charset_holds_for_ascii_and_for_nothing_else(label: str) -> None:
    assert decode(b"<p>GDP 3.5%", f"text/html; charset={label}") == "<p>GDP 3.5%"
    with pytest.raises(CharsetError, match=label):
        decode("增长".encode("gb18030"), f"text/html; charset={label}")


@pytest.mark.parametrize("label", ["rot13", "zlib", "idna", "unicode_escape", "undefined", "utf-7"])
def test_what_python_calls_a_codec_is_not_yet_a_charset(label: str) -> None:
    with pytest.raises(CharsetError):
        decode(b"text", f"text/html; charset={label}")


def test_where_header_and_meta_disagree_the_header_wins_and_it_is_noted() -> None:
    page = html("<meta charset=gb2312>")
    decoded = read(page.encode(), "text/html; charset=utf-8")
    assert decoded.text == page
    (finding,) = decoded.findings
    assert (finding.code, finding.severity) == ("charset_disagrees", Severity.NOTE)
    assert finding.evidence == ("'utf-8' in the Content-Type header", "'gb2312' in the page's meta")


def test_two_labels_of_one_charset_do_not_disagree() -> None:
    body = html("<meta charset=gb2312>").encode("gb18030")
    assert read(body, "text/html; charset=GBK").findings == ()


@pytest.mark.parametrize(
    "body",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe\xfd", b"\x1f\x8b\x08\x00\x00\xff\xcbH", bytes(range(256)) * 20],
)
def test_binary_data_is_refused(body: bytes) -> None:
    with pytest.raises(CharsetError):
        decode(body, "text/html")


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_what_was_encoded_under_a_true_declaration_comes_back(text: str) -> None:
    expected = text.removeprefix("\ufeff")
    assert decode(text.encode(), "text/html; charset=utf-8") == expected


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-8", "charset=gbk", "charset=utf-16"]))
def test_any_bytes_are_text_or_a_charset_error(body: bytes, content_type: str) -> None:
    with suppress(CharsetError):
        assert "\x00" not in decode(body, content_type)
