"""A page written to attack: what reaches a spreadsheet program of it is text; tests/validators asks the programs."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from openpyxl import load_workbook
from support import gkmlpt_site
from support.runs import plain
from support.site_editor import PUBLISHER, REGISTRY
from support.website import Reply, Website, serve

from flows.run.context import create_context
from publish.bucket.serialize import from_parquet
from raw.page.parse import parse_html
from raw.samples.articles import Article
from raw.samples.pages import article_page, article_path
from schemas.codelists import Outcome
from schemas.tables.columns import SHEETS, TABLES

DDE = "=cmd|' /C calc'!A0"
LINK = '=HYPERLINK("http://evil.example","x")'
PAYLOADS = (DDE, LINK, "+1+1", "@SUM(1)", "-2+3", "\t=1+1", "＝1+1", "＋1+1", "－2+3", "＠SUM(1)")
TITLE = f"{DDE}，2024年工作总结暨2025年工作部署"
LABELS = {
    "索引号": "=1+1/2025-00206",
    "分类": "+1+1",
    "发布机构": f"@SUM(1){PUBLISHER}",
    "成文日期": "-2+3",
    "名称": TITLE,
    "文号": "\t=1+1",
    "发布日期": "2025-05-29",
    "主题词": f"＝1+1;{LINK}",
}
REPORT = Article(
    id=2_612_345,
    title=TITLE,
    published_on=date(2025, 5, 29),
    index_number="",
    publisher=PUBLISHER,
    paragraphs=(
        "一、2024年工作总结",
        "(一)=1+1经济运行",
        *(f"{payload}地区生产总值{500 + place}.5亿元,增长3.{place}%。" for place, payload in enumerate(PAYLOADS)),
        *(f"{payload}企业达{place + 21}家。" for place, payload in enumerate(PAYLOADS)),
        "全年完成=1+1万亩、+2+2家、-3%、@SUM(1)元。",
        "二、2025年工作部署",
        "=1+1产值力争增长6%以上。",
        "名词解释",
        *(f"{place}.{payload}:{payload}。" for place, payload in enumerate(PAYLOADS, start=1)),
    ),
)
OPENS = re.compile(r"[=+\-@＝＋－＠\t][^=+\-@]")
SIGN_AND_DIGITS = re.compile(r"[+\-＋－][\d.,]+[%‰]?")
REACHED: Final = {
    "observations": "subject label_zh quote",
    "vintages": "first_quote",
    "targets": "label_zh quote",
    "documents": "title name index_number category publisher written_on document_number keywords",
    "glossary": "term explanation",
}


def page() -> bytes:
    """The report's page with what the attacker put into its labels."""
    cells = "".join(f"<tr><td>{name}：</td><td>{escape(text)}</td></tr>" for name, text in LABELS.items())
    head, _, rest = article_page(REPORT, 1).partition('<table class="classify">')
    return f'{head}<table class="classify">{cells}</table>{rest.partition("</table>")[2]}'.encode()


def put_report(site: Website, folder: Path) -> str:
    """Let a site list and show the report; the registry file whose one source, `seed`, it is."""
    gkmlpt_site.put_site(site, gkmlpt_site.article(REPORT.id, TITLE))
    html = {"Content-Type": "text/html; charset=utf-8"}
    site.put(gkmlpt_site.PREFIX + article_path(REPORT), Reply(body=page(), headers=html))
    file = folder / "sources.toml"
    entry = REGISTRY.format(base=site.base + gkmlpt_site.PREFIX, publisher=f"@SUM(1){PUBLISHER}")
    file.write_text(entry.replace('uscc = "11442000007333422Y"\n', ""), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the page, by the real stages."""
    folder = tmp_path_factory.mktemp("hostile")
    with serve() as site, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_PACE", "0")
        run = create_context("seed", str(folder / "store"), put_report(site, folder), None)
        assert plain(run) is Outcome.PUBLISHED
    (version,) = (folder / "store" / "seed" / "v").iterdir()
    return version


@pytest.fixture(scope="module")
def tables(release: Path) -> dict[str, pl.DataFrame]:
    """The tables as they are, out of Parquet, which runs nothing."""
    return {table: from_parquet((release / f"{table}.parquet").read_bytes()) for table in TABLES}


def opening(frame: pl.DataFrame, column: str) -> list[str]:
    """The cells of a column that open like a formula."""
    cells = frame[column].drop_nulls().to_list() if frame[column].dtype == pl.String else []
    return [cell for cell in cells if OPENS.match(cell) and not SIGN_AND_DIGITS.fullmatch(cell)]


def test_the_attack_arrives_in_the_tables(tables: dict[str, pl.DataFrame]) -> None:
    """Without it none of the tests below could fail."""
    text = parse_html(page(), content_type="text/html; charset=utf-8").text
    assert [payload for payload in PAYLOADS if payload.strip() not in text] == []
    reached = [(table, column) for table, columns in REACHED.items() for column in columns.split()]
    assert [place for place in reached if not opening(tables[place[0]], place[1])] == []
    (document,) = tables["documents"].iter_rows(named=True)
    assert document["title"].startswith(DDE)
    assert LINK in document["keywords"]
    assert any(cell.startswith(DDE) for cell in tables["glossary"]["term"])


def test_no_cell_of_a_csv_file_opens_like_a_formula(release: Path) -> None:
    for table in TABLES:
        cells = pl.read_csv(release / f"{table}.csv", infer_schema=False)
        assert {name: opening(cells, name) for name in cells.columns if opening(cells, name)} == {}, table


def test_the_workbook_has_the_text_as_the_source_wrote_it_without_formula_or_link(
    release: Path, tables: dict[str, pl.DataFrame]
) -> None:
    """A spreadsheet program reads a cell anew after an edit, unless the cell says that it is text."""
    found = load_workbook(release / "seed.xlsx")
    cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    for table in REACHED:
        for place, column in enumerate(TABLES[table], start=1):
            sheet = found[SHEETS[table]]
            if tables[table][column.name].dtype == pl.String:
                shown = [sheet.cell(row=row, column=place).value for row in range(2, tables[table].height + 2)]
                assert shown == [cell or None for cell in tables[table][column.name]], column.name
    titles = [column.name for column in TABLES["documents"]].index("title") + 1
    title = found[SHEETS["documents"]].cell(row=2, column=titles)
    assert (title.value[:1], title.number_format, title.quotePrefix) == ("=", "@", True)
