"""A series as a line of a word's height: where its points lie in a small picture of fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 96, 24
_MARGIN = 3  # the dot at the end is not cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """The corners of the line in `viewBox` `0 0 width height`, from the first year to the last."""

    corners: tuple[tuple[float, float], ...]
    first: int
    last: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The corners as the attribute `points` of a polyline has them."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.corners)

    @property
    def end(self) -> tuple[float, float]:
        """Where the last value lies."""
        return self.corners[-1]


def sparkline(points: Sequence[tuple[int, float]]) -> Sparkline | None:
    """Years and their values in any order as a line; none where fewer than two years make no line.

    Years are as far apart as they are, so that a gap is seen; of several values of a year the last given counts.
    """
    values = dict(points)
    years = sorted(values)
    if len(years) < 2:  # noqa: PLR2004 # a line has two ends
        return None
    least, most = min(values.values()), max(values.values())
    across, up = (WIDTH - 2 * _MARGIN) / (years[-1] - years[0]), HEIGHT - 2 * _MARGIN
    corners = tuple(
        (
            round(_MARGIN + (year - years[0]) * across, 1),
            round(_MARGIN + up * (1 - _share(values[year], least, most)), 1),
        )
        for year in years
    )
    return Sparkline(corners=corners, first=years[0], last=years[-1])


def _share(value: float, least: float, most: float) -> float:
    """How far up a value lies; what never changes lies in the middle."""
    return (value - least) / (most - least) if most > least else 0.5
