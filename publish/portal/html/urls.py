"""Which page and which anchor a thing has: the same from release to release, and fit for any file system.

An address is a name without its ending: `indicator/gdp` is the page `indicator/gdp.html` in Chinese and
`indicator/gdp.en.html` in English. All are relative to the folder of the dataset.
"""

from __future__ import annotations

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

# What a store takes for a name; `gone` is the page that says so of others.
_SAFE = re.compile(r"(?!gone$)[a-z][a-z0-9_-]{0,79}")
_DIGITS = 12


def plain(indicator: str) -> str:
    """An indicator without what tells two numbers of it apart: they share a page."""
    return indicator.partition("~")[0]


def indicator_page(indicator: str) -> str:
    """The page of an indicator; one that the registry does not know is called by the hash of its name."""
    name = plain(indicator)
    return f"indicator/{name if _SAFE.fullmatch(name) else f'x-{_digest(name)}'}"


def document_page(document: str) -> str:
    """The page of a document."""
    return f"document/{document if _SAFE.fullmatch(document) else f'x-{_digest(document)}'}"


def observation_anchor(obs_id: str) -> str:
    """Where an observation stands on the page of its document."""
    return f"obs-{_digest(obs_id)}"


def former_anchor(obs_id: str) -> str:
    """Where the page of a document says how it stated an observation before this release changed it."""
    return f"was-{_digest(obs_id)}"


def vintage_anchor(obs_id: str, since: date) -> str:
    """Where the page of a document says how it stated an observation from a day on, until a release changed it."""
    return former_anchor(f"{obs_id}|{since}")


def words_anchor(char_start: int) -> str:
    """Where the words stand in a document that took the place of a number."""
    return f"words-{char_start}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
