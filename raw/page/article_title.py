"""The title of an article by evidence: ArticleTitle, the 名称 label, a heading, the page's `<title>`.

The evidence that the most other evidence agrees with decides. A heading in a link or a menu is none, and neither is the
part of `<title>` that names the site or the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from raw.page.article_body import elements
from raw.page.canonical_text import Canonical
from raw.page.dom import meta
from raw.page.html_to_text import canonical
from raw.page.page_tools import without_tools
from schemas.codelists import Severity
from schemas.finding import Finding, FindingCode, examples

HEADINGS = ("h1", "h2", ".article-title", ".con_title", ".title", "#title")
_MENUS = frozenset({"a", "li", "nav", "aside", "footer", "ul"})
# Two titles agree if they name the same years and their longest common part is this share of the longer one.
_SHARED = 0.7
_YEAR = re.compile(r"[0-9]{4}")
_LONGEST = 200
_SEPARATOR = re.compile(r"[_|]+|\s+[-–—]+\s+|(?<![0-9-])-{1,2}(?![0-9-])")
# A section of the article has a number.
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十]+[、）)]|第[一二三四五六七八九十]+[部章]|[0-9]+[.、])")
# Names of sites, columns and collections; an article is called after none of them.
_SITE = re.compile(r"(?:网|网站|门户|局|厅|委|政府|人大|政协|数据库|公报库|首页|专题|公开|专栏|栏目)$")
# What shares a heading's element: date, origin, size of the type.
_AFTER = re.compile(
    r"\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|(?:发布时间|发布日期|更新时间|日期|时间|来源|作者|字号|字体)\s*[:：])"
)


class _Rank(IntEnum):
    """What kind of evidence it is; of two with the same support the lower rank decides.

    ARTICLE_HEADING is the first `h1` in the element of the article, HEADING one elsewhere.
    """

    META = 0
    LABEL = 1
    ARTICLE_HEADING = 2
    DOCUMENT_TITLE = 3
    HEADING = 4
    SITE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """A text that may be the title; `shown` is where the page prints it, None in the page's `<head>`."""

    rank: _Rank
    text: str
    shown: Canonical | None = None

    @property
    def key(self) -> str:
        """The text without differences of width and white space."""
        return _key(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTitle:
    """The title, its heading in the page where there is one, and a finding where evidence disagrees."""

    text: str
    shown: Canonical | None
    findings: tuple[Finding, ...]


def find_title(tree: LexborHTMLParser, label: str, container: LexborNode | None) -> ArticleTitle:
    """Return the title of the article on a page, empty where nothing names it.

    Args:
        tree: The page.
        label: The value of 名称, "" where the page has none.
        container: The element of the article, None where the page has none.
    """
    stated = tuple(item for item in _stated(tree, label) if item.key)
    evidence = (*stated, *_headings(tree, stated, container))
    if not evidence:
        return ArticleTitle(text="", shown=None, findings=())
    best = max(evidence, key=lambda item: (_support(item, evidence), -item.rank))
    group = tuple(item for item in evidence if item is best or _agree(item, best))
    text = _common(best, group)
    return ArticleTitle(text=text, shown=_shown(group, text), findings=_disagreement(text, evidence, group))


def one_line(text: str) -> str:
    """Return the lines of a title as one line."""
    return " ".join(text.split("\n")).strip()


def _stated(tree: LexborHTMLParser, label: str) -> Iterator[_Evidence]:
    """Yield the titles that the page states elsewhere than in a heading."""
    sites = _site_names(tree)
    for text in meta(tree, "articletitle"):
        if _key(text) not in sites:
            yield _Evidence(rank=_Rank.META, text=one_line(text))
    if label:
        yield _Evidence(rank=_Rank.LABEL, text=label)
    yield from _document_title(tree, sites)


def _site_names(tree: LexborHTMLParser) -> frozenset[str]:
    return frozenset(_key(name) for name in (*meta(tree, "sitename"), *meta(tree, "columnname")))


def _headings(
    tree: LexborHTMLParser, stated: tuple[_Evidence, ...], container: LexborNode | None
) -> Iterator[_Evidence]:
    """Yield the headings without their tools and dates; one in a link or a menu only if it is stated elsewhere too."""
    sites = _site_names(tree)
    first = container.css_first("h1") if container else None
    for selector in HEADINGS:
        for element in elements(tree, selector):
            content = without_tools(element.content)
            match = _AFTER.search(content.text)
            shown = content.cut(0, match.start()) if match and match.start() else content
            own = first is not None and element.node.mem_id == first.mem_id and not _NUMBERED.match(shown.text)
            rank = _Rank.ARTICLE_HEADING if own else _Rank.HEADING
            heading = _Evidence(rank=rank, text=one_line(shown.text), shown=shown)
            confirmed = any(_agree(heading, item) for item in stated)
            if heading.key and heading.key not in sites and (confirmed or not _in_menu(element.node)):
                yield heading


def _in_menu(node: LexborNode) -> bool:
    """Return whether an element is part of a link or a menu, or holds little but links."""
    place: LexborNode | None = node
    while place is not None and place.is_element_node:
        if place.tag in _MENUS:
            return True
        place = place.parent
    linked = "".join(link.text() for link in node.css("a[href]"))
    return 2 * len(_key(linked)) > len(_key(node.text()))


def _document_title(tree: LexborHTMLParser, sites: frozenset[str]) -> Iterator[_Evidence]:
    """Yield the longest part of the `<title>` that names neither the site nor a column."""
    node = tree.css_first("title")
    whole = one_line(canonical(node, "title").text) if node else ""
    parts = [part.strip() for part in _SEPARATOR.split(whole) if part.strip()]
    named = [part for part in parts if _key(part) not in sites and not _SITE.search(part)]
    if named:
        yield _Evidence(rank=_Rank.DOCUMENT_TITLE, text=max(named, key=len))
    elif parts:
        yield _Evidence(rank=_Rank.SITE, text=max(parts, key=len))


def _support(item: _Evidence, evidence: tuple[_Evidence, ...]) -> int:
    """Return how many other kinds of evidence agree."""
    return len({other.rank for other in evidence if other.rank != item.rank and _agree(item, other)})


def _agree(one: _Evidence, other: _Evidence) -> bool:
    if one.key == other.key:
        return True
    years = {frozenset(_YEAR.findall(item.key)) for item in (one, other)}
    return len(years) == 1 and len(_shared(one.key, other.key)) >= _SHARED * max(len(one.key), len(other.key))


def _common(best: _Evidence, group: tuple[_Evidence, ...]) -> str:
    """Return the title; what a heading and a `<title>` each add to the same words is not part of it."""
    heading = next((item for item in group if item.shown), best)
    if best.rank in {_Rank.META, _Rank.LABEL} or heading.key in best.key:
        return best.text if best.rank in {_Rank.META, _Rank.LABEL} else heading.text
    return _shared(best.text, heading.text).strip() or best.text


def _shared(one: str, other: str) -> str:
    one, other = one[:_LONGEST], other[:_LONGEST]
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return one[match.a : match.a + match.size]


def _shown(group: tuple[_Evidence, ...], text: str) -> Canonical | None:
    """Return the heading that shows the title, cut to it where it shows more."""
    for item in group:
        if item.shown is None:
            continue
        start = item.shown.text.find(text)
        if start >= 0:
            return item.shown.cut(start, start + len(text))
        if item.key == _key(text):
            return item.shown
    return None


def _disagreement(text: str, evidence: tuple[_Evidence, ...], group: tuple[_Evidence, ...]) -> tuple[Finding, ...]:
    """Return a warning where the page's own statements of its title, other than headings, say different things."""
    stated = [item for item in evidence if item.rank not in {_Rank.HEADING, _Rank.SITE} and item not in group]
    if not stated:
        return ()
    return (
        Finding(
            code=FindingCode.TITLE_DISAGREES,
            severity=Severity.WARN,
            where="page",
            message="The page gives its article more than one title; its kind and its year are read from the first.",
            count=len(stated),
            evidence=examples((text, *dict.fromkeys(item.text for item in stated))),
        ),
    )


def _key(text: str) -> str:
    """Return a text without differences of width, white space and characters without width."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")
