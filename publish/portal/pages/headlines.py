"""`headlines.json`: the indicators of a front page, each with its last value, its growth and its targets.

The front pages of the dataset and of the store print the same records, so that they never disagree.
"""

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
    *("income_disposable", "investment_industry", "rnd_expenditure", "fdi_used", "market_entities"),
    "population_resident",
)
"""The indicators that come first, in this order; the others follow, those with the most numbers first."""

Headline = Mapping[str, Any]

_PRINTED = frozenset(
    {"page", "label", "translated", "year", "measure", "value", "growth", "rising", "promises", "points"}
)
_MEASURES = tuple(measure.value for measure in (Measure.LEVEL, Measure.GROWTH, Measure.RATE))


def headlines(site: SiteContext) -> list[Headline]:
    """Return the records of the indicators on the front page."""
    stated = [series for series in all_series(site.about.tables) if _latest(series)]
    return [_record(series, row) for series in sorted(stated, key=_rank)[:MOST] if (row := _latest(series))]


def headlines_file(site: SiteContext) -> dict[str, Any]:
    """Return what the front page of the store prints of a dataset."""
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
        "headlines": headlines(site),
        "offers": first_offers(site.about),
    }


def readable_headlines(headlines: Mapping[str, Any]) -> list[Headline]:
    """Return the records that a page can print: another version of Gongbao may have written the `headlines.json`."""
    records = headlines.get("headlines", ())
    return [record for record in records if record.keys() >= _PRINTED and _has_known_codes(record)]


def _has_known_codes(record: Headline) -> bool:
    promises = record["promises"]
    measures = {record["measure"], *(promise["measure"] for promise in promises)}
    return measures <= {*Measure} and {promise["verdict"] for promise in promises} <= {*TargetVerdict}


def _latest(series: Series) -> Row | None:
    # A level before its growth.
    rows = [row for row in _area_totals(series.observations) if row["status"] == Status.ACTUAL.value]
    return min(rows, key=lambda row: (-int(row["period"]), _MEASURES.index(row["measure"])), default=None)


def _area_totals(rows: Sequence[Row]) -> list[Row]:
    # Numbers of a single year without a scope or a qualifier.
    whole = [row for row in rows if not row["scope"] and "~" not in row["indicator"] and row["period"].isdigit()]
    return [row for row in whole if row["measure"] in _MEASURES]


def _rank(series: Series) -> tuple[int, bool, int, str]:
    place = FIRST.index(series.name) if series.name in FIRST else len(FIRST)
    return place, series.entry is None, -len(_area_totals(series.observations)), series.name


def _record(series: Series, row: Row) -> Headline:
    growth = series.growth_of(row)
    return {
        "indicator": series.name,
        "page": series.page,
        "label": {language: shorten(label(row, language).text) for language in LANGUAGES},
        "translated": not label(row, "en").lang,
        "period": row["period"],
        "year": _years(row),
        "measure": row["measure"],
        "value": amounts(row),
        "growth": amounts(growth) if growth else None,
        "rising": bool(growth and growth["value"] > 0 and growth["bound"] == Bound.EXACT.value),
        "promises": [_target_record(target) for target in _newest_targets(series)],
        "points": _points(series, row),
    }


def _newest_targets(series: Series) -> list[Row]:
    # The newest decided and the newest open target: of growth before a level of the same year.
    totals = _area_totals(series.targets)
    rows = sorted(totals, key=lambda row: (-int(row["period"]), row["measure"] != Measure.GROWTH.value))
    is_open = TargetVerdict.OPEN.value
    decided = [row for row in rows if row["verdict"] != is_open][:1]
    return decided + [row for row in rows if row["verdict"] == is_open][:1]


def _target_record(row: Row) -> Headline:
    stated = {"period": row["period"], "year": _years(row), "measure": row["measure"]}
    return {**stated, "aim": amounts(row), "verdict": row["verdict"]}


def _points(series: Series, row: Row) -> list[list[float]]:
    # The years since the last break, with the same measure and unit.
    key = {name: row[name] for name in ("measure", "status", "unit_code")}
    rows = [other for other in _area_totals(series.observations) if key.items() <= other.items()]
    begin = max(series.breaks(row), default=0)
    values = {int(other["period"]): other["value_base"] for other in rows if int(other["period"]) >= begin}
    return [[year, values[year]] for year in sorted(values)]


def _years(row: Row) -> dict[str, str]:
    return {language: year(row["period"], language) for language in LANGUAGES}
