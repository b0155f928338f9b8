"""What is new in a release, as one paragraph."""

from collections.abc import Mapping
from typing import Any

from publish.changelog.format import unescape_markdown
from publish.changelog.markdown import sentences
from publish.portal.html.escape import escape_source_text
from publish.portal.html.page import SiteContext
from publish.portal.html.translations import translations
from schemas.translations import LANGUAGES

MOST_SENTENCES = 3
"""The sentences of the paragraph; the change notes have them all."""


def news(site: SiteContext) -> Mapping[str, str]:
    """Return the first sentences of the change notes by language."""
    paragraphs = {}
    for language in LANGUAGES:
        notes = sentences(translations(language), site.about.tables, site.previous_tables)[:MOST_SENTENCES]
        paragraph = ("" if language == "zh" else " ").join(unescape_markdown(sentence) for sentence in notes)
        paragraphs[language] = escape_source_text(paragraph)
    return paragraphs


def readable_news(headlines: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return the paragraph of a `headlines.json`, None if another version of Gongbao wrote it in another form."""
    paragraphs = headlines.get("news")
    return paragraphs if isinstance(paragraphs, Mapping) and paragraphs.keys() >= {*LANGUAGES} else None
