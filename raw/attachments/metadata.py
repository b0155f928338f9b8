"""What is stated of a file outside of it: by the page that links it, or by its row of `files.csv`."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, replace
from datetime import date

from raw.page.parse import ParsedPage, parse_html
from raw.page.publisher_names import PublisherName
from schemas.codelists import PublisherEvidence
from schemas.document import Labels
from schemas.reading import Metadata

ROW_TYPE = "application/vnd.gongbao.file+csv"
"""The media type of a row of `files.csv` in the archive: the header and the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFacts:
    """Title, date, labels and publishers; empty where nothing is stated."""

    title: str
    published_on: date | None
    labels: Labels
    publishers: tuple[PublisherName, ...]


def read_metadata(metadata: Metadata) -> StatedFacts:
    """Return what archived metadata state.

    Raises:
        ContentError: If they are a page that cannot be read.
    """
    if metadata.content_type == ROW_TYPE:
        row = next(csv.DictReader(io.StringIO(metadata.body.decode(), newline="")))
        day = row["published_on"]
        name = row["publisher"]
        return StatedFacts(
            title=row["title"],
            published_on=date.fromisoformat(day) if day else None,
            labels=Labels(publisher=name),
            publishers=(PublisherName(evidence=PublisherEvidence.LABEL, name=name),) if name else (),
        )
    page = parse_html(metadata.body, content_type=metadata.content_type)
    return StatedFacts(title=page.title, published_on=page.published_on, labels=page.labels, publishers=page.publishers)


def with_stated_facts(page: ParsedPage, metadata: Metadata) -> ParsedPage:
    """Return a file with the title and the date that are stated of it, and the labels that it lacks itself."""
    stated = read_metadata(metadata)
    own = asdict(page.labels)
    labels = Labels(**{name: own[name] or value for name, value in asdict(stated.labels).items()})
    title, day = stated.title or page.title, stated.published_on or page.published_on
    publishers = (*page.publishers, *stated.publishers)
    return replace(page, title=title, published_on=day, labels=labels, publishers=publishers)
