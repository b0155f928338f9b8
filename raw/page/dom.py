"""Markup to a tree, unless the tree would be out of proportion to the markup.

An HTML parser opens every unclosed formatting element again in the next paragraph and scans all open elements at each
paragraph: a small page can be written so that its tree fills the memory. The effort is estimated from the tags alone.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.errors import ArticleError

FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
# Void elements, and those that the next of their kind closes: left open they do not nest deeper.
UNNESTED = frozenset((
    "area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
))  # fmt: skip
MOST_REOPENED = 500_000
MOST_SCANNED = 2_000_000_000
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_STEP = re.compile(r"([a-z0-9]*):nth-(?:of-type|child)\(([0-9]+)\)")


def parse(markup: str) -> LexborHTMLParser:
    """Return the tree of a page.

    Raises:
        ArticleError: If the page leaves so many elements open that its tree would fill the memory.
    """
    reopened = scanned = formats = depth = 0
    for tag in _TAG.finditer(markup):
        name, step = tag[2].lower(), -1 if tag[1] else 1
        if name in FORMATTING:
            formats = max(formats + step, 0)
        elif name not in UNNESTED:
            depth = max(depth + step, 0)
        reopened += formats
        scanned += depth
    if reopened > MOST_REOPENED or scanned > MOST_SCANNED:
        what = f"the page leaves so many elements open (up to {depth + formats} at its end) that it cannot be read"
        raise ArticleError(what, where="page", remedy="look at the page's source: no editor writes such markup")
    return LexborHTMLParser(markup)


def scripts(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Return the texts of a page's scripts, in the order of the page."""
    return tuple(node.text() for node in tree.css("script"))


def meta(tree: LexborHTMLParser, name: str) -> tuple[str, ...]:
    """Return the different contents of a page's `<meta>` elements of a name (in small letters) that are not empty."""
    nodes = (node.attributes for node in tree.css("meta") if (node.attributes.get("name") or "").lower() == name)
    return tuple(dict.fromkeys(filter(None, ((node.get("content") or "").strip() for node in nodes))))


def follow(root: LexborNode, steps: list[str]) -> LexborNode | None:
    """Return the element that steps such as `p:nth-of-type(5)` lead to, None where there is none."""
    place: LexborNode | None = root
    for step in steps:
        match = _STEP.fullmatch(step)
        if place is None or match is None:
            return None
        tag, number = match[1], int(match[2])
        siblings = [child for child in place.iter() if child.is_element_node and tag in {"", child.tag}]
        place = siblings[number - 1] if 0 < number <= len(siblings) else None
    return place
