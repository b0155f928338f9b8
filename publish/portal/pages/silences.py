"""The silences: indicators that a report no longer quantifies, their last number, and the words used instead."""

from itertools import groupby
from operator import itemgetter

from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import SILENCES
from publish.portal.model.cross_references import CrossReferences


def silences_page(site: SiteContext, references: CrossReferences) -> Page:
    """Return the page of all silences of a release, those of the latest report first."""
    rows = site.about.tables["silences"].sort("period", "document", "indicator").to_dicts()
    reports = [(document, list(group)) for document, group in groupby(rows, itemgetter("document"))]
    return Page(
        name=SILENCES,
        template="silences.html",
        title=translate("sil_title"),
        description=translate("sil_description", area=site.area),
        values={"references": references, "count": len(rows), "reports": reports[::-1]},
    )
