"""`headlines.json`: the indicators that a front page shows, each with its last value, its growth and its promises.

The front page of the dataset and that of the whole store print these same records, so that the two never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publish.portal.html.escape import shorten
from publish.portal.html.page import SiteContext
from publish.portal.model.series import Series, all_series
from publish.portal.pages.downloads import first_offers
from publish.portal.pages.news import news
from publish.portal.text.amounts import Row, amounts, label, year
from schemas.codelists import Bound, Measure, Status, TargetVerdict
from schemas.translations import LANGUAGES

HEADLINES = "headlines.json"
MOST = 8
FIRST = (
    *("gdp", "va_industry_scale", "investment_fixed", "retail_sales", "trade_total", "budget_revenue", "tax_revenue"),
    *(
        "income_disposable",
        "investment_industry",
        "rnd_expenditure",
        "fdi_used",
        "market_entities",
        "population_resident",
    ),
)
"""What readers look for first, in that order; the rest follows by how much is known of it."""

Headline = Mapping[str, Any]

_PRINTED = frozenset(
    {"page", "label", "translated", "year", "measure", "value", "growth", "rising", "promises", "points"}
)
_MEASURES = tuple(one.value for one in (Measure.LEVEL, Measure.GROWTH, Measure.RATE))


def headlines(site: SiteContext) -> list[Headline]:
    """The records of the indicators that stand on the front page."""
    found = [(one, row) for one in all_series(site.about.tables) for row in [_latest(one)] if row]
    return [_record(series, row) for series, row in sorted(found, key=_weight)[:MOST]]


def headlines_file(site: SiteContext) -> dict[str, Any]:
    """What the front page of the store needs to know of a dataset."""
    release, tables = site.about.release, site.about.tables
    return {
        "dataset": release.dataset,
        "version": release.version,
        "released_on": release.released_on.isoformat(),
        "title": dict(site.about.title),
        "description": dict(site.about.description),
        "area": site.area,
        "years": list(site.about.years or ()),
        "documents": tables["documents"].height,
        "observations": tables["observations"].height,
        "news": news(site),
        "headlines": [dict(one) for one in headlines(site)],
        "offers": first_offers(site.about),
    }


def readable_headlines(file: Mapping[str, Any]) -> list[Headline]:
    """The records of a file that another Gongbao may have written: those of which a page can print everything."""
    return [one for one in file.get("headlines", ()) if one.keys() >= _PRINTED and _has_known_codes(one)]


def _has_known_codes(one: Headline) -> bool:
    """Whether its codes are those that the pages have words for."""
    promises = one["promises"]
    measures = {one["measure"], *(promise["measure"] for promise in promises)}
    return measures <= {*Measure} and {promise["verdict"] for promise in promises} <= {*TargetVerdict}


def _latest(series: Series) -> Row | None:
    """The newest number of the area as a whole and one year: an amount before its growth."""
    rows = [row for row in _area_totals(series.observations) if row["status"] == Status.ACTUAL.value]
    return min(rows, key=lambda row: (-int(row["period"]), _MEASURES.index(row["measure"])), default=None)


def _area_totals(rows: Sequence[Row]) -> list[Row]:
    """Numbers of the area itself that nothing tells apart from the indicator."""
    return [
        row
        for row in rows
        if not row["scope"] and "~" not in row["indicator"] and "/" not in row["period"] and row["measure"] in _MEASURES
    ]


def _weight(found: tuple[Series, Row]) -> tuple[int, bool, int, str]:
    series, _ = found
    place = FIRST.index(series.name) if series.name in FIRST else len(FIRST)
    return place, series.entry is None, -len(_area_totals(series.observations)), series.name


def _record(series: Series, row: Row) -> Headline:
    growth = series.beside(row)
    return {
        "indicator": series.name,
        "page": series.page,
        "label": {tongue: shorten(label(row, tongue).text) for tongue in LANGUAGES},
        "translated": not label(row, "en").lang,
        "period": row["period"],
        "year": _years(row),
        "measure": row["measure"],
        "value": amounts(row),
        "growth": amounts(growth) if growth else None,
        "rising": bool(growth and growth["value"] > 0 and growth["bound"] == Bound.EXACT.value),
        "promises": [_promise(one) for one in _promises(series)],
        "points": _points(series, row),
    }


def _promises(series: Series) -> list[Row]:
    """The newest promise that came due, and the newest that did not: of growth before an amount of the same year."""
    rows = sorted(
        _area_totals(series.targets), key=lambda row: (-int(row["period"]), row["measure"] != Measure.GROWTH.value)
    )
    is_open = TargetVerdict.OPEN.value
    due = [row for row in rows if row["verdict"] != is_open][:1]
    return due + [row for row in rows if row["verdict"] == is_open][:1]


def _promise(row: Row) -> Headline:
    return {
        "period": row["period"],
        "year": _years(row),
        "measure": row["measure"],
        "aim": amounts(row),
        "verdict": row["verdict"],
    }


def _points(series: Series, row: Row) -> list[list[float]]:
    """The years of the same measure in the same unit that continue one another, the first year first."""
    same = ("measure", "status", "unit_code")
    rows = [one for one in _area_totals(series.observations) if all(one[name] == row[name] for name in same)]
    begin = max(series.breaks(row), default=0)
    years = {int(one["period"]): one["value_base"] for one in rows if int(one["period"]) >= begin}
    return [[each, years[each]] for each in sorted(years)]


def _years(row: Row) -> dict[str, str]:
    return {tongue: year(row["period"], tongue) for tongue in LANGUAGES}
