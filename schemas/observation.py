"""An observation with its key, and the status of each number of a document."""

from dataclasses import dataclass

from schemas.codelists import Bound, IgnoreReason, Measure, NumberStatus, Status
from schemas.document import Period, Span

DIMENSIONS = ("ref_area", "indicator", "measure", "scope", "period", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One number of a document with its meaning and its position.

    Attributes:
        span: The position of the number with its unit.
        value: The number as stated, in `unit` as stated (亿元); a decrease is negative.
        decimals: The number of printed decimals.
        unit_code: The unit as a code (`CNY`).
        unit_mult: The power of ten in the unit (8).
        indicator: A registry id, or `x:` and a slug of the subject.
        section: The path of section labels.
        quote: The clause that contains the number.
        scope: Among whom a rank holds, from whom a gap is, of what whole a share is, of what plan a completion is.
        rank_of: The measure that is ranked, empty for every other measure.
        sentence: The sentence that contains the clause.
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
    rank_of: str = ""
    sentence: str = ""

    def key(self, ref_area: str) -> str:
        """Return the dimensions joined by `|`, which identify the observation."""
        parts = (ref_area, self.indicator, self.measure, self.scope, str(self.period), self.status)
        return "|".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a document and its status; `reason` is set if it was ignored."""

    span: Span
    text: str
    fate: NumberStatus
    reason: IgnoreReason | None = None
