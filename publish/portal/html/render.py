"""Pages as HTML: every value escaped, every address relative to the page."""

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
from publish.portal.html.page import Page, PageLayout, SiteContext, dataset_layout
from publish.portal.html.translations import HTML_LANGUAGES, translations
from publish.portal.text.amounts import label, margin, short_amount, tolerance, year
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
    """Addresses of other pages and files, relative to a page."""

    name: str
    language: str
    layout: PageLayout

    def file(self, path: str) -> str:
        """Return the address of a file in the folder of the dataset."""
        return _relative(path, posixpath.dirname(self.name) or ".")

    def page(self, name: str, anchor: str = "") -> str:
        """Return the address of another page in the same language, with an anchor."""
        return self.file(name + ENDINGS[self.language]) + (f"#{anchor}" if anchor else "")

    def shared(self, name: str) -> str:
        """Return the address of a shared style sheet, script or picture."""
        return self.file(self.layout.shared + name)

    @property
    def translated(self) -> str:
        """The same page in the other language."""
        return self.file(self.name + ENDINGS[self._other_language])

    @property
    def other_html_language(self) -> str:
        """The other language as HTML names it."""
        return HTML_LANGUAGES[self._other_language]

    @property
    def canonical(self) -> str:
        """The public address of this page, a relative one if the store has no public address."""
        file = self.name + ENDINGS[self.language]
        return self.layout.absolute(file) or self.file(file)

    @property
    def canonical_translated(self) -> str:
        """The canonical address of the same page in the other language."""
        return self.layout.absolute(self.name + ENDINGS[self._other_language]) or self.translated

    @property
    def _other_language(self) -> str:
        return next(language for language in LANGUAGES if language != self.language)


@lru_cache(maxsize=4096)  # a page links to the same neighbours again and again
def _relative(path: str, folder: str) -> str:
    return posixpath.relpath(path, folder) + ("/" if path.endswith("/") else "")


def render(site: SiteContext, page: Page) -> dict[str, bytes]:
    """Return a page of a release in both languages by file name."""
    return render_in(dataset_layout(site), page, {"site": site, "about": site.about})


def render_in(layout: PageLayout, page: Page, values: Mapping[str, Any] = MappingProxyType({})) -> dict[str, bytes]:
    """Return a page in both languages by file name.

    Args:
        layout: What surrounds the page.
        page: The page.
        values: What templates can print in addition to the values of the page.
    """
    template = _environment().get_template(page.template)
    return {
        page.name + ENDINGS[language]: template.render(
            {**values, **page.values},
            layout=layout,
            page=page,
            urls=PageUrls(name=page.name, language=language, layout=layout),
            t=translations(language),
            language=language,
            html_language=HTML_LANGUAGES[language],
        ).encode()
        for language in LANGUAGES
    }


def in_script(value: object) -> Markup:
    """Return a value as JSON for a script element, with escapes for all that could end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)
    return Markup(text.translate(_IN_SCRIPTS))  # noqa: S704 - no `<`, `>` or `&` is left in it


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
    environment.filters |= {"json": in_script, "escape_source": escape_source_text, "short": shorten}
    environment.globals |= {
        "policy": POLICY,
        "margin": margin,
        "short_amount": short_amount,
        "tolerance": tolerance,
        "label": label,
        "year": year,
    }
    return environment
