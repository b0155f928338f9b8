"""What was known when a run began: the latest release, how the source stood, what the archive has seen."""

from __future__ import annotations

from dataclasses import dataclass

from flows.run import Run
from infra.logs import stage
from publish.catalog import load_manifest
from publish.pointer import read_pointer
from publish.shelves import restock
from publish.status import StatusFile, read_status
from raw.archive import Archive
from schemas.release import DocumentEntry, Manifest, Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was known when the run began; no pointer and no manifest before the first release."""

    pointer: Pointer | None
    manifest: Manifest | None
    status: StatusFile
    archive: Archive

    @property
    def documents(self) -> tuple[DocumentEntry, ...]:
        """The documents of the latest release."""
        return self.manifest.release.documents if self.manifest else ()


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
