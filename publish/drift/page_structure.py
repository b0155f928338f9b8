"""The form of each page and document tonight, held against the release before: labels, element, script, headings.

A form that changed stops no release by itself: what was read is held against the gate like any other. But it is the
first sign that the next page may not be read rightly, so that somebody should look.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from schemas.codelists import Severity
from schemas.document import STRUCTURE_FIELDS, PageStructure
from schemas.finding import Finding, FindingCode, examples
from schemas.reading import Reading
from schemas.release import FormEntry, Release

_CODES: Mapping[str, FindingCode] = MappingProxyType(
    {
        "labels": FindingCode.FORM_LABELS,
        "container": FindingCode.FORM_CONTAINER,
        "rendering": FindingCode.FORM_RENDERING,
        "platform": FindingCode.FORM_PLATFORM,
        "headings": FindingCode.DOCUMENT_HEADINGS,
    }
)
_SAID: Mapping[str, str] = MappingProxyType(
    {
        "labels": "The labels over the article are others than in the last release, or in another order.",
        "container": "The article stands in another element of the page than in the last release.",
        "rendering": "Other renderings of the article are there than in the last release, or they differ now.",
        "platform": "The page's configuration sets other names than in the last release.",
        "headings": "The headings of a document are others than in the last release, or are numbered anew.",
    }
)
# A side of a difference in a message: two screens of a telephone. The whole form stands in `manifest.json`.
_SHOWN = 160


def forms_of(readings: Sequence[Reading]) -> tuple[FormEntry, ...]:
    """Return the structure of each page, in the order of the documents; facts entered by hand have none."""
    pages = (reading for reading in readings if reading.form != PageStructure())
    entries = (FormEntry(document=reading.document_id, form=reading.form) for reading in pages)
    return tuple(sorted(entries, key=lambda entry: entry.document))


def changed_pages(former: Release | None, readings: Sequence[Reading]) -> frozenset[str]:
    """Return the documents whose structure differs from that in a release that records it."""
    return frozenset(document for document, _, _ in _changed_structures(former, readings))


def form_drift(previous: Release | None, readings: Sequence[Reading], reader_version: str) -> tuple[Finding, ...]:
    """Return a finding for each part of the structure that differs from the previous release.

    Where another reader made that release, the reader may be the cause: then one finding for all names the reader.
    """
    differences = [
        (facet, document, _diff_items(getattr(was, facet), getattr(now, facet)))
        for facet in STRUCTURE_FIELDS
        for document, was, now in _changed_structures(previous, readings)
        if getattr(was, facet) != getattr(now, facet)
    ]
    if previous is None or not differences:
        return ()
    if previous.reader_version != reader_version:
        return (_by_reader(differences),)
    folded = groupby(differences, key=lambda difference: difference[0])
    return tuple(_finding(facet, [(document, shown) for _, document, shown in changes]) for facet, changes in folded)


def _changed_structures(
    previous: Release | None, readings: Sequence[Reading]
) -> Iterator[tuple[str, PageStructure, PageStructure]]:
    before = {entry.document: entry.form for entry in previous.forms} if previous else {}
    for entry in forms_of(readings):
        was = before.get(entry.document, entry.form)
        if was != entry.form:
            yield entry.document, was, entry.form


def _finding(facet: str, changes: Sequence[tuple[str, str]]) -> Finding:
    documents = [document for document, _ in changes]
    return Finding(
        code=_CODES[facet],
        severity=Severity.WARN,
        where=documents[0] if len(documents) == 1 else "documents",
        message=_SAID[facet],
        count=len(changes),
        evidence=examples(f"{document}: {shown}" for document, shown in changes),
    )


def _by_reader(differences: Sequence[tuple[str, str, str]]) -> Finding:
    return Finding(
        code=FindingCode.READER_FORM,
        severity=Severity.WARN,
        where="documents",
        message="Today's reader, another than that of the last release, sees other forms of pages.",
        count=len(differences),
        evidence=examples(f"{document}, {facet}: {shown}" for facet, document, shown in differences),
    )


def _diff_items(was: tuple[str, ...], now: tuple[str, ...]) -> str:
    """Return what only one side has; both whole where only their order differs."""
    gone = [item for item in was if item not in now]
    new = [item for item in now if item not in was]
    if not gone and not new:
        gone, new = [*was], [*now]
    return f"was {_words(gone)} | is {_words(new)}"


def _words(items: Sequence[str]) -> str:
    text = "; ".join(items) or "nothing"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
