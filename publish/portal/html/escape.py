"""A source's words as pages show them: nothing in them acts, nothing in them is lost."""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from publish.metadata.description import percent_encode

MOST_CHARACTERS = 80
"""Of a title or a name where it stands for the whole: what a source writes does not fill the page."""

# An element of its own isolates a mark of direction: it keeps its place in the text and turns nothing around it.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# HTML allows none of these as a character; the first have a picture in Unicode.
_CONTROLS = MappingProxyType(
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
    | dict.fromkeys([0xFFFE, 0xFFFF, *range(0xFDD0, 0xFDF0)], 0xFFFD)
)


def escape_source_text(text: str) -> Markup:
    """A text escaped, with marks of direction named where they stand and control characters as their pictures."""
    return Markup(_DIRECTIONS.sub(_mark_control, str(escape(text)).translate(_CONTROLS)))  # noqa: S704 - it is escaped before


def shorten(text: str, most: int = MOST_CHARACTERS) -> str:
    """A text on one line and of bounded length, without marks of direction: for titles and names."""
    line = " ".join(_DIRECTIONS.sub("", text).translate(_CONTROLS).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def safe_link(url: str) -> str:
    """An address that a page may link to, "" for one that leads to no web page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return percent_encode(url) if parts.scheme in {"http", "https"} and parts.hostname else ""


def _mark_control(found: re.Match[str]) -> str:
    code = f"U+{ord(found[0]):04X}"
    return f'<bdi class="control" data-code="{code}">{found[0]}</bdi>'
