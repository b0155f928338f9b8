"""The board of promises: each with what came of it, by year and by theme, counted and linked to both sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import PROMISES
from publish.portal.model.cross_references import ELEMENTS, CrossReferences
from publish.portal.text.amounts import Row
from schemas.codelists import TargetVerdict, Theme

VERDICTS = (
    TargetVerdict.MISSED.value,
    TargetVerdict.KEPT.value,
    TargetVerdict.FELL_SILENT.value,
    TargetVerdict.NOT_QUANTIFIED.value,
    TargetVerdict.OPEN.value,
)
"""The verdicts in the order of the board: what is decided first."""

_THEMES = MappingProxyType({theme.value: place for place, theme in enumerate(Theme)})


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCount:
    """How many promises of a year or a theme came to what."""

    key: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """The promises for a year that came to the same, in the order of their themes."""

    year: str
    verdict: str
    rows: tuple[Row, ...]

    @property
    def anchor(self) -> str:
        """Where they stand on the board."""
        return f"y{self.year}-{self.verdict.replace('_', '-')}"


def promises(site: SiteContext, guide: CrossReferences) -> Page:
    """The board of all promises of a release."""
    rows = sorted(site.about.tables["targets"].to_dicts(), key=_sort_key)
    return Page(
        name=PROMISES,
        template="promises.html",
        title=translate("prom_title"),
        description=translate("prom_description", area=site.area),
        scripts=("board.js",) if rows else (),
        values={
            **ELEMENTS,
            "guide": guide,
            "verdicts": VERDICTS,
            "rows": rows,
            "by_year": _tallies(rows, due),
            "by_theme": _tallies(sorted(rows, key=_theme), lambda row: row["theme"] or "none"),
            "boards": _boards(rows),
        },
    )


def due(row: Row) -> str:
    """The year in which a promise is due: the last of several."""
    return str(row["period"].rpartition("/")[2])


def _sort_key(row: Row) -> tuple[int, int, int, str]:
    """The latest year first, in it what is decided, in that by theme."""
    return -int(due(row)), VERDICTS.index(row["verdict"]), _theme(row), row["obs_id"]


def _theme(row: Row) -> int:
    return _THEMES.get(row["theme"], len(_THEMES))


def _tallies(rows: Sequence[Row], by: Callable[[Row], str]) -> list[VerdictCount]:
    """What came of the promises of each group, groups in the order in which they come."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(by(row), Counter())[row["verdict"]] += 1
    return [VerdictCount(key=key, counts=found) for key, found in counts.items()]


def _boards(rows: Sequence[Row]) -> list[tuple[str, list[TargetGroup]]]:
    """The promises of each year, in it those of each verdict."""
    return [
        (
            year,
            [TargetGroup(year=year, verdict=verdict, rows=tuple(same)) for verdict, same in groupby(of_year, _verdict)],
        )
        for year, of_year in groupby(rows, due)
    ]


def _verdict(row: Row) -> str:
    return str(row["verdict"])
