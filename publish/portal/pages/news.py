"""What is new in a release, in one paragraph of each tongue."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from publish.changelog.format import unescape_markdown
from publish.changelog.markdown import sentences
from publish.changelog.phrases import CHINESE, ENGLISH
from publish.portal.html.escape import escape_source_text
from publish.portal.html.page import SiteContext

MOST_SENTENCES = 3
"""Of what is new; the notes of the release have the rest."""

_TOLD = MappingProxyType({"zh": (CHINESE, ""), "en": (ENGLISH, " ")})


def news(site: SiteContext) -> Mapping[str, str]:
    """The first sentences of the notes of the release."""
    return {
        tongue: escape_source_text(
            gap.join(map(unescape_markdown, sentences(words, site.about.tables, site.previous_tables)[:MOST_SENTENCES]))
        )
        for tongue, (words, gap) in _TOLD.items()
    }


def readable_news(file: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The paragraph out of a `headlines.json` that another Gongbao may have written; none where it has another form."""
    told = file.get("news")
    return told if isinstance(told, Mapping) and told.keys() >= _TOLD.keys() else None
