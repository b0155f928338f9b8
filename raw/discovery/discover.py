"""From a source to its current documents."""

from __future__ import annotations

from raw.discovery import gkmlpt
from raw.discovery.article_ref import ArticleRef, page_refs
from raw.discovery.gkmlpt import Get
from schemas.registry.sources import Source


async def discover(source: Source, get: Get) -> tuple[ArticleRef, ...]:
    """Return the documents of a source, newest first where the platform dates them; `get` fetches and stores a page."""
    if source.platform == "page":
        return page_refs(source.urls)
    return await gkmlpt.discover(source, get)
