"""The pages of documents: the text with every number marked, and notes on how the numbers were read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.settings import BESIDE
from publish.portal.html.escape import safe_link, shorten
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import DOCUMENTS, document_page, paragraph_anchor, section_anchor
from publish.portal.text.citations import Citations, CitedClause, citations
from publish.portal.text.paragraphs import Kind, MarkedNumber, Paragraph, split_paragraphs
from schemas.codelists import NumberStatus, Origin, PublisherEvidence
from schemas.document import Document, Section, Span

Row = Mapping[str, Any]

LABELS = (
    *("index_number", "category", "publisher", "written_on", "name", "document_number", "published_on", "keywords"),
)
_OUTLINED = 2
_MOST_OF_A_HEADING = 40


def document_pages(site: SiteContext) -> Iterator[Page]:
    """Yield the list of documents, then the page of each."""
    rows = site.about.tables["documents"].to_dicts()
    yield _list(site, rows)
    cited = citations(site)
    glossary = site.about.tables["glossary"].sort("document", "char_start").partition_by("document", as_dict=True)
    terms = {document: part.to_dicts() for (document,), part in glossary.items()}
    for row in rows:
        yield _page(site, row, cited, terms.get(row["document"], ()))


def _list(site: SiteContext, rows: Sequence[Row]) -> Page:
    ordered = sorted(rows, key=lambda row: (row["published_on"] or "", row["document"]), reverse=True)
    return Page(
        name=DOCUMENTS,
        template="documents.html",
        title=translate("text_documents"),
        description=translate("text_documents_lead", area=site.area),
        values={"rows": [{**row, "page": document_page(row["document"]), "name": _title(row)} for row in ordered]},
    )


def _page(site: SiteContext, row: Row, cited: Citations, terms: Sequence[Row]) -> Page:
    nowhere = Span(start=0, end=0)
    document = site.documents.get(row["document"]) or Document(
        title=row["title"], published_on=None, text="", body=nowhere, sections=()
    )
    whole = site.about.source.text == "full"
    clauses, numbers = cited.clauses(row["document"], document.text), cited.numbers_of(row["document"])
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
            "vouched": _vouched(site, row),
            "link": safe_link(row["url"]),
            "archive": _archive(site, row),
            **_text_values(document, numbers, clauses, whole=whole),
            "terms": [_term(term, document) for term in terms] if whole else [],
        },
    )


def _vouched(site: SiteContext, row: Row) -> str:
    """Return why the operator vouches for the address, "" for a page that names its publisher."""
    is_vouched = row["publisher_evidence"] == PublisherEvidence.VOUCHED.value
    return site.about.source.vouched_why if is_vouched else ""


def _text_values(
    document: Document, numbers: Sequence[MarkedNumber], clauses: Sequence[CitedClause], *, whole: bool
) -> Mapping[str, Any]:
    placed = [clause for clause in clauses if clause.span]
    ignored = (number.reason for number in numbers if number.fate == NumberStatus.IGNORED.value)
    paragraphs = tuple(split_paragraphs(document, numbers, [clause.clause() for clause in placed], whole=whole))
    around = [paragraph for paragraph in paragraphs if not paragraph.within]
    pieces = (piece for paragraph in paragraphs for piece in paragraph.pieces)
    places = frozenset(piece.anchor for piece in pieces if piece.kind is Kind.PLACE)
    return {
        "text": {
            "before": [paragraph for paragraph in around if paragraph.start < document.body.start],
            "body": [paragraph for paragraph in paragraphs if paragraph.within],
            "after": [paragraph for paragraph in around if paragraph.start >= document.body.end],
        },
        "notes": {clause.anchor: clause.notes for clause in placed},
        "unplaced": [clause for clause in clauses if not clause.span],
        "outline": _outline(document.sections, places),
        "counts": Counter(number.fate for number in numbers),
        "reasons": Counter(ignored).most_common(),
        "ordinal_classes": _ordinal_classes,
        "paragraph_anchor": paragraph_anchor,
    }


def _ordinal_classes(paragraph: Paragraph, number: MarkedNumber) -> str:
    """Return the CSS classes that connect a number with its clauses and notes."""
    ordinals = paragraph.ordinals
    return "".join(f" o{ordinals[anchor]}" for anchor in number.anchors if anchor in ordinals)


def _outline(sections: Sequence[Section], places: frozenset[str]) -> list[dict[str, Any]]:
    """Return the headings of the first level, each with those under it."""
    entries: list[dict[str, Any]] = []
    for section in sections:
        anchor = section_anchor(section.span.start)
        if anchor not in places or not section.title or not 0 < section.level <= _OUTLINED:
            continue
        title = shorten(f"{section.label} {section.title}", _MOST_OF_A_HEADING)
        siblings = entries if section.level == 1 or not entries else entries[-1]["under"]
        siblings.append({"anchor": anchor, "title": title, "under": []})
    return entries


def _term(row: Row, document: Document) -> Row:
    return {**row, "anchor": paragraph_anchor(document.text.rfind("\n", 0, row["char_start"]) + 1)}


def _archive(site: SiteContext, row: Row) -> str:
    """Return the address of the capture, "" if the archive is private."""
    base = site.about.release.archive.rstrip("/")
    if base == BESIDE:
        return f"../../{row['archive_key']}"
    return safe_link(f"{base}/{row['archive_key']}") if base else ""


def _title(row: Row) -> str:
    return shorten(row["title"]) or row["document"]
