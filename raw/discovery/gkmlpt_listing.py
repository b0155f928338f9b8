"""A listing of a gkmlpt column: JSON, a hundred articles a page."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from raw.discovery.article_ref import ArticleRef
from raw.discovery.gkmlpt_index import NUMBER
from schemas.errors import SourceMalformed

ZONE = ZoneInfo("Asia/Shanghai")
REMEDY = "open the address in a browser: the site may be down or have changed its interface"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article of a listing; `is_page` is false for files and links to other sites."""

    id: str
    title: str
    is_page: bool
    url: str
    published_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of a column; `total` counts the whole column, -1 where the site does not say."""

    total: int
    articles: tuple[Listed, ...]


def read_listing(body: bytes, *, url: str) -> Listing:
    """Return the articles of a listing page.

    Raises:
        SourceMalformed: If the page is not a listing of the platform.
    """
    try:
        listing = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(f"the listing is not JSON ({error})", where=url, remedy=REMEDY) from error
    articles = listing.get("articles") if isinstance(listing, dict) else None
    if not isinstance(articles, list):
        raise SourceMalformed("the listing holds no list of articles", where=url, remedy=REMEDY)
    total = listing.get("total")
    return Listing(
        total=total if isinstance(total, int) else -1,
        articles=tuple(_parse_article(article, url) for article in articles),
    )


def reference(article: Listed, *, base: str) -> ArticleRef:
    """Return the reference to an article, at the listed address if that is on the site, else at the platform's."""
    number = int(article.id)
    built = f"{base}/gkmlpt/content/{number // 1_000_000}/{number // 1_000}/post_{number}.html"
    return ArticleRef(
        document=f"post-{number}",
        url=_on_site(article.url, base) or built,
        title=article.title,
        published_on=article.published_on,
    )


def _parse_article(article: Any, url: str) -> Listed:  # noqa: ANN401 - any JSON value may stand here
    number = str(article.get("id")) if isinstance(article, dict) else ""
    if not NUMBER.fullmatch(number):
        raise SourceMalformed(f"an article of the listing has no number: {str(article)[:80]}", where=url, remedy=REMEDY)
    return Listed(
        id=number,
        title=" ".join(html.unescape(str(article.get("title") or "")).split()),
        is_page=article.get("type", "normal") == "normal",
        url=str(article.get("url") or ""),
        published_on=_published(article),
    )


def _published(article: Mapping[str, Any]) -> date | None:
    """Return the day of 发布日期, which the listing gives in seconds since 1970."""
    try:
        seconds = int(article.get("create_time") or article.get("display_publish_time") or 0)
        return datetime.fromtimestamp(seconds, tz=ZONE).date() if seconds else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _on_site(given: str, base: str) -> str:
    """Return the absolute address, empty where it is invalid or on another site."""
    try:
        whole = urljoin(f"{base}/", given)
        place = urlsplit(whole)[:2]
    except ValueError:
        return ""
    return whole if given and place == urlsplit(base)[:2] else ""
