"""A release that lacks only its version, out of readings and the release before: for night, replay and rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from flows.stages.reread import with_reread_observations
from infra.store import Store
from publish.bucket.catalog import load_tables, sums_sha256
from publish.bucket.version import release_day
from publish.drift.content import content_drift
from publish.drift.page_structure import form_drift, forms_of
from publish.gate.contract import contract_findings
from publish.gate.verdict import GateInput, GateLimits, GateReport, run_checks
from publish.release.build_files import ReleaseDraft, content_sha256
from publish.tables.build import build_tables
from publish.tables.hashes_tmp import inputs_sha256
from publish.tables.inputs import TableInputs, Tables
from raw.archive.warc_archive import Archive
from raw.extract.version import reader_version, registry_fingerprint
from schemas.codelists import Origin, Severity, SourceState
from schemas.contract.announcements import announced
from schemas.finding import Finding, examples
from schemas.reading import Reading
from schemas.registry.indicators import load_indicators
from schemas.registry.sources import Source
from schemas.release import Manifest, Release


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInputs:
    """What a release is built on: its source, the store, the archive, and the release before, None for a first one."""

    source: Source
    store: Store
    archive: Archive
    previous_manifest: Manifest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCandidate:
    """A release that lacks only its version, with what the gate saw and the hash of what it says."""

    draft: ReleaseDraft
    inspection: GateReport
    content_sha256: str


def create_candidate(
    ground: ReleaseInputs, readings: tuple[Reading, ...], released_on: date, limits: GateLimits
) -> ReleaseCandidate:
    """Build the tables, hold them against the gate, and say what changed."""
    material = with_reread_observations(_material(ground, readings, released_on), ground.archive)
    tables = build_tables(material)
    promised = contract_findings(ground.store, material.previous_release)
    moved = content_drift(material.previous_tables, tables, limits.drift, material.reread_observations)
    inspection = run_checks(_submission(material, tables, (*promised, *moved)), limits)
    draft = ReleaseDraft(
        source=material.source,
        documents=material.documents_by_id(),
        tables=tables,
        previous_tables=material.previous_tables,
        quality=inspection.quality,
        previous_version=material.previous_release.version if material.previous_release else "",
        previous_sums_sha256=sums_sha256(ground.store, ground.previous_manifest) if ground.previous_manifest else "",
        released_on=material.released_on,
        reader_version=material.reader_version,
        registry_fingerprint=material.registry_fingerprint,
        inputs_sha256=hash_inputs(material.source, readings),
        announced=announced(),
        forms=forms_of(readings),
    )
    return ReleaseCandidate(draft=draft, inspection=inspection, content_sha256=content_sha256(tables))


def hash_inputs(source: Source, readings: tuple[Reading, ...]) -> str:
    """The hash over what a release is made of."""
    return inputs_sha256(readings, reader_version(), registry_fingerprint(source))


def findings_of(readings: tuple[Reading, ...], former: Release | None) -> tuple[Finding, ...]:
    """What the readings found, which documents the source has withdrawn, and whose form is another than it was."""
    found = tuple(finding for reading in readings for finding in reading.findings)
    gone = tuple(_withdrawn(reading) for reading in readings if reading.state is SourceState.GONE)
    return (*found, *gone, *_unlisted(readings), *form_drift(former, readings, reader_version()))


def _material(ground: ReleaseInputs, readings: tuple[Reading, ...], released_on: date) -> TableInputs:
    """What the tables are built of."""
    former = ground.previous_manifest
    return TableInputs(
        source=ground.source,
        readings=readings,
        indicators=load_indicators(),
        released_on=release_day(released_on, former.release.version if former else ""),
        reader_version=reader_version(),
        registry_fingerprint=registry_fingerprint(ground.source),
        previous_release=former.release if former else None,
        previous_tables=load_tables(ground.store, former) if former else MappingProxyType({}),
    )


def _submission(material: TableInputs, tables: Tables, others: tuple[Finding, ...]) -> GateInput:
    """What the gate looks at."""
    previous = material.previous_tables.get("observations")
    return GateInput(
        tables=tables,
        texts={reading.document_id: reading.document.text for reading in material.readings},
        previous_rows=0 if previous is None else previous.height,
        findings=(*findings_of(tuple(material.readings), material.previous_release), *others),
    )


def _unlisted(readings: tuple[Reading, ...]) -> tuple[Finding, ...]:
    """The finding on a source that lists none of its documents any more, though their pages are there."""
    pages = [reading for reading in readings if reading.origin is Origin.REPORT]
    if not pages or any(reading.listed for reading in pages):
        return ()
    return (
        Finding(
            code="source_empty",
            severity=Severity.WARN,
            where="listing",
            message="The source lists none of its documents any more; those of the last release were looked at.",
            evidence=examples(reading.capture.url for reading in pages),
        ),
    )


def _withdrawn(reading: Reading) -> Finding:
    """The finding on a page that is gone."""
    return Finding(
        code="document_withdrawn",
        severity=Severity.WARN,
        where=reading.document_id,
        message="The source has withdrawn the page; what was released of it stays.",
        evidence=(reading.capture.url,),
    )
