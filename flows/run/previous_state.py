"""What was known when a run began: the latest release, how the source stood, what the archive has seen."""

from __future__ import annotations

from dataclasses import dataclass

from flows.run.context import RunContext
from infra.logs import stage
from infra.store import Store
from publish.alerts.status import StatusFile, read_status
from publish.bucket.catalog import load_manifest
from publish.bucket.pointer import read_pointer
from publish.release.after_publish import repair_after_crash
from raw.archive.warc_archive import Archive
from schemas.release import DocumentEntry, Manifest, Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousState:
    """What was known when the run began; no pointer and no manifest before the first release."""

    pointer: Pointer | None
    manifest: Manifest | None
    status: StatusFile
    archive: Archive

    @property
    def documents(self) -> tuple[DocumentEntry, ...]:
        """The documents of the latest release."""
        return self.manifest.release.documents if self.manifest else ()


def load_and_repair(run: RunContext) -> PreviousState:
    """Read what was published and seen; put right what a killed run left undone."""
    with stage("look") as teller:
        before = load(run.store, run.source.id)
        pointer = before.pointer
        if pointer and before.status.of(run.source.id).published != pointer.version:
            repair_after_crash(run.store, run.source.id, pointer)
        teller.set(f"latest release {pointer.version}" if pointer else "no release yet")
        return before


def load(store: Store, dataset: str) -> PreviousState:
    """The same, with nothing put right."""
    pointer = read_pointer(store, dataset)
    return PreviousState(
        pointer=pointer,
        manifest=load_manifest(store, dataset, pointer) if pointer else None,
        status=read_status(store),
        archive=Archive.open(store, dataset),
    )
