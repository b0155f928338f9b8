"""The revisions: every number that a release changed, removed or added, with its cause and both clauses."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import REVISIONS
from publish.portal.model.cross_references import CrossReferences
from schemas.codelists import RevisionCause, RevisionKind

KINDS = (RevisionKind.CHANGED.value, RevisionKind.REMOVED.value, RevisionKind.ADDED.value)
MOST_LISTED = 400
"""Revisions listed of each kind: a new reader can change every number, and the CSV file has them all."""


def revisions_page(site: SiteContext, references: CrossReferences) -> Page:
    """Return the page of the revisions of a release."""
    table = site.about.tables["revisions"]
    groups = [_group(table, kind) for kind in KINDS]
    return Page(
        name=REVISIONS,
        template="revisions.html",
        title=translate("rev_title"),
        description=translate("rev_description", area=site.area),
        values={
            "references": references,
            "groups": [group for group in groups if group["count"]],
            "count": table.height,
            "previous": site.about.release.previous,
            "causes": [cause.value for cause in RevisionCause],
            "file": f"{site.folder}revisions.csv",
        },
    )


def _group(table: pl.DataFrame, kind: str) -> Mapping[str, Any]:
    """Return the first revisions of a kind, and the number of all of them."""
    rows = table.filter(pl.col("kind") == kind)
    ordered = rows.sort(pl.col("indicator").str.starts_with("x:"), "obs_id")
    return {"kind": kind, "rows": ordered.head(MOST_LISTED).to_dicts(), "count": rows.height}
