"""The front page of a dataset: headlines, news, documents, downloads, how to cite it, and its JSON-LD (schema.org)."""

from collections.abc import Mapping
from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.description import CREATOR, KEYWORDS
from publish.portal.html.escape import shorten
from publish.portal.html.page import Page, SiteContext, dataset_layout
from publish.portal.html.translations import HTML_LANGUAGES
from publish.portal.html.urls import INDEX, document_page
from publish.portal.model.sparkline import sparkline
from publish.portal.pages.downloads import download_rows, recipes
from publish.portal.pages.headlines import headlines
from publish.portal.pages.news import news
from schemas.translations import LANGUAGES


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


def dataset(site: SiteContext) -> Mapping[str, Mapping[str, Any]]:
    """Return the dataset by language; addresses are relative to the page if the store has no public one."""
    return {language: _dataset(site, language) for language in LANGUAGES}


def _dataset(site: SiteContext, language: str) -> Mapping[str, Any]:
    about, release = site.about, site.about.release
    front = dataset_layout(site).absolute("")
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": about.title[language],
        "description": about.description[language],
        **({"url": front} if front else {}),
        "identifier": about.urn,
        "version": release.version,
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "inLanguage": HTML_LANGUAGES[language],
        "keywords": list(KEYWORDS),
        "datePublished": release.released_on.isoformat(),
        "creator": {"@type": "Organization", "name": CREATOR},
        "sourceOrganization": {"@type": "Organization", "name": about.source.publisher},
        "spatialCoverage": {"@type": "Place", "name": site.area[language]},
        **({"temporalCoverage": "/".join(about.years)} if about.years else {}),
        "isBasedOn": [document.url for document in about.documents],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": dataset_layout(site).absolute(site.folder + file.name) or site.folder + file.name,
                "encodingFormat": file.media_type,
                "contentSize": f"{len(file.data)} B",
                "sha256": sha256(file.data),
            }
            for file in about.data_files
        ],
    }
