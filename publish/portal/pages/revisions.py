"""The revisions: every number that a release changed, took away or added, with its cause and both sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import REVISIONS
from publish.portal.model.cross_references import ELEMENTS, CrossReferences
from publish.portal.text.amounts import Row
from schemas.codelists import RevisionCause, RevisionKind

KINDS = (RevisionKind.CHANGED.value, RevisionKind.REMOVED.value, RevisionKind.ADDED.value)
MOST_LISTED = 400
"""Of one kind: a newer reader can move every number, and the file holds them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionGroup:
    """The changes of a kind: the first ones, and how many there are in all."""

    kind: str
    rows: Sequence[Row]
    count: int


def revisions(site: SiteContext, guide: CrossReferences) -> Page:
    """The page of what changed against the release before."""
    table = site.about.tables["revisions"]
    found = [_changes(table, kind) for kind in KINDS]
    return Page(
        name=REVISIONS,
        template="revisions.html",
        title=translate("rev_title"),
        description=translate("rev_description", area=site.area),
        values={
            **ELEMENTS,
            "guide": guide,
            "changes": [one for one in found if one.count],
            "count": table.height,
            "previous": site.about.release.previous,
            "causes": [cause.value for cause in RevisionCause],
            "file": f"{site.folder}revisions.csv",
        },
    )


def _changes(table: pl.DataFrame, kind: str) -> RevisionGroup:
    """Those of a kind: indicators of the registry first, then by the key."""
    rows = table.filter(pl.col("kind") == kind)
    ordered = rows.sort(pl.col("indicator").str.starts_with("x:"), "obs_id")
    return RevisionGroup(kind=kind, rows=ordered.head(MOST_LISTED).to_dicts(), count=rows.height)
