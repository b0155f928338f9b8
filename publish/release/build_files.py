"""All files of a release folder as bytes, for any version: nothing here knows a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as version_of
from typing import Any
from zlib import ZLIB_RUNTIME_VERSION

import polars as pl

from publish.bucket.layout import MANIFEST, SUMS
from publish.bucket.manifest import LICENCE, LICENCE_URL, file_entries, sums, to_json, to_manifest
from publish.bucket.serialize import combine_hashes, sha256, to_csv, to_parquet
from publish.changelog.markdown import changes
from publish.metadata.citation import citation
from publish.metadata.croissant import croissant
from publish.metadata.csvw import csvw
from publish.metadata.datapackage import datapackage
from publish.metadata.dcat import dcat
from publish.metadata.description import ReleaseDescription
from publish.portal.build import portal_pages
from publish.portal.html.bundle import BUNDLE, pack
from publish.portal.html.page import SiteContext
from publish.release.workbook import workbook
from schemas.contract.announcements import Announcement
from schemas.contract.model import contract
from schemas.document import Document
from schemas.registry.sources import Source
from schemas.release import DocumentEntry, FormEntry, Manifest, Release, TableEntry
from schemas.tables.columns import SCHEMA_VERSION, TABLES
from schemas.tables.frames import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDraft:
    """A release that lacks only its version.

    `documents` are those that the numbers stand in, by their ids. `previous_version` and the hash of its `SHA256SUMS`
    are "" for a first one, and `previous_tables`, the tables of the previous, empty.

    `signed_by` names the keys that will sign it; a candidate, which nobody has accepted, is signed by none.
    Without `portal` the release has no pages, which are most of the cost of building it.
    """

    source: Source
    documents: Mapping[str, Document]
    tables: Tables
    previous_tables: Tables
    quality: Mapping[str, Any]
    previous_version: str
    previous_sums_sha256: str
    released_on: date
    reader_version: str
    registry_fingerprint: str
    inputs_sha256: str
    signed_by: tuple[str, ...] = ()
    announced: tuple[Announcement, ...] = ()
    forms: tuple[FormEntry, ...] = ()
    contact: str = ""
    site: str = ""
    archive: str = ""
    portal: bool = True


def content_sha256(tables: Tables) -> str:
    """What a release says, whatever its version: the hash over the hashes of the CSV files.

    The revisions do not count: they say how the release differs from the one before, not what it says.
    """
    return _content({name: sha256(to_csv(tables[name])) for name in TABLES})


def _content(hashes: Mapping[str, str]) -> str:
    return combine_hashes([(f"{name}.csv", digest) for name, digest in hashes.items() if name != "revisions"])


def built_with() -> str:
    """The libraries whose versions show in the bytes of Parquet files, workbook and pages."""
    names = ("gongbao", "jinja2", "polars", "vl-convert-python", "xlsxwriter")
    libraries = [f"{name} {version_of(name)}" for name in names]
    return ", ".join([*libraries, f"zlib {ZLIB_RUNTIME_VERSION}"])


def release_files(draft: ReleaseDraft, version: str) -> Mapping[str, bytes]:
    """Every file of the release, the same bytes each time; `manifest.json` first and `SHA256SUMS` last."""
    texts = {name: to_csv(draft.tables[name]) for name in TABLES}
    release = _release(draft, version, texts)
    files = {f"{name}.csv": data for name, data in texts.items()}
    files |= {
        f"{name}.parquet": to_parquet(draft.tables[name], _parquet_metadata(release, texts[name])) for name in TABLES
    }
    files[f"{release.dataset}.xlsx"] = workbook(release, draft.source, draft.tables)
    about = ReleaseDescription(release=release, source=draft.source, tables=draft.tables, files=files)
    files |= _metadata_files(draft, about)
    if draft.portal:
        site = SiteContext(about=about, documents=draft.documents, previous_tables=draft.previous_tables)
        files[BUNDLE] = pack(portal_pages(site))
    manifest = to_manifest(Manifest(release=release, files=file_entries(files)))
    whole = {MANIFEST: manifest, **dict(sorted(files.items()))}
    return whole | {SUMS: sums(whole)}


def _release(draft: ReleaseDraft, version: str, texts: Mapping[str, bytes]) -> Release:
    entries = tuple(
        TableEntry(name=name, rows=draft.tables[name].height, content_sha256=sha256(data))
        for name, data in texts.items()
    )
    columns = [pl.col(name) for name in DocumentEntry.__dataclass_fields__]
    documents = draft.tables["documents"].select(columns).iter_rows(named=True)
    return Release(
        dataset=draft.source.id,
        version=version,
        previous=draft.previous_version,
        previous_sums_sha256=draft.previous_sums_sha256,
        signed_by=draft.signed_by,
        released_on=draft.released_on,
        schema_version=SCHEMA_VERSION,
        contract_sha256=contract().fingerprint(),
        announced=draft.announced,
        built_with=built_with(),
        reader_version=draft.reader_version,
        registry_fingerprint=draft.registry_fingerprint,
        inputs_sha256=draft.inputs_sha256,
        content_sha256=_content({entry.name: entry.content_sha256 for entry in entries}),
        tables=entries,
        documents=tuple(DocumentEntry(**row) for row in documents),
        forms=draft.forms,
        contact=draft.contact,
        site=draft.site,
        archive=draft.archive,
    )


def _parquet_metadata(release: Release, text: bytes) -> Mapping[str, str]:
    """What a Parquet file says of itself; the content is that of its CSV twin, whatever Polars wrote the bytes."""
    return {
        "dataset": release.dataset,
        "version": release.version,
        "licence": LICENCE,
        "schema_version": release.schema_version,
        "content_sha256": sha256(text),
    }


def _metadata_files(draft: ReleaseDraft, about: ReleaseDescription) -> dict[str, bytes]:
    heading = f"{about.release.dataset} {about.release.version}"
    return {
        "CHANGES.md": changes(heading, draft.tables, draft.previous_tables).encode(),
        "CITATION.cff": citation(about).encode(),
        "LICENSE": f"{LICENCE}\nCreative Commons Attribution 4.0 International\n{LICENCE_URL}\n".encode(),
        "croissant.json": to_json(croissant(about)),
        "csv-metadata.json": to_json(csvw(about)),
        "datapackage.json": to_json(datapackage(about)),
        "dcat.jsonld": to_json(dcat(about)),
        "quality.json": to_json(dict(draft.quality)),
    }
