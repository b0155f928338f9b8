"""What the margin of a document's page says: how each number was read, and what is said in a number's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from publish.portal.html.translations import translate
from publish.portal.html.urls import document_page, indicator_page, observation_anchor
from publish.portal.text.amounts import Label, amounts, label
from schemas.translations import LANGUAGES

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginNote:
    """What is said of a clause, by tongue: what its number measures, of when, and how much it is.

    `elsewhere` is the page of another document that says more, "" for none, and `relation` the words for what it says:
    the number as it is stated by now or, for words without a number, the number last stated or the one promised.
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
    relation: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """All that it says, so that two that say the same can be found."""
        return (self.page, self.measure, self.scope, self.period, self.status, *self.value.values(), self.elsewhere)


def reading(row: Row) -> MarginNote:
    """The note on an observation that a document states."""
    return _note(row, observation_anchor(row["obs_id"]), amounts(row))


def told_elsewhere(row: Row, printed: str) -> MarginNote:
    """The note on a number that another document states by now, of which only what was printed is known here."""
    anchor = observation_anchor(row["obs_id"])
    page = document_page(row["document"])
    note = _note(row, anchor, dict.fromkeys(LANGUAGES, printed))
    return replace(note, elsewhere=page, elsewhere_anchor=anchor, relation="text_elsewhere")


def former(row: Row, anchor: str, prefix: str = "") -> MarginNote:
    """The note on what an earlier release read; `prefix` is that of its columns."""
    return _note(row, anchor, amounts(row, prefix))


def wording(row: Row, anchor: str) -> MarginNote:
    """The note on words that took the place of a number."""
    return _wording_note(row, anchor, "text_silent", "text_last")


def undecided(row: Row, anchor: str) -> MarginNote:
    """The note on words that are all that a report says of a promise."""
    return _wording_note(row, anchor, "text_undecided", "text_promised")


def _wording_note(row: Row, anchor: str, instead: str, relation: str) -> MarginNote:
    """What is said instead of a value, and how the number on another page, last stated or promised, relates to it."""
    nothing = {"measure": "", "scope": "", "status": ""}
    return replace(
        _note({**row, **nothing}, anchor, translate(instead)),
        elsewhere=document_page(row["last_document"]),
        elsewhere_anchor=observation_anchor(row["last_obs_id"]),
        relation=relation,
    )


def _note(row: Row, anchor: str, value: Mapping[str, str]) -> MarginNote:
    return MarginNote(
        anchor=anchor,
        label={tongue: label(row, tongue) for tongue in LANGUAGES},
        page=indicator_page(row["indicator"]),
        measure=row["measure"],
        scope=row["scope"],
        period=row["period"],
        status=row["status"],
        value=value,
    )
