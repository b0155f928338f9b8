"""What surrounds the content of every page: dataset, version, navigation, and where the shared files are."""

from collections.abc import Mapping
from dataclasses import dataclass

from publish.portal.html import urls
from publish.portal.html.page import SiteContext

NAVIGATION = (
    *(urls.INDEX, urls.INDICATORS, urls.EXPLORER, urls.DOCUMENTS, urls.PROMISES, urls.SILENCES),
    *(urls.REVISIONS, urls.RELEASES, urls.ABOUT),
)
"""The pages of the navigation in its order; the text of each is `navigation_{name}`."""


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
