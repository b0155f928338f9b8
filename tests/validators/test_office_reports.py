"""The sample report as files that LibreOffice writes: the same observations as its page, but for the spans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from support.office_files import docx_of, xlsx_of
from support.spreadsheet import convert

from raw.attachments.decode import decode
from raw.attachments.formats import format_of
from raw.extract.observations import read
from raw.page.parse import ParsedPage, parse_html, parse_text
from raw.reading import document_of
from raw.samples.articles import Article, load_samples

ROWS = (
    ("指标", "绝对量（亿元）", "比上年增长（%）"),
    ("地区生产总值", "612.30", "7.1"),
    ("一般公共预算收入", "41.20", "-3.8"),
)


@pytest.fixture(scope="module")
def report() -> Article:
    return load_samples()[1]


@pytest.fixture(scope="module")
def folder(report: Article, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    (folder / "text.docx").write_bytes(docx_of(report.paragraphs, ROWS))
    (folder / "cells.xlsx").write_bytes(xlsx_of([*([line] for line in report.paragraphs), *ROWS]))
    convert(folder, "text.docx", to="odt")
    convert(folder, "text.odt", to="docx:MS Word 2007 XML")
    convert(folder, "text.odt", to="pdf")
    convert(folder, "cells.xlsx", to="xls")
    return folder


def observed(page: ParsedPage) -> Iterator[str]:
    observations, _ = read(document_of(page))
    names = ("value", "unit", "measure", "subject", "period", "status", "bound", "scope", "indicator", "obs_text")
    for observation in observations:
        yield json.dumps([str(getattr(observation, name)) for name in names], ensure_ascii=False)


@pytest.mark.parametrize("name", ["text.docx", "text.pdf", "cells.xlsx", "cells.xls"])
def test_a_file_gives_the_observations_of_its_page(report: Article, folder: Path, name: str) -> None:
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    lines = "".join(f"<p>{escape(line)}</p>" for line in report.paragraphs)
    html = f"<h1>{report.title}</h1><div class=article-content>{lines}<table>{table}</table></div>"
    page = parse_html(html.encode(), content_type="text/html; charset=utf-8")
    body = (folder / name).read_bytes()
    file_format = format_of(body)
    assert file_format == name.rpartition(".")[2]
    file = parse_text(decode(body, file_format).text, title=report.title, published=page.published_on)
    expected = list(observed(page))
    assert len(expected) > 50
    assert list(observed(file)) == expected
