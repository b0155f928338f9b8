"""The pages of documents: the text of each with every number marked, and beside it how the numbers were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.settings import BESIDE
from publish.portal.html.escape import safe_link, shorten
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import DOCUMENTS, document_page
from publish.portal.text.citations import Citations, CitedClause, citations
from publish.portal.text.paragraphs import Kind, Number, Paragraph, flow, paragraph_anchor, section_anchor
from schemas.codelists import NumberStatus, Origin
from schemas.document import Document, Section, Span

Row = Mapping[str, Any]

LABELS = (
    *("index_number", "category", "publisher", "written_on", "name", "document_number", "published_on", "keywords"),
)
_OUTLINED = 2
_MOST_OF_A_HEADING = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A heading of the outline, with those under it."""

    anchor: str
    title: str
    under: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document's text as its page shows it: what stands before the report, the report, what stands behind it."""

    before: tuple[Paragraph, ...]
    body: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]

    @property
    def places(self) -> frozenset[str]:
        """Where the outline can lead."""
        paragraphs = (*self.before, *self.body, *self.after)
        return frozenset(piece.anchor for one in paragraphs for piece in one.pieces if piece.kind is Kind.PLACE)


def document_leaves(site: SiteContext) -> Iterator[Page]:
    """The list of the documents, then each of them."""
    rows = site.about.tables["documents"].to_dicts()
    yield _list(site, rows)
    cited, terms = citations(site), _terms(site)
    for row in rows:
        yield _leaf(site, row, cited, terms.get(row["document"], ()))


def _list(site: SiteContext, rows: Sequence[Row]) -> Page:
    ordered = sorted(rows, key=lambda row: (row["published_on"] or "", row["document"]), reverse=True)
    return Page(
        name=DOCUMENTS,
        template="documents.html",
        title=translate("text_documents"),
        description=translate("text_documents_lead", area=site.area),
        values={"rows": [{**row, "page": document_page(row["document"]), "name": _title(row)} for row in ordered]},
    )


def _leaf(site: SiteContext, row: Row, cited: Citations, terms: Sequence[Row]) -> Page:
    document = site.documents.get(row["document"]) or _without_text(row)
    whole = site.about.source.text == "full"
    cites, numbers = cited.cites(row["document"], document.text), cited.accounts(row["document"])
    title = _title(row)
    return Page(
        name=document_page(row["document"]),
        template="document.html",
        title={"zh": title, "en": title},
        description=translate("text_description", title=title, claimed=row["claimed"]),
        values={
            "row": row,
            "whole": whole,
            "by_hand": row["origin"] == Origin.REVIEWED.value,
            "labels": [(name, row[name]) for name in LABELS if row[name]],
            "link": safe_link(row["url"]),
            "archive": _archive(site, row),
            **_template_values(document, numbers, cites, whole=whole),
            "terms": [_term(term, document) for term in terms] if whole else [],
        },
    )


def _template_values(
    document: Document, numbers: Sequence[Number], cites: Sequence[CitedClause], *, whole: bool
) -> Mapping[str, Any]:
    """What the page prints of the text."""
    there = [one for one in cites if one.span]
    paragraphs = tuple(flow(document, numbers, [one.clause() for one in there], whole=whole).paragraphs())
    text = Text(
        before=tuple(one for one in paragraphs if one.start < document.body.start and not one.within),
        body=tuple(one for one in paragraphs if one.within),
        after=tuple(one for one in paragraphs if one.start >= document.body.end and not one.within),
    )
    return {
        "text": text,
        "notes": {one.anchor: one.notes for one in there},
        "cites": {one.anchor: one for one in there},
        "loose": [one for one in cites if not one.span],
        "outline": _outline(document.sections, text.places),
        "counts": Counter(one.fate for one in numbers),
        "reasons": Counter(one.reason for one in numbers if one.fate == NumberStatus.IGNORED.value).most_common(),
        "ordinals": _ordinals,
        "paragraph_anchor": paragraph_anchor,
    }


def _ordinals(paragraph: Paragraph, number: Number) -> str:
    """The classes that tie a number to its clauses and notes."""
    known = paragraph.ordinals
    return "".join(f" o{known[anchor]}" for anchor in number.anchors if anchor in known)


def _outline(sections: Sequence[Section], places: frozenset[str]) -> tuple[Entry, ...]:
    """The headings of the first two levels that the page has, the lower ones under the upper ones."""
    found: list[tuple[Entry, list[Entry]]] = []
    for section in sections:
        anchor = section_anchor(section.span.start)
        if anchor not in places or not section.title or not 0 < section.level <= _OUTLINED:
            continue
        entry = Entry(anchor=anchor, title=shorten(f"{section.label} {section.title}", _MOST_OF_A_HEADING))
        if section.level == 1 or not found:
            found.append((entry, []))
        else:
            found[-1][1].append(entry)
    return tuple(Entry(anchor=entry.anchor, title=entry.title, under=tuple(under)) for entry, under in found)


def _terms(site: SiteContext) -> Mapping[str, Sequence[Row]]:
    parts = site.about.tables["glossary"].sort("document", "char_start").partition_by("document", as_dict=True)
    return {str(document): part.to_dicts() for (document,), part in parts.items()}


def _term(row: Row, document: Document) -> Row:
    """A term with the paragraph that explains it."""
    start = document.text.rfind("\n", 0, row["char_start"]) + 1
    return {**row, "anchor": paragraph_anchor(start)}


def _archive(site: SiteContext, row: Row) -> str:
    """Where the capture can be read, "" where the archive is private."""
    base = site.about.release.archive.rstrip("/")
    if base == BESIDE:
        return f"../../{row['archive_key']}"
    return safe_link(f"{base}/{row['archive_key']}") if base else ""


def _title(row: Row) -> str:
    return shorten(row["title"]) or row["document"]


def _without_text(row: Row) -> Document:
    nowhere = Span(start=0, end=0)
    return Document(title=row["title"], published_on=None, text="", body=nowhere, sections=())
