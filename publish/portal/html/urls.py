"""Addresses of pages and anchors: the same in every release, and valid names on any file system.

An address is a name without its ending: `indicator/gdp` is the page `indicator/gdp.html` in Chinese and
`indicator/gdp.en.html` in English. All are relative to the folder of the dataset.
"""

import hashlib
import re
from datetime import date

INDEX = "index"
DOCUMENTS = "documents"
EXPLORER = "explore"
INDICATORS = "indicators"
PROMISES = "promises"
SILENCES = "silences"
REVISIONS = "revisions"
RELEASES = "releases"
ABOUT = "about"
VALIDATION = "validation"

# Names that any store accepts; `gone` is the page for addresses that a release no longer has.
_SAFE = re.compile(r"(?!gone$)[a-z][a-z0-9_-]{0,79}")
_DIGITS = 12


def plain(indicator: str) -> str:
    """Return an indicator without its qualifier: the numbers of both share a page."""
    return indicator.partition("~")[0]


def indicator_page(indicator: str) -> str:
    """Return the page of an indicator; an unregistered one is named by the hash of its name."""
    name = plain(indicator)
    return f"indicator/{name if _SAFE.fullmatch(name) else f'x-{_digest(name)}'}"


def document_page(document: str) -> str:
    """Return the page of a document."""
    return f"document/{document if _SAFE.fullmatch(document) else f'x-{_digest(document)}'}"


def observation_anchor(obs_id: str) -> str:
    """Return the anchor of an observation on the page of its document."""
    return f"obs-{_digest(obs_id)}"


def former_anchor(obs_id: str) -> str:
    """Return the anchor of what a document stated of an observation before this release changed it."""
    return f"was-{_digest(obs_id)}"


def vintage_anchor(obs_id: str, since: date) -> str:
    """Return the anchor of what a document stated of an observation from a day on, until a release changed it."""
    return former_anchor(f"{obs_id}|{since}")


def section_anchor(start: int) -> str:
    """Return the anchor of a section on the page of its document."""
    return f"section-{start}"


def paragraph_anchor(start: int) -> str:
    """Return the anchor of a paragraph on the page of its document."""
    return f"p-{start}"


def words_anchor(char_start: int) -> str:
    """Return the anchor of words that a document gives instead of a number."""
    return f"words-{char_start}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
