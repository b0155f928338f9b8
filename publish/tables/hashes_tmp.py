"""What goes into a release, as one hash: equal inputs need no tables to be built."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from publish.bucket.serialize import combine_hashes, sha256
from schemas.contract.model import contract
from schemas.reading import Reading
from schemas.tables.columns import SCHEMA_VERSION


def inputs_sha256(readings: Sequence[Reading], reader_version: str, registry_fingerprint: str) -> str:
    """The hash over each document's text, labels and state, the reader, the registry and the columns."""
    documents = sorted((reading.document_id, _document(reading)) for reading in readings)
    schema = f"{SCHEMA_VERSION} {contract().fingerprint()}"
    rest = (("reader", reader_version), ("registry", registry_fingerprint), ("schema", schema))
    return combine_hashes([*documents, *rest])


def _document(reading: Reading) -> str:
    document = reading.document
    said = {
        "text": reading.text_sha256,
        "labels": asdict(document.labels),
        "title": document.title,
        "published_on": str(document.published_on),
        "index_number": [reading.index_number, reading.index_note],
        "url": reading.capture.url,
        "state": reading.state.value,
    }
    return sha256(json.dumps(said, sort_keys=True).encode())
