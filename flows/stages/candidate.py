"""A release candidate out of readings and the previous release; for nightly runs, replays and rebuilds."""

from datetime import date
from types import MappingProxyType

from flows.stages.reread import with_reread_observations
from infra.store import Store
from publish.bucket.catalog import load_tables, sums_sha256
from publish.bucket.version import release_day
from publish.drift.content import content_drift
from publish.drift.page_structure import form_drift, forms_of
from publish.gate.contract import contract_findings
from publish.gate.verdict import GateLimits, run_checks
from publish.release.build_files import ReleaseCandidate, content_sha256
from publish.tables.build import build_tables
from publish.tables.inputs import TableInputs
from raw.archive.warc_archive import Archive
from raw.extract.version import reader_version, registry_fingerprint
from schemas.codelists import Origin, Severity, SourceState
from schemas.contract.announcements import announced
from schemas.finding import Finding, FindingCode, examples
from schemas.reading import Reading
from schemas.registry.indicators import load_indicators
from schemas.registry.sources import Source
from schemas.release import Manifest, Release


def load_inputs(
    store: Store, source: Source, previous: Manifest | None, readings: tuple[Reading, ...], released_on: date
) -> TableInputs:
    """Return what the tables are built of: the readings and, out of the store, the previous release."""
    return TableInputs(
        source=source,
        readings=readings,
        indicators=load_indicators(),
        released_on=release_day(released_on, previous.release.version if previous else ""),
        reader_version=reader_version(),
        registry_fingerprint=registry_fingerprint(source),
        previous_release=previous.release if previous else None,
        previous_tables=load_tables(store, previous) if previous else MappingProxyType({}),
        previous_sums_sha256=sums_sha256(store, previous) if previous else "",
    )


def create_candidate(store: Store, archive: Archive, inputs: TableInputs, limits: GateLimits) -> ReleaseCandidate:
    """Build the tables and run every check of the gate on them."""
    inputs = with_reread_observations(inputs, archive)
    tables = build_tables(inputs)
    readings = tuple(inputs.readings)
    findings = (
        *reading_findings(readings, inputs.previous_release),
        *contract_findings(store, inputs.previous_release),
        *content_drift(inputs.previous_tables, tables, limits.drift, inputs.reread_observations),
    )
    texts = {reading.document_id: reading.document.text for reading in readings}
    report = run_checks(
        tables,
        texts,
        limits,
        previous=inputs.previous_tables,
        same_reader=_same_reader(inputs),
        brought=findings,
    )
    return ReleaseCandidate(
        inputs=inputs,
        tables=tables,
        quality=report.quality,
        validation=report.validation,
        findings=report.findings,
        content_sha256=content_sha256(tables),
        announced=announced(),
        forms=forms_of(readings),
    )


def _same_reader(inputs: TableInputs) -> bool:
    """Return whether the reader and the registry of the previous release are those of now."""
    previous = inputs.previous_release
    return previous is not None and (previous.reader_version, previous.registry_fingerprint) == (
        inputs.reader_version,
        inputs.registry_fingerprint,
    )


def reading_findings(readings: tuple[Reading, ...], previous: Release | None) -> tuple[Finding, ...]:
    """Return the findings on the documents: those of reading, withdrawn or unlisted pages, changed page structures."""
    findings = [finding for reading in readings for finding in reading.findings]
    findings += [
        Finding(
            code=FindingCode.DOCUMENT_WITHDRAWN,
            severity=Severity.WARN,
            where=reading.document_id,
            message="The source has withdrawn the page; what was released of it stays.",
            evidence=(reading.capture.url,),
        )
        for reading in readings
        if reading.state is SourceState.GONE
    ]
    pages = [reading for reading in readings if reading.origin is Origin.REPORT]
    if pages and not any(reading.listed for reading in pages):
        findings.append(
            Finding(
                code=FindingCode.SOURCE_EMPTY,
                severity=Severity.WARN,
                where="listing",
                message="The source lists none of its documents any more; those of the last release were looked at.",
                evidence=examples(reading.capture.url for reading in pages),
            )
        )
    return (*findings, *form_drift(previous, readings, reader_version()))
