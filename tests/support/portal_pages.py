"""Portals of releases: of two short reports, of rows, of the real stages, and of three releases; and their elements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from support import june_runs
from support.report_releases import VERSION, report_release
from support.report_releases import first as first_release
from support.runs import apart, data, with_portal
from support.shared_session import built_once
from support.site_editor import SiteEditor, registry, seed_article
from support.table_rows import frame

from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import create_context
from publish.bucket.catalog import ReleaseIndexEntry
from publish.bucket.layout import MANIFEST
from publish.bucket.manifest import from_manifest, to_json
from publish.bucket.serialize import sha256
from publish.metadata.description import ReleaseDescription
from publish.portal.build import portal_pages
from publish.portal.html.bundle import BUNDLE, unpack
from publish.portal.html.page import SiteContext
from publish.portal.html.render import ENDINGS, render
from publish.portal.pages.headlines import HEADLINES
from publish.portal.pages.store_home import store_pages
from publish.release.build_files import release_files
from publish.release.publish import PublishResult
from raw.samples.articles import load_samples
from schemas.codelists import Outcome
from schemas.tables.columns import TABLES, frame_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flows.run.previous_state import PreviousState
    from publish.portal.html.page import Page
    from publish.release.build_files import ReleaseCandidate
    from raw.samples.articles import Article

PUBLIC = "https://data.example.org/gongbao"
Tree: TypeAlias = LexborHTMLParser | LexborNode


@cache
def plain_site(address: str = "") -> SiteContext:
    """A first release of two short reports, with or without a public address."""
    return _context(report_release(), first_release()(VERSION), address)


def site_of_rows(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> SiteContext:
    """A site with these observations alone, and with other tables of the rows given."""
    known = plain_site()
    empty = {name: known.about.tables[name].clear() for name in known.about.tables}
    given = {name: pl.DataFrame(some, schema=frame_schema(name), orient="row") for name, some in tables.items()}
    kept = {"indicators": known.about.tables["indicators"], "documents": known.about.tables["documents"]}
    return replace(known, about=replace(known.about, tables={**empty, **kept, "observations": frame(*rows), **given}))


def target(row: dict[str, Any], verdict: str) -> dict[str, Any]:
    """A row of `targets`: an observation that was planned, and its verdict."""
    judged = {"verdict": verdict, "origin": "report", "horizon": "year", "ambition": "target", "alternatives": 0}
    return {name: row.get(name) for name in frame_schema("targets")} | judged


def site(*articles: Article, text: str = "full") -> SiteContext:
    """What the pages of a first release of these articles are made of, by the real stages."""
    candidates: list[ReleaseCandidate] = []

    async def publish(_: object, _previous: PreviousState, candidate: ReleaseCandidate) -> PublishResult:
        candidates.append(candidate)
        return PublishResult(outcome=Outcome.YIELDED, version=VERSION)

    with (
        TemporaryDirectory() as name,
        SiteEditor(articles=list(articles)).served() as base,
        pytest.MonkeyPatch.context() as env,
    ):
        env.setenv("GONGBAO_PACE", "0")
        sources = registry(Path(name), base)
        with Path(sources).open("a", encoding="utf-8") as file:
            file.write(f'text = "{text}"\n')
        run = create_context("seed", f"{name}/store", sources, None)
        apart(run_pipeline(run, replace(LOCAL_STAGES, publish=publish)))
    (candidate,) = candidates
    return _context(candidate, release_files(candidate, VERSION))


def _context(candidate: ReleaseCandidate, files: Mapping[str, bytes], address: str | None = None) -> SiteContext:
    inputs, release = candidate.inputs, from_manifest(files[MANIFEST]).release
    if address is not None:
        release = replace(release, site=address)
    about = ReleaseDescription(release=release, source=inputs.source, tables=candidate.tables, files=files)
    return SiteContext(about=about, documents=inputs.documents_by_id(), previous_tables=inputs.previous_tables)


@cache
def sample_site() -> SiteContext:
    """That of the bundled samples."""
    return site(*load_samples())


@cache
def seed_site() -> SiteContext:
    """That of the seed report."""
    return site(seed_article())


@cache
def sample_pages() -> Mapping[str, bytes]:
    """The pages of the bundled samples."""
    return portal_pages(sample_site())


@cache
def sample_store() -> Mapping[str, bytes]:
    """What a store shows of the bundled samples: the pages in the dataset's folder, and the release behind them."""
    return in_store(sample_site(), sample_pages())


def in_store(made_of: SiteContext, pages: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The pages of a release and its files by their keys."""
    folder = made_of.about.release.dataset
    files = {f"{folder}/{made_of.folder}{name}": data for name, data in made_of.about.files.items()}
    listed = ReleaseIndexEntry(
        version=made_of.about.release.version,
        released_at="2026-11-24T01:02:03Z",
        manifest=f"{folder}/{made_of.folder}{MANIFEST}",
        manifest_sha256=sha256(made_of.about.files[MANIFEST]),
        schema_version=made_of.about.release.schema_version,
        previous="",
    )
    files |= store_pages({folder: (listed,)}, {folder: pages[HEADLINES]}, made_of.about.release.site)
    files["status.json"] = to_json({"sources": {folder: {"last_checked": "2026-11-24T01:02:03Z"}}})
    return files | {f"{folder}/{name}": data for name, data in pages.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A release as it lies in the store: its pages and its tables."""

    version: str
    pages: Mapping[str, bytes]
    tables: Mapping[str, pl.DataFrame]

    def page(self, name: str) -> LexborHTMLParser:
        return parsed(self.pages, name)

    def anchors(self) -> frozenset[tuple[str, str]]:
        """Every place of every page that an address can name."""
        html = {name: self.page(name) for name in self.pages if name.endswith(".html")}
        return frozenset((name, str(node.attributes["id"])) for name, page in html.items() for node in page.css("[id]"))


@cache
def editions() -> tuple[Edition, ...]:
    """A first report; a number of it corrected in silence; the report of the next year."""
    return built_once("three-editions", _editions)


def _editions() -> tuple[Edition, ...]:
    with with_portal(), TemporaryDirectory() as name, june_runs.site(Path(name)) as published:
        published.publish_three()

        def file(version: str, name: str) -> bytes:
            return data(published.store, f"seed/v/{version}/{name}")

        return tuple(
            Edition(
                version=version,
                pages=unpack(file(version, BUNDLE)),
                tables={table: pl.read_parquet(BytesIO(file(version, f"{table}.parquet"))) for table in TABLES},
            )
            for version in june_runs.VERSIONS
        )


def seen(site: SiteContext, page: Page, language: str = "zh") -> LexborHTMLParser:
    """A page as a page, to be asked by CSS selectors."""
    return LexborHTMLParser(render(site, page)[page.name + ENDINGS[language]])


def parsed(pages: Mapping[str, bytes], name: str) -> LexborHTMLParser:
    """A page, to be asked by CSS selectors."""
    return LexborHTMLParser(pages[name])


def one(tree: Tree, selector: str) -> LexborNode:
    """The one element that a selector finds."""
    found = tree.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def first(tree: Tree, selector: str) -> LexborNode:
    """The first element that a selector finds."""
    return tree.css(selector)[0]


def texts(tree: Tree, selector: str) -> list[str]:
    """What the elements say, each on one line."""
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def attribute(tree: Tree, selector: str, name: str) -> str:
    """An attribute of the one element that a selector finds."""
    value = one(tree, selector).attributes[name]
    assert value is not None
    return value


def around(node: LexborNode) -> LexborNode:
    """What holds an element."""
    assert node.parent is not None
    return node.parent


def led_to(tree: Tree, selector: str = "a") -> list[str]:
    """Where the links of a part of a page lead."""
    return [str(link.attributes["href"]) for link in tree.css(selector)]


def rows_of(tree: Tree, section: str) -> list[list[str]]:
    """The cells of the table of a section."""
    return [texts(row, "th, td") for row in tree.css(f"{section} tbody tr")]


def only(found: Iterable[str]) -> str:
    """The one of which there is one."""
    (value,) = found
    return value
