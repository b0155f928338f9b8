"""What earlier runs left: the latest release, the status of the sources, the archive."""

from dataclasses import dataclass

from flows.run.context import RunContext
from infra.logs import stage
from infra.store import Store
from publish.alerts.status import SourceStatus, StatusFile, read_status
from publish.bucket.catalog import load_manifest
from publish.bucket.pointer import read_pointer
from publish.release.after_publish import repair_after_crash
from raw.archive.warc_archive import Archive
from schemas.release import DocumentEntry, Manifest, Pointer, Release


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousState:
    """What earlier runs of a dataset left; no pointer and no manifest before the first release."""

    dataset: str
    pointer: Pointer | None
    manifest: Manifest | None
    status_file: StatusFile
    archive: Archive

    @property
    def release(self) -> Release | None:
        """The previous release."""
        return self.manifest.release if self.manifest else None

    @property
    def documents(self) -> tuple[DocumentEntry, ...]:
        """The documents of the previous release."""
        return self.release.documents if self.release else ()

    @property
    def status(self) -> SourceStatus:
        """The status of the source."""
        return self.status_file.of(self.dataset)


def load_and_repair(run: RunContext) -> PreviousState:
    """Load what earlier runs left, and complete what a killed one began.

    A run that was killed after it moved the pointer left the copies, the index and the status behind it.
    """
    with stage("load") as summary:
        previous = load(run.store, run.source.id)
        pointer = previous.pointer
        if pointer and previous.status.published != pointer.version:
            repair_after_crash(run.store, run.source.id, pointer)
        summary.set(f"latest release {pointer.version}" if pointer else "no release yet")
        return previous


def load(store: Store, dataset: str) -> PreviousState:
    """Load what earlier runs left, without any repair."""
    pointer = read_pointer(store, dataset)
    return PreviousState(
        dataset=dataset,
        pointer=pointer,
        manifest=load_manifest(store, dataset, pointer) if pointer else None,
        status_file=read_status(store),
        archive=Archive.open(store, dataset),
    )
