"""What changed, in Chinese and English: one sentence a change, the most important first, the rest counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from publish.diff import SIDE
from publish.material import Tables
from publish.tongues import CHINESE, ENGLISH, Row, Tongue
from schemas.codelists import Bound, Fate, Measure, RevisionCause, RevisionKind, Status
from schemas.columns import STATED

MOST_SENTENCES = 18
"""In each of the two languages: with the headings that is a page."""

_MARKUP = re.compile(r"([\\`*_\[\]<#|])")
_KINDS = MappingProxyType({kind.value: kind for kind in RevisionKind})
_CAUSES = MappingProxyType({cause.value: cause for cause in RevisionCause})
_WEIGHT = (RevisionKind.CHANGED, RevisionKind.REMOVED, RevisionKind.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One row of `revisions`: the row itself, and the two sides as rows of observations, None where there is none."""

    kind: RevisionKind
    cause: RevisionCause
    row: Row
    before: Row | None
    after: Row | None


def changes(heading: str, tables: Tables, *, first: bool) -> str:
    """The text of `CHANGES.md`; a first release says what it holds."""
    revisions = [_revision(row) for row in tables["revisions"].iter_rows(named=True)]
    parts = [f"# {heading}"]
    for tongue in (CHINESE, ENGLISH):
        lines = [_first(tongue, tables)] if first else _sentences(tongue, revisions)
        parts += [tongue.title, "\n".join(f"- {line}" for line in lines)]
    return "\n\n".join(parts) + "\n"


def _revision(row: Row) -> Revision:
    sides = {
        side: {name: row[f"{side}_{name}"] for name in SIDE} if row[f"{side}_value"] is not None else None
        for side in ("before", "after")
    }
    return Revision(kind=_KINDS[row["kind"]], row=row, cause=_CAUSES[row["cause"]], **sides)


def _first(tongue: Tongue, tables: Tables) -> str:
    heights = {name: frame.height for name, frame in tables.items()}
    fates = {fate.value: tables["numbers"].filter(pl.col("fate") == fate.value).height for fate in Fate}
    return tongue.first.format(**heights, **fates)


def _sentences(tongue: Tongue, revisions: Sequence[Revision]) -> list[str]:
    if not revisions:
        return [tongue.quiet]
    ordered = sorted(revisions, key=_importance)
    rest = ordered[MOST_SENTENCES:]
    counted = [_rest(tongue, rest)] if rest else []
    return [_sentence(tongue, revision) for revision in ordered[:MOST_SENTENCES]] + counted


def _rest(tongue: Tongue, rest: Sequence[Revision]) -> str:
    counts = Counter(revision.kind for revision in rest)
    kinds = [tongue.kinds[kind].format(count=counts[kind]) for kind in _WEIGHT if counts[kind]]
    return tongue.rest.format(count=len(rest), kinds=tongue.joint.join(kinds))


def _importance(revision: Revision) -> tuple[object, ...]:
    """Changes before losses before additions; indicators of the registry, what was, amounts, and large steps first."""
    row = revision.row
    return (
        _WEIGHT.index(revision.kind),
        row["indicator"].startswith("x:"),
        row["status"] == Status.TARGET.value,
        row["measure"] != Measure.LEVEL.value,
        -_step(revision),
        row["obs_id"],
    )


def _step(revision: Revision) -> float:
    if not revision.before or not revision.after:
        return 0.0
    old, new = revision.before["value_base"], revision.after["value_base"]
    return float(abs(new - old) / max(abs(old), abs(new), 1e-12))


def _sentence(tongue: Tongue, revision: Revision) -> str:
    before, after = revision.before, revision.after
    words = {
        "name": tongue.name(revision.row),
        "before": _amount(before) if before else "",
        "after": _amount(after) if after else "",
    }
    if before and after and words["before"] == words["after"]:
        words |= {"before": _detail(before, after), "after": _detail(after, before)}
    escaped = {name: _plain(text) for name, text in words.items()}
    return tongue.sentences[revision.kind].format(**escaped, cause=tongue.causes[revision.cause])


def _amount(row: Row) -> str:
    bound = "" if row["bound"] == Bound.EXACT.value else row["bound"]
    upper = "" if row["value_upper"] is None else f" - {_digits(row['value_upper'], row['decimals'])}"
    return f"{bound}{_digits(row['value'], row['decimals'])}{upper}{row['unit']}"


def _digits(value: float, decimals: int) -> str:
    """The number with the decimals that were printed, or with all that it has where these would lose some."""
    printed = f"{value:.{decimals}f}"
    return printed if float(printed) == value else repr(value)


def _detail(row: Row, other: Row) -> str:
    """The amount with the attributes that differ, for rows whose amounts look alike."""
    differing = [f"{name} {row[name]}" for name in STATED if row[name] != other[name]]
    return f"{_amount(row)} ({', '.join(differing)})"


def _plain(text: str) -> str:
    """A source's words on one line, with nothing in them that Markdown would act upon."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
