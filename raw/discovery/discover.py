"""From a source to the documents that it has now."""

from __future__ import annotations

from raw.discovery import gkmlpt
from raw.discovery.article_ref import ArticleRef, page_refs
from raw.discovery.gkmlpt import Get
from schemas.registry.sources import Source


async def discover(source: Source, get: Get) -> tuple[ArticleRef, ...]:
    """The documents of a source, newest first where the platform dates them; `get` fetches and keeps a page."""
    if source.platform == "page":
        return page_refs(source.urls)
    return await gkmlpt.discover(source, get)
