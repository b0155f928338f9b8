"""The page of each indicator: its chart, the numbers behind it, what was promised, how the numbers fit, its words."""

from __future__ import annotations

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
from publish.portal.model.cross_references import ELEMENTS, CrossReferences, PageAnchor
from publish.portal.model.series import Series
from publish.portal.text.amounts import Row, amount, label, with_unit, year
from schemas.codelists import Bound
from schemas.registry.units import Unit
from schemas.translations import LANGUAGES

_MOST_AWAITED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a page: the picture, what it is of, and what draws it again in the browser."""

    panel: Panel
    svg: Markup
    caption: Mapping[str, str]
    alt: Mapping[str, str]
    guide: CrossReferences

    def spec(self, here: PageUrls, tongue: str) -> Mapping[str, Any]:
        """The chart in Vega-Lite, whose points say what they are and lead to their sentences."""

        def tell(row: Row) -> Mapping[str, str]:
            to = self.guide.number(row["obs_id"]) if "quote" in row else None
            said = {"said": f"{year(row['period'], tongue)} {amount(row, '', tongue)}"}
            return said | ({"at": _address(here, to)} if to else {})

        return chart_spec.spec(self.panel, tell=tell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a report with what it is named there, and the first number in it."""

    quote: str
    obs_id: str
    subjects: tuple[str, ...]


def indicator_leaves(series: Sequence[Series], site: SiteContext, guide: CrossReferences) -> Iterator[Page]:
    """The pages of indicators, in their order."""
    drawn = [chart_spec.panels(one) for one in series]
    svgs = iter(pictures([chart_spec.spec(panel) for panels in drawn for panel in panels]))
    for one, panels in zip(series, drawn, strict=True):
        charts = [_chart(one, panel, next(svgs), guide) for panel in panels]
        yield _leaf(site, one, charts, guide)


def _leaf(site: SiteContext, series: Series, charts: Sequence[Chart], guide: CrossReferences) -> Page:
    latest = series.latest
    names = {tongue: shorten(label(series.labels, tongue).text) for tongue in LANGUAGES}
    return Page(
        name=series.page,
        template="indicator.html",
        title=names,
        description=translate("num_description", area=site.area, label=names),
        scripts=("chart.js",) if charts else (),
        values={
            **ELEMENTS,
            "guide": guide,
            "explained": explain_comparison,
            "series": series,
            "charts": charts,
            "script": SCRIPT,
            "latest": latest,
            "growth": series.beside(latest) if latest else None,
            "promises": _awaited(series.targets, latest),
            "worded": _quoted_clauses(series.observations),
            "units": tuple(dict.fromkeys(row["unit"] for row in series.observations if row["unit"])),
        },
    )


def _awaited(targets: Sequence[Row], latest: Row | None) -> list[Row]:
    """What is promised for the year that was last stated, and for the years after it."""
    since = latest["period"].rpartition("/")[2] if latest else ""
    return [row for row in targets if row["period"].rpartition("/")[2] >= since][:_MOST_AWAITED]


def _chart(series: Series, panel: Panel, svg: str, guide: CrossReferences) -> Chart:
    measure = translate(f"measure_{panel.measure}")
    units = {language: _unit(panel.unit, language) for language in LANGUAGES}
    captions = translate("num_chart_caption", measure=measure, unit=units)
    return Chart(
        panel=panel,
        svg=Markup(svg),  # noqa: S704 # made by Vega out of numbers alone
        caption={language: captions[language] if units[language] else measure[language] for language in LANGUAGES},
        alt=translate(
            "num_chart_alt",
            label={language: shorten(label(series.labels, language).text) for language in LANGUAGES},
            measure=measure,
            count=len(panel.years),
            first=panel.years[0],
            last=panel.years[-1],
        ),
        guide=guide,
    )


def _unit(row: Row, tongue: str) -> str:
    """The unit of an axis: that of its numbers as stated, in English with the power of ten in it."""
    if tongue == "zh":
        return str(row["unit"])
    if row["unit_mult"]:
        return amount({**row, "value": 1.0, "value_upper": None, "bound": Bound.EXACT.value, "decimals": 0}, "", tongue)
    return with_unit(
        "", Unit(name=row["unit"], code=row["unit_code"], mult=0), row["measure"], translations(tongue)
    ).strip()


def _quoted_clauses(rows: Sequence[Row]) -> list[tuple[str, list[Clause]]]:
    """The clauses of each report that state the indicator, the newest report first, each clause once."""
    ordered = sorted(rows, key=lambda row: row["char_start"])
    documents = sorted({(row["published_on"] is not None, row["published_on"], row["document"]) for row in rows})
    found = []
    for *_, document in reversed(documents):
        of_document = [row for row in ordered if row["document"] == document]
        quotes = dict.fromkeys(row["quote"] for row in of_document)
        found.append((document, [_clause(quote, of_document) for quote in quotes]))
    return found


def _clause(quote: str, rows: Sequence[Row]) -> Clause:
    inside = [row for row in rows if row["quote"] == quote]
    subjects = tuple(dict.fromkeys(row["subject"] for row in inside if row["subject"]))
    return Clause(quote=quote, obs_id=inside[0]["obs_id"], subjects=subjects)


def _address(here: PageUrls, to: PageAnchor) -> str:
    return here.page(to.page, to.anchor)
