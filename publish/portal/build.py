"""Every page of a release and the files that belong to them, by their names in the folder of the dataset."""

from collections.abc import Iterator, Mapping

from publish.bucket.manifest import to_json
from publish.portal.html.assets import assets
from publish.portal.html.page import Page, SiteContext, dataset_layout
from publish.portal.html.render import render
from publish.portal.html.sitemap import SITEMAP, sitemap
from publish.portal.model.cross_references import build_cross_references
from publish.portal.model.series import all_series
from publish.portal.pages.boards import revisions_page, silences_page, targets_page
from publish.portal.pages.dataset_home import dataset_home
from publish.portal.pages.documents import document_pages
from publish.portal.pages.explorer import explorer_files, explorer_pages
from publish.portal.pages.headlines import HEADLINES, headlines_file
from publish.portal.pages.index_pages import GONE, about_page, gone_pages, indicator_index
from publish.portal.pages.indicator_pages import indicator_pages
from publish.portal.pages.validation import validation_page


def portal_pages(site: SiteContext) -> Mapping[str, bytes]:
    """Return each file by its name, in the order of the names."""
    shared = dict(assets())  # first: bundling Vega takes much memory, which is free again when the pages need it
    pages = {name: data for page in _pages(site) for name, data in render(site, page).items()}
    files = {HEADLINES: to_json(headlines_file(site)), **explorer_files(site)}
    layout = dataset_layout(site)
    if layout.site:
        lasting = [layout.absolute(name) for name in sorted(pages) if GONE not in name.split("/")[-1].split(".")]
        files[SITEMAP] = sitemap(lasting, layout.released_on)
    return dict(sorted((pages | files | shared).items()))


def _pages(site: SiteContext) -> Iterator[Page]:
    series = all_series(site.about.tables)
    references = build_cross_references(site, series)
    yield dataset_home(site)
    yield indicator_index(site)
    yield about_page()
    yield validation_page(site)
    yield from gone_pages(site)
    yield from indicator_pages(series, site, references)
    yield from (build_page(site, references) for build_page in (targets_page, silences_page, revisions_page))
    yield from document_pages(site)
    yield from explorer_pages(site)
