"""Three releases of one source, each with the pages that were published with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

import polars as pl
from selectolax.lexbor import LexborHTMLParser, LexborNode
from support.nights import data
from support.release_store import VERSIONS, site, three_releases
from support.shared_session import built_once
from support.switches import with_portal

from infra.store import open_store
from publish.portal.html.bundle import BUNDLE, unpack
from schemas.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A release as it lies in the store: its pages and its tables."""

    version: str
    pages: Mapping[str, bytes]
    tables: Mapping[str, pl.DataFrame]

    def page(self, name: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.pages[name])

    def anchors(self) -> frozenset[tuple[str, str]]:
        """Every place of every page that an address can name."""
        html = {name: self.page(name) for name in self.pages if name.endswith(".html")}
        return frozenset((name, str(one.attributes["id"])) for name, page in html.items() for one in page.css("[id]"))


@cache
def editions() -> tuple[Edition, ...]:
    """A first report; a number of it corrected in silence; the report of the next year."""
    return built_once("three-editions", _editions)


def _editions() -> tuple[Edition, ...]:
    with with_portal(), TemporaryDirectory() as name, site(Path(name)) as (editor, sources, url):
        three_releases(editor, sources, url)
        store = open_store(url)
        return tuple(
            Edition(
                version=version,
                pages=unpack(data(store, f"seed/v/{version}/{BUNDLE}")),
                tables={
                    table: pl.read_parquet(BytesIO(data(store, f"seed/v/{version}/{table}.parquet")))
                    for table in TABLES
                },
            )
            for version in VERSIONS
        )


Asked: TypeAlias = LexborHTMLParser | LexborNode


def first(page: Asked, selector: str) -> LexborNode:
    """The first part of a page that a selector finds."""
    return page.css(selector)[0]


def around(node: LexborNode) -> LexborNode:
    """What holds a part of a page."""
    assert node.parent is not None
    return node.parent


def led_to(page: Asked, selector: str = "a") -> list[str]:
    """Where the links of a part of a page lead."""
    return [str(link.attributes["href"]) for link in page.css(selector)]


def texts(page: Asked, selector: str) -> list[str]:
    """What the parts of a page say, blanks folded."""
    return [" ".join(one.text().split()) for one in page.css(selector)]


def rows_of(page: Asked, section: str) -> list[list[str]]:
    """The cells of the table of a section."""
    return [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in page.css(f"{section} tbody tr")]


def only(found: Iterable[str]) -> str:
    """The one of which there is one."""
    (one,) = found
    return one
