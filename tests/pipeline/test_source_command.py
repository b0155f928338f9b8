"""`gongbao source try` and `discover` on local sites: what they print, and that the entry they end with is one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.site_editor import PUBLISHER, SiteEditor, short_article
from support.website import Reply, Website, serve

from flows.cli.main import cli
from raw.samples.pages import article_path
from schemas.errors import GongbaoError
from schemas.registry.sources import load_sources

ARTICLE = short_article("一、2024年工作总结", "2024年，全区生产总值412.6亿元，增长4.4%。", number=2612346)


@pytest.fixture
def website(quick_settings: Path) -> Iterator[Website]:  # noqa: ARG001 - quick settings are in the environment
    with serve() as site:
        yield site


def output(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["source", *arguments])
    assert done.exit_code == 0, done.exception
    return done.output


def entry(printed: str, folder: Path) -> dict[str, object]:
    """The entry at the end of what was printed; with what only an operator knows filled in, the registry takes it."""
    text = printed[printed.index("[[source]]") :]
    (folder / "own.toml").write_text(text.replace('"?"', '"某"').replace("CN-000000", "CN-442000"), encoding="utf-8")
    assert len(load_sources(folder / "own.toml")) > len(load_sources())
    (found,) = tomllib.loads(text)["source"]
    return dict(found)


@pytest.mark.usefixtures("quick_settings")
def test_a_page_of_gkmlpt_is_recognised_and_what_it_says_is_printed(tmp_path: Path) -> None:
    with SiteEditor(articles=[ARTICLE]).served() as base:
        printed = output("try", base + article_path(ARTICLE))
        found = entry(printed, tmp_path)
        assert (found["platform"], found["base"], found["publisher"]) == ("gkmlpt", base, PUBLISHER)
        for words in (ARTICLE.title, f"{PUBLISHER} (发布机构)", "2025-05-29", "work_report", "0 unread"):
            assert words in printed
        index = output("try", f"{base}/gkmlpt/index")
        assert "gkmlpt, its index page" in index
        listed = output("discover", base)
        assert article_path(ARTICLE) in listed
        assert "column:      工作总结" in listed
        assert entry(listed, tmp_path)["base"] == base


def test_a_page_elsewhere_is_named_with_its_attachments(website: Website, tmp_path: Path) -> None:
    page = '<h1>乙市2025年统计公报</h1><div id="zoom"><p>现予公布。</p><a href="a.pdf">公报.pdf</a></div>'
    url = website.put("/tjgb/1.html", Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"}))
    printed = output("try", url)
    found = entry(printed, tmp_path)
    assert (found["platform"], found["urls"], found["title"]) == ("page", [url], "统计公报")
    assert "公报.pdf" in printed
    assert "A run would be rejected" in printed
    assert website.paths == ["/tjgb/1.html"]


def test_a_listing_is_recognised_with_a_pattern_for_its_links(website: Website, tmp_path: Path) -> None:
    row = '<li><a href="t2026010{0}_1023{0}.html">乙市202{0}年统计公报</a>2026-01-0{0}</li>'
    page = f"<ul>{''.join(map(row.format, range(1, 8)))}</ul>"
    url = website.put("/tjgb/", Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"}))
    for printed in (output("try", url), output("discover", url)):
        found = entry(printed, tmp_path)
        assert (found["platform"], found["indexes"], found["link"]) == ("list", [url], r"/t[0-9]+_[0-9]+\.html$")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("try", "www.example.gov.cn"), "give an address such as"),
        (("discover", "{base}/x/", "--title", "["), "correct --title"),
        (("discover", "{base}/x/"), "another --title"),
        (("try", "{base}/none.html"), "404"),
    ],
)
def test_errors_say_what_to_change(website: Website, arguments: tuple[str, ...], what: str) -> None:
    website.put("/x/", Reply(body=b"<p>x</p>", headers={"Content-Type": "text/html; charset=utf-8"}))
    done = CliRunner().invoke(cli, ["source", *(argument.format(base=website.base) for argument in arguments)])
    assert isinstance(done.exception, GongbaoError)
    assert what in str(done.exception)
