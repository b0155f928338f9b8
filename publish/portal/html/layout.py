"""What stands around every page: whose it is, of which version, and where the files that all pages share lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publish.portal.html import urls
from publish.portal.html.page import SiteContext

ROOMS = (
    urls.INDEX,
    urls.INDICATORS,
    urls.EXPLORER,
    urls.DOCUMENTS,
    urls.PROMISES,
    urls.SILENCES,
    urls.REVISIONS,
    urls.RELEASES,
    urls.ABOUT,
)
"""The pages that the navigation names, in its order; the word of each is `frame_room_{name}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """The frame of a page; paths are as seen from the folder of the pages.

    `dataset` is "" for the pages of the whole store, whose `home` is their own front page. `site` is the address of
    that front page's folder, "" where none is known. `shared` is the folder of style and scripts.
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
    def rooms(self) -> tuple[str, ...]:
        """The pages that the navigation names."""
        return ROOMS if self.dataset else ()

    def absolute(self, file: str) -> str:
        """The public address of a file of the pages' folder, "" where no address is known."""
        folder = f"{self.dataset}/" if self.dataset else ""
        return f"{self.site.rstrip('/')}/{folder}{file}" if self.site else ""


def frame_of(site: SiteContext) -> PageLayout:
    """The frame of the pages of a release."""
    release = site.about.release
    return PageLayout(
        dataset=release.dataset,
        name=site.area,
        version=release.version,
        released_on=release.released_on.isoformat(),
        signed=bool(release.signed_by),
        site=release.site,
    )
