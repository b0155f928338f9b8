"""The head of an article: its title, its dates and the tools of the page, which are not part of the report."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import accumulate, pairwise, takewhile

from selectolax.lexbor import LexborHTMLParser

from raw.page.article_body import elements
from raw.page.canonical_text import Canonical, joined
from raw.page.html_to_text import canonical
from raw.page.label_table import COUNTER, LabelTable, find_date_line, find_labels, read_date

HEADINGS = ("h1", ".article-title", ".con_title", ".title", "#title")
_WORDS = "打印本页|打印|关闭窗口|关闭|字体|字号|下载|全屏|收藏|加大|还原|减小|分享到|分享|大|中|小"
_FRAME = r"[\s【】\[\]()（）|:：]*"
_TOOLS = re.compile(rf"{_FRAME}(?:(?:{_WORDS}){_FRAME})+")
_COUNTED = re.compile(rf"[^。\n]{{0,80}}(?:{COUNTER})\s*[:：][\s\d—-]*次?\s*")
_HEAD_LINES = 40
_HEAD_LINE = 80
_LONGEST = 400
_TITLE = re.compile(r"[^。；！？:：]{0,60}(?:报告|总结|部署|计划|安排)(?:[（(][^）)]{0,20}[）)])?")


def heading(tree: LexborHTMLParser) -> Canonical | None:
    """Return the heading of the page: the longest that is part of its title, else the first, else None."""
    texts = (without_tools(element.content) for selector in HEADINGS for element in elements(tree, selector))
    shown = [content for content in texts if content.weight]
    names = "\n".join((_meta(tree, "articletitle"), _document_title(tree).text))
    named = [content for content in shown if one_line(content.text) in names]
    # The site's own name is in a heading and in the page's title too, and is shorter.
    return max(named, key=lambda content: len(content.text)) if named else next(iter(shown), None)


def title_without_heading(tree: LexborHTMLParser) -> Canonical:
    """Return the title in the page's `<head>`, empty where there is none."""
    title = _meta(tree, "articletitle")
    return Canonical(text=title) if title else _document_title(tree)


def published_in_head(tree: LexborHTMLParser) -> date | None:
    """Return the date of publication in the page's `<meta>`, None where there is none."""
    return read_date(_meta(tree, "pubdate"))


def one_line(text: str) -> str:
    """Return the lines of a title as one line."""
    return " ".join(text.split("\n")).strip()


def split_head(content: Canonical) -> tuple[Canonical, Canonical]:
    """Return the head of an element that holds both (labels, title, date, tools), and the report below it.

    The head ends with the line of the last label or of the date of publication, if there is one before the first full
    sentence.
    """
    lines = list(takewhile(lambda line: "。" not in content.text[slice(*line)], head_lines(content.text)))
    head = content.cut(0, lines[-1][1] if lines else 0)
    table = find_labels(head)
    date_line = find_date_line(head, table)
    last = max(table.span.end if table else 0, date_line.end if date_line else 0)
    end = next((end for start, end in lines if start < last <= end), 0)
    return content.cut(0, end), content.cut(end + 1 if end else 0, len(content.text))


def without_tools(content: Canonical) -> Canonical:
    """Return a text without the lines that only hold the page's tools or its view counter."""
    lines = lines_of(content.text)
    return joined(content.cut(start, end) for start, end in lines if not is_tool(content.text[start:end]))


def is_tool(line: str) -> bool:
    """Return whether a line is a tool of the page (打印, 字体) or holds its view counter."""
    return bool(_TOOLS.fullmatch(line) or _COUNTED.fullmatch(line))


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Return where each line starts and ends."""
    ends = accumulate(text.split("\n"), lambda end, line: end + len(line) + 1, initial=0)
    return ((start, end - 1) for start, end in pairwise(ends))


def head_lines(text: str) -> list[tuple[int, int]]:
    """Return the first lines of a text, up to its first paragraph."""
    lines: list[tuple[int, int]] = []
    for start, end in lines_of(text):
        is_paragraph = end - start > _HEAD_LINE and "。" in text[start:end]
        if is_paragraph or end - start > _LONGEST or len(lines) == _HEAD_LINES:
            break
        lines.append((start, end))
    return lines


def title_of_text(lines: list[str], table: LabelTable | None) -> str:
    """Return the title of a plain text: its 名称, else the first line that looks like a title, else the first line."""
    if table and table.labels.name:
        return table.labels.name
    shown = [line.strip() for line in lines if not is_tool(line) and any(map(str.isalnum, line))]
    return next((line for line in shown if _TITLE.fullmatch(line)), shown[0] if shown else "")


def _meta(tree: LexborHTMLParser, name: str) -> str:
    for node in tree.css("meta"):
        if (node.attributes.get("name") or "").lower() == name:
            return one_line(node.attributes.get("content") or "")
    return ""


def _document_title(tree: LexborHTMLParser) -> Canonical:
    node = tree.css_first("title")
    return canonical(node, "title") if node else Canonical(text="")
