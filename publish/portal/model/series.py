"""Everything that a release says of one indicator, whatever tells its numbers apart: what its page is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from publish.compare.vintages import FOREVER
from publish.portal.html.urls import indicator_page, plain
from publish.portal.text.amounts import Row
from schemas.codelists import ComparisonKind, ComparisonVerdict, Measure, Status
from schemas.tables.frames import Tables

_APART = frozenset(
    one.value for one in (ComparisonVerdict.REVISED, ComparisonVerdict.SCOPE_BREAK, ComparisonVerdict.NOT_COMPARABLE)
)
_MEASURES = MappingProxyType({measure.value: place for place, measure in enumerate(Measure)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One indicator: its numbers, the newest first, and what follows from them.

    `entry` is its row in the registry, none for a series that the registry does not know; `former` are the numbers
    that earlier releases stated for the same keys, the newest first.
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
        """The address of its page."""
        return indicator_page(self.name)

    @property
    def labels(self) -> Row:
        """A row that has its names in both tongues and its theme: of the number last stated, else of the registry."""
        nameless = {"label_zh": self.name.removeprefix("x:"), "label_en": None, "theme": None}
        return next(iter((*self.observations, *self.silences)), self.entry or nameless)

    @property
    def latest(self) -> Row | None:
        """The newest number of what was: an amount before its growth; none where all is planned."""
        done = [row for row in self.observations if row["status"] == Status.ACTUAL.value]
        return min(done, key=_recent, default=None)

    def breaks(self, row: Row) -> frozenset[int]:
        """The years at which a number like this one does not continue that of the year before.

        What a report states of growth does not fit the number published then: a line through both would show a growth
        that there never was.
        """
        same = ("indicator", "measure", "scope")
        return frozenset(
            int(one["period"])
            for one in self.comparisons
            if one["verdict"] in _APART
            and one["kind"] == ComparisonKind.YEAR_ON_YEAR.value
            and all(one[name] == row[name] for name in same)
        )

    def beside(self, row: Row) -> Row | None:
        """The growth that is stated for the same year as an amount, where one is."""
        found = (
            one
            for one in self.observations
            if one["measure"] == Measure.GROWTH.value
            and all(one[name] == row[name] for name in ("period", "status", "indicator", "scope"))
        )
        return next(found, None) if row["measure"] == Measure.LEVEL.value else None


def all_series(tables: Tables) -> tuple[Series, ...]:
    """Every indicator of which the release says anything, in the order of their names."""
    entries = {row["id"]: row for row in tables["indicators"].iter_rows(named=True)}
    known = {
        "observations": _by_name(tables["observations"].to_dicts(), _recent),
        "targets": _by_name(tables["targets"].to_dicts(), _recent),
        "comparisons": _by_name(tables["comparisons"].to_dicts(), _recent),
        "silences": _by_name(tables["silences"].to_dicts(), _reported),
        "former": _by_name(_former(tables["vintages"]), _last_known),
    }
    names = sorted({*known["observations"], *known["silences"], *known["former"]})
    return tuple(
        Series(name=name, entry=entries.get(name), **{part: rows.get(name, ()) for part, rows in known.items()})
        for name in names
    )


def _former(vintages: pl.DataFrame) -> Sequence[Row]:
    """The statements that no longer hold."""
    return vintages.filter(pl.col("realtime_end") < FOREVER).to_dicts()


def _by_name(rows: Sequence[Row], order: Callable[[Row], tuple[object, ...]]) -> Mapping[str, tuple[Row, ...]]:
    """The rows of each indicator in an order of theirs."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[plain(row["indicator"])].append(row)
    return {name: tuple(sorted(group, key=order)) for name, group in found.items()}


def _recent(row: Row) -> tuple[object, ...]:
    """The newest year first, then what is meant by the name itself, then amounts before what is said of them."""
    year = row["period"].rpartition("/")[2]
    whole = "/" in row["period"]
    place = _MEASURES[row["measure"]]
    apart = "~" in row["indicator"], row["scope"] != ""
    return (-int(year), whole, *apart, place, row.get("status", ""), row["obs_id"])


def _reported(row: Row) -> tuple[object, ...]:
    return (-int(row["period"].rpartition("/")[2]), row["document"], row["indicator"])


def _last_known(row: Row) -> tuple[object, ...]:
    return (-row["realtime_end"].toordinal(), row["obs_id"], -row["realtime_start"].toordinal())
