"""Why the verdict on a target is what it is: the row of `targets` as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flows.operator.history import open_history, table_frame
from schemas.codelists import Ambition, Horizon, OutcomeMatch, TargetVerdict, ToleranceKind
from schemas.errors import UsageError

Row = Mapping[str, Any]


def find_target(url: str, dataset: str, target: str) -> Row:
    """Return a target of the latest release.

    Args:
        url: The address of a store.
        dataset: The dataset, "" for the only one.
        target: The `obs_id` of the target.

    Raises:
        UsageError: The release has no such target.
    """
    history = open_history(url, dataset)
    frame = table_frame(history, history.latest(), "targets")
    for row in frame.iter_rows(named=True):
        if row["obs_id"] == target:
            return row
    remedy = "take an obs_id from `gongbao get STORE targets`"
    raise UsageError(f"no target is called {target!r}", where=url, remedy=remedy)


def explain(row: Row) -> Iterator[str]:
    """Yield the lines that explain the verdict on a target."""
    yield f"{row['label_zh']} ({row['indicator']}), {row['measure']}, {row['period']}"
    yield f"verdict: {row['verdict']}. {TargetVerdict(row['verdict']).meaning}"
    yield f"promised: {_number(row, '')} in {_place(row, '')}: {row['sentence'] or row['quote']}"
    yield f"horizon: {row['horizon']}. {Horizon(row['horizon']).meaning}"
    yield f"ambition: {row['ambition']}. {Ambition(row['ambition']).meaning}"
    yield f"wording: {row['wording'] or 'no qualifier'}; it is kept {_way(row['direction'])}"
    if row["outcome_obs_id"]:
        sentence = row["outcome_sentence"] or row["outcome_quote"]
        yield f"outcome: {_number(row, 'outcome_')} in {_place(row, 'outcome_')}: {sentence}"
        yield f"match: {row['match']}. {OutcomeMatch(row['match']).meaning} It rests on {row['evidence']}."
        kind = ToleranceKind(row["tolerance_kind"])
        unit = row["margin_unit"]
        yield f"tolerance: {_plain(row['tolerance'])}{unit}, {kind}. {kind.meaning}"
        yield f"margin: {Decimal(repr(row['margin'])):+.{row['margin_decimals']}f}{unit}, in {row['margin_kind']}"
    elif row["outcome_quote"]:
        yield f"words: {_place(row, 'outcome_')}: {row['outcome_quote']}"
    else:
        yield "outcome: none"
    yield f"passed over: {row['alternatives']} other numbers that resemble the promise"


def _number(row: Row, prefix: str) -> str:
    ends = [row[f"{prefix}value"], row[f"{prefix}value_upper"]]
    stated = "-".join(_plain(end) for end in ends if end is not None)
    return f"{row[f'{prefix}bound']} {stated}{row[f'{prefix}unit']}"


def _plain(number: float) -> str:
    return f"{Decimal(repr(number)).normalize():f}"


def _place(row: Row, prefix: str) -> str:
    return f"{row[f'{prefix}document']}, characters {row[f'{prefix}char_start']} to {row[f'{prefix}char_end']}"


def _way(direction: str) -> str:
    return {"up": "by that or more", "down": "by that or less", "none": "by what equals it"}[direction]
