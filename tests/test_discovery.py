from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from website import Reply, Website, serve

from infra.store import open_store
from raw.references import page_refs
from raw.samples.articles import load_samples
from raw.samples.site import serve as serve_samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from portal import PREFIX, SOURCE, article, discovered, found, put_site, refusal


@pytest.fixture
def site() -> Iterator[Website]:
    with serve() as website:
        yield website


class TestDiscovery:
    async def test_keeps_every_page_it_reads(self, site: Website, tmp_path: Path) -> None:
        put_site(site, article(1), total=1)
        await found(site, tmp_path)
        assert len(open_store(str(tmp_path)).list("raw/torch/warc/")) == 2

    async def test_keeps_even_the_page_that_it_cannot_read(self, site: Website, tmp_path: Path) -> None:
        site.put(f"{PREFIX}/gkmlpt/index", Reply(body=b"<html>maintenance</html>"))
        await refusal(site, tmp_path)
        assert len(open_store(str(tmp_path)).list("raw/torch/warc/")) == 1

    async def test_finds_the_bundled_samples(self, tmp_path: Path) -> None:
        samples = load_samples()
        with serve_samples(lambda: samples) as base:
            references = await discovered(replace(SOURCE, base=base), tmp_path)
        assert len(references) == len(samples)
        assert [it.published_on for it in references] == sorted((it.published_on for it in references), reverse=True)  # type: ignore[type-var] # the samples are dated


class TestPagesAtKnownAddresses:
    async def test_need_no_discovery(self, tmp_path: Path) -> None:
        urls = ("http://127.0.0.1:9/a/post_1234567.html", "http://127.0.0.1:9/b/Report-2024.htm")
        references = await discovered(replace(SOURCE, platform="page", urls=urls), tmp_path)
        assert [(it.document, it.url) for it in references] == list(
            zip(("post-1234567", "report-2024"), urls, strict=True)
        )

    def test_of_the_same_name_are_told_apart_by_their_address(self) -> None:
        one, two = page_refs(["http://h/2023/index.html", "http://h/2024/index.html"])
        assert one.document == "index"
        assert two.document.startswith("index-")
        assert len(two.document) == len("index-") + 8
        assert page_refs(["http://h/2023/index.html", "http://h/2024/index.html"]) == (one, two)

    @pytest.mark.parametrize(
        "url", ["http://h/", "http://h", "http://h/工作报告.html", "http://h/%E6%8A%A5.html", "http://h/.html?a=1"]
    )
    def test_always_have_a_name_that_can_stand_in_a_path(self, url: str) -> None:
        (only,) = page_refs([url])
        assert only.document in {"page", "html"}

    def test_given_twice_are_one(self) -> None:
        assert len(page_refs(["http://h/a.html", "http://h/a.html"])) == 1
