"""The front page of a dataset: headline indicators, news, documents, downloads and how to cite it."""

from collections.abc import Mapping

from publish.portal.html.escape import shorten
from publish.portal.html.layout import dataset_layout
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.urls import INDEX, document_page
from publish.portal.model.sparkline import sparkline
from publish.portal.pages.downloads import download_rows, recipes
from publish.portal.pages.headlines import headlines
from publish.portal.pages.news import news
from publish.portal.pages.schema_org import dataset


def dataset_home(site: SiteContext) -> Page:
    """Return the front page of a dataset."""
    about = site.about
    return Page(
        name=INDEX,
        template="dataset_home.html",
        title=about.title,
        description=about.description,
        data=dataset(site),
        values={
            "headlines": headlines(site),
            "sparkline": sparkline,
            "news": news(site),
            "newest": max((document.published_on for document in about.documents), default=""),
            "documents": _documents(site),
            "offers": download_rows(about),
            "recipes": recipes(about),
            "address": dataset_layout(site).absolute(site.folder) or site.folder,
        },
    )


def _documents(site: SiteContext) -> list[Mapping[str, str]]:
    rows = site.about.tables["documents"].sort("published_on", "document", descending=True, nulls_last=True)
    return [
        {
            "title": shorten(row["title"] or row["document"]),
            "published_on": shorten(row["published_on"] or ""),
            "page": document_page(row["document"]),
        }
        for row in rows.iter_rows(named=True)
    ]
