from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from raw.page.parse import parse_text
from raw.reading import document_of, parse, read_capture
from raw.samples.articles import load_samples
from raw.samples.pages import article_page
from schemas.codelists import NumberStatus, Severity, SourceState
from schemas.errors import ArticleError, CharsetError
from schemas.reading import Capture, CapturedDocument
from schemas.registry.sources import Source, load_sources, pick

CAPTURE = Capture(
    url="http://127.0.0.1/post_1.html", captured_at=datetime(2026, 11, 23, tzinfo=UTC), sha256="0" * 64, key="raw/x"
)
HTML = "text/html; charset=utf-8"


def source() -> Source:
    (samples,) = pick(load_sources(), ["samples"])
    return samples


def captured(body: bytes, content_type: str = HTML) -> CapturedDocument:
    return CapturedDocument(
        document_id="post-1", capture=CAPTURE, content_type=content_type, body=body, state=SourceState.OK
    )


def page(views: int = 1) -> bytes:
    return article_page(load_samples()[0], views).encode()


def test_a_page_is_read_with_its_labels_and_its_numbers() -> None:
    reading = read_capture(captured(page()), source())
    assert reading.document.title.startswith("火炬高新区")
    assert reading.document.labels.publisher == source().publisher
    assert len(reading.observations) > 30
    assert {number.fate for number in reading.numbers} == {NumberStatus.CLAIMED, NumberStatus.IGNORED}
    assert all(one.span.cut(reading.document.text) == one.obs_text for one in reading.observations)


def test_the_hash_is_that_of_the_text_and_a_view_counter_does_not_move_it() -> None:
    first, second = read_capture(captured(page(1)), source()), read_capture(captured(page(2)), source())
    assert page(1) != page(2)
    assert first.text_sha256 == hashlib.sha256(first.document.text.encode()).hexdigest() == second.text_sha256
    assert first.observations == second.observations


def test_the_page_of_another_publisher_is_found_out() -> None:
    other = replace(source(), publisher="另一个机关")
    (finding,) = [one for one in read_capture(captured(page()), other).findings if one.severity is Severity.REJECT]
    assert (finding.code, finding.where) == ("publisher_mismatch", "post-1")


def test_a_plain_text_is_read_character_for_character() -> None:
    text = "样本镇2024年工作总结\n发布机构: 样本镇人民政府\n\n一、2024年工作总结\n\u3000\u3000完成产值8.5亿元。\n"
    found = parse(text.encode(), "text/plain; charset=utf-8")
    assert found.text == text
    assert document_of(found).sections[1].label == "一"
    titled = document_of(parse_text("完成产值8.5亿元。", title="2019年工作总结"))
    assert str(titled.sections[0].period) == "2019", "a title that is given dates it"


def test_a_page_without_an_article_or_not_in_its_charset_is_an_error() -> None:
    with pytest.raises(ArticleError):
        read_capture(captured(b"<html><body></body></html>"), source())
    with pytest.raises(CharsetError):
        read_capture(captured("<p>工作总结</p>".encode("gb18030")), source())
