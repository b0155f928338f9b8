"""Text of a source made safe for pages: nothing in it acts as markup, and nothing of it is lost."""

import re
from types import MappingProxyType
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from publish.metadata.description import percent_encode

MOST_CHARACTERS = 80
"""The length to which a title or a name is cut, so that no text of a source fills the page."""

# An element of its own isolates a direction mark, so that it does not affect the text around it.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# HTML allows none of these characters; Unicode has symbols for the first ones.
_CONTROLS = MappingProxyType(
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
    | dict.fromkeys([0xFFFE, 0xFFFF, *range(0xFDD0, 0xFDF0)], 0xFFFD)
)


def escape_source_text(text: str) -> Markup:
    """Return a text escaped, its direction marks labelled in place and its control characters as symbols."""
    return Markup(_DIRECTIONS.sub(_mark_control, str(escape(text)).translate(_CONTROLS)))  # noqa: S704 - escaped


def shorten(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text on one line of bounded length without direction marks, for titles and names."""
    line = " ".join(_DIRECTIONS.sub("", text).translate(_CONTROLS).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def safe_link(url: str) -> str:
    """Return an address that a page may link to, "" if it is not one of a web page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return percent_encode(url) if parts.scheme in {"http", "https"} and parts.hostname else ""


def _mark_control(mark: re.Match[str]) -> str:
    code = f"U+{ord(mark[0]):04X}"
    return f'<bdi class="control" data-code="{code}">{mark[0]}</bdi>'
