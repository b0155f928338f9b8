"""The element of a page that holds the paragraphs of its article.

Its weight is in its sentences outside links: headlines, menus and breadcrumbs are links, and the footer of a site names
its organizer and its registration. Lists of links inside the element are left out of its text.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from raw.page.canonical_text import Canonical
from raw.page.dom import follow
from raw.page.html_to_text import MAX_DEPTH, canonical
from raw.page.link_lists import link_ids, link_list_ids

# Names that publishing systems of Chinese governments give to the element of the article alone, the platform's own
# first. If a page has one of them, the body is in it or nowhere.
NAMED = (
    *("div.article-content", "#zoomcon", "#zoom", ".TRS_UEDITOR", ".TRS_Editor", "#UCAP-CONTENT", ".pages_content"),
    *(".zw", "[itemprop=articleBody]"),
)
# Names that other parts of a page have too: used where they hold most of the sentences of the page.
COMMON = (".article-con", ".article", "article", "#content", ".content", ".con")
# The name of an element that has none of these.
LIKELY = "likely"
# The share of a page's sentences that the body must hold: all but a notice in the footer.
_MOST = 0.95
_MAX_ELEMENTS = 8
_SENTENCE = re.compile(r"[。；！？，,;!?]")
_SENTENCE_LENGTH = 20
_NUMBER = re.compile(r"[-+－]?[0-9][0-9,.]*[%％]?")
# What the footer of a Chinese site has to state: organizer, copyright, registration.
_FOOTER = re.compile(r"主办|承办|版权所有|[Cc]opyright|ICP备|公网安备|网站标识码|举报电话|联系电话")


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An element with its text and the name that it was selected by."""

    node: LexborNode
    content: Canonical
    name: str


def find_by_name(tree: LexborHTMLParser) -> Container | None:
    """Return the element with a name that only articles have, which may be empty; None where there is none."""
    containers = (_longest_element(tree, selector) for selector in NAMED)
    return next(filter(None, containers), None)


def find_by_density(tree: LexborHTMLParser) -> Container | None:
    """Return the element with nearly all sentences of the page, None where the page has no sentences."""
    if tree.body is None:
        return None
    links = link_ids(tree)
    weights = _sentences(canonical(tree.body, "body", without=links))
    if not weights:
        links = frozenset()
        weights = _sentences(canonical(tree.body, "body"))
    if not weights:
        return None
    for selector in COMMON:
        container = _longest_element(tree, selector)
        if container is None:
            continue
        own = _sentences(canonical(container.node, container.name, without=links))
        if own.total() >= _MOST * weights.total():
            return container
    path = _densest_element(weights)
    node = follow(tree.body, path.split(" > ")[1:])
    if node is None:
        return Container(node=tree.body, content=_article_text(tree.body, "body"), name=LIKELY)
    return Container(node=node, content=_article_text(node, path), name=LIKELY)


def surroundings(tree: LexborHTMLParser, container: Container | None) -> Canonical:
    """Return the text of the page around the article."""
    if tree.body is None:
        return Canonical(text="")
    return canonical(tree.body, "body", without={container.node.mem_id} if container else frozenset())


def elements(tree: LexborHTMLParser, selector: str) -> tuple[Container, ...]:
    """Return the first few elements of a selector, each with a path that leads to it alone."""
    nodes = tree.css(selector)
    if len(nodes) == 1:
        return (Container(node=nodes[0], content=_article_text(nodes[0], selector), name=selector),)
    paths = [(node, _path(node)) for node in nodes[:_MAX_ELEMENTS]]
    return tuple(Container(node=node, content=_article_text(node, path), name=selector) for node, path in paths if path)


def _article_text(node: LexborNode, path: str) -> Canonical:
    return canonical(node, path, without=link_list_ids(node))


def _longest_element(tree: LexborHTMLParser, selector: str) -> Container | None:
    """Return the element of a selector with the most text, the first of equals."""
    return max(elements(tree, selector), key=lambda container: container.content.weight, default=None)


def _path(node: LexborNode) -> str:
    """Return the selector from the root of the page to a node, empty where the node is too deep."""
    steps: list[str] = []
    place: LexborNode | None = node
    while place is not None and place.is_element_node and len(steps) <= MAX_DEPTH:
        outermost = place.parent is None or not place.parent.is_element_node
        steps.append("html" if outermost else f":nth-child({_number(place)})")
        place = place.parent
    return " > ".join(reversed(steps)) if steps[-1] == "html" else ""


def _number(node: LexborNode) -> int:
    number, before = 1, node.prev
    while before is not None:
        number += before.is_element_node
        before = before.prev
    return number


def _sentences(content: Canonical) -> Counter[str]:
    """Return how many characters of sentences each element holds directly; a number in a cell weighs as much as one."""
    weights: Counter[str] = Counter()
    for anchor in content.anchors:
        text = content.text[anchor.start : anchor.end]
        if len(text) >= _SENTENCE_LENGTH and _SENTENCE.search(text) and not _FOOTER.search(text):
            weights[anchor.path] += len(text)
        elif _NUMBER.fullmatch(text) and (" > td:" in anchor.path or " > th:" in anchor.path):
            weights[anchor.path] += _SENTENCE_LENGTH
    return weights


def _densest_element(weights: Counter[str]) -> str:
    """Return the innermost element that holds most of the weight."""
    within: Counter[str] = Counter()
    for path, weight in weights.items():
        for outer in accumulate(path.split(" > ")[: MAX_DEPTH + 1], lambda outer, step: f"{outer} > {step}"):
            within[outer] += weight
    least = _MOST * weights.total()
    path = max((path for path, weight in within.items() if weight >= least), key=lambda path: path.count(" > "))
    around, _, last = path.rpartition(" > ")
    # One long paragraph may be nearly all of an article, with the headings beside it.
    return around if last.startswith("p:") else path
