"""The silences: what a report no longer quantifies, its last number, and the words that stand in its place."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import SILENCES
from publish.portal.model.cross_references import ELEMENTS, CrossReferences


def silences(site: SiteContext, guide: CrossReferences) -> Page:
    """The page of all silences of a release, those of the newest report first."""
    rows = site.about.tables["silences"].sort("period", "document", "indicator").to_dicts()
    of_reports = [(document, list(same)) for document, same in groupby(rows, itemgetter("document"))]
    return Page(
        name=SILENCES,
        template="silences.html",
        title=translate("sil_title"),
        description=translate("sil_description", area=site.area),
        values={**ELEMENTS, "guide": guide, "count": len(rows), "of_reports": of_reports[::-1]},
    )
