"""A series as a Vega-Lite chart: lines or bars of actual values, marks of targets, faint ticks of former values.

A panel shows one measure without words, so that one picture serves both languages; colours come from the style sheet.
No size depends on fonts: margins and labelled years are fixed here, so that the bytes are the same on every machine.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from publish.portal.model.series import Series
from publish.portal.text.amounts import Row, is_fall
from schemas.codelists import Measure, Status

WIDTH, HEIGHT = 380, 170
_MOST_LABELS = 7
_LEAST_POINTS = 2
_PADDING = 0.12
_FAR_APART = 0.5
_MAIN_MEASURES = (Measure.LEVEL.value, Measure.GROWTH.value)
_OTHER_MEASURES = ("rate", "share", "rank", "ratio", "multiple")
_UP, _DOWN = "triangle-up", "triangle-down"
_SHAPES: Mapping[str, str] = MappingProxyType({">=": _UP, ">": _UP, "<=": _DOWN, "<": _DOWN})
_FLIPPED: Mapping[str, str] = MappingProxyType({_UP: _DOWN, _DOWN: _UP})
_FONT: Final = "inherit"
_CONFIG: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "font": _FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelColor": "currentColor",
            "gridColor": "currentColor",
            "gridOpacity": 0.14,
            "domain": False,
            "ticks": False,
            "labelFontSize": 13,
            "labelFont": _FONT,
            "labelBound": False,
            "labelOverlap": False,
            "labelFlush": False,
            "labelLimit": 0,
            "labelPadding": 8,
            "title": None,
        },
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One chart of one measure.

    A point has its `year`, its `value`, the `upper` end of a range, its `shape` and the `row` that states it; an actual
    one also the `run` of years without a break that it belongs to.

    Attributes:
        measure: The measure.
        unit: The row whose unit the axis has.
        actual: The points of actual values.
        targets: The points of targets.
        former: The points of what earlier releases stated.
    """

    measure: str
    unit: Row
    actual: tuple[Mapping[str, Any], ...]
    targets: tuple[Mapping[str, Any], ...]
    former: tuple[Mapping[str, Any], ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of all points, in order."""
        return tuple(sorted({point["year"] for point in (*self.actual, *self.targets, *self.former)}))


def panels(series: Series) -> tuple[Panel, ...]:
    """Return the charts of a series: level and growth, or else the measure with the most years.

    A chart needs two years; that of an unregistered series two actual ones, as most of these are of one report.
    """
    rows = [row for row in series.observations if row["period"].isdigit() and row["unit_code"] != "none"]
    drawn = [panel for measure in (*_MAIN_MEASURES, *_OTHER_MEASURES) if (panel := _panel(measure, rows, series))]
    drawn = [panel for panel in drawn if len(panel.actual if series.entry is None else panel.years) >= _LEAST_POINTS]
    main = [panel for panel in drawn if panel.measure in _MAIN_MEASURES]
    rest = [panel for panel in drawn if panel.measure in _OTHER_MEASURES]
    return tuple(main or sorted(rest, key=lambda panel: -len(panel.years))[:1])


def spec(panel: Panel, *, describe: Callable[[Row], Mapping[str, str]] | None = None, dot: int = 64) -> dict[str, Any]:
    """Return a panel as a Vega-Lite chart.

    Args:
        panel: The panel.
        describe: Gives the tooltip (`said`) and the link (`at`) of the point of a row.
        dot: The size of a point.
    """
    layers = [_vintage_layer(panel, dot), *_value_layers(panel, dot)]
    datasets = {
        name: [_datum(point, describe) for point in points]
        for name, points in (("former", panel.former), ("done", panel.actual), ("promised", panel.targets))
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": "none",
        "padding": {"left": 66, "right": 14, "top": 12, "bottom": 30},
        "config": dict(_CONFIG),
        "datasets": datasets,
        "encoding": {"x": _x_axis(panel), "y": _y_axis(panel)},
        "layer": [layer for layer in layers if datasets[layer["data"]["name"]]],
    }


def _panel(measure: str, rows: Iterable[Row], series: Series) -> Panel | None:
    # Of the lines that can be drawn, the one with the most numbers.
    of_measure = [row for row in rows if row["measure"] == measure]
    if not of_measure:
        return None
    counts = Counter(_line(row) for row in of_measure)
    chosen = min(counts, key=lambda line: (-counts[line], "~" in line[0], line))
    rows_of_line = [row for row in of_measure if _line(row) == chosen]
    actual = [row for row in rows_of_line if row["status"] == Status.ACTUAL.value]
    keys = {row["obs_id"] for row in actual}
    unit = (actual or rows_of_line)[0]
    return Panel(
        measure=measure,
        unit=unit,
        actual=_runs(_points(actual, unit), series.breaks(unit)),
        targets=_points([row for row in rows_of_line if row["status"] == Status.TARGET.value], unit),
        former=_points([row for row in series.former if row["obs_id"] in keys and row["unit_code"] == chosen[2]], unit),
    )


def _line(row: Row) -> tuple[str, str, str]:
    return row["indicator"], row["scope"], row["unit_code"]


def _points(rows: Sequence[Row], unit: Row) -> tuple[Mapping[str, Any], ...]:
    points = []
    for row in rows:
        scale = 10.0 ** (row["unit_mult"] - unit["unit_mult"])
        upper = None if row["value_upper"] is None else row["value_upper"] * scale
        point = {"year": int(row["period"]), "value": row["value"] * scale, "upper": upper}
        points.append({**point, "shape": _shape(row), "row": row})
    return tuple(sorted(points, key=lambda point: (point["year"], point["value"])))


def _shape(row: Row) -> str:
    # A mark points to where the true number may lie: a fall of at least 5 lies below -5.
    shape = _SHAPES.get(row["bound"], "diamond")
    return _FLIPPED.get(shape, shape) if is_fall(row) else shape


def _runs(points: Sequence[Mapping[str, Any]], breaks: frozenset[int]) -> tuple[Mapping[str, Any], ...]:
    # There is no line between two runs.
    return tuple({**point, "run": sum(year <= point["year"] for year in breaks)} for point in points)


def _datum(point: Mapping[str, Any], describe: Callable[[Row], Mapping[str, str]] | None) -> dict[str, Any]:
    plain = {name: cell for name, cell in point.items() if name != "row" and cell is not None}
    return plain | (dict(describe(point["row"])) if describe else {})


def _x_axis(panel: Panel) -> dict[str, Any]:
    # The last year always has a label.
    years = range(panel.years[0], panel.years[-1] + 1)
    step = -(-len(years) // _MOST_LABELS)
    return {
        "field": "year",
        "type": "quantitative",
        "axis": {"values": [*years[::-1][::step]][::-1], "format": "d", "grid": False},
        "scale": {"domain": [years[0] - 0.5, years[-1] + 0.5], "nice": False, "zero": False},
    }


def _y_axis(panel: Panel) -> dict[str, Any]:
    is_rank = panel.measure == Measure.RANK.value
    scale = {"domain": [*_y_domain(panel)], "nice": False, "zero": False, "reverse": is_rank}
    whole = all(end == int(end) for end in _value_range(panel))
    axis = {"tickCount": 4, **({"tickMinStep": 1} if whole else {})}
    return {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}


def _value_range(panel: Panel) -> list[float]:
    points = (*panel.actual, *panel.targets, *panel.former)
    return [end for point in points for end in (point["value"], point["upper"]) if end is not None]


def _y_domain(panel: Panel) -> tuple[float, float]:
    """Return the ends of the axis, which includes zero for growth and for values that differ by much."""
    least, most = min(_value_range(panel)), max(_value_range(panel))
    if panel.measure == Measure.GROWTH.value or 0 < least < most * _FAR_APART:
        least, most = min(least, 0.0), max(most, 0.0)
    padding = (most - least or abs(most) or 1.0) * _PADDING
    return (least - padding if least else 0.0, most + padding if most else 0.0)


def _vintage_layer(panel: Panel, dot: int) -> dict[str, Any]:
    width = WIDTH / (panel.years[-1] - panel.years[0] + 1) * 0.5
    mark = {"type": "tick", "orient": "horizontal", "color": "currentColor", "opacity": 0.45, "thickness": 2}
    return {"data": {"name": "former"}, "mark": {**mark, "size": min(width, dot)}, **_tooltip()}


def _value_layers(panel: Panel, dot: int) -> list[dict[str, Any]]:
    actual, targets = {"data": {"name": "done"}}, {"data": {"name": "promised"}}
    step = WIDTH / (panel.years[-1] - panel.years[0] + 1)
    bar = {"type": "bar", "color": "var(--accent)", "opacity": 0.75, "width": min(step * 0.4, 36)}
    line = {"type": "line", "color": "var(--accent)", "strokeWidth": 2.5}
    wide = {"strokeWidth": 10, "stroke": "transparent"}  # large enough for a finger
    points = {"type": "point", "filled": True, "color": "var(--accent)", "opacity": 1, "size": dot, **wide}
    ranges = {"type": "rule", "color": "var(--accent)", "strokeWidth": 2}
    hollow = {"type": "point", "filled": False, "color": "var(--ink)", "opacity": 1, "size": dot * 2, "strokeWidth": 2}
    ends, ranged = {"y2": {"field": "upper"}}, [{"filter": "isValid(datum.upper)"}]
    shape = {"shape": {"field": "shape", "type": "nominal", "scale": None}}
    by_run = {"encoding": {**_tooltip()["encoding"], "detail": {"field": "run", "type": "nominal"}}}
    drawn = [(bar, _tooltip())] if panel.measure == Measure.GROWTH.value else [(line, by_run), (points, _tooltip())]
    return [
        *({**actual, "mark": mark, **encoding} for mark, encoding in drawn),
        {**actual, "mark": ranges, "encoding": ends, "transform": ranged},
        {**targets, "mark": {**ranges, "color": "var(--ink)"}, "encoding": ends, "transform": ranged},
        {**targets, "mark": hollow, "encoding": {**shape, **_tooltip()["encoding"]}},
    ]


def _tooltip() -> dict[str, Any]:
    return {"encoding": {"tooltip": {"field": "said", "type": "nominal"}}}
