"""What a release states of an indicator: its observations, targets, comparisons, silences and former values."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from publish.compare.vintages import FOREVER
from publish.portal.html.urls import indicator_page, plain
from publish.portal.text.amounts import Row
from schemas.codelists import ComparisonKind, ComparisonVerdict, Measure, Status
from schemas.tables.frames import Tables

_BREAKS = (ComparisonVerdict.REVISED, ComparisonVerdict.SCOPE_BREAK, ComparisonVerdict.NOT_COMPARABLE)
_MEASURES = tuple(measure.value for measure in Measure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An indicator with its rows of each table, the latest first.

    Attributes:
        name: The indicator without a qualifier.
        entry: Its row in the registry, None for an unregistered indicator.
        observations: Its observations.
        targets: Its targets.
        comparisons: Its comparisons.
        silences: The reports that no longer quantify it.
        former: The values that earlier releases stated for the same keys.
    """

    name: str
    entry: Row | None
    observations: tuple[Row, ...]
    targets: tuple[Row, ...]
    comparisons: tuple[Row, ...]
    silences: tuple[Row, ...]
    former: tuple[Row, ...]

    @property
    def page(self) -> str:
        """The page of the indicator."""
        return indicator_page(self.name)

    @property
    def labels(self) -> Row:
        """A row with its names and its theme: the latest observation, else the registry entry."""
        nameless = {"label_zh": self.name.removeprefix("x:"), "label_en": None, "theme": None}
        return next(iter((*self.observations, *self.silences)), self.entry or nameless)

    @property
    def latest(self) -> Row | None:
        """The latest actual number, a level before its growth; None if all are targets."""
        actual = [row for row in self.observations if row["status"] == Status.ACTUAL.value]
        return min(actual, key=_recent, default=None)

    def breaks(self, row: Row) -> frozenset[int]:
        """Return the years in which a number like this one does not continue that of the year before.

        The stated growth does not fit the number published for the year before, so that a line through both would
        show a growth that never was.
        """
        return frozenset(
            int(comparison["period"])
            for comparison in self.comparisons
            if comparison["verdict"] in _BREAKS
            and comparison["kind"] == ComparisonKind.YEAR_ON_YEAR.value
            and all(comparison[name] == row[name] for name in ("indicator", "measure", "scope"))
        )

    def growth_of(self, row: Row) -> Row | None:
        """Return the growth stated for the same year as a level, None if there is none."""
        if row["measure"] != Measure.LEVEL.value:
            return None
        key = {name: row[name] for name in ("period", "status", "indicator", "scope")}
        key["measure"] = Measure.GROWTH.value
        return next((other for other in self.observations if key.items() <= other.items()), None)


def all_series(tables: Tables) -> tuple[Series, ...]:
    """Return every indicator of a release, in the order of their names."""
    entries = {row["id"]: row for row in tables["indicators"].iter_rows(named=True)}
    parts = {
        "observations": _by_name(tables["observations"].to_dicts(), _recent),
        "targets": _by_name(tables["targets"].to_dicts(), _recent),
        "comparisons": _by_name(tables["comparisons"].to_dicts(), _recent),
        "silences": _by_name(tables["silences"].to_dicts(), _reported),
        "former": _by_name(tables["vintages"].filter(pl.col("realtime_end") < FOREVER).to_dicts(), _last_valid),
    }
    names = sorted({*parts["observations"], *parts["silences"], *parts["former"]})
    return tuple(
        Series(name=name, entry=entries.get(name), **{part: rows.get(name, ()) for part, rows in parts.items()})
        for name in names
    )


def _by_name(rows: Sequence[Row], order: Callable[[Row], tuple[object, ...]]) -> Mapping[str, tuple[Row, ...]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[plain(row["indicator"])].append(row)
    return {name: tuple(sorted(group, key=order)) for name, group in groups.items()}


def _recent(row: Row) -> tuple[object, ...]:
    # The latest year first, then numbers without a qualifier or a scope, then levels before other measures.
    year = row["period"].rpartition("/")[2][:4]
    qualified = "~" in row["indicator"], row["scope"] != ""
    measure = _MEASURES.index(row["measure"])
    return (-int(year), not row["period"].isdigit(), *qualified, measure, row.get("status", ""), row["obs_id"])


def _reported(row: Row) -> tuple[object, ...]:
    return (-int(row["period"].rpartition("/")[2][:4]), row["document"], row["indicator"])


def _last_valid(row: Row) -> tuple[object, ...]:
    return (-row["realtime_end"].toordinal(), row["obs_id"], -row["realtime_start"].toordinal())
