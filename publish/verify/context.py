"""What the parts of `verify` share: the objects of the checks, and a fault as a finding."""

from dataclasses import dataclass

from infra.store import Store
from publish.bucket.catalog import ReleaseIndexEntry
from publish.bucket.layout import MANIFEST, file_key
from publish.bucket.manifest import sums_of
from schemas.codelists import Severity
from schemas.finding import Finding, FindingCode, examples
from schemas.release import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFolder:
    """A folder with its files, and the store that holds them."""

    store: Store
    folder: str

    def read(self, name: str) -> bytes | None:
        """Return a file, None where it is missing."""
        stored = self.store.get(file_key(self.folder, name))
        return stored.data if stored else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetUnderCheck:
    """A dataset: its releases as `index.json` lists them, and the version in `status.json`, "" for none."""

    store: Store
    dataset: str
    releases: tuple[ReleaseIndexEntry, ...]
    last_published_version: str

    @property
    def versions(self) -> tuple[str, ...]:
        """The listed versions, in the order of the list: newest first."""
        return tuple(entry.version for entry in self.releases)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRelease:
    """A release whose manifest is the one that `index.json` lists: everything else is checked against it."""

    place: StoredFolder
    listed: ReleaseIndexEntry
    manifest: Manifest

    @property
    def manifest_key(self) -> str:
        """The key of its manifest."""
        return self.place.folder + MANIFEST

    @property
    def sums(self) -> bytes:
        """The `SHA256SUMS` that it must have."""
        return sums_of(self.manifest, self.listed.manifest_sha256)


def fault(code: FindingCode, where: str, message: str, *evidence: str) -> Finding:
    """Return a fault as a finding; `where` is the key of the damaged object."""
    return Finding(
        code=code,
        severity=Severity.REJECT,
        where=where,
        message=message,
        count=max(1, len(evidence)),
        evidence=examples(evidence),
    )
