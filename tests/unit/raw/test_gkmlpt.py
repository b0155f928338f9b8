from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.gkmlpt_site import (
    PREFIX,
    REPORT,
    SOURCE,
    article,
    discovered,
    found,
    index,
    listing,
    node,
    put_column,
    put_site,
)
from support.responses import START
from support.website import Website

from raw.archive.warc_archive import Snapshot
from raw.discovery.article_ref import ArticleRef
from raw.discovery.discover import discover
from schemas.errors import SourceMalformed


class TestAnArticle:
    async def test_is_found_by_its_title_with_its_day_in_zhongshan(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(2345678), article(2345679, "关于2024年工作总结的通知"))
        (only,) = await found(site, tmp_path)
        assert only == ArticleRef(
            document="post-2345678",
            url=f"{site.base}{PREFIX}/gkmlpt/content/2/2345/post_2345678.html",
            title=REPORT,
            published_on=date(2025, 1, 25),
        )

    async def test_keeps_the_address_that_the_site_gives_on_its_own_host(self, site: Website, tmp_path: Path) -> None:
        unprefixed = f"{site.base}/gkmlpt/content/0/0/post_7.html"
        put_site(site, article(7, url=unprefixed), article(6, url="/zshjq/gkmlpt/content/0/0/post_6.html"))
        seventh, sixth = await found(site, tmp_path)
        assert seventh.url == unprefixed
        assert sixth.url == f"{site.base}/zshjq/gkmlpt/content/0/0/post_6.html"

    async def test_is_looked_for_on_its_own_host_whatever_the_listing_says(self, site: Website, tmp_path: Path) -> None:
        strange = ["http://spam.example.org/post_1.html", "//spam.example.org/x", "ftp://127.0.0.1/x", "http://[::1"]
        for elsewhere in (*strange, "https://127.0.0.1/x"):
            put_site(site, article(12345678, url=elsewhere))
            (only,) = await found(site, tmp_path)
            assert only.url == f"{site.base}{PREFIX}/gkmlpt/content/12/12345/post_12345678.html"

    async def test_that_leads_elsewhere_or_is_a_file_is_none(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(1, type="url"), article(2, type="file"), article(3))
        assert [it.document for it in await found(site, tmp_path)] == ["post-3"]

    async def test_may_have_its_number_in_quotes_and_its_title_escaped(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(9) | {"id": "9", "title": " 中山市 &ldquo;2025&rdquo;\n政府工作报告 "})
        (only,) = await found(site, tmp_path)
        assert (only.document, only.title) == ("post-9", "中山市 “2025” 政府工作报告")

    async def test_may_lack_its_day_or_have_the_displayed_one(self, site: Website, tmp_path: Path) -> None:
        days: tuple[object, ...] = (None, 0, "", "never", {}, 10**18, -(10**18))
        for day in days:
            put_site(site, article(1, create_time=day))
            (only,) = await found(site, tmp_path)
            assert only.published_on is None
        put_site(site, article(1, create_time=None, display_publish_time="1737763200"))
        (only,) = await found(site, tmp_path)
        assert only.published_on == date(2025, 1, 25)

    async def test_comes_before_older_ones_and_once_though_listed_twice(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结", node(6, "政府工作报告"))))
        day = 86400
        put_column(site, 5, listing(article(10, create_time=day), article(11, create_time=3 * day)), listing())
        put_column(site, 6, listing(article(11, create_time=3 * day), article(9, create_time=3 * day)), listing())
        assert [it.document for it in await found(site, tmp_path)] == ["post-11", "post-9", "post-10"]


class TestColumns:
    @pytest.mark.parametrize("total", [{}, {"total": None}, {"total": 203}], ids=["no total", "null", "too large"])
    async def test_end_at_a_page_that_is_gone(self, site: Website, tmp_path: Path, total: dict[str, object]) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结")))
        put_column(site, 5, listing(*(article(1000 + place) for place in range(88)), **total))
        discovery = await discovered(replace(SOURCE, base=f"{site.base}{PREFIX}"), tmp_path)
        assert (len(discovery.references), discovery.findings) == (88, ())
        assert len(site.paths) == 3

    async def test_that_are_gone_are_a_finding_and_the_others_are_asked(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结"), node(6, "政府工作报告")))
        put_column(site, 6, listing(article(1)), listing())
        discovery = await discovered(replace(SOURCE, base=f"{site.base}{PREFIX}"), tmp_path)
        assert [reference.document for reference in discovery.references] == ["post-1"]
        (gone,) = discovery.findings
        assert (gone.code, gone.evidence) == ("listing_gone", (f"{site.base}{PREFIX}/gkmlpt/api/all/5",))

    async def test_that_promise_reports_are_asked_alone(self, site: Website, tmp_path: Path) -> None:
        reports = node(3, "政府工作报告")
        elsewhere = node(4, "工作总结", jump_url="http://www.gd.gov.cn/gkmlpt/")
        site.put(f"{PREFIX}/gkmlpt/index", index(node(1, "机构职能"), node(2, "业务工作", reports, elsewhere)))
        put_column(site, 3, listing(article(1)), listing())
        await found(site, tmp_path)
        assert {path.partition("/all/")[2].partition("?")[0] for path in site.paths[1:]} == {"3"}

    async def test_below_one_that_leads_elsewhere_are_still_asked(self, site: Website, tmp_path: Path) -> None:
        elsewhere = node(4, "公报", node(5, "规划计划"), jump_url="http://www.gd.gov.cn/gkmlpt/")
        site.put(f"{PREFIX}/gkmlpt/index", index(elsewhere))
        put_column(site, 5, listing(article(1)), listing())
        assert len(await found(site, tmp_path)) == 1

    async def test_are_all_asked_where_none_promises_reports(self, site: Website, tmp_path: Path) -> None:
        for name in ("政策文件", ""):
            site.put(f"{PREFIX}/gkmlpt/index", index(node(1, "机构职能"), node(2, name)))
            put_column(site, 1, listing())
            put_column(site, 2, listing(article(1)), listing())
            assert [it.document for it in await found(site, tmp_path)] == ["post-1"]

    async def test_are_all_asked_where_the_promising_hold_no_report(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(1, "工作总结"), node(2, "通知公告")))
        put_column(site, 1, listing(article(1, "统计局工作总结")), listing())
        put_column(site, 2, listing(article(2)), listing())
        assert [it.document for it in await found(site, tmp_path)] == ["post-2"]


class TestPages:
    async def test_are_asked_for_until_the_total_is_there(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结")))
        pages = [listing(*(article(100 * page + n) for n in range(100)), total=250) for page in range(2)]
        put_column(site, 5, *pages, listing(*(article(200 + n) for n in range(50)), total=250))
        assert len(await found(site, tmp_path)) == 250
        assert len(site.paths) == 4

    async def test_end_at_an_empty_one_where_the_total_promises_too_much(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(1), article(2), total=3)
        assert len(await found(site, tmp_path)) == 2
        assert len(site.paths) == 3

    async def test_need_no_total_and_go_on_where_it_promises_too_little(self, site: Website, tmp_path: Path) -> None:
        for total in (None, "2", 1.5):
            put_site(site, article(1), article(2), total=total)
            assert len(await found(site, tmp_path)) == 2
        put_column(site, 5, listing(article(1), article(2), total=1), listing(article(3), total=1), listing(total=1))
        assert len(await found(site, tmp_path)) == 3

    async def test_end_where_the_site_repeats_itself(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结")))
        put_column(site, 5, *[listing(article(1), article(2))] * 5)
        assert len(await found(site, tmp_path)) == 2
        assert len(site.paths) == 3

    async def test_without_end_are_an_error_and_no_trap(self) -> None:
        asked: list[str] = []

        async def get(url: str) -> Snapshot:
            """A site that always has one article more; no server, since it takes two hundred pages."""
            asked.append(url)
            reply = listing(article(len(asked))) if "/api/all/" in url else index(node(5, "工作总结"))
            return Snapshot(key="", url=url, sha256="", captured_at=START, content_type="", body=reply.body)

        with pytest.raises(SourceMalformed, match="the column 工作总结 goes on after 200 pages"):
            await discover(replace(SOURCE, base="http://h/zshjq"), get)
        assert len(asked) == 201
