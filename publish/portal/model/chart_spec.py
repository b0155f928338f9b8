"""A series as a Vega-Lite chart: lines or bars of what was, marks of what was promised, faint steps of what was said.

A panel is of one measure, and says nothing in words, so that one picture serves both tongues; colours are those of the
style sheet. Nothing in it is measured by fonts: every margin is given, every year that gets a label is chosen here, for
the same release has the same bytes on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from publish.portal.model.series import Series
from publish.portal.text.amounts import Row, is_fall
from schemas.codelists import Bound, Measure, Status

WIDTH, HEIGHT = 380, 170
_MOST_LABELS = 7
_LEAST_POINTS = 2
_ROOM = 0.12
_FAR_APART = 0.5
_SHOWN = (Measure.LEVEL.value, Measure.GROWTH.value)
_ELSE = (Measure.RATE.value, Measure.SHARE.value, Measure.RANK.value, Measure.RATIO.value, Measure.MULTIPLE.value)
_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        Bound.AT_LEAST.value: "triangle-up",
        Bound.ABOVE.value: "triangle-up",
        Bound.AT_MOST.value: "triangle-down",
        Bound.BELOW.value: "triangle-down",
    }
)
_UPSIDE_DOWN: Mapping[str, str] = MappingProxyType({"triangle-up": "triangle-down", "triangle-down": "triangle-up"})
_LETTERING: Final = "inherit"
_CONFIG: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "font": _LETTERING,
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelColor": "currentColor",
            "gridColor": "currentColor",
            "gridOpacity": 0.14,
            "domain": False,
            "ticks": False,
            "labelFontSize": 13,
            "labelFont": _LETTERING,
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
    """One chart: its measure, the row whose unit its axis is in, and the points of what was, is promised, was said.

    A point has its `year`, its `value`, the other end `upper` of a range, its `shape` and the row that states it; one
    of what was also the stretch (`run`) that it belongs to.
    """

    measure: str
    unit: Row
    done: tuple[Mapping[str, Any], ...]
    promised: tuple[Mapping[str, Any], ...]
    said: tuple[Mapping[str, Any], ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Every year of it, in order."""
        return tuple(sorted({point["year"] for points in (self.done, self.promised, self.said) for point in points}))


def panels(series: Series) -> tuple[Panel, ...]:
    """The charts of a series, level before growth, or else of its best known measure; none where no years compare.

    A series that the registry does not know is drawn once two years of it are known: most are of one report.
    """
    rows = [row for row in series.observations if row["period"].isdigit() and row["unit_code"] != "none"]
    drawn = [found for measure in (*_SHOWN, *_ELSE) if (found := _panel(measure, rows, series))]
    drawn = [panel for panel in drawn if len(panel.done if series.entry is None else panel.years) >= _LEAST_POINTS]
    shown = [panel for panel in drawn if panel.measure in _SHOWN]
    rest = [panel for panel in drawn if panel.measure in _ELSE]
    return tuple(shown or sorted(rest, key=lambda panel: -len(panel.years))[:1])


def spec(panel: Panel, *, tell: Callable[[Row], Mapping[str, str]] | None = None, dot: int = 64) -> dict[str, Any]:
    """A panel in Vega-Lite; `tell` says what a point says of itself when it is pointed at (`said`, `at`)."""
    layers = [_vintage_layer(panel, dot), *_target_layer(panel, dot)]
    told = [[_datum(point, tell) for point in points] for points in (panel.said, panel.done, panel.promised)]
    names = ("former", "done", "promised")
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": "none",
        "padding": {"left": 66, "right": 14, "top": 12, "bottom": 30},
        "config": dict(_CONFIG),
        "datasets": dict(zip(names, told, strict=True)),
        "encoding": {"x": _x_axis(panel), "y": _y_axis(panel)},
        "layer": [layer for layer in layers if told[names.index(layer["data"]["name"])]],
    }


def _panel(measure: str, rows: Iterable[Row], series: Series) -> Panel | None:
    """The chart of a measure: of the numbers that one name and scope have most of, in one kind of unit."""
    of_measure = [row for row in rows if row["measure"] == measure]
    if not of_measure:
        return None
    counted = Counter(_line(row) for row in of_measure)
    chosen = min(counted, key=lambda line: (-counted[line], "~" in line[0], line))
    taken = [row for row in of_measure if _line(row) == chosen]
    done = [row for row in taken if row["status"] == Status.ACTUAL.value]
    keys = {row["obs_id"] for row in done}
    unit = (done or taken)[0]
    return Panel(
        measure=measure,
        unit=unit,
        done=_runs(_points(done, unit), series.breaks(unit)),
        promised=_points([row for row in taken if row["status"] == Status.TARGET.value], unit),
        said=_points([row for row in series.former if row["obs_id"] in keys and row["unit_code"] == chosen[2]], unit),
    )


def _line(row: Row) -> tuple[str, str, str]:
    return row["indicator"], row["scope"], row["unit_code"]


def _points(rows: Sequence[Row], unit: Row) -> tuple[Mapping[str, Any], ...]:
    """The rows as points in one unit, from the first year on."""
    return tuple(sorted((_point(row, unit) for row in rows), key=lambda point: (point["year"], point["value"])))


def _point(row: Row, unit: Row) -> Mapping[str, Any]:
    scale = 10.0 ** (row["unit_mult"] - unit["unit_mult"])
    upper = None if row["value_upper"] is None else row["value_upper"] * scale
    return {"year": int(row["period"]), "value": row["value"] * scale, "upper": upper, "shape": _shape(row), "row": row}


def _shape(row: Row) -> str:
    """The mark of a bound: to where the true number may lie; a fall of at least 5 lies below -5."""
    shape = _SHAPES.get(row["bound"], "diamond")
    return _UPSIDE_DOWN.get(shape, shape) if is_fall(row) else shape


def _runs(points: Sequence[Mapping[str, Any]], breaks: frozenset[int]) -> tuple[Mapping[str, Any], ...]:
    """The points with the number of the stretch that each belongs to: between two stretches there is no line."""
    return tuple({**point, "run": sum(year <= point["year"] for year in breaks)} for point in points)


def _datum(point: Mapping[str, Any], tell: Callable[[Row], Mapping[str, str]] | None) -> dict[str, Any]:
    plain = {name: cell for name, cell in point.items() if name != "row" and cell is not None}
    return plain | (dict(tell(point["row"])) if tell else {})


def _x_axis(panel: Panel) -> dict[str, Any]:
    """The years, so many of them with a label as have room, the last among them."""
    years = range(panel.years[0], panel.years[-1] + 1)
    step = -(-len(years) // _MOST_LABELS)
    return {
        "field": "year",
        "type": "quantitative",
        "axis": {"values": [*years[::-1][::step]][::-1], "format": "d", "grid": False},
        "scale": {"domain": [years[0] - 0.5, years[-1] + 0.5], "nice": False, "zero": False},
    }


def _y_axis(panel: Panel) -> dict[str, Any]:
    """The values with some room around them; ranks from the first place down."""
    scale = {"domain": [*_y_domain(panel)], "nice": False, "zero": False, "reverse": _is_rank(panel)}
    whole = all(end == int(end) for end in _value_range(panel))
    axis = {"tickCount": 4, **({"tickMinStep": 1} if whole else {})}
    return {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}


def _value_range(panel: Panel) -> list[float]:
    points = (*panel.done, *panel.promised, *panel.said)
    return [end for point in points for end in (point["value"], point["upper"]) if end is not None]


def _y_domain(panel: Panel) -> tuple[float, float]:
    """From where to where the axis goes: growth stands on nought, and so do amounts that differ by much."""
    least, most = min(_value_range(panel)), max(_value_range(panel))
    if panel.measure == Measure.GROWTH.value or 0 < least < most * _FAR_APART:
        least, most = min(least, 0.0), max(most, 0.0)
    room = (most - least or abs(most) or 1.0) * _ROOM
    return (least - room if least else 0.0, most + room if most else 0.0)


def _is_rank(panel: Panel) -> bool:
    return panel.measure == Measure.RANK.value


def _vintage_layer(panel: Panel, dot: int) -> dict[str, Any]:
    """What earlier releases said: a faint step at each value."""
    width = WIDTH / (panel.years[-1] - panel.years[0] + 1) * 0.5
    mark = {"type": "tick", "orient": "horizontal", "color": "currentColor", "opacity": 0.45, "thickness": 2}
    return {"data": {"name": "former"}, "mark": {**mark, "size": min(width, dot)}, **_tooltip()}


def _target_layer(panel: Panel, dot: int) -> list[dict[str, Any]]:
    done, promised = {"data": {"name": "done"}}, {"data": {"name": "promised"}}
    room = WIDTH / (panel.years[-1] - panel.years[0] + 1)
    bar = {"type": "bar", "color": "var(--accent)", "opacity": 0.75, "width": min(room * 0.4, 36)}
    line = {"type": "line", "color": "var(--accent)", "strokeWidth": 2.5}
    wide = {"strokeWidth": 10, "stroke": "transparent"}  # so that a finger meets it
    points = {"type": "point", "filled": True, "color": "var(--accent)", "opacity": 1, "size": dot, **wide}
    ranges = {"type": "rule", "color": "var(--accent)", "strokeWidth": 2}
    aims = {"type": "point", "filled": False, "color": "var(--ink)", "opacity": 1, "size": dot * 2, "strokeWidth": 2}
    ends = {"y2": {"field": "upper"}}
    shape = {"shape": {"field": "shape", "type": "nominal", "scale": None}}
    apart = {"encoding": {**_tooltip()["encoding"], "detail": {"field": "run", "type": "nominal"}}}
    drawn = [(bar, _tooltip())] if panel.measure == Measure.GROWTH.value else [(line, apart), (points, _tooltip())]
    return [
        *({**done, "mark": mark, **told} for mark, told in drawn),
        {**done, "mark": ranges, "encoding": ends, "transform": [{"filter": "isValid(datum.upper)"}]},
        {
            **promised,
            "mark": {**ranges, "color": "var(--ink)"},
            "encoding": ends,
            "transform": [{"filter": "isValid(datum.upper)"}],
        },
        {**promised, "mark": aims, "encoding": {**shape, **_tooltip()["encoding"]}},
    ]


def _tooltip() -> dict[str, Any]:
    return {"encoding": {"tooltip": {"field": "said", "type": "nominal"}}}
