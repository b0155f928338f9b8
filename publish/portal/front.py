"""The front page of a dataset: what it says in numbers, what is new, how fresh it is, and the files."""

from __future__ import annotations

from collections.abc import Mapping

from publish.portal.addresses import INDEX, document_page
from publish.portal.downloads import offers, recipes
from publish.portal.frame import frame_of
from publish.portal.headlines import headlines
from publish.portal.leaf import Leaf
from publish.portal.paragraph import news
from publish.portal.schema_org import dataset
from publish.portal.site import Site
from publish.portal.sparkline import sparkline
from publish.portal.texts import short


def front(site: Site) -> Leaf:
    """The page that the dataset opens with."""
    about = site.about
    return Leaf(
        name=INDEX,
        template="front.html",
        title=about.title,
        description=about.description,
        data=dataset(site),
        values={
            "headlines": headlines(site),
            "sparkline": sparkline,
            "news": news(site),
            "newest": max((cited.published_on for cited in about.documents), default=""),
            "documents": _documents(site),
            "offers": offers(about),
            "recipes": recipes(about),
            "address": frame_of(site).absolute(site.folder) or site.folder,
        },
    )


def _documents(site: Site) -> list[Mapping[str, str]]:
    """The documents, the newest first."""
    rows = site.about.tables["documents"].sort("published_on", "document", descending=True, nulls_last=True)
    return [
        {
            "title": short(row["title"] or row["document"]),
            "published_on": short(row["published_on"] or ""),
            "page": document_page(row["document"]),
        }
        for row in rows.iter_rows(named=True)
    ]
