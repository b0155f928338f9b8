"""The page of each indicator: its charts, its numbers, its targets, its comparisons, and how reports word it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from publish.portal.html.escape import shorten
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.render import PageUrls
from publish.portal.html.translations import translate, translations
from publish.portal.html.vega import SCRIPT, pictures
from publish.portal.model import chart_spec
from publish.portal.model.chart_spec import Panel
from publish.portal.model.comparison_text import explain_comparison
from publish.portal.model.cross_references import CrossReferences
from publish.portal.model.series import Series
from publish.portal.text.amounts import Row, amount, label, with_unit, year
from schemas.codelists import Bound
from schemas.registry.units import Unit
from schemas.translations import LANGUAGES

_MOST_CURRENT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a page: its picture, its texts, and the specification that the browser draws it from."""

    panel: Panel
    svg: Markup
    caption: Mapping[str, str]
    alt: Mapping[str, str]
    references: CrossReferences

    def spec(self, urls: PageUrls, language: str) -> Mapping[str, Any]:
        """Return the chart in Vega-Lite, its points with tooltips and links to their clauses."""

        def describe(row: Row) -> Mapping[str, str]:
            clause = self.references.number(row["obs_id"]) if "quote" in row else None
            tooltip = {"said": f"{year(row['period'], language)} {amount(row, '', language)}"}
            return tooltip | ({"at": urls.page(clause.page, clause.anchor)} if clause else {})

        return chart_spec.spec(self.panel, describe=describe)


def indicator_pages(series: Sequence[Series], site: SiteContext, references: CrossReferences) -> Iterator[Page]:
    """Yield the pages of indicators in the order of the series."""
    all_panels = [chart_spec.panels(each) for each in series]
    svgs = iter(pictures([chart_spec.spec(panel) for panels in all_panels for panel in panels]))
    for each, panels in zip(series, all_panels, strict=True):
        charts = [_chart(each, panel, next(svgs), references) for panel in panels]
        yield _page(site, each, charts, references)


def _page(site: SiteContext, series: Series, charts: Sequence[Chart], references: CrossReferences) -> Page:
    latest = series.latest
    names = _names(series)
    return Page(
        name=series.page,
        template="indicator.html",
        title=names,
        description=translate("num_description", area=site.area, label=names),
        scripts=("chart.js",) if charts else (),
        values={
            "references": references,
            "explain_comparison": explain_comparison,
            "series": series,
            "charts": charts,
            "script": SCRIPT,
            "latest": latest,
            "growth": series.growth_of(latest) if latest else None,
            "current_targets": _current_targets(series.targets, latest),
            "quoted_clauses": _quoted_clauses(series.observations),
            "units": tuple(dict.fromkeys(row["unit"] for row in series.observations if row["unit"])),
        },
    )


def _current_targets(targets: Sequence[Row], latest: Row | None) -> list[Row]:
    # Those of the year of the latest number and of later years.
    since = latest["period"].rpartition("/")[2][:4] if latest else ""
    return [row for row in targets if row["period"].rpartition("/")[2][:4] >= since][:_MOST_CURRENT]


def _chart(series: Series, panel: Panel, svg: str, references: CrossReferences) -> Chart:
    measure, years = translate(f"measure_{panel.measure}"), panel.years
    units = {language: _unit(panel.unit, language) for language in LANGUAGES}
    span = {"count": len(years), "first": years[0], "last": years[-1]}
    captions = translate("num_chart_caption", measure=measure, unit=units)
    return Chart(
        panel=panel,
        svg=Markup(svg),  # noqa: S704 # made by Vega out of numbers alone
        caption={language: captions[language] if units[language] else measure[language] for language in LANGUAGES},
        alt=translate("num_chart_alt", label=_names(series), measure=measure, **span),
        references=references,
    )


def _unit(row: Row, language: str) -> str:
    # In English with the power of ten: CNY 100 million.
    if language == "zh":
        return str(row["unit"])
    if row["unit_mult"]:
        one_unit = {**row, "value": 1.0, "value_upper": None, "bound": Bound.EXACT.value, "decimals": 0}
        return amount(one_unit, "", language)
    unit = Unit(name=row["unit"], code=row["unit_code"], mult=0)
    return with_unit("", unit, row["measure"], translations(language)).strip()


def _quoted_clauses(rows: Sequence[Row]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Return the clauses of each report that state the indicator, each once, the latest report first."""
    ordered = sorted(rows, key=lambda row: row["char_start"])
    documents = sorted({(row["published_on"] is not None, row["published_on"], row["document"]) for row in rows})
    reports = []
    for *_, document in reversed(documents):
        of_document = [row for row in ordered if row["document"] == document]
        quotes = dict.fromkeys(row["quote"] for row in of_document)
        reports.append((document, [_quoted_clause(quote, of_document) for quote in quotes]))
    return reports


def _quoted_clause(quote: str, rows: Sequence[Row]) -> Mapping[str, Any]:
    """Return a clause with its first number and what the report calls the indicator in it."""
    inside = [row for row in rows if row["quote"] == quote]
    subjects = tuple(dict.fromkeys(row["subject"] for row in inside if row["subject"]))
    return {"quote": quote, "obs_id": inside[0]["obs_id"], "subjects": subjects}


def _names(series: Series) -> Mapping[str, str]:
    return {language: shorten(label(series.labels, language).text) for language in LANGUAGES}
