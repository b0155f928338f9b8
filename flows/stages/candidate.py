"""A release that lacks only its version, out of readings and the release before: for night, replay and rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from flows.stages.reread import with_evidence
from infra.store import Store
from publish.bucket.catalog import load_tables, sums_sha256
from publish.bucket.version import release_day
from publish.drift.content import content_drift
from publish.drift.page_structure import form_drift, forms_of
from publish.gate.contract import contract_findings
from publish.gate.verdict import GateLimits, Inspection, Submission, inspect
from publish.release.build_files import Draft, content_sha256
from publish.tables.build import build_tables
from publish.tables.hashes_tmp import inputs_sha256
from publish.tables.inputs import Material, Tables
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
class Ground:
    """What a release is built on: its source, the store, the archive, and the release before, None for a first one."""

    source: Source
    store: Store
    archive: Archive
    former: Manifest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A release that lacks only its version, with what the gate saw and the hash of what it says."""

    draft: Draft
    inspection: Inspection
    content: str


def proposed(ground: Ground, readings: tuple[Reading, ...], released_on: date, limits: GateLimits) -> Proposal:
    """Build the tables, hold them against the gate, and say what changed."""
    material = with_evidence(_material(ground, readings, released_on), ground.archive)
    tables = build_tables(material)
    promised = contract_findings(ground.store, material.former)
    moved = content_drift(material.previous, tables, limits.drift, material.reread)
    inspection = inspect(_submission(material, tables, (*promised, *moved)), limits)
    draft = Draft(
        source=material.source,
        documents=material.corpus(),
        tables=tables,
        before=material.previous,
        quality=inspection.quality,
        previous=material.former.version if material.former else "",
        previous_sums_sha256=sums_sha256(ground.store, ground.former) if ground.former else "",
        released_on=material.released_on,
        reader_version=material.reader_version,
        registry_fingerprint=material.registry_fingerprint,
        inputs_sha256=inputs_of(material.source, readings),
        announced=announced(),
        forms=forms_of(readings),
    )
    return Proposal(draft=draft, inspection=inspection, content=content_sha256(tables))


def inputs_of(source: Source, readings: tuple[Reading, ...]) -> str:
    """The hash over what a release is made of."""
    return inputs_sha256(readings, reader_version(), registry_fingerprint(source))


def findings_of(readings: tuple[Reading, ...], former: Release | None) -> tuple[Finding, ...]:
    """What the readings found, which documents the source has withdrawn, and whose form is another than it was."""
    found = tuple(finding for reading in readings for finding in reading.findings)
    gone = tuple(_withdrawn(reading) for reading in readings if reading.state is SourceState.GONE)
    return (*found, *gone, *_unlisted(readings), *form_drift(former, readings, reader_version()))


def _material(ground: Ground, readings: tuple[Reading, ...], released_on: date) -> Material:
    """What the tables are built of."""
    former = ground.former
    return Material(
        source=ground.source,
        readings=readings,
        indicators=load_indicators(),
        released_on=release_day(released_on, former.release.version if former else ""),
        reader_version=reader_version(),
        registry_fingerprint=registry_fingerprint(ground.source),
        former=former.release if former else None,
        previous=load_tables(ground.store, former) if former else MappingProxyType({}),
    )


def _submission(material: Material, tables: Tables, others: tuple[Finding, ...]) -> Submission:
    """What the gate looks at."""
    previous = material.previous.get("observations")
    return Submission(
        tables=tables,
        texts={reading.document_id: reading.document.text for reading in material.readings},
        previous_rows=0 if previous is None else previous.height,
        findings=(*findings_of(tuple(material.readings), material.former), *others),
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
