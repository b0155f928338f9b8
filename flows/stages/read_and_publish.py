"""The stages of a night after the pages were kept, each a step towards what is published; the flow calls them in order.

`flows.run.previous_state` looks at what was known and `flows.stages.fetch` fetches; both come before.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flows.run.context import RunContext
from flows.run.previous_state import PreviousState
from flows.stages.candidate import ReleaseCandidate, ReleaseInputs, create_candidate, hash_inputs
from infra.logs import stage
from infra.settings import Settings
from publish.alerts.status import HeldCandidate
from publish.bucket.immutable_folder import FileBuilder
from publish.bucket.pointer import PublishTarget
from publish.bucket.version import day_of
from publish.drift.content import DriftLimits
from publish.gate.verdict import GateLimits
from publish.release.build_files import release_files
from publish.release.publish import PublishResult, publish_release, store_candidate
from publish.signing.schemes import signer_names
from raw.reading import read_capture
from schemas.errors import ContentError
from schemas.reading import CapturedDocument, Reading
from schemas.registry.sources import Source


def read(run: RunContext, pages: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """Read each page."""
    with stage("read") as teller:
        readings = tuple(read_document(page, run.source) for page in pages)
        claimed = sum(len(reading.observations) for reading in readings)
        numbers = sum(len(reading.numbers) for reading in readings)
        teller.set(f"{claimed} observations out of {numbers} numbers")
        return readings


def read_document(page: CapturedDocument, source: Source) -> Reading:
    """What a page says; an error of the reader, who knows only bytes, gets the page's address."""
    try:
        return read_capture(page, source)
    except ContentError as error:
        where = f"{page.capture.url} ({error.where})"
        raise type(error)(error.what, where=where, remedy=error.remedy) from error


def inputs_unchanged(run: RunContext, before: PreviousState, readings: tuple[Reading, ...]) -> bool:
    """Whether the latest release was made of just this."""
    return before.manifest is not None and before.manifest.release.inputs_sha256 == hash_inputs(run.source, readings)


def build_candidate(run: RunContext, before: PreviousState, readings: tuple[Reading, ...]) -> ReleaseCandidate:
    """The release that would be, and what the gate says of it."""
    with stage("check") as teller:
        ground = ReleaseInputs(
            source=run.source, store=run.store, archive=before.archive, previous_manifest=before.manifest
        )
        proposal = create_candidate(ground, readings, day_of(run.started), _limits(run.settings))
        rows = proposal.draft.tables["observations"].height
        teller.set(f"{rows} rows, {len(proposal.inspection.findings)} findings")
        return proposal


def _limits(settings: Settings) -> GateLimits:
    """Beyond what an operator has to look, by the settings."""
    drift = DriftLimits(
        least_numbers=settings.least_numbers,
        unread_rise=settings.unread_rise,
        jump=settings.jump,
        jump_floor=settings.jump_floor,
        most_added=settings.most_added,
    )
    return GateLimits(
        least_of_previous=settings.least_of_previous,
        most_unlikely=settings.most_unlikely,
        most_unread=settings.unread_limit,
        drift=drift,
    )


def publish(run: RunContext, before: PreviousState, proposal: ReleaseCandidate) -> PublishResult:
    """Ship the release."""
    with stage("publish") as teller:
        shipped = publish_release(_destination(run, before), _build(run, proposal), run.signers)
        teller.set(f"release {shipped.version}")
        return shipped


def hold_candidate(run: RunContext, before: PreviousState, proposal: ReleaseCandidate) -> HeldCandidate:
    """Keep a release that an operator has to decide on."""
    with stage("hold") as teller:
        waiting, inputs = before.status.of(run.source.id).held, proposal.draft.inputs_sha256
        held = store_candidate(_destination(run, before), _build(run, proposal), inputs, waiting, run.signers)
        teller.set(f"candidate {held.version}")
        return held


def _build(run: RunContext, proposal: ReleaseCandidate) -> FileBuilder:
    """The files of the release under any version, with who signs it and what an operator says of its addresses."""
    own = run.settings
    draft = replace(
        proposal.draft,
        signed_by=signer_names(run.signers),
        contact=own.contact,
        site=own.site,
        archive=own.archive,
        portal=own.portal,
    )
    return partial(release_files, draft)


def _destination(run: RunContext, before: PreviousState) -> PublishTarget:
    """Where the release goes; it is dated by the begin of the run, like the rows in it."""
    return PublishTarget(store=run.store, dataset=run.source.id, expected_pointer=before.pointer, now=run.started)
