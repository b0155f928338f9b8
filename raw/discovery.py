"""From a source to the documents that it has now."""

from __future__ import annotations

from raw import gkmlpt
from raw.gkmlpt import Get
from raw.references import ArticleRef, page_refs
from schemas.sources import Source


async def discover(source: Source, get: Get) -> tuple[ArticleRef, ...]:
    """The documents of a source, newest first where the platform dates them; `get` fetches and keeps a page."""
    if source.platform == "page":
        return page_refs(source.urls)
    return await gkmlpt.discover(source, get)
