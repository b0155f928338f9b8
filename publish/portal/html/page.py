"""A page in both languages, and the release that the pages of a dataset are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from publish.metadata.description import ReleaseDescription
from schemas.document import Document
from schemas.tables.frames import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """A release with its files, its documents by their ids, and the tables of the previous release."""

    about: ReleaseDescription
    documents: Mapping[str, Document]
    previous_tables: Tables

    @property
    def folder(self) -> str:
        """The folder of the release's own files, relative to the folder of the dataset's pages."""
        return f"v/{self.about.release.version}/"

    @property
    def area(self) -> Mapping[str, str]:
        """The name of the area by language."""
        return {"zh": self.about.source.area_zh, "en": self.about.source.area_en}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in both languages: its address, its template and the values that the template prints.

    Attributes:
        name: The address without the ending, such as `indicator/gdp`.
        template: The file name of the template.
        title: The title by language.
        description: The description by language.
        values: What the template prints. They hold no markup: the template escapes everything.
        scripts: The assets loaded in addition to those of every page.
        data: JSON-LD for the head of the page by language, empty for none.
    """

    name: str
    template: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    values: Mapping[str, Any]
    scripts: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
