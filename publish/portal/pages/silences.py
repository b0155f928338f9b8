"""The silences: what a report no longer quantifies, its last number, and the words that stand in its place."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from publish.portal.html.page import Page, SiteContext, bilingual
from publish.portal.html.translations import words
from publish.portal.html.urls import SILENCES
from publish.portal.model.cross_references import ELEMENTS, CrossReferences


def silences(site: SiteContext, guide: CrossReferences) -> Page:
    """The page of all silences of a release, those of the newest report first."""
    rows = site.about.tables["silences"].sort("period", "document", "indicator").to_dicts()
    of_reports = [(document, list(same)) for document, same in groupby(rows, itemgetter("document"))]
    area = bilingual(site.about.source.area_zh, site.about.source.area_en)
    return Page(
        name=SILENCES,
        template="silences.html",
        title=bilingual(words("zh")("sil_title"), words("en")("sil_title")),
        description=bilingual(*(words(tongue)("sil_description", area=area[tongue]) for tongue in ("zh", "en"))),
        values={**ELEMENTS, "guide": guide, "count": len(rows), "of_reports": of_reports[::-1]},
    )
