"""Pages that name their publisher nowhere, or elsewhere than in a label, and what the release says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.runs import local, release, table
from support.website import Reply, serve

from infra.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("quick_settings")

WHY = "市政府网站的统计公报栏目链接到此页"
ENTRY = """
[[source]]
id = "seed"
platform = "page"
urls = ["{url}"]
title = "公报"
publisher = "乙市统计局"
ref_area = "CN-440000"
area_zh = "乙市"
area_en = "Some City"
"""
VOUCHED = f'vouched = true\nvouched_why = "{WHY}"\n'
TITLE = "乙市2025年国民经济和社会发展统计公报"
PAGE = f"""<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><h1>{TITLE}</h1>%s<div class=text>
<p>全年地区生产总值612.4亿元，比上年增长4.7%%。</p><p>全年居民消费价格上涨0.3%%。</p></div></body></html>"""


@pytest.mark.parametrize(
    ("named", "keys", "outcome", "evidence"),
    [
        ("", "", "rejected", "publisher_absent"),
        ("", VOUCHED, "published", "vouched"),
        ("<p>来源：某某资讯网</p>", VOUCHED, "rejected", "publisher_mismatch"),
        ("<meta name=SiteName content=乙市统计局网站><p>来源：综合科</p>", "", "published", "site_name"),
    ],
)
def test_a_release_says_where_the_publisher_was_found(
    tmp_path: Path, named: str, keys: str, outcome: str, evidence: str
) -> None:
    store = str(tmp_path / "store")
    with serve() as site:
        html = (PAGE % named).encode()
        site.put("/1.html", Reply(body=html, headers={"Content-Type": "text/html"}))
        sources = tmp_path / "own.toml"
        sources.write_text(ENTRY.format(url=f"{site.base}/1.html") + keys, encoding="utf-8")
        record = local(store, str(sources))
    assert record["outcome"] == outcome
    if outcome == "rejected":
        assert [finding["code"] for finding in record["findings"] if finding["severity"] == "reject"] == [evidence]
        return
    assert table(open_store(store), "documents")["publisher_evidence"].to_list() == [evidence]
    files = release(open_store(store))
    said = WHY in next(data for name, data in files.items() if name.endswith("quality.json")).decode()
    assert said == (evidence == "vouched")
