"""The stages of a night after the pages were kept, each a step towards what is published; the flow calls them in order.

`flows.run.previous_state` looks at what was known and `flows.stages.fetch` fetches; both come before.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flows.run.context import Run
from flows.run.previous_state import Before
from flows.stages.candidate import Ground, Proposal, inputs_of, proposed
from infra.logs import stage
from infra.settings import Settings
from publish.alerts.status import Held
from publish.bucket.immutable_folder import Build
from publish.bucket.pointer import Destination
from publish.bucket.version import day_of
from publish.drift.content import DriftLimits
from publish.gate.verdict import GateLimits
from publish.release.build_files import release_files
from publish.release.publish import Shipped, hold, ship
from publish.signing.schemes import names
from raw.reading import read_capture
from schemas.errors import ContentError
from schemas.reading import CapturedDocument, Reading
from schemas.registry.sources import Source


def read(run: Run, pages: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """Read each page."""
    with stage("read") as teller:
        readings = tuple(reading_of(page, run.source) for page in pages)
        claimed = sum(len(reading.observations) for reading in readings)
        numbers = sum(len(reading.numbers) for reading in readings)
        teller.tell(f"{claimed} observations out of {numbers} numbers")
        return readings


def reading_of(page: CapturedDocument, source: Source) -> Reading:
    """What a page says; an error of the reader, who knows only bytes, gets the page's address."""
    try:
        return read_capture(page, source)
    except ContentError as error:
        where = f"{page.capture.url} ({error.where})"
        raise type(error)(error.what, where=where, remedy=error.remedy) from error


def same_inputs(run: Run, before: Before, readings: tuple[Reading, ...]) -> bool:
    """Whether the latest release was made of just this."""
    return before.manifest is not None and before.manifest.release.inputs_sha256 == inputs_of(run.source, readings)


def propose(run: Run, before: Before, readings: tuple[Reading, ...]) -> Proposal:
    """The release that would be, and what the gate says of it."""
    with stage("check") as teller:
        ground = Ground(source=run.source, store=run.store, archive=before.archive, former=before.manifest)
        proposal = proposed(ground, readings, day_of(run.started), _limits(run.settings))
        rows = proposal.draft.tables["observations"].height
        teller.tell(f"{rows} rows, {len(proposal.inspection.findings)} findings")
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


def publish(run: Run, before: Before, proposal: Proposal) -> Shipped:
    """Ship the release."""
    with stage("publish") as teller:
        shipped = ship(_destination(run, before), _build(run, proposal), run.signers)
        teller.tell(f"release {shipped.version}")
        return shipped


def lay_aside(run: Run, before: Before, proposal: Proposal) -> Held:
    """Keep a release that an operator has to decide on."""
    with stage("hold") as teller:
        waiting, inputs = before.status.of(run.source.id).held, proposal.draft.inputs_sha256
        held = hold(_destination(run, before), _build(run, proposal), inputs, waiting, run.signers)
        teller.tell(f"candidate {held.version}")
        return held


def _build(run: Run, proposal: Proposal) -> Build:
    """The files of the release under any version, with who signs it and what an operator says of its addresses."""
    own = run.settings
    draft = replace(
        proposal.draft, signed_by=names(run.signers), contact=own.contact, site=own.site, archive=own.archive
    )
    return partial(release_files, draft)


def _destination(run: Run, before: Before) -> Destination:
    """Where the release goes; it is dated by the begin of the run, like the rows in it."""
    return Destination(store=run.store, dataset=run.source.id, since=before.pointer, now=run.started)
