"""`CHANGES.md`: one sentence per change in Chinese and English, the most important first, the rest counted.

Polars sorts and counts the changes, and only those that get a sentence become Python objects, so that a release in
which every number changed takes no longer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files

import polars as pl

from publish.changelog.format import Row, detail, escape_markdown, format_amount, observation_name
from schemas.codelists import Measure, NumberStatus, RevisionCause, RevisionKind, SourceState, Status, TargetVerdict
from schemas.tables.frames import Tables
from schemas.translations import Translations, load_translations

MOST_SENTENCES = 18
"""Sentences in each language, in addition to the line that counts the rest: about a page."""

_KINDS = (RevisionKind.CHANGED.value, RevisionKind.REMOVED.value, RevisionKind.ADDED.value)
MOST_NAMES = 3


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
    selected, rest = _select_revisions(tables["revisions"], MOST_SENTENCES - len(others))
    changed = [_sentence(t, row) for row in selected if row["kind"] != RevisionKind.ADDED.value]
    added = [_sentence(t, row) for row in selected if row["kind"] == RevisionKind.ADDED.value]
    return [*changed, *others, *added, *_remainder_line(t, rest)] or [t("changes_none")]


def _select_revisions(revisions: pl.DataFrame, most: int) -> tuple[list[Row], list[tuple[str, str, int]]]:
    """Return the revisions that get a sentence, and how many of each kind and cause get none."""
    ranks = [*_importance()]
    keys = revisions.select(pl.int_range(pl.len()).alias("row"), "kind", "cause", **_importance())
    first = keys.bottom_k(most, by=ranks).sort(ranks)
    counts = _count_by_kind_and_cause(keys)
    counts.subtract(_count_by_kind_and_cause(first))
    groups = [(kind, cause.value) for kind in _KINDS for cause in RevisionCause]
    rest = [(*group, counts[group]) for group in groups if counts[group]]
    return list(revisions[first["row"]].iter_rows(named=True)), rest


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


def _remainder_line(t: Translations, rest: Sequence[tuple[str, str, int]]) -> list[str]:
    if not rest:
        return []
    groups = [t(f"changes_count_{kind}", count=count, cause=t(f"cause_{cause}")) for kind, cause, count in rest]
    total = sum(count for _, _, count in rest)
    return [t("changes_rest", count=total, groups=t("changes_group_separator").join(groups))]


def _sentence(t: Translations, row: Row) -> str:
    sides = [side for side in ("before", "after") if row[f"{side}_value"] is not None]
    amounts = {side: format_amount(row, f"{side}_") for side in sides}
    if row["kind"] == RevisionKind.CHANGED.value and amounts["before"] == amounts["after"]:
        amounts = {"before": detail(row, "before_", "after_"), "after": detail(row, "after_", "before_")}
    values = {key: escape_markdown(text) for key, text in {"name": observation_name(t, row), **amounts}.items()}
    return t(f"changes_{row['kind']}", **values, cause=t(f"cause_{row['cause']}"))


def highlights(t: Translations, tables: Tables, previous: Tables) -> list[str]:
    """Return one sentence for each kind that has news."""
    new_verdicts = _new_rows(tables, previous, "targets", "obs_id", "verdict")
    kinds = (
        ("missed", new_verdicts.filter(verdict=TargetVerdict.MISSED.value), _format_target),
        ("kept", new_verdicts.filter(verdict=TargetVerdict.KEPT.value), _format_target),
        ("silent", _new_rows(tables, previous, "silences", "document", "indicator"), _format_silence),
        ("withdrawn", _withdrawn(tables["documents"], previous["documents"]), _format_title),
        ("documents", _new_rows(tables, previous, "documents", "document"), _format_title),
    )
    sentences = []
    for key, rows, format_row in kinds:
        named = [format_row(t, row) for row in rows.head(MOST_NAMES).iter_rows(named=True)]
        unnamed = rows.height - len(named)
        more = t("changes_more_names", count=unnamed) if unnamed else ""
        if named:
            names = t("changes_name_separator").join(named) + more
            sentences.append(t(f"changes_{key}", count=rows.height, names=names))
    return sentences


def _new_rows(tables: Tables, previous: Tables, table: str, *key: str) -> pl.DataFrame:
    rows = previous.get(table)
    return tables[table] if rows is None else tables[table].join(rows, on=key, how="anti", maintain_order="left")


def _withdrawn(documents: pl.DataFrame, previous: pl.DataFrame) -> pl.DataFrame:
    """Return the documents that the source withdrew since, and those that this release no longer has."""
    is_gone = pl.col("state") == SourceState.GONE.value
    gone = documents.filter(is_gone).join(previous.filter(~is_gone), on="document", how="semi", maintain_order="left")
    return pl.concat([gone, previous.join(documents, on="document", how="anti", maintain_order="left")])


def _format_title(_t: Translations, row: Row) -> str:
    return escape_markdown(row["title"])


def _format_target(t: Translations, row: Row) -> str:
    return t(
        "changes_name_target",
        name=escape_markdown(observation_name(t, {**row, "status": Status.TARGET.value})),
        target=escape_markdown(format_amount(row)),
        outcome=escape_markdown(format_amount(row, "outcome_")),
    )


def _format_silence(t: Translations, row: Row) -> str:
    last = {"measure": row["last_measure"], "period": row["last_period"], "scope": "", "status": Status.ACTUAL.value}
    return t(
        "changes_name_silence",
        name=escape_markdown(observation_name(t, {**row, **last})),
        last=escape_markdown(format_amount(row, "last_")),
    )
