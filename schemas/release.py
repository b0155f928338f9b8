"""A release and its manifest: content, documents, reader and files; serialization is in `publish.bucket`."""

from dataclasses import dataclass
from datetime import date

from schemas.contract.announcements import Announcement
from schemas.document import PageStructure


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """One table of a release; `content_sha256` is that of its CSV file."""

    name: str
    rows: int
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """One document of a release, with the capture that contains its text.

    `metadata_key` is where the archive keeps what states title, date and publisher of a file, None for a page.
    """

    document: str
    url: str
    captured_at: str
    payload_sha256: str
    text_sha256: str
    archive_key: str
    metadata_key: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntry:
    """The structure of the page of a document at the time of its capture."""

    document: str
    form: PageStructure


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of a release folder."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One version of a dataset.

    It contains no time of day, only the day.

    Attributes:
        previous: The previous version, "" for the first.
        previous_sums_sha256: The hash of the previous release's `SHA256SUMS`, "" for the first: releases form a chain.
        signed_by: The ids of the keys that sign the release. The chain covers them, so that no signature can be
            removed unnoticed.
        contract_sha256: The fingerprint of columns and code lists.
        announced: The schema versions that the next release may bring.
        built_with: The libraries whose versions affect the bytes.
        inputs_sha256: The hash of the inputs (texts, labels, states, reader, registry, columns): equal inputs need no
            new tables.
        content_sha256: The hash of the tables: equal content needs no release.
        forms: The structure of each page, so that the next run can detect a change; older manifests have none.
        contact: Whom readers of the data can write to, or "".
        site: The address of the pages, or "".
        archive: The address of the archived captures, "" if they are private.
    """

    dataset: str
    version: str
    previous: str
    previous_sums_sha256: str
    signed_by: tuple[str, ...] = ()
    released_on: date
    schema_version: str
    contract_sha256: str
    announced: tuple[Announcement, ...]
    built_with: str
    reader_version: str
    registry_fingerprint: str
    inputs_sha256: str
    content_sha256: str
    tables: tuple[TableEntry, ...]
    documents: tuple[DocumentEntry, ...]
    forms: tuple[FormEntry, ...] = ()
    contact: str = ""
    site: str = ""
    archive: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A release with the files of its folder, except the manifest itself and `SHA256SUMS`."""

    release: Release
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """The content of `latest.json`, with the etag that the next swap must name."""

    version: str
    manifest: str
    manifest_sha256: str
    released_at: str
    previous: str
    etag: str
