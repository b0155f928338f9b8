"""What the tables of a release are built of, and the hash by which two runs know that they have the same inputs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date

import polars as pl

from publish.bucket.serialize import combine_hashes, sha256
from schemas.contract.model import contract
from schemas.document import Document
from schemas.reading import Reading
from schemas.registry.indicators import Indicator
from schemas.registry.sources import Source
from schemas.release import Release
from schemas.tables.columns import SCHEMA_VERSION
from schemas.tables.frames import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInputs:
    """What the tables of a release are built of.

    Attributes:
        previous_release: The previous release, None before the first one.
        previous_tables: Its tables, empty before the first one.
        previous_sums_sha256: The hash of its `SHA256SUMS`, "" before the first one.
        reread_observations: What this reader finds in the pages of the previous release: where both the reader and a
            page changed, it tells which of the two changed a number. None where that cannot tell.
    """

    source: Source
    readings: Sequence[Reading]
    indicators: Sequence[Indicator]
    released_on: date
    reader_version: str
    registry_fingerprint: str
    previous_release: Release | None
    previous_tables: Tables
    previous_sums_sha256: str = ""
    reread_observations: pl.DataFrame | None = None

    def documents_by_id(self) -> Mapping[str, Document]:
        """Return the documents by id."""
        return {reading.document_id: reading.document for reading in self.readings}


def inputs_sha256(readings: Sequence[Reading], reader_version: str, registry_fingerprint: str) -> str:
    """Return the hash over each document's text, tables, labels and state, the reader, the registry and the columns.

    A release with the same hash as the previous one would have the same tables: there is no need to build them.
    """
    documents = sorted((reading.document_id, _document_sha256(reading)) for reading in readings)
    schema = f"{SCHEMA_VERSION} {contract().fingerprint()}"
    rest = (("reader", reader_version), ("registry", registry_fingerprint), ("schema", schema))
    return combine_hashes([*documents, *rest])


def _document_sha256(reading: Reading) -> str:
    document = reading.document
    fields = {
        "text": reading.text_sha256,
        "tables": [[astuple(cell) for cell in table.cells] for table in document.tables],
        "labels": asdict(document.labels),
        "title": document.title,
        "published_on": str(document.published_on),
        "index_number": [reading.index_number, reading.index_note],
        "url": reading.capture.url,
        "attachments": reading.attachments,
        "state": reading.state.value,
        "publisher_evidence": reading.publisher_evidence.value,
    }
    return sha256(json.dumps(fields, sort_keys=True).encode())
