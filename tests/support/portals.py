"""Sites for tests of pages that need no source: of the reports of `reports`, or of rows told in a few words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
from selectolax.lexbor import LexborHTMLParser, LexborNode
from support.drafts import VERSION, draft, first
from support.row_builders import frame

from publish.bucket.layout import MANIFEST
from publish.bucket.manifest import from_manifest
from publish.metadata.description import ReleaseDescription
from publish.portal.html.page import SiteContext
from publish.portal.html.render import ENDINGS, render
from schemas.tables.columns import frame_schema

if TYPE_CHECKING:
    from publish.portal.html.page import Page

PUBLIC = "https://data.example.org/gongbao"


@cache
def plain_site(address: str = "") -> SiteContext:
    """A first release of two short reports, with or without a public address."""
    made, files = draft(), first()(VERSION)
    release = replace(from_manifest(files[MANIFEST]).release, site=address)
    about = ReleaseDescription(release=release, source=made.inputs.source, tables=made.tables, files=files)
    return SiteContext(
        about=about, documents=made.inputs.documents_by_id(), previous_tables=made.inputs.previous_tables
    )


def site_of_rows(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> SiteContext:
    """A site with these observations alone, and with other tables of the rows given."""
    known = plain_site()
    empty = {name: known.about.tables[name].clear() for name in known.about.tables}
    given = {name: pl.DataFrame(some, schema=frame_schema(name), orient="row") for name, some in tables.items()}
    kept = {"indicators": known.about.tables["indicators"], "documents": known.about.tables["documents"]}
    return replace(known, about=replace(known.about, tables={**empty, **kept, "observations": frame(*rows), **given}))


def target(row: dict[str, Any], verdict: str) -> dict[str, Any]:
    """A row of `targets`: an observation that was planned, and its verdict."""
    names = frame_schema("targets")
    return {name: row.get(name) for name in names} | {"verdict": verdict, "origin": "report"}


def seen(site: SiteContext, page: Page, language: str = "zh") -> LexborHTMLParser:
    """A page as a page, to be asked by CSS selectors."""
    return LexborHTMLParser(render(site, page)[page.name + ENDINGS[language]])


def one(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """The one element that a selector finds."""
    found = tree.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def texts(tree: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    """What the elements say, each on one line."""
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def attribute(tree: LexborHTMLParser | LexborNode, selector: str, name: str) -> str:
    """An attribute of the one element that a selector finds."""
    value = one(tree, selector).attributes[name]
    assert value is not None
    return value
