"""A folder of reports as a source: archived like pages, published, read again, rebuilt, with pages of the portal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from click.testing import CliRunner
from support.june_runs import june
from support.runs import apart, release, table, with_portal

from flows.cli.main import cli
from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import RunContext, create_context
from infra.store import open_store
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from flows.run.context import RunResult

REGISTRY = """
[[source]]
id = "seed"
platform = "files"
folder = "reports"
publisher = "乙区管理委员会"
ref_area = "CN-442000-yi"
area_zh = "乙区"
area_en = "Yi District"
"""
LIST = """file,url,title,published_on,publisher
2024/report.html,http://www.example.gov.cn/a/1.html,,,
报告.txt,http://www.example.gov.cn/a/2.html,乙区2025年工作总结暨2026年工作部署,2026-01-20,乙区管理委员会
talk.docx,,乙区2023年工作总结,2024-01-18,乙区管理委员会
old.doc,,乙区2022年工作总结,2023-01-18,乙区管理委员会
"""
PAGE = """<html><head><meta charset="utf-8"></head><body>
<table><tr><td>发布机构：</td><td>乙区管理委员会</td></tr><tr><td>名称：</td><td>乙区2024年工作总结</td></tr></table>
<h1>乙区2024年工作总结</h1><div class="article-content"><p>一、2024年工作总结</p>
<p>2024年，全区生产总值412.6亿元，增长4.4%。固定资产投资增长5.2%。</p></div></body></html>"""
TEXT = (
    "一、2025年工作总结\n2025年，全区生产总值430.1亿元，增长4.9%。\n二、2026年工作部署\n2026年，生产总值增长5%左右。\n"
)


@pytest.fixture
def folder(tmp_path: Path, quick_settings: Path) -> Path:  # noqa: ARG001 - quick settings are in the environment
    reports = tmp_path / "reports"
    (reports / "2024").mkdir(parents=True)
    (reports / "2024" / "report.html").write_text(PAGE, encoding="utf-8")
    (reports / "报告.txt").write_text(TEXT, encoding="utf-8")
    (reports / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))
    document = docx.Document()
    document.add_paragraph("2023年，全区生产总值395.2亿元，增长5.1%。")
    document.save(str(reports / "talk.docx"))
    (reports / "files.csv").write_text(LIST, encoding="utf-8-sig")
    (tmp_path / "own.toml").write_text(REGISTRY, encoding="utf-8")
    return reports


def context(folder: Path, day: int = 1) -> RunContext:
    return create_context("seed", str(folder.parent / "store"), str(folder.parent / "own.toml"), june(day))


def run(folder: Path, day: int = 1) -> RunResult:
    return apart(run_pipeline(context(folder, day), LOCAL_STAGES))


def command(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, [*arguments, "--sources", str(folder.parent / "own.toml")])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_folder_of_reports_is_published_with_what_its_list_states(folder: Path) -> None:
    with with_portal():
        result = run(folder)
    assert result.outcome is Outcome.PUBLISHED, result
    (unread,) = (finding for finding in result.findings if finding.code == "file_unread")
    assert unread.where == "old-doc"
    assert ".docx" in unread.evidence[0]
    store = open_store(str(folder.parent / "store"))
    documents = {row["title"]: row for row in table(store, "documents").iter_rows(named=True)}
    assert sorted(documents) == [f"乙区{year}年工作总结" for year in (2022, 2023, 2024)] + [
        "乙区2025年工作总结暨2026年工作部署"
    ]
    assert documents["乙区2024年工作总结"]["url"] == "http://www.example.gov.cn/a/1.html"
    assert documents["乙区2023年工作总结"]["url"] == "file:///talk.docx"
    assert {row["publisher"] for row in documents.values()} == {"乙区管理委员会"}
    gdp = table(store, "observations").filter(indicator="gdp", measure="level", status="actual")
    assert dict(gdp.select("period", "value").iter_rows()) == {"2023": 395.2, "2024": 412.6, "2025": 430.1}
    assert "portal.zip" in release(store)
    command(folder, "verify", store.url, "--rebuild")
    assert "nothing would change" in command(folder, "replay", store.url)


def test_files_that_stay_as_they_are_make_no_release_and_a_changed_title_makes_one(folder: Path) -> None:
    assert run(folder).outcome is Outcome.PUBLISHED
    assert run(folder, 2).outcome is Outcome.UNCHANGED
    file = folder / "files.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("乙区2023年工作总结", "乙区2023年工作报告"), encoding="utf-8"
    )
    result = run(folder, 3)
    assert result.outcome is Outcome.PUBLISHED
    titles = table(open_store(str(folder.parent / "store")), "documents")["title"].to_list()
    assert "乙区2023年工作报告" in titles
    command(folder, "verify", str(folder.parent / "store"), "--rebuild")


def test_a_file_that_was_removed_is_withdrawn_and_its_numbers_stay(folder: Path) -> None:
    assert run(folder).outcome is Outcome.PUBLISHED
    (folder / "talk.docx").unlink()
    file = folder / "files.csv"
    file.write_text("".join(line for line in LIST.splitlines(keepends=True) if "talk" not in line), encoding="utf-8")
    result = run(folder, 2)
    assert "document_withdrawn" in {finding.code for finding in result.findings}
    store = open_store(str(folder.parent / "store"))
    assert 395.2 in table(store, "observations")["value"].to_list()
