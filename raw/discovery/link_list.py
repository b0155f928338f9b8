"""The platform list: index pages with links to articles, as the disclosure columns of most governments are.

An index page is followed to the next one by a link that matches `next_page`, or, where a script writes those links, by
an address with `{page}` in it, counted from 1 after the first page. A listing ends where there is no next page, at 404,
and at a page without a new article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin, urlsplit

from raw.discovery.article_ref import ArticleRef, Discovery, Get, listing_gone, numbered_refs
from raw.page.links import Link, read_links
from schemas.errors import ContentError, SourceEmpty, SourceGone, SourceMalformed
from schemas.finding import Finding
from schemas.registry.sources import Source

MAX_PAGES = 200
PAGE = "{page}"


async def discover(source: Source, get: Get) -> Discovery:
    """Return the articles whose address and title match the source's patterns, newest first, each once.

    Raises:
        SourceEmpty: If none matches.
        SourceGone: If no index page is there.
        SourceMalformed: If an index page cannot be read, or a listing does not end.
    """
    found: dict[str, Link] = {}
    findings: list[Finding] = []
    for index in source.indexes:
        try:
            listed = await _articles(source, index, get)
        except SourceGone:
            findings.append(listing_gone(index))
            if len(findings) == len(source.indexes):
                raise
        else:
            for url, link in listed.items():
                found[url] = _fuller(found.get(url), link)
    title = re.compile(source.title)
    wanted = [link for link in found.values() if title.search(link.text) and not _is_too_early(link, source.since)]
    if not wanted:
        remedy = "compare `link` and `title` of the source with the addresses and titles of its listing"
        what = f"none of {len(found)} links has a title that matches {source.title!r}"
        raise SourceEmpty(what, where=source.indexes[0], remedy=remedy)
    newest_first = sorted(wanted, key=lambda link: (link.day or date.min, link.url), reverse=True)
    return Discovery(references=numbered_refs(_references(newest_first)), findings=tuple(findings))


async def _articles(source: Source, index: str, get: Get) -> dict[str, Link]:
    """Return the links of a listing that match the pattern of the source, by their addresses."""
    wanted = re.compile(source.link)
    articles: dict[str, Link] = {}
    visited: set[str] = set()
    url = index
    for number in range(1, MAX_PAGES + 1):
        visited.add(url)
        try:
            page = await get(url)
        except SourceGone:
            if number == 1:
                raise
            return articles
        links = _links(page.body, page.content_type, page.url)
        previous = len(articles)
        for link in links:
            if urlsplit(link.url).hostname == source.host and wanted.search(link.url):
                articles[link.url] = _fuller(articles.get(link.url), link)
        following = _next_page(source.next_page, index, number, links, visited)
        if not following or (len(articles) == previous and number > 1):
            return articles
        url = following
    remedy = "correct `next_page`: the listing seems to be endless"
    raise SourceMalformed(f"the listing goes on after {MAX_PAGES} pages", where=index, remedy=remedy)


def _links(body: bytes, content_type: str, url: str) -> tuple[Link, ...]:
    try:
        return read_links(body, content_type=content_type, url=url)
    except ContentError as error:
        remedy = "open the address in a browser: the site may be down or have changed"
        raise SourceMalformed(f"the listing cannot be read: {error.what}", where=url, remedy=remedy) from error


def _next_page(pattern: str, index: str, number: int, links: tuple[Link, ...], visited: set[str]) -> str:
    """Return the address of the page after page `number` of a listing, "" if there is none."""
    if PAGE in pattern:
        return urljoin(index, pattern.replace(PAGE, str(number)))
    if not pattern:
        return ""
    host, wanted = urlsplit(index).hostname, re.compile(pattern)
    matching = (link.url for link in links if wanted.search(link.text) or wanted.search(link.url))
    return next((url for url in matching if url not in visited and urlsplit(url).hostname == host), "")


def _fuller(one: Link | None, other: Link) -> Link:
    """Return the link with more words: a picture and a headline often lead to the same article."""
    return other if one is None or len(other.text) > len(one.text) else one


def _is_too_early(link: Link, since: date | None) -> bool:
    return since is not None and link.day is not None and link.day < since


def _references(links: list[Link]) -> Iterator[ArticleRef]:
    return (ArticleRef(document="", url=link.url, title=link.text, published_on=link.day) for link in links)
