"""What the pages of a release are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publish.metadata.description import ReleaseDescription
from publish.tables.inputs import Tables
from schemas.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """A release with its files, the documents that its numbers stand in, by their ids, and the tables before it."""

    about: ReleaseDescription
    documents: Mapping[str, Document]
    previous_tables: Tables

    @property
    def folder(self) -> str:
        """The folder of the release's own files, as seen from the folder of the dataset's pages."""
        return f"v/{self.about.release.version}/"
