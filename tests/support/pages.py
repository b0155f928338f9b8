"""The portal of releases that the real stages make, without a store that anybody looks at, and looks at its pages."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.cms import SiteEditor, registry, seed_article
from support.nights import apart

from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import create_context
from publish.bucket.catalog import ReleaseIndexEntry
from publish.bucket.layout import MANIFEST
from publish.bucket.manifest import from_manifest, to_json
from publish.bucket.serialize import sha256
from publish.metadata.description import ReleaseDescription
from publish.portal.build import portal_pages
from publish.portal.html.page import SiteContext
from publish.portal.pages.headlines import HEADLINES
from publish.portal.pages.store_home import store_pages
from publish.release.build_files import release_files
from publish.release.publish import PublishResult
from raw.samples.articles import load_samples
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.run.context import RunContext
    from flows.run.previous_state import PreviousState
    from publish.release.build_files import ReleaseCandidate
    from raw.samples.articles import Article

VERSION = "2026.11.23.1"


def site(*articles: Article, text: str = "full") -> SiteContext:
    """What the pages of a first release of these articles are made of."""
    with (
        TemporaryDirectory() as name,
        SiteEditor(articles=list(articles)).served() as base,
        pytest.MonkeyPatch.context() as env,
    ):
        env.setenv("GONGBAO_PACE", "0")
        folder = Path(name)
        sources = registry(folder, base)
        if text != "full":
            Path(sources).write_text(f'{Path(sources).read_text("utf-8")}text = "{text}"\n', "utf-8")
        run = create_context("seed", str(folder / "store"), sources, None)
        (candidate,) = checked(run)
        files = release_files(candidate, VERSION)
    inputs = candidate.inputs
    about = ReleaseDescription(
        release=from_manifest(files[MANIFEST]).release, source=inputs.source, tables=candidate.tables, files=files
    )
    return SiteContext(about=about, documents=inputs.documents_by_id(), previous_tables=inputs.previous_tables)


def checked(run: RunContext) -> list[ReleaseCandidate]:
    """The candidate that a run checks, and does not publish."""
    candidates: list[ReleaseCandidate] = []

    async def publish(_run: RunContext, _previous: PreviousState, candidate: ReleaseCandidate) -> PublishResult:
        candidates.append(candidate)
        return PublishResult(outcome=Outcome.YIELDED, version=VERSION)

    apart(run_pipeline(run, replace(LOCAL_STAGES, publish=publish)))
    return candidates


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


def parsed(pages: Mapping[str, bytes], name: str) -> LexborHTMLParser:
    """A page, to be asked by CSS selectors."""
    return LexborHTMLParser(pages[name])
