"""The platform gkmlpt: from its index page over its listings to the reports that a source publishes.

The index names the site (SID) and its columns (TREE); a column lists its articles in pages of a hundred. Columns named
after reports are listed first, the others only if those have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from raw.discovery.article_ref import ArticleRef, Discovery, Get, listing_gone
from raw.discovery.gkmlpt_index import SiteColumn, read_index
from raw.discovery.gkmlpt_listing import Listed, read_listing, reference
from schemas.errors import SourceEmpty, SourceGone, SourceMalformed
from schemas.finding import Finding
from schemas.registry.sources import Source

REPORT_COLUMN = re.compile("工作报告|工作总结|规划计划|计划规划|总结计划|计划总结|工作计划")
MAX_PAGES = 200


async def discover(source: Source, get: Get) -> Discovery:
    """Return the articles whose title matches the source's regex, newest first, each once.

    Raises:
        SourceEmpty: If no title matches.
        SourceGone: If the index, or the listing of every column, is gone.
        SourceMalformed: If a page is not one of the platform.
    """
    index = await get(f"{source.base}/gkmlpt/index")
    site = read_index(index.body, content_type=index.content_type, url=index.url)
    listed, findings = 0, list[Finding]()
    likely = [column for column in site.columns if REPORT_COLUMN.search(column.name)]
    for columns in (likely, [column for column in site.columns if column not in likely]):
        articles: list[Listed] = []
        for column in columns:
            try:
                articles += await _articles(source, site.sid, column, get)
            except SourceGone:
                findings.append(listing_gone(_address(source, column)))
                if len(findings) == len(site.columns):
                    raise
        listed += len({article.id for article in articles})
        if references := _references(source, articles):
            return Discovery(references=references, findings=tuple(findings))
    raise SourceEmpty(
        f"none of {listed} articles in {len(site.columns)} columns has a title that matches {source.title!r}",
        where=index.url,
        remedy="compare the regex of the source with the titles on the site",
    )


async def _articles(source: Source, sid: str, column: SiteColumn, get: Get) -> list[Listed]:
    """Return the articles of a column, up to its total, an empty page, a page with nothing new, or a page that is gone.

    Raises:
        SourceGone: If its first page is gone.
    """
    articles: dict[str, Listed] = {}
    for number in range(1, MAX_PAGES + 1):
        url = f"{_address(source, column)}?page={number}&sid={sid}"
        try:
            page = read_listing((await get(url)).body, url=url)
        except SourceGone:
            if number == 1:
                raise
            return list(articles.values())  # some sites count more articles than they list, and have no page for them
        previous = len(articles)
        articles |= {article.id: article for article in page.articles}
        if len(articles) in {previous, page.total}:
            return list(articles.values())
    raise SourceMalformed(
        f"the column {column.name} goes on after {MAX_PAGES} pages",
        where=_address(source, column),
        remedy="open the listing: it seems to be endless",
    )


def _address(source: Source, column: SiteColumn) -> str:
    return f"{source.base}/gkmlpt/api/all/{column.id}"


def _references(source: Source, articles: Iterable[Listed]) -> tuple[ArticleRef, ...]:
    wanted = re.compile(source.title)
    matching = {article.id: article for article in articles if article.is_page and wanted.search(article.title)}
    newest_first = sorted(
        matching.values(), key=lambda item: (item.published_on or date.min, int(item.id)), reverse=True
    )
    return tuple(reference(article, base=source.base) for article in newest_first)
