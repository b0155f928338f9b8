"""An observation, what became of each number, and the key that identifies the one among all."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.codelists import Bound, IgnoreReason, Measure, NumberStatus, Status
from schemas.document import Period, Span

DIMENSIONS = ("ref_area", "indicator", "measure", "scope", "period", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One number of a document, read: what it measures, of when, how firmly, and where it stands.

    `span` is the number with its unit, `value` the number as stated in `unit` as stated (亿元); a fall is negative.
    `unit_code` and `unit_mult` say the same unit in codes (`CNY`, 8). `decimals` counts the printed decimals.
    `indicator` is a registry id, or `x:` and a slug of the subject. `section` is the path of labels, `quote` the
    clause that holds the number.
    """

    span: Span
    obs_text: str
    value: float
    value_upper: float | None
    decimals: int
    unit: str
    unit_code: str
    unit_mult: int
    measure: Measure
    bound: Bound
    subject: str
    indicator: str
    scope: str
    period: Period
    status: Status
    price_basis: str | None
    section: str
    quote: str

    def key(self, ref_area: str) -> str:
        """The dimensions joined by `|`: the observation's id among all of an area."""
        parts = (ref_area, self.indicator, self.measure, self.scope, str(self.period), self.status)
        return "|".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a document and what became of it; `reason` stands where it was ignored."""

    span: Span
    text: str
    fate: NumberStatus
    reason: IgnoreReason | None = None
