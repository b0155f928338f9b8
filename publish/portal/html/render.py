"""A leaf to HTML, in one tongue: every value escaped, every address relative to the page."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from publish.portal.html.escape import escape_source_text, shorten
from publish.portal.html.layout import PageLayout, frame_of
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import HTML_LANGUAGES, translations
from schemas.translations import LANGUAGES

ENDINGS: Mapping[str, str] = MappingProxyType({"zh": ".html", "en": ".en.html"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""

_IN_SCRIPTS = MappingProxyType(str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUrls:
    """A page as its template sees it: how other pages and files are reached from it."""

    name: str
    language: str
    frame: PageLayout

    def file(self, path: str) -> str:
        """The address of a file of the dataset's folder, as seen from this page."""
        return _relative(path, posixpath.dirname(self.name) or ".")

    def page(self, name: str, anchor: str = "") -> str:
        """The address of another page in the same tongue, at an anchor of it."""
        return self.file(name + ENDINGS[self.language]) + (f"#{anchor}" if anchor else "")

    def shared(self, name: str) -> str:
        """The address of a style sheet, script or picture that pages share."""
        return self.file(self.frame.shared + name)

    @property
    def translated_url(self) -> str:
        """The same page in the other tongue."""
        return self.file(self.name + ENDINGS[self.other])

    @property
    def other(self) -> str:
        """The other tongue."""
        return next(one for one in LANGUAGES if one != self.language)

    @property
    def other_language(self) -> str:
        """The other tongue as HTML names it."""
        return HTML_LANGUAGES[self.other]

    @property
    def canonical(self) -> str:
        """The one address of this page: the public one, or a relative one where none is known."""
        file = self.name + ENDINGS[self.language]
        return self.frame.absolute(file) or self.file(file)

    @property
    def canonical_twin(self) -> str:
        """That of the same page in the other tongue."""
        return self.frame.absolute(self.name + ENDINGS[self.other]) or self.translated_url


@lru_cache(maxsize=4096)
def _relative(path: str, folder: str) -> str:
    """A path as seen from a folder; kept, for a page names its neighbours again and again."""
    return posixpath.relpath(path, folder) + ("/" if path.endswith("/") else "")


def render(site: SiteContext, leaf: Page) -> dict[str, bytes]:
    """The page of a release in both tongues, by the names of its files."""
    return render_in(frame_of(site), leaf, {"site": site, "about": site.about})


def render_in(frame: PageLayout, leaf: Page, values: Mapping[str, Any] = MappingProxyType({})) -> dict[str, bytes]:
    """A page within a frame, with what its templates see beside the values of the leaf."""
    return {leaf.name + ENDINGS[tongue]: _page(frame, leaf, values, tongue).encode() for tongue in LANGUAGES}


def _page(frame: PageLayout, leaf: Page, values: Mapping[str, Any], tongue: str) -> str:
    return (
        _environment()
        .get_template(leaf.template)
        .render(
            {**values, **leaf.values},
            frame=frame,
            leaf=leaf,
            here=PageUrls(name=leaf.name, language=tongue, frame=frame),
            t=translations(tongue),
            tongue=tongue,
            language=HTML_LANGUAGES[tongue],
            policy=POLICY,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("publish.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["json"] = in_script
    environment.filters["shown"] = escape_source_text
    environment.filters["short"] = shorten
    return environment


def in_script(value: object) -> Markup:
    """A value as JSON for a script element: whatever could end the element is written as a number."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)
    return Markup(text.translate(_IN_SCRIPTS))  # noqa: S704 - no `<`, `>` or `&` is left in it
