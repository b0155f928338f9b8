"""`CHANGES.md`: one sentence per change in Chinese and English, the most important first, the rest counted.

Polars sorts and counts the changes, and only those that get a sentence become Python objects, so that a release in
which every number changed takes no longer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import polars as pl

from publish.changelog.format import Row, detail, escape_markdown, format_amount, observation_name
from publish.changelog.highlights import highlights
from schemas.codelists import Measure, NumberStatus, RevisionCause, RevisionKind, Status
from schemas.tables.frames import Tables
from schemas.translations import Translations, load_translations

MOST_SENTENCES = 18
"""Sentences in each language, in addition to the line that counts the rest: about a page."""

_KINDS = (RevisionKind.CHANGED.value, RevisionKind.REMOVED.value, RevisionKind.ADDED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    """The revisions that get a sentence, and how many of each kind and cause get none."""

    rows: Sequence[Row]
    rest: Sequence[tuple[str, str, int]]


def changes(heading: str, tables: Tables, previous: Tables) -> str:
    """Return the text of `CHANGES.md`; without previous tables it says what the first release holds."""
    parts = [f"# {heading}"]
    for t in load_translations(files("publish.changelog").joinpath("translations")).values():
        parts += [f"## {t('changes_language')}", "\n".join(f"- {line}" for line in sentences(t, tables, previous))]
    return "\n\n".join(parts) + "\n"


def sentences(t: Translations, tables: Tables, previous: Tables) -> list[str]:
    """Return the Markdown sentences of one language: changed and removed numbers, other news, added numbers."""
    if not previous:
        heights = {name: frame.height for name, frame in tables.items()}
        fates = {fate.value: tables["numbers"].filter(fate=fate.value).height for fate in NumberStatus}
        return [t("changes_first", **heights, **fates)]
    others = highlights(t, tables, previous)
    selection = _select_revisions(tables["revisions"], MOST_SENTENCES - len(others))
    changed = [_sentence(t, row) for row in selection.rows if row["kind"] != RevisionKind.ADDED.value]
    added = [_sentence(t, row) for row in selection.rows if row["kind"] == RevisionKind.ADDED.value]
    return [*changed, *others, *added, *_remainder_line(t, selection)] or [t("changes_none")]


def _select_revisions(revisions: pl.DataFrame, most: int) -> _Selection:
    ranks = [*_importance()]
    keys = revisions.select(pl.int_range(pl.len()).alias("row"), "kind", "cause", **_importance())
    first = keys.bottom_k(most, by=ranks).sort(ranks)
    counts = _count_by_kind_and_cause(keys)
    counts.subtract(_count_by_kind_and_cause(first))
    groups = [(kind, cause.value) for kind in _KINDS for cause in RevisionCause]
    rest = [(*group, counts[group]) for group in groups if counts[group]]
    return _Selection(rows=revisions[first["row"]].to_dicts(), rest=rest)


def _count_by_kind_and_cause(rows: pl.DataFrame) -> Counter[tuple[str, str]]:
    return Counter({(kind, cause): count for kind, cause, count in rows.group_by("kind", "cause").len().iter_rows()})


def _importance() -> Mapping[str, pl.Expr]:
    """Return sort keys: changed, removed, added; registered indicators, actual values, levels and large steps first."""
    order = {kind: place for place, kind in enumerate(_KINDS)}
    old, new = pl.col("before_value_base"), pl.col("after_value_base")
    step = (new - old).abs() / pl.max_horizontal(old.abs(), new.abs(), 1e-12)
    return {
        "weight": pl.col("kind").replace_strict(order, return_dtype=pl.Int8),
        "unregistered": pl.col("indicator").str.starts_with("x:"),
        "planned": pl.col("status") == Status.TARGET.value,
        "derived": pl.col("measure") != Measure.LEVEL.value,
        "step": -step.fill_null(0.0),
        "obs_id": pl.col("obs_id"),
    }


def _remainder_line(t: Translations, selection: _Selection) -> list[str]:
    if not selection.rest:
        return []
    groups = [
        t(f"changes_count_{kind}", count=count, cause=t(f"cause_{cause}")) for kind, cause, count in selection.rest
    ]
    total = sum(count for _, _, count in selection.rest)
    return [t("changes_rest", count=total, groups=t("changes_group_separator").join(groups))]


def _sentence(t: Translations, row: Row) -> str:
    sides = [side for side in ("before", "after") if row[f"{side}_value"] is not None]
    amounts = {side: format_amount(row, f"{side}_") for side in sides}
    if row["kind"] == RevisionKind.CHANGED.value and amounts["before"] == amounts["after"]:
        amounts = {"before": detail(row, "before_", "after_"), "after": detail(row, "after_", "before_")}
    values = {key: escape_markdown(text) for key, text in {"name": observation_name(t, row), **amounts}.items()}
    return t(f"changes_{row['kind']}", **values, cause=t(f"cause_{row['cause']}"))
