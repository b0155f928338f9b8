"""What is expected of a release: the expectations on its tables, by the kinds of its documents and the last release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from math import ceil
from typing import Any

import polars as pl

from infra.settings import TARGET_SHARES, YEARS_AROUND
from publish.gate.expectations import Condition, ExpectationSpec
from publish.gate.limits import GateLimits
from schemas.codelists import Measure, Severity
from schemas.finding import FindingCode
from schemas.observation import DIMENSIONS
from schemas.tables.frames import Tables

_BETWEEN = "ExpectColumnValuesToBeBetween"
_AT_LEAST = "ExpectColumnPairValuesAToBeGreaterThanB"
# A share of fewer rows says nothing: one of them is more than a limit.
_JUDGED_ROWS = 20
# A text with fewer words for what is planned may have no plans.
_PLANNING_WORDS = 2
# A distribution of fewer rows is chance.
_DISTRIBUTED_ROWS = 50
# What the last release lacked altogether is expected once in a hundred rows, else it would weigh infinitely.
_NEW_VALUES = 0.01
_ENOUGH: Condition = ("rows", ">=", _JUDGED_ROWS)


def release_expectations(
    frames: Mapping[str, pl.DataFrame], limits: GateLimits, *, previous: Tables, same_reader: bool
) -> tuple[ExpectationSpec, ...]:
    """Return the expectations of a release, those of one code next to each other.

    Args:
        frames: The tables with their measures, by name.
        limits: The limits beyond which an operator decides.
        previous: The tables of the previous release.
        same_reader: Whether the reader and the registry of the previous release are those of this one; what another
            reader shifts only warns.
    """
    kinds = sorted(frames["documents"]["kind"].unique())
    previous_rows = previous["observations"].height if "observations" in previous else 0
    least = ceil(previous_rows * limits.least_of_previous)
    return (
        *_observations(limits, least),
        *(one for kind in kinds for one in _years(kind)),
        *_numbers(),
        *_documents(limits),
        *(one for kind in kinds for one in _targets(kind)),
        *_distributions(frames["observations"], limits, previous, Severity.HOLD if same_reader else Severity.WARN),
    )


def _observations(limits: GateLimits, least: int) -> Iterator[ExpectationSpec]:
    reject, hold, warn, note = Severity.REJECT, Severity.HOLD, Severity.WARN, Severity.NOTE
    rows = "ExpectTableRowCountToBeBetween"
    in_range: dict[str, Any] = {"or_equal": True, "mostly": 1 - limits.most_unlikely}
    pair = "ExpectColumnPairValuesToBeEqual"
    level: Condition = ("measure", "==", Measure.LEVEL.value)
    unlikely = partial(_spec, "observations_likely", "a level outside the range of its indicator", hold, _AT_LEAST)
    collision: dict[str, Any] = {"column_A": "key_high", "column_B": "key_low", "or_equal": True}
    yield _spec("observations_empty", "no observation is left", reject, rows, min_value=1)
    yield _spec("observations_volume", "far fewer observations than in the release before", hold, rows, min_value=least)
    yield _spec(
        "observations_unique",
        "two rows have the same key",
        reject,
        "ExpectCompoundColumnsToBeUnique",
        column_list=list(DIMENSIONS),
        ignore_row_if="never",
    )
    fault = "a span does not cut obs_text out of the document's text"
    yield _spec("observations_spans", fault, reject, pair, column_A="cut", column_B="obs_text", ignore_row_if="neither")
    fault = "an observation is not among the numbers of its document"
    yield _spec("observations_stated", fault, reject, _BETWEEN, column="numbers_stating", min_value=1)
    yield unlikely(qualifier="low", column_A="value_base", column_B="range_min", **in_range)
    yield unlikely(qualifier="high", column_A="range_max", column_B="value_base", **in_range)
    fault = "two numbers of one document differ under one key of a registry series"
    ignored = "either_value_is_missing"
    yield _spec("observations_colliding", fault, warn, _AT_LEAST, **collision, ignore_row_if=ignored)
    fault = "a level has no unit"
    unitless = "ExpectColumnValuesToNotBeInSet"
    yield _spec("observations_unitless", fault, note, unitless, where=(level,), column="unit_code", value_set=["none"])
    fault, lengths = "the subject has one character", "ExpectColumnValueLengthsToBeBetween"
    yield _spec("observations_short", fault, note, lengths, column="subject", min_value=2)
    fault = "a level of the macro core moves by more than a year explains, or than its stated growth"
    most = limits.most_moved
    yield _spec("observations_moved", fault, hold, _BETWEEN, column="moved", min_value=-most, max_value=most)


def _years(kind: str) -> Iterator[ExpectationSpec]:
    fault = "a year is none that the kind of the document speaks of"
    for status, (first, last) in YEARS_AROUND.get(kind, {}).items():
        yield _spec(
            "observations_misdated",
            fault,
            Severity.WARN,
            _BETWEEN,
            qualifier=f"{kind}:{status}",
            where=(("kind", "==", kind), ("status", "==", status)),
            column="years_off",
            min_value=first,
            max_value=last,
        )


def _numbers() -> Iterator[ExpectationSpec]:
    fault = "a number is claimed by no published observation"
    yield _spec("numbers_accounted", fault, Severity.REJECT, _BETWEEN, column="unpublished_rows", max_value=0)


def _documents(limits: GateLimits) -> Iterator[ExpectationSpec]:
    hold = partial(_spec, severity=Severity.HOLD, kind=_BETWEEN)
    fault = "a digit of the text belongs to no number of the account"
    yield hold("documents_complete", fault, column="uncounted_digits", max_value=0)
    fault = "too many of a document's numbers are unread"
    yield hold("documents_unread", fault, column="unread_share", max_value=limits.most_unread)
    fault = "too many of a document's rows are of years that its kind does not speak of"
    share: dict[str, Any] = {"column": "misdated_share", "max_value": limits.most_misdated}
    yield hold("documents_misdated", fault, where=(_ENOUGH,), **share)
    fault = "too many of a document's rows contradict another under one key"
    share = {"column": "colliding_share", "max_value": limits.most_colliding}
    yield hold("documents_colliding", fault, where=(_ENOUGH,), **share)
    fault = "too many of a document's rows have no unit or a subject of one character"
    share = {"column": "incomplete_share", "max_value": limits.most_incomplete}
    yield hold("documents_incomplete", fault, where=(_ENOUGH,), **share)


def _targets(kind: str) -> Iterator[ExpectationSpec]:
    """Yield how many targets a kind of document has at most, and at least where its text plans."""
    least, most = TARGET_SHARES.get(kind, (0.0, 1.0))
    fault = "the share of targets is none that the kind of the document has"
    target = partial(_spec, "documents_targets", fault, Severity.HOLD, _BETWEEN, column="target_share")
    of_kind: Condition = ("kind", "==", kind)
    if most < 1:
        yield target(qualifier=f"{kind}:most", where=(of_kind, _ENOUGH), max_value=most)
    if least > 0:
        planning: Condition = ("planning_words", ">=", _PLANNING_WORDS)
        yield target(qualifier=f"{kind}:least", where=(of_kind, _ENOUGH, planning), min_value=least)


def _distributions(
    rows: pl.DataFrame, limits: GateLimits, previous: Tables, severity: Severity
) -> Iterator[ExpectationSpec]:
    """Yield that measures, statuses and themes are distributed as in the previous release, where both have enough."""
    columns = {"measure": limits.most_shifted, "status": limits.most_shifted, "theme": limits.most_themes_shifted}
    codes = {"measure": "observations_measures", "status": "observations_statuses", "theme": "observations_themes"}
    for column, threshold in columns.items():
        before = previous["observations"][column].drop_nulls() if "observations" in previous else pl.Series()
        if min(before.len(), rows[column].drop_nulls().len()) < _DISTRIBUTED_ROWS:
            continue
        weights = before.value_counts(normalize=True).sort(column)
        yield _spec(
            codes[column],
            f"the distribution of {column} is far from that of the release before",
            severity,
            "ExpectColumnKLDivergenceToBeLessThan",
            column=column,
            partition_object={"values": weights[column].to_list(), "weights": weights["proportion"].to_list()},
            threshold=threshold,
            tail_weight_holdout=_NEW_VALUES,
        )


def _spec(  # noqa: PLR0913 - what every expectation has
    code: str,
    fault: str,
    severity: Severity,
    kind: str,
    *,
    qualifier: str = "",
    where: tuple[Condition, ...] = (),
    **arguments: Any,  # noqa: ANN401 - what a class of the library takes
) -> ExpectationSpec:
    """Return an expectation; its code begins with the name of the table."""
    return ExpectationSpec(
        table=code.partition("_")[0],
        code=FindingCode(code),
        name=f"{code}:{qualifier}" if qualifier else code,
        fault=fault,
        severity=severity,
        kind=kind,
        arguments=arguments,
        where=where,
    )
