from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.website import Reply, Website, serve

from schemas.errors import SourceGone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from support.portal import PREFIX, SOURCE, article, found, index, listing, node, put_column, put_site, refusal


@pytest.fixture
def site() -> Iterator[Website]:
    with serve() as website:
        yield website


class TestAnIndexPage:
    @pytest.mark.parametrize(
        ("page", "told"),
        [
            ("<html>系统维护中</html>", "no _CONFIG"),
            ("", "no _CONFIG"),
            ("<script>window._CONFIG = { SID: '7' }</script>", "no TREE"),
            ("<script>window._CONFIG = { SUBTREE: [], SID: '7' }</script>", "no TREE"),
            ("<script>window._CONFIG = { TREE: [{'id': 1}], SID: '7' }</script>", "not JSON"),
            ("<script>window._CONFIG = { TREE: " + "[" * 100_000 + ", SID: '7' }</script>", "not JSON"),
            ("<script>window._CONFIG = { TREE: {}, SID: '7' }</script>", "not a list"),
            ("<script>window._CONFIG = { TREE: [], SID: '7' }</script>", "no column"),
            ("<script>window._CONFIG = { TREE: [7], SID: '7' }</script>", "not an object"),
            ('<script>window._CONFIG = { TREE: [{"id": "x/../y"}], SID: \'7\' }</script>', "not a number"),
            ("<script>window._CONFIG = { TREE: [{\"id\": 1}], PSID: '7' }</script>", "no SID"),
            ('<script>window._CONFIG = { TREE: [{"id": 1, "name": "SID: \'5\'"}] }</script>', "no SID"),
            ("<script>window._CONFIG = { TREE: [{\"id\": 1}], SITE: {SID: '7'} } // SID: '8'</script>", "no SID"),
        ],
    )
    async def test_that_is_none_says_what_it_lacks(self, site: Website, tmp_path: Path, page: str, told: str) -> None:
        site.put(
            f"{PREFIX}/gkmlpt/index", Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
        )
        message = await refusal(site, tmp_path)
        assert told in message
        assert f"{site.base}{PREFIX}/gkmlpt/index" in message

    async def test_in_another_charset_than_declared_is_malformed(self, site: Website, tmp_path: Path) -> None:
        page = index(node(5, "工作总结"))
        broken = page.body.decode().encode("gb18030")
        site.put(f"{PREFIX}/gkmlpt/index", replace(page, body=broken))
        assert "declares 'utf-8' in the Content-Type header, but breaks it" in await refusal(site, tmp_path)

    async def test_may_be_in_gb18030(self, site: Website, tmp_path: Path) -> None:
        page = index(node(5, "工作总结"), node(6, "其他"))
        declared = {"Content-Type": "text/html; charset=gb18030"}
        site.put(f"{PREFIX}/gkmlpt/index", Reply(body=page.body.decode().encode("gb18030"), headers=declared))
        put_column(site, 5, listing(article(1)), listing())
        assert len(await found(site, tmp_path)) == 1

    @pytest.mark.parametrize(
        "config", ['{ "SID": "760009", "TREE": %s }', "{TREE:%s,SID:760009}", '{SID : "760009",\nTREE :\n%s}']
    )
    async def test_may_write_its_object_in_any_way_that_javascript_allows(
        self, site: Website, tmp_path: Path, config: str
    ) -> None:
        tree = json.dumps([node(5, "工作总结") | {"children": None}])
        page = f"<script>\nvar x = 1; window._CONFIG={config % tree};</script>"
        site.put(f"{PREFIX}/gkmlpt/index", Reply(body=page.encode()))
        put_column(site, 5, listing(article(1)), listing())
        assert len(await found(site, tmp_path)) == 1

    async def test_that_is_gone_is_told_as_gone(self, site: Website, tmp_path: Path) -> None:
        with pytest.raises(SourceGone):
            await found(site, tmp_path)


class TestAListing:
    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (b"<html>502</html>", "not JSON"),
            (b"", "not JSON"),
            (b"\xff\xfe\xfd", "not JSON"),
            (b"[" * 100_000, "not JSON"),
            (b"null", "no list of articles"),
            (b"[]", "no list of articles"),
            (b'{"total": 3}', "no list of articles"),
            (b'{"articles": {}}', "no list of articles"),
            (b'{"articles": [7]}', "no number: 7"),
            (b'{"articles": [{"title": "x"}]}', "no number"),
            (b'{"articles": [{"id": "../../x"}]}', "no number"),
            (b'{"articles": [{"id": true}]}', "no number"),
            (b'{"articles": [{"id": -4}]}', "no number"),
        ],
    )
    async def test_that_is_none_says_what_it_lacks(self, site: Website, tmp_path: Path, body: bytes, told: str) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结")))
        put_column(site, 5, Reply(body=body))
        message = await refusal(site, tmp_path)
        assert told in message
        assert "/gkmlpt/api/all/5?page=1&sid=760009" in message

    async def test_without_the_report_says_how_many_articles_there_were(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(1, "公告"), article(2, ""), article(3, type="url"))
        message = await refusal(site, tmp_path)
        assert "none of 3 articles in 1 columns" in message
        assert SOURCE.title in message
