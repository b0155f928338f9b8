"""The links of a page: menus, breadcrumbs, lists of headlines and of related articles, which are not its article.

A link to a file is an attachment and part of the article; a table of links is a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from raw.page.html_to_text import SILENT

# Elements that a page groups links in; a table is left alone, whatever its cells link to.
_GROUPS = frozenset({"ul", "ol", "dl", "div", "p", "section", "nav", "aside", "header", "footer", "select", "h3", "h4"})
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|jpg|png)$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_FEWEST_LINKS = 3
_MOSTLY = 0.8


@dataclass(slots=True, kw_only=True)
class _Open:
    """An element of the walk with the characters, the linked characters and the links in it so far."""

    node: LexborNode
    children: list[LexborNode]
    linked: bool
    characters: int = 0
    in_links: int = 0
    links: int = 0
    kept: bool = False
    found_before: int


def link_ids(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the `mem_id` of each link of a page that does not lead to a file."""
    return frozenset(node.mem_id for node in tree.css("a[href]") if not _is_file(node))


def link_list_ids(root: LexborNode) -> frozenset[int]:
    """Return the `mem_id` of each outermost element below `root` that holds little but links."""
    found: list[int] = []
    stack = [_open(root, linked=False, found_before=0)]
    while True:
        place = stack[-1]
        if place.children:
            node = place.children.pop()
            if node.is_text_node:
                length = len(_SPACE.sub("", node.text_content or ""))
                place.characters += length
                place.in_links += length if place.linked else 0
            elif node.is_element_node and node.tag not in SILENT:
                stack.append(_open(node, linked=place.linked, found_before=len(found)))
            continue
        stack.pop()
        if not stack:
            return frozenset(found)
        outer = stack[-1]
        outer.characters += place.characters
        outer.in_links += place.in_links
        outer.links += place.links
        outer.kept |= place.kept
        if _is_link_list(place):
            found[place.found_before :] = [place.node.mem_id]


def _open(node: LexborNode, *, linked: bool, found_before: int) -> _Open:
    is_link = node.tag == "a" and "href" in node.attributes
    return _Open(
        node=node,
        children=list(node.iter(include_text=True))[::-1],
        linked=linked or is_link,
        links=int(is_link),
        kept=node.tag == "table" or (is_link and _is_file(node)),
        found_before=found_before,
    )


def _is_link_list(place: _Open) -> bool:
    enough = place.links >= _FEWEST_LINKS and place.in_links >= _MOSTLY * place.characters
    return enough and place.node.tag in _GROUPS and not place.kept


def _is_file(node: LexborNode) -> bool:
    try:
        return bool(_FILE.search(urlsplit(node.attributes.get("href") or "").path))
    except ValueError:
        return False
