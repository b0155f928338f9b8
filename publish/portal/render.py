"""A leaf to HTML, in one tongue: every value escaped, every address relative to the page."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from publish.portal.leaf import Leaf
from publish.portal.site import Site
from publish.portal.words import LANGUAGES, TONGUES, words

ENDINGS: Mapping[str, str] = MappingProxyType({"zh": ".html", "en": ".en.html"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A page as its template sees it: how other pages and files are reached from it."""

    name: str
    tongue: str

    def file(self, path: str) -> str:
        """The address of a file of the dataset's folder, as seen from this page."""
        return posixpath.relpath(path, posixpath.dirname(self.name) or ".") + ("/" if path.endswith("/") else "")

    def page(self, name: str, anchor: str = "") -> str:
        """The address of another page in the same tongue, at an anchor of it."""
        return self.file(name + ENDINGS[self.tongue]) + (f"#{anchor}" if anchor else "")

    @property
    def twin(self) -> str:
        """The same page in the other tongue."""
        other = next(one for one in TONGUES if one != self.tongue)
        return self.file(self.name + ENDINGS[other])


def render(site: Site, leaf: Leaf) -> dict[str, bytes]:
    """The page in both tongues, by the names of its files."""
    return {leaf.name + ENDINGS[tongue]: _page(site, leaf, tongue).encode() for tongue in TONGUES}


def _page(site: Site, leaf: Leaf, tongue: str) -> str:
    here = Here(name=leaf.name, tongue=tongue)
    return (
        _environment()
        .get_template(leaf.template)
        .render(
            leaf.values,
            site=site,
            about=site.about,
            leaf=leaf,
            here=here,
            t=words(tongue),
            tongue=tongue,
            language=LANGUAGES[tongue],
            policy=POLICY,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("publish.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
