"""A page whose report is attached: the file is fetched, archived as a capture of its own, and read."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from support.june_runs import june
from support.office_files import docx_of
from support.runs import apart, table
from support.website import Reply, Website, serve

from flows.cli.main import cli
from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import RunContext, create_context
from infra.store import open_store
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.run.context import RunResult

REGISTRY = """
[[source]]
id = "seed"
platform = "page"
urls = ["{url}"]
title = "工作总结"
publisher = "乙区管理委员会"
ref_area = "CN-442000-yi"
area_zh = "乙区"
area_en = "Yi District"
"""
PAGE = """<html><head><meta charset="utf-8"></head><body><table><tr><td>发布机构：</td><td>乙区管理委员会</td></tr>
<tr><td>名称：</td><td>乙区2025年工作总结</td></tr><tr><td>发布日期：</td><td>2026-01-22</td></tr></table>
<h1>乙区2025年工作总结</h1><p>浏览次数：{views}</p><div class="article-content"><p>各镇街：</p>
<p>现将乙区2025年工作总结公布。</p>
<p>附件：<a href="/files/9{suffix}">乙区2025年工作总结{suffix}</a></p></div></body></html>"""
LINES = ("一、2025年工作总结", "2025年，全区生产总值412.6亿元，增长4.4%。固定资产投资增长5.2%。")
PATH = "/a/post_1.html"


@pytest.fixture
def site(tmp_path: Path, quick_settings: Path) -> Iterator[Website]:  # noqa: ARG001 - quick settings are in the environment
    with serve() as site:
        (tmp_path / "own.toml").write_text(REGISTRY.format(url=f"{site.base}{PATH}"), encoding="utf-8")
        show(site, ".docx")
        site.put("/files/9.docx", Reply(body=docx_of(LINES), headers={"Content-Type": "application/octet-stream"}))
        yield site


def show(site: Website, suffix: str) -> None:
    """Show the page with its attachment and a counter that moves."""
    views = itertools.count(1)

    def reply(_asked: object) -> Reply:
        page = PAGE.format(views=next(views), suffix=suffix)
        return Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    site.put(PATH, reply)


def context(tmp_path: Path, day: int) -> RunContext:
    return create_context("seed", str(tmp_path / "store"), str(tmp_path / "own.toml"), june(day))


def run(tmp_path: Path, day: int = 1) -> RunResult:
    return apart(run_pipeline(context(tmp_path, day), LOCAL_STAGES))


@pytest.mark.usefixtures("site")
def test_the_attachment_is_a_document_with_title_date_and_publisher_of_its_page(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.outcome is Outcome.PUBLISHED, result
    assert "report_attached" in {finding.code for finding in result.findings}
    store = open_store(str(tmp_path / "store"))
    page, file = table(store, "documents").sort("document").iter_rows(named=True)
    assert (page["document"], page["attachments"]) == ("post-1", "乙区2025年工作总结.docx")
    assert file["document"].startswith("post-1-9-")
    for name in ("title", "publisher", "published_on"):
        assert file[name] == page[name]
    assert file["metadata_key"] == page["archive_key"]
    assert file["archive_key"] != page["archive_key"]
    gdp = table(store, "observations").filter(indicator="gdp", measure="level")
    assert gdp.select("value", "document").rows() == [(412.6, file["document"])]
    for command in (["verify", "--rebuild"], ["replay"]):
        name, *options = command
        done = CliRunner().invoke(cli, [name, store.url, *options, "--sources", str(tmp_path / "own.toml")])
        assert done.exit_code == 0, done.output
    assert run(tmp_path, 2).outcome is Outcome.UNCHANGED


def test_an_attachment_that_was_withdrawn_stays_released(site: Website, tmp_path: Path) -> None:
    assert run(tmp_path).outcome is Outcome.PUBLISHED
    site.put("/files/9.docx", Reply(status=404))
    result = run(tmp_path, 2)
    assert "document_withdrawn" in {finding.code for finding in result.findings}
    assert 412.6 in table(open_store(str(tmp_path / "store")), "observations")["value"].to_list()


@pytest.mark.parametrize(
    ("suffix", "reply", "what"),
    [
        (
            ".doc",
            Reply(body=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")),
            "save it as .docx",
        ),
        (".pdf", Reply(status=404), "404"),
        (".pdf", Reply(body=b"%PDF-1.4 cut"), "truncated"),
    ],
    ids=["doc", "gone", "truncated"],
)
def test_an_attachment_that_cannot_be_read_is_named_with_what_is_needed(
    site: Website, tmp_path: Path, suffix: str, reply: Reply, what: str
) -> None:
    show(site, suffix)
    site.put(f"/files/9{suffix}", reply)
    result = run(tmp_path)
    assert result.outcome is Outcome.REJECTED
    evidence = {str(finding.code): " ".join(finding.evidence) for finding in result.findings}
    assert what in evidence["file_unread"]
    assert f"附件 乙区2025年工作总结{suffix}" in evidence["report_attached"]
    assert "observations_empty" in evidence


def test_read_says_that_the_text_is_attached(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE.format(views=1, suffix=".pdf"), encoding="utf-8")
    done = CliRunner().invoke(cli, ["read", str(file)])
    assert "附件 乙区2025年工作总结.pdf" in str(done.exception)


def test_read_takes_the_formats_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx_of(LINES))
    (tmp_path / "a.md").write_text("# 乙区2025年工作总结\n\n" + "\n\n".join(LINES), encoding="utf-8")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for name in ("a.docx", "a.md"):
        done = CliRunner().invoke(cli, ["read", str(tmp_path / name), "--title", "乙区2025年工作总结", "--json"])
        rows = [json.loads(line) for line in done.output.splitlines()]
        assert {"value": 412.6, "period": "2025"}.items() <= rows[0].items()
    done = CliRunner().invoke(cli, ["read", str(tmp_path / "a.png")])
    assert "a picture" in str(done.exception)
