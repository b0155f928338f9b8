"""The limits of the gate, which travel in `quality.json` so that a release can be built again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.settings import (
    LEAST_OF_PREVIOUS,
    MOST_COLLIDING,
    MOST_INCOMPLETE,
    MOST_MISDATED,
    MOST_MOVED,
    MOST_SHIFTED,
    MOST_THEMES_SHIFTED,
    MOST_UNLIKELY,
    UNREAD_LIMIT,
)
from publish.drift.content import DriftLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimits:
    """Limits beyond which an operator decides; `infra.settings` gives the reason of each default.

    Attributes:
        least_of_previous: The share of the previous release's rows that must still be there.
        most_unread: The share of a document's numbers that may be unread.
        most_unlikely: The share of rows that may be outside the range of their indicator.
        most_misdated: The share of a document's rows that may be of years that its kind does not speak of.
        most_colliding: The share of a document's rows that may contradict another under one key.
        most_incomplete: The share of a document's rows that may have no unit or a subject of one character.
        most_moved: The share by which a level of the macro core may move in a year beyond its stated growth.
        most_shifted: The divergence of measures and statuses from the previous release, in nats.
        most_themes_shifted: The divergence of themes from the previous release, in nats.
        drift: What may change since the previous release.
    """

    least_of_previous: float = LEAST_OF_PREVIOUS
    most_unread: float = UNREAD_LIMIT
    most_unlikely: float = MOST_UNLIKELY
    most_misdated: float = MOST_MISDATED
    most_colliding: float = MOST_COLLIDING
    most_incomplete: float = MOST_INCOMPLETE
    most_moved: float = MOST_MOVED
    most_shifted: float = MOST_SHIFTED
    most_themes_shifted: float = MOST_THEMES_SHIFTED
    drift: DriftLimits = field(default_factory=DriftLimits)

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> GateLimits:
        """Parse the limits of a `quality.json`; those that it lacks have their defaults."""
        return cls(**{**record, "drift": DriftLimits(**record.get("drift", {}))})
