"""The news of a release besides changed numbers: new documents, decided targets, indicators fallen silent.

Each kind is one sentence that counts its items and names the first few.
"""

import polars as pl

from publish.changelog.format import Row, escape_markdown, format_amount, observation_name
from schemas.codelists import SourceState, Status, TargetVerdict
from schemas.tables.frames import Tables
from schemas.translations import Translations

MOST_NAMES = 3


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
