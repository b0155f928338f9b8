"""Files that are no pages: what they are, the text in them, and hostile ones, which end with an error and in time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from support.office_files import docx_of, nested_docx, pdf_of, saved, with_part, xlsx_of, zip_bomb

from raw.attachments.decode import MEGABYTES, SECONDS, decode
from raw.attachments.formats import FileFormat, format_of
from raw.attachments.links import linked_files, report_files
from raw.attachments.number_format import shown
from schemas.errors import ArticleError

LINES = ("一、2025年工作总结", "2025年，全区生产总值412.6亿元，增长4.4%。")
ROWS = (("指标", "绝对量（亿元）"), ("地区生产总值", "412.6"))


def text_of(body: bytes) -> str:
    file_format = format_of(body)
    assert file_format
    return decode(body, file_format).text


def refusal(body: bytes) -> str:
    with pytest.raises(ArticleError) as caught:
        text_of(body)
    assert caught.value.remedy
    return caught.value.what


def test_a_document_is_its_paragraphs_and_the_rows_of_its_tables() -> None:
    assert text_of(docx_of(LINES, ROWS)).split("\n") == [*LINES, "指标\t绝对量（亿元）", "地区生产总值\t412.6"]


def test_what_was_deleted_is_left_out_and_what_was_inserted_is_read() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("全区生产总值")
    for name, tag, words in (
        ("w:del", "w:delText", "400.1"),
        ("w:moveFrom", "w:t", "399.9"),
        ("w:ins", "w:t", "412.6"),
    ):
        change, run, text = OxmlElement(name), OxmlElement("w:r"), OxmlElement(tag)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("亿元。")
    assert text_of(saved(document)) == "全区生产总值412.6亿元。"


def test_merged_headings_are_those_of_each_column_and_merged_numbers_stand_once() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "2025年"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "指标"
    for cell, words in ((table.cell(1, 1), "总量"), (table.cell(1, 2), "增速"), (table.cell(2, 0), "产值")):
        cell.text = words
    table.cell(2, 1).merge(table.cell(2, 2)).text = "8.5"
    assert text_of(saved(document)).split("\n") == ["指标\t2025年\t2025年", "指标\t总量\t增速", "产值\t8.5"]


def test_a_table_that_arranges_other_tables_is_flattened_to_a_limit() -> None:
    assert text_of(nested_docx(4)).strip() == "全区生产总值412.6亿元。"
    assert "nested more than 5 deep" in refusal(nested_docx(10))


def test_cells_of_a_workbook_are_printed_as_the_program_shows_them() -> None:
    rows: list[list[object]] = [
        ["指标", "2025年", None],
        [None, "总量", "增速"],
        ["产值", 412.3, 0.054],
        ["人口", 1234567, -0.0123],
    ]
    formats = {"B3": "0.00", "C3": "0.0%", "B4": "#,##0", "C4": "0.00%"}
    body = xlsx_of(rows, ["B1:C1", "A1:A2"], formats)
    expected = ["指标\t2025年\t2025年", "指标\t总量\t增速", "产值\t412.30\t5.4%", "人口\t1,234,567\t-1.23%"]
    assert text_of(body).split("\n") == expected


@pytest.mark.parametrize(
    ("value", "pattern", "expected"),
    [
        (412.3, "General", "412.3"), (0.1 + 0.2, "General", "0.3"), (1e21, "General", "1" + "0" * 21),
        (412.35, "0.0", "412.4"), (-3.8, "0.0;(0.0)", "-3.8"), (5.0, "0.##", "5"), (5.5, '0.0"亿元"', "5.5"),
        (412, "@", "412"), ("文字", "0.0", "文字"), (None, "0.0", ""), (True, "0", "True"), (0.5, "0.0E+00", "0.5"),
    ],
)  # fmt: skip
def test_a_number_is_printed_by_its_format(value: object, pattern: str, expected: str) -> None:
    assert shown(value, pattern) == expected


def test_a_pdf_gives_its_text_with_the_page_of_each_character() -> None:
    body = pdf_of(["GDP 412.6", "GDP 430.1"])
    found = decode(body, FileFormat.PDF)
    assert found.text == "GDP 412.6\nGDP 430.1"
    assert [found.place(found.text.index(number)) for number in ("412.6", "430.1")] == ["page 1", "page 2"]


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted PDF": (lambda: pdf_of(["x"], password="secret"), "it is encrypted"),
    "truncated PDF": (lambda: pdf_of(["x"] * 20)[:-300], "truncated"),
    "garbled PDF": (lambda: b"%PDF-1.4\n" + os.urandom(20_000) + b"\n%%EOF", ""),
    "1,000 pages": (lambda: pdf_of(["x"] * 1000), "has 1000 pages, the limit is 300"),
    "scan": (lambda: pdf_of(["x"] * 3, picture=True), "hold no text"),
    "truncated DOCX": (lambda: docx_of(LINES)[:-200], "damaged or truncated"),
    "bomb": (lambda: zip_bomb(docx_of(LINES)), "the limit is"),
    "10 tables deep": (lambda: nested_docx(10), "nested"),
    "macros": (lambda: with_part(docx_of(LINES), "word/vbaProject.bin", b"x"), "has macros"),
    "encrypted DOCX": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "it is encrypted",
    ),
    "DOC": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "(.doc)"),
    "ZIP": (lambda: with_part(b"", "a.txt", b"x"), "an archive"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "a picture"),
    "many cells": (lambda: xlsx_of([[1] + [None] * 1000 + [1], *[[]] * 1000, [1]]), "the limit is 500000"),
}  # fmt: skip


# In a process of its own: what this one has started before, and how large it is itself, must not count.
MEASURE = """
import pathlib, resource, sys
from raw.attachments.decode import decode
from raw.attachments.formats import format_of
from schemas.errors import ArticleError
for name in sys.argv[1:]:
    body = pathlib.Path(name).read_bytes()
    try:
        decode(body, format_of(body))
    except ArticleError:
        pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize(("make", "what"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_ends_with_an_error_in_time(make: Callable[[], bytes], what: str) -> None:
    body = make()
    started = time.monotonic()
    assert what in refusal(body)
    assert time.monotonic() - started < SECONDS + 2


def test_no_hostile_file_takes_more_memory_than_the_limit(tmp_path: Path) -> None:
    names = [tmp_path / name for name in HOSTILE]
    for name, (make, _) in zip(names, HOSTILE.values(), strict=True):
        name.write_bytes(make())
    measured = subprocess.run([sys.executable, "-c", MEASURE, *names], check=True, capture_output=True, text=True)
    assert 1000 < int(measured.stdout) < MEGABYTES * 1000


def test_an_expanding_entity_and_an_external_one_are_not_followed() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
    declared = f'<!DOCTYPE x [<!ENTITY e0 "x">{entities}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    words = "<w:body><w:p><w:r><w:t>&e8;&file;</w:t></w:r></w:p></w:body>"
    part = f"<?xml version='1.0'?>{declared}<w:document {namespace}>{words}</w:document>"
    assert "root:" not in refusal(with_part(_without_document(docx_of(LINES)), "word/document.xml", part.encode()))


def _without_document(container: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(container)) as source, zipfile.ZipFile(out, "w") as file:
        for name in source.namelist():
            if name != "word/document.xml":
                file.writestr(name, source.read(name))
    return out.getvalue()


def test_the_files_of_a_page_are_named_and_one_is_chosen_of_several_formats() -> None:
    page = """<p>附件：<a href="/a/1.pdf">乙区2025年工作总结.pdf</a> <a href="1.docx#x">乙区2025年工作总结.docx</a></p>
        <a href="down.jsp?f=2.xls">附表</a><a href="/x.html">首页</a>"""
    files = linked_files(page.encode(), content_type="text/html; charset=utf-8", url="http://h/b/c.html")
    assert [(file.url, file.name) for file in files] == [
        ("http://h/a/1.pdf", "乙区2025年工作总结.pdf"),
        ("http://h/b/1.docx", "乙区2025年工作总结.docx"),
        ("http://h/b/down.jsp?f=2.xls", "附表.xls"),
    ]
    assert [file.suffix for file in report_files(files, "工作总结")] == [".docx"]
    assert [file.suffix for file in report_files(files, "预算")] == [".docx", ".xls"]
