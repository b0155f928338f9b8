"""What the margin of a document's page says: how each number was read, and what is said in a number's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from publish.portal.addresses import document_page, indicator_page, observation_anchor
from publish.portal.amounts import Label, amount, label
from publish.portal.leaf import both
from publish.portal.words import TONGUES

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is said of a clause, by tongue: what its number measures, of when, and how much it is.

    `elsewhere` is the page of another document that says more, "" for none: the one that states the number by now or,
    for words that took the place of a number and have no measure, the one that stated it last.
    """

    anchor: str
    label: Mapping[str, Label]
    page: str
    measure: str
    scope: str
    period: str
    status: str
    value: Mapping[str, str]
    elsewhere: str = ""
    elsewhere_anchor: str = ""


def reading(row: Row) -> Note:
    """The note on an observation that a document states."""
    return _note(row, observation_anchor(row["obs_id"]), _amounts(row, ""))


def told_elsewhere(row: Row, printed: str) -> Note:
    """The note on a number that another document states by now, of which only what was printed is known here."""
    anchor = observation_anchor(row["obs_id"])
    return replace(
        _note(row, anchor, both(printed, printed)), elsewhere=document_page(row["document"]), elsewhere_anchor=anchor
    )


def former(row: Row, anchor: str, prefix: str = "") -> Note:
    """The note on what an earlier release read; `prefix` is that of its columns."""
    return _note(row, anchor, _amounts(row, prefix))


def wording(row: Row, anchor: str) -> Note:
    """The note on words that took the place of a number."""
    silent = {"measure": "", "scope": "", "status": ""}
    return replace(
        _note({**row, **silent}, anchor, both("", "")),
        elsewhere=document_page(row["last_document"]),
        elsewhere_anchor=observation_anchor(row["last_obs_id"]),
    )


def _note(row: Row, anchor: str, value: Mapping[str, str]) -> Note:
    return Note(
        anchor=anchor,
        label={tongue: label(row, tongue) for tongue in TONGUES},
        page=indicator_page(row["indicator"]),
        measure=row["measure"],
        scope=row["scope"],
        period=row["period"],
        status=row["status"],
        value=value,
    )


def _amounts(row: Row, prefix: str) -> Mapping[str, str]:
    return {tongue: amount(row, prefix, tongue) for tongue in TONGUES}
