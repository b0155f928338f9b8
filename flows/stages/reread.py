"""Documents read again out of the archive with today's reader, and what that tells of why a number moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import polars as pl

from infra.logs import LOGGER
from publish.tables.from_readings import read_tables
from publish.tables.inputs import TableInputs
from raw.archive.warc_archive import Archive
from raw.reading import read_capture
from schemas.codelists import SourceState
from schemas.errors import ContentError, StoreCorrupt
from schemas.reading import Capture, CapturedDocument, Reading
from schemas.registry.sources import Source
from schemas.release import DocumentEntry


def load_captured(archive: Archive, entry: DocumentEntry) -> CapturedDocument:
    """A released document as it was captured, out of the archive."""
    snapshot = archive.load_capture(entry.archive_key)
    return CapturedDocument(
        document_id=entry.document,
        capture=Capture(
            url=entry.url,
            captured_at=datetime.fromisoformat(entry.captured_at),
            sha256=entry.payload_sha256,
            key=entry.archive_key,
        ),
        content_type=snapshot.content_type,
        body=snapshot.body,
        state={state.value: state for state in SourceState}[entry.state],
    )


def with_reread_observations(material: TableInputs, archive: Archive) -> TableInputs:
    """The same material with what today's reader takes out of the former texts, where that can tell causes apart.

    It can where the reader is another than that of the former release and a text is no longer the one of then. The
    texts that stayed were read already.
    """
    former = material.previous_release
    if former is None or former.reader_version == material.reader_version:
        return material
    today = {reading.document_id: reading for reading in material.readings}
    stayed = {entry.document for entry in former.documents if _text(today.get(entry.document)) == entry.text_sha256}
    if len(stayed) == len(former.documents):
        return material
    again = [
        _reread_document(archive, entry, material.source) for entry in former.documents if entry.document not in stayed
    ]
    readings = [*(today[document] for document in sorted(stayed)), *(reading for reading in again if reading)]
    return replace(material, reread_observations=observations(material, readings))


def observations(material: TableInputs, readings: Sequence[Reading]) -> pl.DataFrame:
    """The observations that these readings alone would make."""
    alone = replace(
        material,
        readings=readings,
        previous_release=None,
        previous_tables=MappingProxyType({}),
        reread_observations=None,
    )
    return read_tables(alone)["observations"]


def _text(reading: Reading | None) -> str:
    return reading.text_sha256 if reading else ""


def _reread_document(archive: Archive, entry: DocumentEntry, source: Source) -> Reading | None:
    """A former document read by today's reader; a page that is lost or that it refuses is evidence of nothing."""
    try:
        return read_capture(load_captured(archive, entry), source)
    except (ContentError, StoreCorrupt) as error:
        LOGGER.warning("%s cannot be read again, so that its changes count as the source's (%s)", entry.document, error)
        return None
