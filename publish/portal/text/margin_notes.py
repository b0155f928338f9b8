"""The notes in the margin of a document: how each number was read, and words given instead of a number."""

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
    """The reading of a clause: what its number measures, for which period, and the amount by language.

    Attributes:
        anchor: The anchor of the clause.
        label: The name of the indicator by language.
        page: The page of the indicator.
        measure: The measure, "" for words without a number.
        scope: The scope.
        period: The period.
        status: Whether the number is actual or a target.
        value: The amount by language, or the text given instead.
        elsewhere: The page of another document with a related number, "" for none.
        elsewhere_anchor: The anchor of that number.
        relation: The key of the text that says how that number is related.
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
    def content(self) -> tuple[str, ...]:
        """All that the note prints: notes with the same content are printed once."""
        return (self.page, self.measure, self.scope, self.period, self.status, *self.value.values(), self.elsewhere)


def reading(row: Row) -> MarginNote:
    """Return the note on an observation that a document states."""
    return _note(row, observation_anchor(row["obs_id"]), amounts(row))


def restated(row: Row, printed: str) -> MarginNote:
    """Return the note on a number that another document now states."""
    anchor = observation_anchor(row["obs_id"])
    note = _note(row, anchor, dict.fromkeys(LANGUAGES, printed))
    elsewhere = document_page(row["document"])
    return replace(note, elsewhere=elsewhere, elsewhere_anchor=anchor, relation="text_elsewhere")


def former(row: Row, anchor: str, prefix: str = "") -> MarginNote:
    """Return the note on what an earlier release read, from columns with this prefix."""
    return _note(row, anchor, amounts(row, prefix))


def wording(row: Row, anchor: str) -> MarginNote:
    """Return the note on words that a report gives instead of a number that it used to state."""
    return _wording_note(row, anchor, "text_silent", "text_last")


def undecided(row: Row, anchor: str) -> MarginNote:
    """Return the note on words that are all that a report says of a target."""
    return _wording_note(row, anchor, "text_undecided", "text_promised")


def _wording_note(row: Row, anchor: str, instead: str, relation: str) -> MarginNote:
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
        label={language: label(row, language) for language in LANGUAGES},
        page=indicator_page(row["indicator"]),
        measure=row["measure"],
        scope=row["scope"],
        period=row["period"],
        status=row["status"],
        value=value,
    )
