"""Each number of a release against the archived page that it was read from."""

from collections.abc import Callable, Iterator

import polars as pl

from publish.bucket.serialize import from_parquet, sha256
from publish.gate.measures import mismatched_spans
from publish.verify.context import VerifiedRelease, fault
from schemas.errors import GongbaoError
from schemas.finding import Finding, FindingCode
from schemas.release import DocumentEntry

TextOf = Callable[[str, DocumentEntry], str]
"""The canonical text of a document of a dataset, read again out of the archive."""

_FILE = "observations.parquet"
_COLUMNS = pl.Schema(
    {
        "obs_id": pl.String,
        "document": pl.String,
        "obs_text": pl.String,
        "char_start": pl.Int64,
        "char_end": pl.Int64,
    }
)


def check_spans(verified: VerifiedRelease, text_of: TextOf) -> Iterator[Finding]:
    """Check that each archived page gives the published text and that each number is where its row says."""
    data = verified.place.read(_FILE)
    hashes = {entry.name: entry.sha256 for entry in verified.manifest.files}
    if data is None or sha256(data) != hashes.get(_FILE):
        return
    try:
        observations = from_parquet(data).select(*_COLUMNS).cast(_COLUMNS)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        message = "The observations are not a Parquet table with these columns: no span can be checked."
        yield fault(FindingCode.VERIFY_SPANS, verified.place.folder + _FILE, message, str(error))
        return
    for document in verified.manifest.release.documents:
        rows = observations.filter(pl.col("document") == document.document)
        yield from _of_document(verified, document, rows, text_of)


def _of_document(
    verified: VerifiedRelease, document: DocumentEntry, rows: pl.DataFrame, text_of: TextOf
) -> Iterator[Finding]:
    where = f"{verified.place.folder} {document.document}"
    try:
        text = text_of(verified.manifest.release.dataset, document)
    except GongbaoError as error:
        yield fault(FindingCode.VERIFY_TEXT, where, "The document cannot be read out of the archive.", str(error))
        return
    if sha256(text.encode()) != document.text_sha256:
        yield fault(FindingCode.VERIFY_TEXT, where, "The archived page does not give the text that was published from.")
    elif mismatched := mismatched_spans(rows, {document.document: text}):
        message = "char_start and char_end do not cut obs_text out of the text."
        yield fault(FindingCode.VERIFY_SPANS, where, message, *mismatched)
