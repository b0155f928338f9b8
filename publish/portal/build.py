"""Every page of a release, and what lies beside them, by its name in the folder of the dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from publish.bucket.manifest import to_json
from publish.portal.html.assets import assets
from publish.portal.html.layout import frame_of
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.render import render
from publish.portal.html.sitemap import SITEMAP, sitemap
from publish.portal.model.cross_references import guide_of
from publish.portal.model.series import all_series
from publish.portal.pages.dataset_home import front
from publish.portal.pages.documents import document_leaves
from publish.portal.pages.explorer import explorer_files, explorer_leaves
from publish.portal.pages.headlines import HEADLINES, headlines_file
from publish.portal.pages.index_pages import GONE, about_page, gone_pages, indicator_index
from publish.portal.pages.indicator_pages import indicator_leaves
from publish.portal.pages.revisions import revisions
from publish.portal.pages.silences import silences
from publish.portal.pages.targets import promises


def portal_pages(site: SiteContext) -> Mapping[str, bytes]:
    """Each file by its name, in the order of the names."""
    shared = dict(assets())  # first: what bundles Vega takes much memory, which is free again when pages take theirs
    rooms = [front(site), indicator_index(site), about_page()]
    leaves = chain(rooms, gone_pages(site), number_leaves(site), document_leaves(site), explorer_leaves(site))
    pages = {name: data for leaf in leaves for name, data in render(site, leaf).items()}
    return dict(sorted((pages | _front_files(site, pages) | dict(explorer_files(site)) | shared).items()))


def number_leaves(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of indicators in the order of their names, then targets, silences and revisions."""
    series = all_series(site.about.tables)
    guide = guide_of(site, series)
    yield from indicator_leaves(series, site, guide)
    yield from (page(site, guide) for page in (promises, silences, revisions))


def _front_files(site: SiteContext, pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """What the front page of the store and those who look for pages read."""
    frame = frame_of(site)
    lasting = [frame.absolute(name) for name in sorted(pages) if GONE not in name.split("/")[-1].split(".")]
    found = {HEADLINES: to_json(headlines_file(site))}
    return found | ({SITEMAP: sitemap(lasting, frame.released_on)} if frame.site else {})
