"""What changed, in Chinese and English: one sentence a change, the most important first, the rest counted.

Polars orders the changes and counts them; only those that get a sentence become objects, so that a release in which
every number moved costs no more to tell than another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from publish.changelog.format import detail, escape_markdown, format_amount
from publish.changelog.highlights import highlights
from publish.changelog.phrases import CHINESE, ENGLISH, Row, Tongue
from schemas.codelists import Measure, NumberStatus, RevisionCause, RevisionKind, Status
from schemas.tables.frames import Tables

MOST_SENTENCES = 18
"""In each of the two languages, beside the line that counts the rest: with the headings that is a page."""

_KINDS = MappingProxyType({kind.value: kind for kind in RevisionKind})
_CAUSES = MappingProxyType({cause.value: cause for cause in RevisionCause})
_WEIGHT = (RevisionKind.CHANGED, RevisionKind.REMOVED, RevisionKind.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    """The revisions that get a sentence, the heaviest first, and how many of each kind and cause get none."""

    rows: Sequence[Row]
    rest: Sequence[tuple[RevisionKind, RevisionCause, int]]


def changes(heading: str, tables: Tables, before: Tables) -> str:
    """The text of `CHANGES.md`; a first release, with nothing before it, says what it holds."""
    parts = [f"# {heading}"]
    for tongue in (CHINESE, ENGLISH):
        parts += [tongue.title, "\n".join(f"- {line}" for line in sentences(tongue, tables, before))]
    return "\n\n".join(parts) + "\n"


def sentences(tongue: Tongue, tables: Tables, before: Tables) -> list[str]:
    """What changed in one tongue as Markdown, the most important first."""
    return _sentences(tongue, tables, before) if before else [_first(tongue, tables)]


def _first(tongue: Tongue, tables: Tables) -> str:
    heights = {name: frame.height for name, frame in tables.items()}
    fates = {fate.value: tables["numbers"].filter(pl.col("fate") == fate.value).height for fate in NumberStatus}
    return tongue.first.format(**heights, **fates)


def _sentences(tongue: Tongue, tables: Tables, before: Tables) -> list[str]:
    """Numbers that changed or were lost, then what else is news, then numbers that came."""
    others = highlights(tongue, tables, before)
    told = _select_revisions(tables["revisions"], MOST_SENTENCES - len(others))
    moved = [_sentence(tongue, row) for row in told.rows if row["kind"] != RevisionKind.ADDED.value]
    came = [_sentence(tongue, row) for row in told.rows if row["kind"] == RevisionKind.ADDED.value]
    return [*moved, *others, *came, *_remainder_line(tongue, told)] or [tongue.quiet]


def _select_revisions(revisions: pl.DataFrame, most: int) -> _Selection:
    ranks = [*_importance()]
    keys = revisions.select(pl.int_range(pl.len()).alias("row"), "kind", "cause", **_importance())
    first = keys.bottom_k(most, by=ranks).sort(ranks)
    counts = _counts(keys)
    counts.subtract(_counts(first))
    rest = [(kind, cause, counts[kind, cause]) for kind in _WEIGHT for cause in RevisionCause if counts[kind, cause]]
    return _Selection(rows=revisions[first["row"]].to_dicts(), rest=rest)


def _counts(rows: pl.DataFrame) -> Counter[tuple[RevisionKind, RevisionCause]]:
    found = rows.group_by("kind", "cause").len().iter_rows()
    return Counter({(_KINDS[kind], _CAUSES[cause]): count for kind, cause, count in found})


def _importance() -> Mapping[str, pl.Expr]:
    """Changes before losses before additions; indicators of the registry, what was, amounts, and large steps first."""
    order = {kind.value: place for place, kind in enumerate(_WEIGHT)}
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


def _remainder_line(tongue: Tongue, told: _Selection) -> list[str]:
    if not told.rest:
        return []
    parts = [
        tongue.counted.format(kind=tongue.kinds[kind].format(count=count), cause=tongue.causes[cause])
        for kind, cause, count in told.rest
    ]
    return [tongue.rest.format(count=sum(count for _, _, count in told.rest), kinds=tongue.joint.join(parts))]


def _sentence(tongue: Tongue, row: Row) -> str:
    kind, cause = _KINDS[row["kind"]], _CAUSES[row["cause"]]
    sides = [side for side in ("before", "after") if row[f"{side}_value"] is not None]
    words = {side: format_amount(row, f"{side}_") for side in sides}
    if kind is RevisionKind.CHANGED and words["before"] == words["after"]:
        words = {"before": detail(row, "before_", "after_"), "after": detail(row, "after_", "before_")}
    words["name"] = tongue.name(row)
    return tongue.sentences[kind].format(
        **{key: escape_markdown(text) for key, text in words.items()}, cause=tongue.causes[cause]
    )
