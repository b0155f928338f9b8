"""The boards of a release: its targets with their outcomes, what reports no longer quantify, and its revisions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import PROMISES, REVISIONS, SILENCES
from publish.portal.model.cross_references import CrossReferences
from publish.portal.text.amounts import Row
from schemas.codelists import RevisionCause, RevisionKind, Theme

VERDICTS = (
    *("missed", "near", "kept", "claimed_done", "fell_silent", "not_quantified", "superseded", "untraced", "open"),
)
"""The verdicts in the order of the board."""

_THEMES = tuple(theme.value for theme in Theme)

KINDS = (RevisionKind.CHANGED.value, RevisionKind.REMOVED.value, RevisionKind.ADDED.value)
MOST_LISTED = 400
"""Revisions listed of each kind: a new reader can change every number, and the CSV file has them all."""


def targets_page(site: SiteContext, references: CrossReferences) -> Page:
    """Return the board of all targets of a release."""
    rows = sorted(site.about.tables["targets"].to_dicts(), key=_sort_key)
    return Page(
        name=PROMISES,
        template="targets.html",
        title=translate("prom_title"),
        description=translate("prom_description", area=site.area),
        scripts=("board.js",) if rows else (),
        values={
            "references": references,
            "verdicts": VERDICTS,
            "rows": rows,
            "by_year": _count_verdicts(rows, due_year),
            "by_theme": _count_verdicts(sorted(rows, key=_theme), lambda row: row["theme"] or "none"),
            "years": _group_by_year(rows),
        },
    )


def due_year(row: Row) -> str:
    """Return the year in which a target is due, the last of its period."""
    return str(row["period"].rpartition("/")[2][:4])


def _sort_key(row: Row) -> tuple[int, int, int, str]:
    return -int(due_year(row)), VERDICTS.index(row["verdict"]), _theme(row), row["obs_id"]


def _theme(row: Row) -> int:
    return _THEMES.index(row["theme"]) if row["theme"] in _THEMES else len(_THEMES)


def _count_verdicts(rows: Sequence[Row], by: Callable[[Row], str]) -> list[Mapping[str, Any]]:
    """Count the targets of each year or theme by verdict."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(by(row), Counter())[row["verdict"]] += 1
    return [{"key": key, "counts": verdicts, "total": verdicts.total()} for key, verdicts in counts.items()]


def _group_by_year(rows: Sequence[Row]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Return the targets of each year, those with the same verdict together, in the order of their themes."""
    years = []
    for year, rows_of_year in groupby(rows, due_year):
        by_verdict = [(verdict, tuple(group)) for verdict, group in groupby(rows_of_year, itemgetter("verdict"))]
        years.append((year, [_group(year, verdict, group) for verdict, group in by_verdict]))
    return years


def _group(year: str, verdict: str, rows: Sequence[Row]) -> Mapping[str, Any]:
    return {"verdict": verdict, "rows": rows, "anchor": f"y{year}-{verdict.replace('_', '-')}"}


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


def revisions_page(site: SiteContext, references: CrossReferences) -> Page:
    """Return the page of the revisions of a release."""
    table = site.about.tables["revisions"]
    groups = [_revision_group(table, kind) for kind in KINDS]
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


def _revision_group(table: pl.DataFrame, kind: str) -> Mapping[str, Any]:
    """Return the first revisions of a kind, and the number of all of them."""
    rows = table.filter(pl.col("kind") == kind)
    ordered = rows.sort(pl.col("indicator").str.starts_with("x:"), "obs_id")
    return {"kind": kind, "rows": ordered.head(MOST_LISTED).to_dicts(), "count": rows.height}
