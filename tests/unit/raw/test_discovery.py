from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from support.gkmlpt_site import (
    PREFIX,
    SOURCE,
    article,
    discovered,
    found,
    index,
    listing,
    node,
    put_column,
    put_site,
    refusal,
)
from support.website import Reply, Website

from infra.store import open_store
from raw.discovery.article_ref import page_refs
from raw.samples.articles import load_samples
from raw.samples.site import serve as serve_samples

DAY = 86400


class TestDiscovery:
    async def test_keeps_every_page_even_an_unreadable_one(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(1), total=1)
        await found(site, tmp_path)
        kept = open_store(str(tmp_path))
        assert len(kept.list("raw/torch/warc/")) == 2
        site.put(f"{PREFIX}/gkmlpt/index", Reply(body=b"<html>maintenance</html>"))
        await refusal(site, tmp_path)
        assert len(kept.list("raw/torch/warc/")) == 3

    async def test_finds_the_reports_of_all_years_on_several_pages(self, site: Website, tmp_path: Path) -> None:
        years = {2019: 3, 2020: 150, 2022: 199, 2023: 200, 2024: 260}  # where in the column the report of a year stands
        articles = [article(1000 + place, f"第{place}期简报", create_time=place * DAY) for place in range(275)]
        for year, place in years.items():
            title = f"火炬高新区{year}年工作总结暨{year + 1}年工作部署"
            articles[place] = article(1000 + place, title, create_time=(year - 1970) * 366 * DAY)
        site.put(f"{PREFIX}/gkmlpt/index", index(node(4, "机构职能"), node(5, "工作总结")))
        put_column(site, 5, *(listing(*articles[at : at + 100], total=275) for at in (0, 100, 200)))
        references = await found(site, tmp_path)
        assert [int(one.title.partition("区")[2][:4]) for one in references] == sorted(years, reverse=True)
        assert {one.document for one in references} == {f"post-{1000 + place}" for place in years.values()}
        assert len(site.paths) == 4

    async def test_finds_the_reports_of_two_columns(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", index(node(5, "工作总结"), node(6, "政府工作报告")))
        put_column(site, 5, listing(article(1, create_time=DAY)), listing())
        put_column(site, 6, listing(article(2, "2019年政府工作报告", create_time=2 * DAY)), listing())
        assert [one.document for one in await found(site, tmp_path)] == ["post-2", "post-1"]

    async def test_finds_the_bundled_samples(self, tmp_path: Path) -> None:
        samples = load_samples()
        with serve_samples(lambda: samples) as base:
            references = (await discovered(replace(SOURCE, base=base), tmp_path)).references
        assert len(references) == len(samples)
        assert [it.published_on for it in references] == sorted((it.published_on for it in references), reverse=True)  # type: ignore[type-var] # the samples are dated


class TestPagesAtKnownAddresses:
    async def test_need_no_discovery(self, tmp_path: Path) -> None:
        urls = ("http://127.0.0.1:9/a/post_1234567.html", "http://127.0.0.1:9/b/Report-2024.htm")
        references = (await discovered(replace(SOURCE, platform="page", urls=urls), tmp_path)).references
        assert [(it.document, it.url) for it in references] == list(
            zip(("post-1234567", "report-2024"), urls, strict=True)
        )

    def test_of_the_same_name_are_told_apart_by_their_address_and_one_given_twice_is_one(self) -> None:
        urls = ["http://h/2023/index.html", "http://h/2024/index.html"]
        one, two = page_refs([*urls, urls[0]])
        assert one.document == "index"
        assert re.fullmatch("index-.{8}", two.document)
        assert page_refs(urls) == (one, two)

    def test_always_have_a_name_that_can_stand_in_a_path(self) -> None:
        paths = ("/", "", "/工作报告.html", "/%E6%8A%A5.html", "/.html?a=1")
        assert {only.document for path in paths for only in page_refs([f"http://h{path}"])} <= {"page", "html"}
