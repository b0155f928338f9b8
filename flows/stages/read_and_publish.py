"""From archived documents to a release: read them, check what they would publish, publish it or hold it."""

from dataclasses import replace
from functools import partial

from flows.run.context import RunContext
from flows.run.previous_state import PreviousState
from flows.stages.candidate import create_candidate, load_inputs
from infra.logs import stage
from infra.settings import Settings
from publish.alerts.status import HeldCandidate
from publish.bucket.immutable_folder import FileBuilder
from publish.bucket.pointer import PublishTarget
from publish.bucket.version import day_of
from publish.drift.content import DriftLimits
from publish.gate.verdict import GateLimits
from publish.release.build_files import ReleaseCandidate, release_files
from publish.release.publish import PublishResult, publish_release, store_candidate
from publish.signing.schemes import signer_names
from publish.tables.inputs import inputs_sha256
from raw.extract.version import reader_version, registry_fingerprint
from raw.reading import read_capture
from schemas.errors import ContentError
from schemas.reading import CapturedDocument, Reading
from schemas.registry.sources import Source


def read(run: RunContext, documents: tuple[CapturedDocument, ...]) -> tuple[Reading, ...]:
    """Read each document."""
    with stage("read") as summary:
        readings = tuple(read_document(document, run.source) for document in documents)
        observations = sum(len(reading.observations) for reading in readings)
        numbers = sum(len(reading.numbers) for reading in readings)
        summary.set(f"{observations} observations out of {numbers} numbers")
        return readings


def read_document(document: CapturedDocument, source: Source) -> Reading:
    """Read a document.

    Raises:
        ContentError: It cannot be read; the error names its URL, which the reader of bytes does not know.
    """
    try:
        return read_capture(document, source)
    except ContentError as error:
        where = f"{document.capture.url} ({error.where})"
        raise type(error)(error.what, where=where, remedy=error.remedy) from error


def inputs_unchanged(run: RunContext, previous: PreviousState, readings: tuple[Reading, ...]) -> bool:
    """Return whether the previous release was made of the same inputs."""
    if previous.release is None:
        return False
    return previous.release.inputs_sha256 == inputs_sha256(readings, reader_version(), registry_fingerprint(run.source))


def check(run: RunContext, previous: PreviousState, readings: tuple[Reading, ...]) -> ReleaseCandidate:
    """Build the tables of the next release and check them."""
    with stage("check") as summary:
        inputs = load_inputs(run.store, run.source, previous.manifest, readings, day_of(run.started))
        candidate = create_candidate(run.store, previous.archive, inputs, gate_limits(run.settings))
        summary.set(f"{candidate.tables['observations'].height} rows, {len(candidate.findings)} findings")
        return candidate


def gate_limits(settings: Settings) -> GateLimits:
    """Return the limits beyond which an operator has to decide."""
    return GateLimits(
        least_of_previous=settings.least_of_previous,
        most_unlikely=settings.most_unlikely,
        most_unread=settings.unread_limit,
        most_misdated=settings.most_misdated,
        most_colliding=settings.most_colliding,
        most_incomplete=settings.most_incomplete,
        most_moved=settings.most_moved,
        most_shifted=settings.most_shifted,
        most_themes_shifted=settings.most_themes_shifted,
        drift=DriftLimits(**{name: getattr(settings, name) for name in DriftLimits.__dataclass_fields__}),
    )


def publish(run: RunContext, previous: PreviousState, candidate: ReleaseCandidate) -> PublishResult:
    """Publish the candidate; publishing it again does no harm."""
    with stage("publish") as summary:
        result = publish_release(_target(run, previous), _file_builder(run, candidate), run.signers)
        summary.set(f"release {result.version}")
        return result


def hold(run: RunContext, previous: PreviousState, candidate: ReleaseCandidate) -> HeldCandidate:
    """Store the candidate for an operator to decide on."""
    with stage("hold") as summary:
        target, build, earlier = _target(run, previous), _file_builder(run, candidate), previous.status.held
        held = store_candidate(target, build, candidate.inputs_sha256, earlier, run.signers)
        summary.set(f"candidate {held.version}")
        return held


def _file_builder(run: RunContext, candidate: ReleaseCandidate) -> FileBuilder:
    """Return what builds the files of any version, with the signers and what an operator has set."""
    settings = run.settings
    complete = replace(
        candidate,
        signed_by=signer_names(run.signers),
        contact=settings.contact,
        site=settings.site,
        archive=settings.archive,
        portal=settings.portal,
    )
    return partial(release_files, complete)


def _target(run: RunContext, previous: PreviousState) -> PublishTarget:
    """Return where the release goes; like the rows in it, it has the date of the start of the run."""
    return PublishTarget(store=run.store, dataset=run.source.id, expected_pointer=previous.pointer, now=run.started)
