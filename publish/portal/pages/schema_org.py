"""The JSON-LD of the front page of a dataset, in the vocabulary of schema.org."""

from collections.abc import Mapping
from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.description import CREATOR, KEYWORDS
from publish.portal.html.layout import dataset_layout
from publish.portal.html.page import SiteContext
from publish.portal.html.translations import HTML_LANGUAGES
from schemas.translations import LANGUAGES


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
