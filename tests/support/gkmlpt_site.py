"""A gkmlpt site to discover, page by page, on a `website`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from support.responses import START, Clock
from support.website import Reply, Website

from infra.store import open_store
from raw.archive.warc_archive import Archive
from raw.discovery.article_ref import ArticleRef, Discovery
from raw.discovery.discover import discover
from raw.http.client import Fetcher, FetchLimits
from schemas.errors import SourceMalformed
from schemas.registry.sources import Source

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "/zshjq"
SID = "760009"
REPORT = "火炬高新区2024年工作总结暨2025年工作部署"
SOURCE = Source(
    id="torch",
    platform="gkmlpt",
    base="",
    title="工作总结暨.*工作部署|政府工作报告",
    publisher="中山火炬开发区管理委员会",
    ref_area="CN-442000-torch",
    area_zh="中山火炬高新区",
    area_en="Zhongshan Torch High-tech Zone",
)
SHELL = """<!DOCTYPE html><html><head><title>政府信息公开</title></head><body><div id="app"></div>
<script>window._CONFIG = {{ LANG: 'zh-cn', SID: '{sid}', SITE: {{ name: '中山' }},
  TREE: {tree},
  SERVICE_AREA_ID: 760001, api: '/gkmlpt/api' }};</script></body></html>"""


def node(number: int, name: str, *children: dict[str, Any], jump_url: str = "") -> dict[str, Any]:
    return {"id": number, "name": name, "post_count": 7, "jump_url": jump_url, "children": list(children)}


def article(number: int, title: str = REPORT, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    published = int(datetime(2025, 1, 24, 16, 30, tzinfo=UTC).timestamp())  # the 25th in Zhongshan
    plain = {"id": number, "type": "normal", "title": title, "create_time": published, "url": ""}
    return {**plain, **fields}


def index(*tree: dict[str, Any], sid: str = SID) -> Reply:
    page = SHELL.format(sid=sid, tree=json.dumps(tree, ensure_ascii=False))
    return Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def listing(*articles: object, **fields: Any) -> Reply:  # noqa: ANN401 - any JSON value
    whole = {"classify": {}, "total": 1000, "offset": 0, "articles": articles, **fields}
    return Reply(body=json.dumps(whole).encode(), headers={"Content-Type": "application/json"})


def put_column(site: Website, column: int, *pages: Reply) -> None:
    for number, page in enumerate(pages, start=1):
        site.put(f"{PREFIX}/gkmlpt/api/all/{column}?page={number}&sid={SID}", page)


def put_site(site: Website, *articles: object, **fields: Any) -> None:  # noqa: ANN401 - any JSON value
    """A site with one column of one page."""
    site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结")))
    put_column(site, 5, listing(*articles, **fields), listing())


async def found(site: Website, store: Path, **changes: Any) -> tuple[ArticleRef, ...]:  # noqa: ANN401 - any field of a Source
    source = replace(SOURCE, base=f"{site.base}{PREFIX}", **changes)
    return (await discovered(source, store)).references


async def discovered(source: Source, store: Path) -> Discovery:
    clock, archive = Clock(), Archive.open(open_store(str(store)), source.id)
    async with Fetcher(source.host, FetchLimits(tries=2), clock=clock, sleep=clock.sleep) as fetcher:
        discovery = await discover(source, lambda url: archive.fetch(fetcher, url))
    archive.flush(START)
    return discovery


async def refusal(site: Website, store: Path) -> str:
    with pytest.raises(SourceMalformed) as caught:
        await found(site, store)
    return str(caught.value)
