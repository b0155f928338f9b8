"""The bodies that a page names as its publisher, and where: label, origin, `<meta>`, footer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from raw.page.canonical_text import Canonical
from raw.page.dom import meta
from schemas.codelists import PublisherEvidence
from schemas.document import Labels

_GAP = r"[ \u00a0\u2002\u2003\u3000]*"
# A name ends with its cell, before a date or the next label, and before the tools that share its line.
_END = (
    r"(?=[\n\t|@©（(【\[]|\s+[\u4e00-\u9fff]{2,6}[:：]|\s*[0-9]{4}|\s*[\u4e00-\u9fff]ICP|"
    r"\s*(?:发布|发表|更新|创建)(?:时间|日期)|\s*(?:日期|时间|作者|编辑|责任编辑|浏览|访问|点击|阅读|字号|字体|文字大小|打印)|"
    r"\s*(?:主题分类|发文日期|承办|协办|版权|技术支持|运行维护|\Z))"
)
_NAME = rf"([^\n\t]{{0,60}}?){_END}"
_LABEL = re.compile(
    rf"(?:^|(?<=[\s】]))(?:发布机构|发布单位|发布部门){_GAP}[:：]?{_GAP}(?:\t{_GAP})?{_NAME}", re.MULTILINE
)
_ORIGIN = re.compile(
    rf"(?:^|(?<=[\s】：:\d]))(?:信息来源|文章来源|稿件来源|来源|稿源|出处){_GAP}(?:[:：]|\t){_GAP}{_NAME}", re.MULTILINE
)
_ORGANIZER = re.compile(
    rf"主办(?:单位)?{_GAP}[:：]{_GAP}{_NAME}|(?:^|(?<=\s)|(?<=由))由?([\u4e00-\u9fff（）()]{{3,40}}?)主办(?![:：单])",
    re.MULTILINE,
)
_LIST = re.compile(r"[\s、，,；;/]+")
_QUOTES = str.maketrans("", "", "《》“”\"'")
_SITE_WORDS = re.compile(r"(?:门户网站|政府网站|网站|网)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherName:
    """A body as the page names it, and where."""

    name: str
    evidence: PublisherEvidence


def publisher_names(tree: LexborHTMLParser | None, around: Canonical, labels: Labels) -> tuple[PublisherName, ...]:
    """Return the bodies that a page names as its publisher, the strongest evidence first.

    Args:
        tree: The page, None for a plain text.
        around: The text around the article, with its head.
        labels: The labels over the article.
    """
    named = (
        (PublisherEvidence.LABEL, [labels.publisher] if labels.publisher else _matches(_LABEL, around.text)),
        (PublisherEvidence.ORIGIN, _matches(_ORIGIN, around.text)),
        (PublisherEvidence.CONTENT_SOURCE, meta(tree, "contentsource") if tree else ()),
        (PublisherEvidence.SITE_NAME, meta(tree, "sitename") if tree else ()),
        (PublisherEvidence.ORGANIZER, _matches(_ORGANIZER, around.text)),
    )
    return tuple(
        PublisherName(name=name, evidence=evidence)
        for evidence, texts in named
        for name in dict.fromkeys(text.strip() for text in texts)
        if normalized(name)
    )


def normalized(name: str) -> str:
    """Return the name of a body without differences of width, white space, quotation marks and the word 网站."""
    plain = "".join(unicodedata.normalize("NFKC", name).translate(_QUOTES).split())
    return _SITE_WORDS.sub("", plain)


def bodies(name: str) -> frozenset[str]:
    """Return the normalized names in a text that may name several bodies, the whole text among them."""
    return frozenset(filter(None, (normalized(part) for part in (name, *_LIST.split(name)))))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the name at the first place that has one."""
    for match in pattern.finditer(text):
        if name := next(filter(None, match.groups()), "").strip():
            yield name
            return
