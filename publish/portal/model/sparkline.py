"""A series as a sparkline: the points of a line in a small picture of fixed size."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 96, 24
_MARGIN = 3  # room for the dot at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """The corners of the line in `viewBox="0 0 width height"`, from the first year to the last."""

    corners: tuple[tuple[float, float], ...]
    first: int
    last: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The corners as the `points` attribute of a polyline."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.corners)

    @property
    def end(self) -> tuple[float, float]:
        """The corner of the last value."""
        return self.corners[-1]


def sparkline(points: Sequence[tuple[int, float]]) -> Sparkline | None:
    """Return years and their values as a line, None for fewer than two years.

    Missing years leave a gap. Of several values of a year the last one counts.
    """
    values = dict(points)
    years = sorted(values)
    if len(years) < 2:  # noqa: PLR2004 # a line has two ends
        return None
    least, most = min(values.values()), max(values.values())
    across, up = (WIDTH - 2 * _MARGIN) / (years[-1] - years[0]), HEIGHT - 2 * _MARGIN
    corners = []
    for year in years:
        share = (values[year] - least) / (most - least) if most > least else 0.5  # a constant lies in the middle
        corners.append((round(_MARGIN + (year - years[0]) * across, 1), round(_MARGIN + up * (1 - share), 1)))
    return Sparkline(corners=tuple(corners), first=years[0], last=years[-1])
