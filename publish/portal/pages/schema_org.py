"""What the front page of a dataset says to machines: the dataset in the words of schema.org."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.description import CREATOR, KEYWORDS
from publish.portal.html.layout import frame_of
from publish.portal.html.page import SiteContext
from publish.portal.html.translations import HTML_LANGUAGES
from schemas.translations import LANGUAGES


def dataset(site: SiteContext) -> Mapping[str, Mapping[str, Any]]:
    """The dataset by tongue; addresses are public ones, or relative to the page where none is known."""
    return {tongue: _dataset(site, tongue) for tongue in LANGUAGES}


def _dataset(site: SiteContext, tongue: str) -> Mapping[str, Any]:
    about, release = site.about, site.about.release
    front = frame_of(site).absolute("")
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": about.title[tongue],
        "description": about.description[tongue],
        **({"url": front} if front else {}),
        "identifier": about.urn,
        "version": release.version,
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "inLanguage": HTML_LANGUAGES[tongue],
        "keywords": list(KEYWORDS),
        "datePublished": release.released_on.isoformat(),
        "creator": {"@type": "Organization", "name": CREATOR},
        "sourceOrganization": {"@type": "Organization", "name": about.source.publisher},
        "spatialCoverage": {"@type": "Place", "name": site.area[tongue]},
        **({"temporalCoverage": "/".join(about.years)} if about.years else {}),
        "isBasedOn": [cited.url for cited in about.documents],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": frame_of(site).absolute(site.folder + file.name) or site.folder + file.name,
                "encodingFormat": file.media_type,
                "contentSize": f"{len(file.data)} B",
                "sha256": sha256(file.data),
            }
            for file in about.data_files
        ],
    }
