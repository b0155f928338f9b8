"""Archived documents read again with this reader, which tells why a number changed: the page or the reader."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import polars as pl

from infra.logs import LOGGER
from publish.tables.from_readings import read_tables
from publish.tables.inputs import TableInputs
from raw.archive.warc_archive import Archive
from raw.attachments.decode import with_text
from raw.reading import read_capture
from schemas.codelists import SourceState
from schemas.errors import ContentError, StoreCorrupt
from schemas.reading import Capture, CapturedDocument, Metadata, Reading
from schemas.registry.sources import Source
from schemas.release import DocumentEntry


def load_captured(archive: Archive, entry: DocumentEntry) -> CapturedDocument:
    """Return a released document as it was captured.

    Raises:
        StoreCorrupt: The archive has no such capture.
    """
    snapshot = archive.load_capture(entry.archive_key)
    stated = archive.load_capture(entry.metadata_key) if entry.metadata_key else None
    captured = CapturedDocument(
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
        metadata=Metadata(key=stated.key, content_type=stated.content_type, body=stated.body) if stated else None,
    )
    return with_text(captured)


def with_reread_observations(inputs: TableInputs, archive: Archive) -> TableInputs:
    """Add the observations that this reader finds in the previous texts, where that can tell causes apart.

    It can where the previous release was made by another reader and a text has changed since; a text that has not
    changed is among the readings already.
    """
    previous = inputs.previous_release
    if previous is None or previous.reader_version == inputs.reader_version:
        return inputs
    readings = {reading.document_id: reading for reading in inputs.readings}
    texts = {document: reading.text_sha256 for document, reading in readings.items()}
    changed = [entry for entry in previous.documents if texts.get(entry.document, "") != entry.text_sha256]
    if not changed:
        return inputs
    unchanged = sorted({entry.document for entry in previous.documents} - {entry.document for entry in changed})
    reread = [_reread_document(archive, entry, inputs.source) for entry in changed]
    all_read = [*(readings[document] for document in unchanged), *(reading for reading in reread if reading)]
    return replace(inputs, reread_observations=observations(inputs, all_read))


def observations(inputs: TableInputs, readings: Sequence[Reading]) -> pl.DataFrame:
    """Return the observations that these readings alone would make."""
    first = replace(inputs, previous_release=None, previous_tables=MappingProxyType({}), reread_observations=None)
    return read_tables(replace(first, readings=readings))["observations"]


def _reread_document(archive: Archive, entry: DocumentEntry, source: Source) -> Reading | None:
    """Read a released document again; a page that is lost or refused is no evidence."""
    try:
        return read_capture(load_captured(archive, entry), source)
    except (ContentError, StoreCorrupt) as error:
        LOGGER.warning("cannot read %s again (%s): its changes are attributed to the source", entry.document, error)
        return None
