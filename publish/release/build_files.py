"""The files of a release as bytes, for any version; nothing here reads a clock or a store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from types import MappingProxyType
from typing import Any
from zlib import ZLIB_RUNTIME_VERSION

import polars as pl

from publish.bucket.layout import MANIFEST, SUMS, VALIDATION
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
from publish.tables.inputs import TableInputs, inputs_sha256
from schemas.contract.announcements import Announcement
from schemas.contract.model import contract
from schemas.finding import Finding
from schemas.release import DocumentEntry, FormEntry, Manifest, Release, TableEntry
from schemas.tables.columns import SCHEMA_VERSION, TABLES
from schemas.tables.frames import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCandidate:
    """What is about to be published: a release without its version.

    Attributes:
        inputs: What the tables were built of.
        findings: What the gate found.
        quality: What `quality.json` holds of that.
        validation: What `validation.json` holds: by table, the validation result of Great Expectations.
        content_sha256: The hash of what the release says, see `content_sha256`.
        signed_by: The names of the keys that will sign it; none for a candidate that waits for a decision.
        portal: Whether the release gets pages, which are most of the cost of building it.
    """

    inputs: TableInputs
    tables: Tables
    quality: Mapping[str, Any]
    validation: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[Finding, ...] = ()
    content_sha256: str = ""
    signed_by: tuple[str, ...] = ()
    announced: tuple[Announcement, ...] = ()
    forms: tuple[FormEntry, ...] = ()
    contact: str = ""
    site: str = ""
    archive: str = ""
    portal: bool = True

    @property
    def inputs_sha256(self) -> str:
        """The hash of its inputs."""
        return inputs_sha256(self.inputs.readings, self.inputs.reader_version, self.inputs.registry_fingerprint)


def content_sha256(tables: Tables) -> str:
    """Return the hash of what a release says, whatever its version: the hash over the hashes of its CSV files.

    The revisions do not count: they say how the release differs from the previous one.
    """
    return _content({name: sha256(to_csv(tables[name])) for name in TABLES})


def _content(hashes: Mapping[str, str]) -> str:
    return combine_hashes([(f"{name}.csv", digest) for name, digest in hashes.items() if name != "revisions"])


def built_with() -> str:
    """Return the libraries whose versions show in the bytes of a release."""
    names = ("gongbao", "great-expectations", "jinja2", "polars", "vl-convert-python", "xlsxwriter")
    libraries = [f"{name} {version_of(name)}" for name in names]
    return ", ".join([*libraries, f"zlib {ZLIB_RUNTIME_VERSION}"])


def release_files(candidate: ReleaseCandidate, version: str) -> Mapping[str, bytes]:
    """Return every file of the release by name, the same bytes each time; `manifest.json` first, `SHA256SUMS` last."""
    tables, inputs = candidate.tables, candidate.inputs
    texts = {name: to_csv(tables[name]) for name in TABLES}
    release = _release(candidate, version, texts)
    files = {f"{name}.csv": data for name, data in texts.items()}
    files |= {f"{name}.parquet": to_parquet(tables[name], _parquet_metadata(release, texts[name])) for name in TABLES}
    files[f"{release.dataset}.xlsx"] = workbook(release, inputs.source, tables)
    about = ReleaseDescription(release=release, source=inputs.source, tables=tables, files=files)
    files |= _metadata_files(candidate, about)
    if candidate.portal:
        site = SiteContext(about=about, documents=inputs.documents_by_id(), previous_tables=inputs.previous_tables)
        files[BUNDLE] = pack(portal_pages(site))
    manifest = to_manifest(Manifest(release=release, files=file_entries(files)))
    all_but_sums = {MANIFEST: manifest, **dict(sorted(files.items()))}
    return all_but_sums | {SUMS: sums(all_but_sums)}


def _release(candidate: ReleaseCandidate, version: str, texts: Mapping[str, bytes]) -> Release:
    inputs = candidate.inputs
    entries = tuple(
        TableEntry(name=name, rows=candidate.tables[name].height, content_sha256=sha256(data))
        for name, data in texts.items()
    )
    columns = [pl.col(name) for name in DocumentEntry.__dataclass_fields__]
    documents = candidate.tables["documents"].select(columns).iter_rows(named=True)
    return Release(
        dataset=inputs.source.id,
        version=version,
        previous=inputs.previous_release.version if inputs.previous_release else "",
        previous_sums_sha256=inputs.previous_sums_sha256,
        signed_by=candidate.signed_by,
        released_on=inputs.released_on,
        schema_version=SCHEMA_VERSION,
        contract_sha256=contract().fingerprint(),
        announced=candidate.announced,
        built_with=built_with(),
        reader_version=inputs.reader_version,
        registry_fingerprint=inputs.registry_fingerprint,
        inputs_sha256=candidate.inputs_sha256,
        content_sha256=_content({entry.name: entry.content_sha256 for entry in entries}),
        tables=entries,
        documents=tuple(DocumentEntry(**row) for row in documents),
        forms=candidate.forms,
        contact=candidate.contact,
        site=candidate.site,
        archive=candidate.archive,
    )


def _parquet_metadata(release: Release, text: bytes) -> Mapping[str, str]:
    """Return the metadata of a Parquet file; the content is that of the CSV file, whatever bytes Polars wrote."""
    return {
        "dataset": release.dataset,
        "version": release.version,
        "licence": LICENCE,
        "schema_version": release.schema_version,
        "content_sha256": sha256(text),
    }


def _metadata_files(candidate: ReleaseCandidate, about: ReleaseDescription) -> dict[str, bytes]:
    heading = f"{about.release.dataset} {about.release.version}"
    return {
        "CHANGES.md": changes(heading, candidate.tables, candidate.inputs.previous_tables).encode(),
        "CITATION.cff": citation(about).encode(),
        "LICENSE": f"{LICENCE}\nCreative Commons Attribution 4.0 International\n{LICENCE_URL}\n".encode(),
        "croissant.json": to_json(croissant(about)),
        "csv-metadata.json": to_json(csvw(about)),
        "datapackage.json": to_json(datapackage(about)),
        "dcat.jsonld": to_json(dcat(about)),
        "quality.json": to_json(dict(candidate.quality)),
        VALIDATION: to_json(dict(candidate.validation)),
    }
