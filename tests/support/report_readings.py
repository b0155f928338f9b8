"""Readings made by hand out of short texts: each marked number becomes an observation or is accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from publish.bucket.serialize import sha256
from publish.tables.build import build_tables
from publish.tables.inputs import TableInputs
from schemas.codelists import Bound, IgnoreReason, Measure, NumberStatus, PublisherEvidence, SourceState, Status
from schemas.document import Document, Labels, Period, Span
from schemas.observation import Number, Observation
from schemas.reading import Capture, Reading, Term
from schemas.registry.indicators import load_indicators
from schemas.registry.sources import Source
from schemas.registry.units import resolve
from schemas.release import Release
from schemas.tables.frames import Tables

SOURCE = Source(
    id="torch",
    platform="gkmlpt",
    base="http://www.zs.gov.cn/zshjq",
    title="工作总结",
    publisher="中山火炬开发区管理委员会",
    uscc="11442000007333422Y",
    ref_area="CN-442000-torch",
    area_zh="中山火炬高新区",
    area_en="Zhongshan Torch High-tech Zone",
)
DAY = date(2026, 11, 23)
READER, REGISTRY = "reader-1", "registry-1"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

TEXT_2024 = (
    "2024年，全区完成地区生产总值573.72亿元，增长3.5%，总量居全市第6位。"
    "工业投资占比40.5%。预计2025年地区生产总值达到600亿元以上。"
)
TEXT_2023 = "2023年，全区完成地区生产总值550.1亿元，增长5%。规模以上工业企业510家。"
FORMER = Release(
    dataset="torch",
    version="2026.11.23.1",
    previous="",
    previous_sums_sha256="",
    released_on=DAY,
    schema_version="1.0.0",
    contract_sha256="",
    announced=(),
    built_with="",
    reader_version=READER,
    registry_fingerprint=REGISTRY,
    inputs_sha256="",
    content_sha256="",
    tables=(),
    documents=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A number of a text that the hand-made reader claims; `printed` is found in the text, the `nth` time."""

    printed: str
    value: float
    unit: str
    subject: str
    indicator: str
    measure: Measure = Measure.LEVEL
    period: int = 2024
    status: Status = Status.ACTUAL
    bound: Bound = Bound.EXACT
    upper: float | None = None
    scope: str = ""
    nth: int = 0


MARKS_2024 = (
    Mark(printed="573.72亿元", value=573.72, unit="亿元", subject="地区生产总值", indicator="gdp"),
    Mark(printed="3.5%", value=3.5, unit="%", subject="地区生产总值", indicator="gdp", measure=Measure.GROWTH),
    Mark(printed="第6位", value=6, unit="位", subject="总量", indicator="gdp", measure=Measure.RANK, scope="全市"),
    Mark(printed="40.5%", value=40.5, unit="%", subject="工业投资", indicator="x:工业投资", measure=Measure.SHARE),
    Mark(
        printed="600亿元以上",
        value=600,
        unit="亿元",
        subject="地区生产总值",
        indicator="gdp",
        period=2025,
        status=Status.TARGET,
        bound=Bound.AT_LEAST,
    ),
)
MARKS_2023 = (
    Mark(printed="550.1亿元", value=550.1, unit="亿元", subject="地区生产总值", indicator="gdp", period=2023),
    Mark(printed="5%", value=5, unit="%", subject="地区生产总值", indicator="gdp", measure=Measure.GROWTH, period=2023),
    Mark(
        printed="510家", value=510, unit="家", subject="规模以上工业企业", indicator="x:规模以上工业企业", period=2023
    ),
)


def reading(
    document_id: str,
    text: str,
    marks: tuple[Mark, ...],
    *,
    published_on: date | None = date(2025, 1, 20),
) -> Reading:
    """A reading of a text; a number that no mark claims is ignored as a date."""
    digest = sha256(text.encode())
    observations = tuple(observe(text, mark) for mark in marks)
    span = Span(start=0, end=len(text))
    return Reading(
        document_id=document_id,
        document=Document(
            title=f"火炬高新区工作总结 {document_id}",
            published_on=published_on,
            text=text,
            body=span,
            sections=(),
            labels=Labels(publisher=SOURCE.publisher, index_number="1142000007333422Y/2025-00206"),
        ),
        capture=Capture(
            url=f"{SOURCE.base}/gkmlpt/content/{document_id}.html",
            captured_at=NOW,
            sha256=digest,
            key=f"raw/torch/warc/{digest}.warc.gz",
        ),
        text_sha256=digest,
        index_number="11442000007333422Y/2025-00206",
        index_note="repaired",
        state=SourceState.OK,
        observations=observations,
        numbers=tuple(account(text, observations)),
        findings=(),
        publisher_evidence=PublisherEvidence.LABEL,
    )


def observe(text: str, mark: Mark) -> Observation:
    """The observation of a mark, its clause cut at the marks of the sentence."""
    start = [found.start() for found in re.finditer(re.escape(mark.printed), text)][mark.nth]
    end = start + len(mark.printed)
    head = max(text.rfind(stop, 0, start) for stop in "，。\n") + 1
    tail = min((place for place in (text.find(stop, end) for stop in "，。\n") if place >= 0), default=len(text))
    unit = resolve(mark.unit)
    return Observation(
        span=Span(start=start, end=end),
        obs_text=mark.printed,
        value=mark.value,
        value_upper=mark.upper,
        decimals=len(f"{mark.value}".partition(".")[2].removesuffix("0")),
        unit=mark.unit,
        unit_code=unit.code,
        unit_mult=unit.mult,
        measure=mark.measure,
        bound=mark.bound,
        subject=mark.subject,
        indicator=mark.indicator,
        scope=mark.scope,
        period=Period.of(mark.period),
        status=mark.status,
        price_basis=None,
        section="一/(一)",
        quote=text[head:tail],
    )


def account(text: str, observations: tuple[Observation, ...]) -> list[Number]:
    """Every run of digits of a text."""
    spans = [observation.span for observation in observations]
    numbers = []
    for found in re.finditer(r"\d+(?:\.\d+)?", text):
        owner = next((span for span in spans if span.start <= found.start() < span.end), None)
        fate = NumberStatus.CLAIMED if owner else NumberStatus.IGNORED
        reason = None if owner else IgnoreReason.DATE
        span = Span(start=found.start(), end=found.end())
        numbers.append(Number(span=span, text=found[0], fate=fate, reason=reason))
    return numbers


def report_2024() -> Reading:
    """The report published in January 2025."""
    return reading("post-2", TEXT_2024, MARKS_2024)


def recaptured(report: Reading, payload: bytes) -> Reading:
    """The same report read out of other bytes a day later: a counter of views moved."""
    digest = sha256(payload)
    capture = Capture(url=report.capture.url, captured_at=NOW + timedelta(days=1), sha256=digest, key=f"raw/{digest}")
    return replace(report, capture=capture)


def corrected() -> Reading:
    """The report published in January 2025 after its source changed one number, from 573.72 to 575.8."""
    first = replace(MARKS_2024[0], printed="575.8亿元", value=575.8)
    return reading("post-2", TEXT_2024.replace("573.72亿元", "575.8亿元"), (first, *MARKS_2024[1:]))


def texts(*readings: Reading) -> dict[str, str]:
    """The canonical text of each document."""
    chosen = readings or (report_2023(), report_2024())
    return {report.document_id: report.document.text for report in chosen}


def report_2023() -> Reading:
    """The report published a year earlier."""
    return reading("post-1", TEXT_2023, MARKS_2023, published_on=date(2024, 1, 18))


def material(
    *readings: Reading, previous: Tables | None = None, released_on: date = DAY, former: Release | None = None
) -> TableInputs:
    """What the tables of these readings are built of."""
    return TableInputs(
        source=SOURCE,
        readings=readings,
        indicators=load_indicators(),
        released_on=released_on,
        reader_version=READER,
        registry_fingerprint=REGISTRY,
        previous_release=former,
        previous_tables=previous or {},
    )


def tables(
    *readings: Reading, previous: Tables | None = None, released_on: date = DAY, former: Release | None = None
) -> Tables:
    """The tables of these readings, of both reports where none is named."""
    chosen = readings or (report_2023(), report_2024())
    return build_tables(material(*chosen, previous=previous, released_on=released_on, former=former))


@cache
def whole() -> Tables:
    """The tables of a second release of which none is empty: trade fell silent, and output was corrected."""
    trade = Mark(
        printed="410.5亿元", value=410.5, unit="亿元", subject="进出口总额", indicator="trade_total", period=2023
    )
    older = reading("post-1", TEXT_2023 + "进出口总额410.5亿元。", (*MARKS_2023, trade), published_on=date(2024, 1, 18))
    term = Term(term="工业投资", explanation="工业投资占比40.5%", span=Span(start=41, end=52))
    newer, before = (replace(report, reference_year=2024, glossary=(term,)) for report in (report_2024(), corrected()))
    reports = replace(older, reference_year=2023), newer
    former = tables(reports[0], before)
    day = DAY + timedelta(days=1)
    return tables(*reports, previous=former, released_on=day, former=FORMER)
