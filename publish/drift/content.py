"""The content of a release held against the one before: what a changed page, or a page half read, would make of it.

What only our own reader changed is told apart (`drift_rows`) and never holds a release: it is one warning, and
`gongbao replay` shows it number by number.
"""

from dataclasses import dataclass

import polars as pl

from infra.settings import JUMP, JUMP_FLOOR, LEAST_NUMBERS, MOST_ADDED, UNREAD_RISE
from publish.drift.amounts import amounts_moved
from publish.drift.documents import counted, documents_moved
from publish.drift.rows import SIDES, DriftRule, ReleaseDelta, drift_of
from publish.drift.series import series_moved
from schemas.codelists import NumberStatus, Severity
from schemas.finding import Finding, FindingCode
from schemas.tables.frames import Tables

# One or two numbers more that cannot be read are a slip; from here on it is a habit of the new text. No operator needs
# another: it only keeps short documents, where one number is much, from being told of by their share alone.
_MORE_UNREAD = 3
_FEWER = DriftRule(
    code=FindingCode.NUMBERS_FEWER,
    severity=Severity.HOLD,
    message="A document has far fewer numbers than in the last release: part of its text is missing.",
    line="{document}: was {was} numbers | is {now}",
    table="numbers",
)
_UNREAD = DriftRule(
    code=FindingCode.UNREAD_RISEN,
    severity=Severity.WARN,
    message="The reader understands fewer of a document's numbers than in the last release.",
    line="{document}: was {unread} unread ({share:.1%}) | is {now} ({share_now:.1%})",
    table="documents",
)
_READER = DriftRule(
    code=FindingCode.READER_DRIFT,
    severity=Severity.WARN,
    message="Our reader or registry, not the source, changed numbers: `gongbao replay` shows them one by one.",
    line="{obs_id}: was {was} | is {now} ({kind})",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLimits:
    """Limits beyond which the content has drifted; `infra.settings` gives the reason of each default.

    Attributes:
        least_numbers: The share of a document's numbers that must still be there.
        unread_rise: By how much the share of unread numbers may rise.
        jump: How many times larger or smaller a number is implausible.
        jump_floor: The amount, without the magnitude of its unit, from which numbers of two years are compared.
        most_added: How many more numbers than before a released document may state.
    """

    least_numbers: float = LEAST_NUMBERS
    unread_rise: float = UNREAD_RISE
    jump: float = JUMP
    jump_floor: float = JUMP_FLOOR
    most_added: int = MOST_ADDED


def content_drift(
    previous: Tables, tables: Tables, limits: DriftLimits, reread: pl.DataFrame | None = None
) -> tuple[Finding, ...]:
    """Return findings on what changed in the source since the previous release; none for a first release.

    `reread` holds what this reader takes out of the previous texts, where both reader and texts changed.
    """
    if "observations" not in previous:
        return ()
    drift = drift_of(previous, tables, reread)
    registered = tables["indicators"]["id"]
    return (
        *_numbers_fewer(previous, tables, drift, limits),
        *_unread_risen(previous, tables, drift, limits),
        *documents_moved(previous, tables, drift, same_reader=reread is None, most_added=limits.most_added),
        *series_moved(drift, previous["documents"], tables["documents"]),
        *amounts_moved(drift, registered, jump=limits.jump, floor=limits.jump_floor),
        *_reader_drift(drift),
    )


def _numbers_fewer(previous: Tables, tables: Tables, drift: ReleaseDelta, limits: DriftLimits) -> tuple[Finding, ...]:
    """Documents that lost more of their numbers than a correction takes away."""
    was, now = (counted(side["numbers"], drift.edited) for side in (previous, tables))
    both = was.join(now, on="document", how="left", suffix=":now").fill_null(0).sort("document")
    fewer = both.filter(pl.col("len:now") < limits.least_numbers * pl.col("len"))
    return _FEWER.found(fewer.rename({"len": "was", "len:now": "now"}))


def _unread_risen(previous: Tables, tables: Tables, drift: ReleaseDelta, limits: DriftLimits) -> tuple[Finding, ...]:
    """Documents of which the reader understands less than it did."""
    was, now = (_unread(side["documents"], drift.edited) for side in (previous, tables))
    both = was.join(now, on="document", suffix=":now").sort("document")
    more = (pl.col("unread:now") - pl.col("unread")) >= _MORE_UNREAD
    risen = both.filter(more & (pl.col("share:now") - pl.col("share") > limits.unread_rise))
    return _UNREAD.found(risen.rename({"unread:now": "now", "share:now": "share_now"}))


def _unread(documents: pl.DataFrame, edited: pl.Series) -> pl.DataFrame:
    whole = pl.sum_horizontal(fate.value for fate in NumberStatus)
    chosen = documents.filter(pl.col("document").is_in(edited.implode()) & (whole > 0))
    return chosen.select("document", "unread", share=pl.col("unread") / whole)


def _reader_drift(drift: ReleaseDelta) -> tuple[Finding, ...]:
    """Return what another reader or registry makes of unchanged texts: changed rows first, then the removed ones."""
    gone, new = pl.col("after:document").is_null(), pl.col("before:document").is_null()
    kind = pl.when(gone).then(pl.lit("removed")).when(new).then(pl.lit("added")).otherwise(pl.lit("changed"))
    rows = drift.by_reader.with_columns(kind=kind, document=pl.coalesce("after:document", "before:document"))
    shown = {
        name: pl.col(f"{side}:obs_text").fill_null("nothing") for side, name in zip(SIDES, ("was", "now"), strict=True)
    }
    order = pl.col("kind").replace_strict({"changed": 0, "removed": 1, "added": 2}, return_dtype=pl.Int8)
    return _READER.found(rows.with_columns(**shown).sort(order, "obs_id"))
