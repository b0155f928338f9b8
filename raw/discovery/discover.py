"""From a source to its current documents."""

from __future__ import annotations

from raw.discovery import gkmlpt, link_list
from raw.discovery.article_ref import Discovery, Get, page_refs
from schemas.registry.sources import Source


async def discover(source: Source, get: Get) -> Discovery:
    """Return the documents of a site, newest first where the platform dates them; `get` fetches and stores a page."""
    if source.platform == "page":
        return Discovery(references=page_refs(source.urls))
    if source.platform == "list":
        return await link_list.discover(source, get)
    return await gkmlpt.discover(source, get)
