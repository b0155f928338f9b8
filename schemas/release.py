"""A release: which content was cut when, out of which documents, by which reader."""

from __future__ import annotations

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
    """One document of a release, with the capture that holds its text."""

    document: str
    url: str
    captured_at: str
    payload_sha256: str
    text_sha256: str
    archive_key: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntry:
    """How the page of a document was made when the capture of it was taken."""

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

    `previous` is the version before, "" for the first. `inputs_sha256` says what went in (texts, labels, states, the
    reader, the registry, the columns), `content_sha256` what came out (the tables): equal inputs need no tables to be
    built, equal content needs no release. `previous_sums_sha256` is the hash of the previous release's `SHA256SUMS`,
    "" for the first: releases form a chain. `signed_by` names the keys that sign the release, none where it is
    unsigned: the chain holds that too, so that no signature is taken away unseen. `contract_sha256` is the fingerprint
    of columns and code lists, and `announced` says which schema versions the next release may bring. `built_with`
    names the libraries whose versions show in the bytes. `forms` says how the documents' pages are made, each that of
    the capture, so that the next night can tell a change; older manifests say nothing of it. `contact` is whom a reader
    of the data can write to, "" for nobody; `site` the address of the pages, "" where none is known, and `archive` that
    under which the archived captures can be read, "" where they are private. No clock time stands here, only the day.
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
    """A release with the files of its folder, itself and `SHA256SUMS` excepted."""

    release: Release
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """What `latest.json` says, with the etag that the next swap must name."""

    version: str
    manifest: str
    manifest_sha256: str
    released_at: str
    previous: str
    etag: str
