"""A page in both languages, the release that it is made of, and what surrounds it: dataset, version, navigation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from publish.metadata.description import ReleaseDescription
from publish.portal.html import urls
from schemas.document import Document
from schemas.tables.frames import Tables

NAVIGATION = (
    *(urls.INDEX, urls.INDICATORS, urls.EXPLORER, urls.DOCUMENTS, urls.PROMISES, urls.SILENCES),
    *(urls.REVISIONS, urls.RELEASES, urls.ABOUT),
)
"""The pages of the navigation in its order; the text of each is `navigation_{name}`."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """The layout of a page. Paths are relative to the folder of the pages.

    Attributes:
        dataset: The id of the dataset, "" for the pages of the whole store.
        name: The name of the dataset by language.
        version: The version of the release.
        released_on: The day of the release.
        signed: Whether the release is signed.
        site: The public address of the store, "" if it has none.
        shared: The folder of the style sheet and the scripts.
        home: The folder of the front page of the store.
    """

    dataset: str
    name: Mapping[str, str]
    version: str
    released_on: str
    signed: bool
    site: str
    shared: str = "assets/"
    home: str = "../"

    @property
    def navigation(self) -> tuple[str, ...]:
        """The pages that the navigation links to."""
        return NAVIGATION if self.dataset else ()

    def absolute(self, file: str) -> str:
        """Return the public address of a file in the folder of the pages, "" if the store has none."""
        folder = f"{self.dataset}/" if self.dataset else ""
        return f"{self.site.rstrip('/')}/{folder}{file}" if self.site else ""


def dataset_layout(site: SiteContext) -> PageLayout:
    """Return the layout of the pages of a release."""
    release = site.about.release
    return PageLayout(
        dataset=release.dataset,
        name=site.area,
        version=release.version,
        released_on=release.released_on.isoformat(),
        signed=bool(release.signed_by),
        site=release.site,
    )
