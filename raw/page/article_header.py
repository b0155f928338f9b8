"""The head of an article: the lines with its labels and its date, which are not part of the report."""

import re
from datetime import date
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser

from raw.page.canonical_text import Canonical
from raw.page.dom import meta
from raw.page.label_table import LabelTable, find_date_line, find_labels, read_date
from raw.page.page_tools import is_tool, lines_of

_HEAD_LINES = 40
_HEAD_LINE = 80
_LONGEST = 400
_BESIDE_TITLE = 8
_TITLE = re.compile(r"[^。；！？:：]{0,60}(?:报告|总结|部署|计划|安排)(?:[（(][^）)]{0,20}[）)])?")


def published_in_head(tree: LexborHTMLParser) -> date | None:
    """Return the date of publication in the page's `<meta>`, None where there is none."""
    return read_date(" ".join(meta(tree, "pubdate")))


def split_head(content: Canonical, title: str = "") -> tuple[Canonical, Canonical]:
    """Return the head of an element that holds both (labels, title, date, tools), and the report below it.

    The head ends with the line of the last label or of the date of publication, if there is one before the first full
    sentence, and with the title where something else of the page stands over it.
    """
    lines = list(takewhile(lambda line: "。" not in content.text[slice(*line)], head_lines(content.text)))
    head = content.cut(0, lines[-1][1] if lines else 0)
    table = find_labels(head)
    date_line = find_date_line(head, table)
    heading = next((end for start, end in lines if start and _is_title(content.text[start:end], title)), 0)
    last = max(table.span.end if table else 0, date_line.end if date_line else 0, heading)
    end = next((end for start, end in lines if start < last <= end), 0)
    return content.cut(0, end), content.cut(end + 1 if end else 0, len(content.text))


def _is_title(line: str, title: str) -> bool:
    """Return whether a line holds the title and hardly anything else."""
    return bool(title) and title in line and len(line.strip()) <= len(title) + _BESIDE_TITLE


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
