"""Markup to a tree, unless the tree would be out of all proportion to the markup.

A parser of HTML has to open every formatting element that was left open again in the next paragraph, and to look
through all open elements at every paragraph: a small page can be written so that its tree fills the memory. How much
there is to do can be told beforehand from the tags alone.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.errors import ArticleError

FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
# Elements that hold nothing, or that the next of their kind closes: left open they nest no deeper.
UNNESTED = frozenset((
    "area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
))  # fmt: skip
MOST_REOPENED = 500_000
MOST_LOOKED_THROUGH = 2_000_000_000
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_STEP = re.compile(r"([a-z0-9]*):nth-(?:of-type|child)\(([0-9]+)\)")


def parse(markup: str) -> LexborHTMLParser:
    """The tree of a page."""
    reopened = looked_through = formats = depth = 0
    for tag in _TAG.finditer(markup):
        name, step = tag[2].lower(), -1 if tag[1] else 1
        if name in FORMATTING:
            formats = max(formats + step, 0)
        elif name not in UNNESTED:
            depth = max(depth + step, 0)
        reopened += formats
        looked_through += depth
    if reopened > MOST_REOPENED or looked_through > MOST_LOOKED_THROUGH:
        what = f"the page leaves so many elements open (up to {depth + formats} at its end) that it cannot be read"
        raise ArticleError(what, where="page", remedy="look at the page's source: this is no editor's work")
    return LexborHTMLParser(markup)


def scripts(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Return the texts of a page's scripts, in the order of the page."""
    return tuple(node.text() for node in tree.css("script"))


def follow(root: LexborNode, steps: list[str]) -> LexborNode | None:
    """The element that steps such as `p:nth-of-type(5)` lead to, at the cost of the children on the way."""
    place: LexborNode | None = root
    for step in steps:
        match = _STEP.fullmatch(step)
        if place is None or match is None:
            return None
        place = _child(place, match[1], int(match[2]))
    return place


def _child(parent: LexborNode, tag: str, number: int) -> LexborNode | None:
    alike = (child for child in parent.iter() if child.is_element_node and tag in {"", child.tag})
    return next((child for place, child in enumerate(alike, 1) if place == number), None)
