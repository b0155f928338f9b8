"""The stages of a night, each a step from what was known to what is published; the flow calls them in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from flows.run import Run
from infra.logs import stage
from publish.catalog import load_manifest, load_tables
from publish.gate import GateLimits, Inspection, Submission, inspect
from publish.inputs import inputs_sha256
from publish.material import Material, Tables
from publish.package import Draft, content_sha256, release_files
from publish.pointer import Destination, read_pointer
from publish.shelves import restock
from publish.ship import Held, Shipped, hold, ship
from publish.status import StatusFile, read_status
from publish.tables import build_tables
from publish.version import day_of
from raw.archive import Archive, Snapshot
from raw.discovery import discover
from raw.edition import reader_version, registry_fingerprint
from raw.fetch import Fetcher, FetchLimits, user_agent
from raw.gkmlpt import Get
from raw.reading import read_capture
from schemas.codelists import Severity, SourceState
from schemas.errors import ContentError, SourceEmpty, SourceGone
from schemas.finding import Finding
from schemas.indicators import load_indicators
from schemas.reading import CapturedDocument, Reading
from schemas.release import Manifest, Pointer
from schemas.sources import Source

MEGABYTE = 10**6
_STAYS = "what was released stays; see whether the source has moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was known when the run began; no pointer and no manifest before the first release."""

    pointer: Pointer | None
    manifest: Manifest | None
    status: StatusFile
    archive: Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A release that lacks only its version, with what the gate saw and the hash of what it says."""

    draft: Draft
    inspection: Inspection
    content: str


def look(run: Run) -> Before:
    """Read what was published and seen; put right what a killed run left undone."""
    with stage("look") as teller:
        dataset = run.source.id
        pointer = read_pointer(run.store, dataset)
        manifest = load_manifest(run.store, dataset, pointer) if pointer else None
        status = read_status(run.store)
        if pointer and status.of(dataset).published != pointer.version:
            restock(run.store, dataset, pointer)
        teller.tell(f"latest release {pointer.version}" if pointer else "no release yet")
        return Before(pointer=pointer, manifest=manifest, status=status, archive=Archive.open(run.store, dataset))


async def capture(run: Run, before: Before) -> tuple[CapturedDocument, ...]:
    """Fetch and keep every document of the source, and what was released before though it is no longer listed."""
    settings = run.settings
    limits = FetchLimits(
        pace=settings.pace_seconds,
        timeout=settings.timeout_seconds,
        tries=settings.tries,
        max_wire=settings.max_wire_mb * MEGABYTE,
        max_page=settings.max_page_mb * MEGABYTE,
        user_agent=user_agent(settings.contact),
    )
    with stage("fetch") as teller:
        async with Fetcher(run.source.host, limits, clock=run.clock) as fetcher:
            visit = partial(before.archive.visit, fetcher)
            addresses = await _listed(run, before, visit)
            pages = [await _page(before, fetcher, document, url) for document, url in _all(before, addresses).items()]
        gone = [page for page in pages if page.state is SourceState.GONE]
        if len(gone) == len(pages):
            raise SourceGone("no document of the source is left", where=gone[0].capture.url, remedy=_STAYS)
        teller.tell(f"{len(pages)} documents" + (f", {len(gone)} of them withdrawn" if gone else ""))
        return tuple(pages)


async def _listed(run: Run, before: Before, visit: Get) -> dict[str, str]:
    """The documents that the source lists; none, where an earlier release knows some and the listing no more."""
    try:
        return {ref.document: ref.url for ref in await discover(run.source, visit)}
    except SourceEmpty:
        if before.manifest is None:
            raise
        return {}


def _all(before: Before, found: Mapping[str, str]) -> dict[str, str]:
    """The documents that the source lists and those of the latest release, each with its address."""
    released = before.manifest.release.documents if before.manifest else ()
    return {entry.document: entry.url for entry in released} | dict(found)


async def _page(before: Before, fetcher: Fetcher, document: str, url: str) -> CapturedDocument:
    """One document; where the page is gone and a release holds it, its last capture stands in."""
    try:
        return _captured(document, await before.archive.visit(fetcher, url), SourceState.OK)
    except SourceGone:
        released = before.manifest.release.documents if before.manifest else ()
        key = next((entry.archive_key for entry in released if entry.document == document), "")
        if not key:
            raise
        return _captured(document, before.archive.recall(key), SourceState.GONE)


def _captured(document: str, snapshot: Snapshot, state: SourceState) -> CapturedDocument:
    """A snapshot as the reader takes it."""
    return CapturedDocument(
        document_id=document,
        capture=snapshot.capture,
        content_type=snapshot.content_type,
        body=snapshot.body,
        state=state,
    )


def read(run: Run, pages: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """Read each page."""
    with stage("read") as teller:
        readings = tuple(_reading(page, run.source) for page in pages)
        claimed = sum(len(reading.observations) for reading in readings)
        numbers = sum(len(reading.numbers) for reading in readings)
        teller.tell(f"{claimed} observations out of {numbers} numbers")
        return readings


def _reading(page: CapturedDocument, source: Source) -> Reading:
    """What a page says; an error of the reader, who knows only bytes, gets the page's address."""
    try:
        return read_capture(page, source)
    except ContentError as error:
        where = f"{page.capture.url} ({error.where})"
        raise type(error)(error.what, where=where, remedy=error.remedy) from error


def same_inputs(before: Before, readings: tuple[Reading, ...]) -> bool:
    """Whether the latest release was made of just this."""
    return before.manifest is not None and before.manifest.release.inputs_sha256 == _inputs(readings)


def _inputs(readings: tuple[Reading, ...]) -> str:
    """The hash over what a release is made of."""
    return inputs_sha256(readings, reader_version(), registry_fingerprint())


def propose(run: Run, before: Before, readings: tuple[Reading, ...]) -> Proposal:
    """Build the tables, hold them against the gate, and say what changed."""
    with stage("check") as teller:
        previous = load_tables(run.store, before.manifest) if before.manifest else MappingProxyType({})
        tables = build_tables(_material(run, before, readings, previous))
        inspection = inspect(_submission(tables, previous, readings), GateLimits(most_unread=run.settings.unread_limit))
        former = before.manifest.release if before.manifest else None
        draft = Draft(
            source=run.source,
            tables=tables,
            quality=inspection.quality,
            previous=former.version if former else "",
            previous_sums_sha256="",
            released_on=day_of(run.started),
            reader_version=reader_version(),
            registry_fingerprint=registry_fingerprint(),
            inputs_sha256=_inputs(readings),
        )
        teller.tell(f"{tables['observations'].height} rows, {len(inspection.findings)} findings")
        return Proposal(draft=draft, inspection=inspection, content=content_sha256(tables))


def _material(run: Run, before: Before, readings: tuple[Reading, ...], previous: Tables) -> Material:
    """What the tables are built of."""
    return Material(
        source=run.source,
        readings=readings,
        indicators=load_indicators(),
        released_on=day_of(run.started),
        reader_version=reader_version(),
        registry_fingerprint=registry_fingerprint(),
        former=before.manifest.release if before.manifest else None,
        previous=previous,
    )


def _submission(tables: Tables, previous: Tables, readings: tuple[Reading, ...]) -> Submission:
    """What the gate looks at."""
    return Submission(
        tables=tables,
        texts={reading.document_id: reading.document.text for reading in readings},
        previous_rows=previous["observations"].height if previous else 0,
        findings=findings_of(readings),
    )


def findings_of(readings: tuple[Reading, ...]) -> tuple[Finding, ...]:
    """What the readings found, and which documents the source has withdrawn."""
    found = tuple(finding for reading in readings for finding in reading.findings)
    gone = tuple(_withdrawn(reading) for reading in readings if reading.state is SourceState.GONE)
    return (*found, *gone)


def _withdrawn(reading: Reading) -> Finding:
    """The finding on a page that is gone."""
    return Finding(
        code="document_withdrawn",
        severity=Severity.WARN,
        where=reading.document_id,
        message="The source has withdrawn the page; what was released of it stays.",
        evidence=(reading.capture.url,),
    )


def publish(run: Run, before: Before, proposal: Proposal) -> Shipped:
    """Ship the release."""
    with stage("publish") as teller:
        shipped = ship(_destination(run, before), partial(release_files, proposal.draft))
        teller.tell(f"release {shipped.version}")
        return shipped


def lay_aside(run: Run, before: Before, proposal: Proposal) -> Held:
    """Keep a release that an operator has to decide on."""
    with stage("hold") as teller:
        build, waiting = partial(release_files, proposal.draft), before.status.of(run.source.id).held
        held = hold(_destination(run, before), build, proposal.draft.inputs_sha256, waiting)
        teller.tell(f"candidate {held.version}")
        return held


def _destination(run: Run, before: Before) -> Destination:
    """Where the release goes; it is dated by the begin of the run, like the rows in it."""
    return Destination(store=run.store, dataset=run.source.id, since=before.pointer, now=run.started)
