"""The platform list, on a site of our own: index pages with links, the pages after them, days and titles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.gkmlpt_site import SOURCE, discovered
from support.website import Reply, Website

from raw.discovery.article_ref import Discovery
from raw.page.links import read_links
from schemas.errors import SourceEmpty, SourceGone, SourceMalformed

COLUMN = "/zwgk/tjgb/"


def row(path: str, title: str, day: str = "", whole: str = "") -> str:
    return f'<li><a href="{path}" title="{whole}">{title}</a><span>{day}</span></li>'


def page(*rows: str, following: str = "") -> Reply:
    other = '<a href="/index.html">首页</a><a href="mailto:x@example.cn">邮箱</a><a href="http://x.example.cn/t1_99999.html">2019年统计公报</a>'
    body = f"<html><body><nav>{other}</nav><ul>{''.join(rows)}</ul>{following}</body></html>"
    return Reply(body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


async def found(site: Website, store: Path, **changes: Any) -> Discovery:  # noqa: ANN401 - any field of a Source
    source = replace(
        SOURCE,
        platform="list",
        base="",
        indexes=(f"{site.base}{COLUMN}",),
        link=r"/t\d+_\d+\.html$",
        title="统计公报",
    )
    return await discovered(replace(source, **changes), store)


async def test_articles_are_found_by_address_and_title_on_every_page(site: Website, tmp_path: Path) -> None:
    following = '<a href="index_1.html">下一页</a>'
    one = row("t20260401_10234.html", "乙市2025年统计…", "2026-04-01", "乙市2025年国民经济和社会发展统计公报")
    site.put(COLUMN, page(one, row("t20260301_10200.html", "乙市统计工作要点", "2026-03-01"), following=following))
    site.put(f"{COLUMN}index_1.html", page(row("../t20250402_9123.html", "乙市2024年统计公报", "2025/4/2")))
    discovery = await found(site, tmp_path, next_page="下一页")
    assert [(it.document, it.title, it.published_on) for it in discovery.references] == [
        ("t20260401-10234", "乙市2025年国民经济和社会发展统计公报", date(2026, 4, 1)),
        ("t20250402-9123", "乙市2024年统计公报", date(2025, 4, 2)),
    ]
    assert discovery.references[1].url == f"{site.base}/zwgk/t20250402_9123.html"
    assert site.paths == [COLUMN, f"{COLUMN}index_1.html"]


async def test_pages_that_a_script_links_are_counted_until_one_is_gone(site: Website, tmp_path: Path) -> None:
    for number, path in enumerate((COLUMN, f"{COLUMN}index_1.html", f"{COLUMN}index_2.html")):
        site.put(path, page(row(f"t2026040{number}_1023{number}.html", f"乙市202{number}年统计公报")))
    discovery = await found(site, tmp_path, next_page="index_{page}.html")
    assert len(discovery.references) == 3
    assert site.paths[-1] == f"{COLUMN}index_3.html"


async def test_a_listing_ends_at_a_page_without_a_new_article(site: Website, tmp_path: Path) -> None:
    again = page(row("t20260401_10234.html", "乙市2025年统计公报"))
    for path in (COLUMN, f"{COLUMN}index_1.html", f"{COLUMN}index_2.html"):
        site.put(path, again)
    assert len((await found(site, tmp_path, next_page="index_{page}.html")).references) == 1
    assert len(site.paths) == 2


async def test_articles_before_a_day_are_left_out_where_the_listing_dates_them(site: Website, tmp_path: Path) -> None:
    dated, undated = row("t20200401_10234.html", "2019年统计公报", "2020-04-01"), row("t1_10235.html", "统计公报")
    site.put(COLUMN, page(dated, undated))
    assert [it.document for it in (await found(site, tmp_path, since=date(2021, 1, 1))).references] == ["t1-10235"]


async def test_an_index_that_is_gone_is_a_finding_unless_all_are(site: Website, tmp_path: Path) -> None:
    site.put("/other/", page(row("t20260401_10234.html", "统计公报")))
    indexes = (f"{site.base}{COLUMN}", f"{site.base}/other/")
    discovery = await found(site, tmp_path, indexes=indexes)
    assert [finding.code for finding in discovery.findings] == ["listing_gone"]
    with pytest.raises(SourceGone):
        await found(site, tmp_path, indexes=indexes[:1])


async def test_faults_of_a_listing_say_what_to_change(site: Website, tmp_path: Path) -> None:
    site.put(COLUMN, page(row("t20260401_10234.html", "通知")))
    with pytest.raises(SourceEmpty, match=r"none of 1 links .* compare `link` and `title`"):
        await found(site, tmp_path)
    site.put(COLUMN, Reply(body="乙市".encode("gb18030"), headers={"Content-Type": "text/html; charset=utf-8"}))
    with pytest.raises(SourceMalformed, match="the listing cannot be read"):
        await found(site, tmp_path)


async def test_two_articles_with_one_file_name_have_two_ids(site: Website, tmp_path: Path) -> None:
    site.put(COLUMN, page(*(row(f"{year}/t1_10234.html", f"{year}年统计公报") for year in (2024, 2025))))
    assert len({it.document for it in (await found(site, tmp_path)).references}) == 2


def test_links_are_absolute_and_days_are_those_of_their_row() -> None:
    rows = (
        row("a.html#top", "甲", "[2026年1月2日]") + row("javascript:void(0)", "乙") + row("b.html", "丙", "2026-13-41")
    )
    links = read_links(f"<ul>{rows}</ul>".encode(), content_type="text/html; charset=utf-8", url="http://h/x/")
    assert [(link.url, link.day) for link in links] == [
        ("http://h/x/a.html", date(2026, 1, 2)),
        ("http://h/x/b.html", None),
    ]
