"""The table of labels over an article and the line of its date, in canonical text.

A label and its value may share a cell (索引号: 114…), stand in neighbouring cells, or in elements that follow each
other; the colon may be full-width or missing, and a label may be spaced out (索 引 号).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from types import MappingProxyType

from raw.page.canonical_text import Canonical, joined, locate
from schemas.document import Labels, Span

NAMES = MappingProxyType(
    {
        "索引号": "index_number",
        "分类": "category",
        "发布机构": "publisher",
        "成文日期": "written_on",
        "名称": "name",
        "文号": "document_number",
        "发布日期": "published_on",
        "主题词": "keywords",
    }
)
COUNTER = "浏览次数|浏览量|浏览人次|阅读次数|阅读量|点击次数|点击量|点击率|点击数|访问次数|访问量"
_GAP = "[ \u00a0\u3000]*"
_LABEL = re.compile(rf"(?<!\S)({'|'.join(_GAP.join(name) for name in NAMES)}){_GAP}(?:([:：])|(?=[\n\t]|\Z))")
# The table starts with this label; the same words may be in a menu before it.
_OPENING = re.compile(rf"(?<!\S){_GAP.join('索引号')}{_GAP}(?:[:：]|(?=[\n\t]|\Z))")
_CELL_END = re.compile(r"[\n\t]")
# A value ends with its cell, and before the view counter or the origin.
_NO_VALUE = re.compile(rf"[\n\t]|(?:{COUNTER}|来源){_GAP}[:：]")
_DATE = re.compile(rf"([0-9]{{4}}){_GAP}[-/.年]{_GAP}([0-9]{{1,2}}){_GAP}[-/.月]{_GAP}([0-9]{{1,2}})(?![0-9])日?")
_DATE_LINE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:发布日期|发布时间|公开日期|日期|时间){_GAP}[:：]{_GAP}{_DATE.pattern}"
)
# A single label is a word of the page; two are a table.
_QUORUM = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTable:
    """The labels, their span in the text, and a line of canonical text for each.

    `order` names them in the order of the page.
    """

    labels: Labels
    span: Span
    lines: tuple[Canonical, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A label of the table with the positions of its name and its value; `label_end` includes the colon."""

    name: str
    start: int
    label_end: int
    value: Span


def find_labels(around: Canonical) -> LabelTable | None:
    """Return the first table of labels in a text, None where there is none."""
    entries = tuple(_own_values(around.text))
    if not any(entry.value.start < entry.value.end for entry in entries):
        entries = tuple(_values_in_next_cell(around, entries))
    if len(entries) < _QUORUM:
        return None
    by_name = {entry.name: entry for entry in entries}
    entries = tuple(by_name[name] for name in NAMES if name in by_name)
    span = Span(start=min(entry.start for entry in entries), end=max(entry.value.end for entry in entries))
    values = {NAMES[entry.name]: entry.value.cut(around.text) for entry in entries}
    return LabelTable(
        labels=Labels(**values),
        span=span,
        lines=tuple(_line(around, entry) for entry in entries),
        order=tuple(entry.name for entry in sorted(entries, key=lambda entry: entry.start)),
    )


def find_date_line(around: Canonical, table: LabelTable | None) -> Span | None:
    """Return the span of the date of publication outside the table (发布日期:2025-05-29), None where there is none."""
    labels = table.span if table else Span(start=0, end=0)
    for match in _DATE_LINE.finditer(around.text):
        if not labels.start <= match.start() < labels.end:
            return Span(start=match.start(), end=match.end())
    return None


def read_date(text: str) -> date | None:
    """Return the first valid date in a text, None where there is none."""
    for match in _DATE.finditer(text):
        year, month, day = (int(part) for part in match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _own_values(text: str) -> Iterator[_Entry]:
    """Yield each label at its first place, with the rest of its cell up to the next label as its value."""
    opening = _OPENING.search(text)
    matches = list(_LABEL.finditer(text, opening.start() if opening else 0))
    seen: set[str] = set()
    for match, after in zip_longest(matches, matches[1:]):
        name = "".join(match[1].split())
        if name in seen or not (match[2] or _opens_cell(text, match.start())):
            continue
        seen.add(name)
        end = _NO_VALUE.search(text, match.end(), after.start() if after else len(text))
        value = _strip_span(text, match.end(), end.start() if end else after.start() if after else len(text))
        yield _Entry(name=name, start=match.start(), label_end=match.end(), value=value)


def _values_in_next_cell(around: Canonical, entries: tuple[_Entry, ...]) -> Iterator[_Entry]:
    """Yield each label with the next cell or element as its value."""
    labels = {entry.start for entry in entries}
    for entry in entries:
        start = _cell_end(around.text, entry.label_end) + 1
        value = _strip_span(around.text, start, _cell_end(around.text, start))
        own = value.start not in labels and (
            around.text[start - 1 : start] == "\t" or _is_adjacent_cell(around, entry, value)
        )
        yield replace(entry, value=value) if own else entry


def _is_adjacent_cell(around: Canonical, entry: _Entry, value: Span) -> bool:
    """Return whether a value on the next line is in an element beside that of the label."""
    path, _ = locate(around.anchors, entry.start)
    other, _ = locate(around.anchors, value.start)
    outer = path.rpartition(" > ")[0]
    return bool(outer) and path != other and other.startswith(f"{outer} > ")


def _line(around: Canonical, entry: _Entry) -> Canonical:
    label = Canonical(text=f"{entry.name}:")
    value = around.cut(entry.value.start, entry.value.end)
    return joined((label, value), " ") if value.text else label


def _opens_cell(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in "\n\t"


def _cell_end(text: str, start: int) -> int:
    end = _CELL_END.search(text, start)
    return end.start() if end else len(text)


def _strip_span(text: str, start: int, end: int) -> Span:
    inside = text[start:end]
    first = start + len(inside) - len(inside.lstrip())
    return Span(start=first, end=first + len(inside.strip()))
