from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.gkmlpt_site import PREFIX, SOURCE, article, found, index, listing, node, put_column, put_site, refusal
from support.website import Reply, Website

from schemas.errors import SourceGone


class TestAnIndexPage:
    async def test_that_is_none_says_what_it_lacks(self, site: Website, tmp_path: Path) -> None:
        configurations = {
            "{ SID: '7' }": "no TREE",
            "{ SUBTREE: [], SID: '7' }": "no TREE",
            "{ TREE: [{'id': 1}], SID: '7' }": "not JSON",
            "{ TREE: " + "[" * 100_000 + ", SID: '7' }": "not JSON",
            "{ TREE: {}, SID: '7' }": "not a list",
            "{ TREE: [], SID: '7' }": "no column",
            "{ TREE: [7], SID: '7' }": "not an object",
            '{ TREE: [{"id": "x/../y"}], SID: \'7\' }': "not a number",
            "{ TREE: [{\"id\": 1}], PSID: '7' }": "no SID",
            '{ TREE: [{"id": 1, "name": "SID: \'5\'"}] }': "no SID",
            "{ TREE: [{\"id\": 1}], SITE: {SID: '7'} } // SID: '8'": "no SID",
        }
        pages = {f"<script>window._CONFIG = {text}</script>": told for text, told in configurations.items()}
        html = {"Content-Type": "text/html; charset=utf-8"}
        for page, told in {"<html>系统维护中</html>": "no _CONFIG", "": "no _CONFIG", **pages}.items():
            site.put(f"{PREFIX}/gkmlpt/index", Reply(body=page.encode(), headers=html))
            message = await refusal(site, tmp_path)
            assert told in message
            assert f"{site.base}{PREFIX}/gkmlpt/index" in message

    async def test_may_be_in_gb18030_if_it_says_so(self, site: Website, tmp_path: Path) -> None:
        page = index(node(5, "工作总结"), node(6, "其他"))
        body = page.body.decode().encode("gb18030")
        site.put(f"{PREFIX}/gkmlpt/index", replace(page, body=body))
        assert "declares 'utf-8' in the Content-Type header, but breaks it" in await refusal(site, tmp_path)
        site.put(f"{PREFIX}/gkmlpt/index", Reply(body=body, headers={"Content-Type": "text/html; charset=gb18030"}))
        put_column(site, 5, listing(article(1)), listing())
        assert len(await found(site, tmp_path / "declared")) == 1

    @pytest.mark.parametrize(
        "config", ['{ "SID": "760009", "TREE": %s }', "{TREE:%s,SID:760009}", '{SID : "760009",\nTREE :\n%s}']
    )
    async def test_may_be_any_javascript_object(self, site: Website, tmp_path: Path, config: str) -> None:
        tree = json.dumps([node(5, "工作总结") | {"children": None}])
        page = f"<script>\nvar x = 1; window._CONFIG={config % tree};</script>"
        site.put(f"{PREFIX}/gkmlpt/index", Reply(body=page.encode()))
        put_column(site, 5, listing(article(1)), listing())
        assert len(await found(site, tmp_path)) == 1

    async def test_that_is_gone_is_told_as_gone(self, site: Website, tmp_path: Path) -> None:
        with pytest.raises(SourceGone):
            await found(site, tmp_path)


class TestAListing:
    async def test_that_is_none_says_what_it_lacks(self, site: Website, tmp_path: Path) -> None:
        faults = {
            "not JSON": [b"<html>502</html>", b"", b"\xff\xfe\xfd", b"[" * 100_000],
            "no list of articles": [b"null", b"[]", b'{"total": 3}', b'{"articles": {}}'],
            "no number: 7": [b'{"articles": [7]}'],
            "no number": [b'{"articles": [{%s}]}' % one for one in (b'"title": "x"', b'"id": "../../x"')],
            "no number: ": [b'{"articles": [{"id": %s}]}' % one for one in (b"true", b"-4")],
        }
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结")))
        for told, bodies in faults.items():
            for body in bodies:
                put_column(site, 5, Reply(body=body))
                message = await refusal(site, tmp_path)
                assert told in message
                assert "/gkmlpt/api/all/5?page=1&sid=760009" in message

    async def test_without_the_report_says_how_many_articles_there_were(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(1, "公告"), article(2, ""), article(3, type="url"))
        message = await refusal(site, tmp_path)
        assert "none of 3 articles in 1 columns" in message
        assert SOURCE.title in message
