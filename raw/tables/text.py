"""Tables set as plain text: cells between bars or tabs, apart by blanks, or one a line.

A row of cells apart by blanks is known by its numbers: words, then numbers, perhaps twice, without the marks of a
sentence. The header over such rows is the nearest lines that make as many words as the rows have cells. A table with
one cell a line is a run of lines in which as many numbers follow each label.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from raw.numerals.scan import plain
from raw.tables.units import is_unit, unit_of
from raw.tables.values import CellKind, read_cell
from schemas.document import Span, Table, TableCell

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\s\u00a0\u3000\u2000-\u200a]+")
_RULE = re.compile(r"[\s|:+=—─━┄┈┼├┤┌┐└┘┬┴-]+")
_BARS = re.compile(r"[|｜│┃]")
_TABS = re.compile("\t")
_SENTENCE = re.compile(r"[。；;！!？?]|，.*，")
_CAPTION = re.compile(r"\s*(?:附?[表图]\s*[\d一二三四五六七八九十]|.{0,12}单\s*位\s*[:：])")
_NUMBERS = frozenset({CellKind.NUMBER, CellKind.DASH})
# Rows with one cell a line, as a string of T for words and V for numbers: as many of each in every row.
_VERTICAL = re.compile(r"(?P<words>T{1,3})(?P<numbers>V{1,12})(?:(?P=words)(?P=numbers)(?!V)){2,}")
_LONGEST = 160
_LONGEST_CELL = 40
_MOST_WORDS = 6
_MOST_HEADER_LINES = 12
_LEAST_ROWS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line with its words, and its cells where it is a row of words and numbers apart by blanks.

    `shape` has a letter for each cell: L for a label, U for a unit, V for a number; it is empty for any other line.
    """

    span: Span
    words: str
    cells: tuple[Span, ...]
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A table and the line behind it."""

    table: Table | None
    end: int


def text_tables(text: str, within: Span) -> Iterator[Table]:
    """Yield the tables in a stretch of text, in order.

    Args:
        text: The canonical text.
        within: The stretch.
    """
    marked = plain(within.cut(text))
    lines = [_line(match, within.start) for match in _LINE.finditer(marked)]
    vertical = dict(_vertical(lines))
    at = first = 0
    while at < len(lines):
        found = vertical.get(at) or _separated(lines, at) or _by_blanks(lines, first, at)
        if found and found.table:
            yield found.table
            first = found.end
        at = found.end if found else at + 1


def _line(match: re.Match[str], offset: int) -> _Line:
    words = match.group()
    span = Span(start=match.start() + offset, end=match.end() + offset)
    cells, shape = _cells_by_blanks(words, span.start)
    return _Line(span=span, words=words, cells=cells, shape=shape)


def _separated(lines: Sequence[_Line], at: int) -> _Found | None:
    """Return the table with bars or tabs between its cells that starts at a line."""
    for separator in (_BARS, _TABS):
        end = at
        while end < len(lines) and separator.search(lines[end].words):
            end += 1
        if end - at >= _LEAST_ROWS:
            rows = [_cut(line, separator) for line in lines[at:end] if not _RULE.fullmatch(line.words)]
            return _Found(table=_table(rows, lines[at:end]), end=end)
    return None


def _cut(line: _Line, separator: re.Pattern[str]) -> list[tuple[int, Span]]:
    """Return the cells of a line with their columns, without blank ones; a bar at its start separates nothing."""
    borders = [match.start() for match in separator.finditer(line.words)]
    starts, ends = [0, *(border + 1 for border in borders)], [*borders, len(line.words)]
    first = separator is _BARS and not line.words[: ends[0]].strip()
    cells = zip(starts[first:], ends[first:], strict=True)
    return [
        (column, Span(start=line.span.start + span.start, end=line.span.start + span.end))
        for column, (start, end) in enumerate(cells)
        if (span := _trimmed(line.words, start, end))
    ]


def _trimmed(words: str, start: int, end: int) -> Span | None:
    """Return the part of a cell between its HTML blanks; other blanks indent it. None for a blank cell."""
    inner = words[start:end]
    if not inner.strip():
        return None
    left = len(inner) - len(inner.lstrip(" "))
    return Span(start=start + left, end=start + len(inner.rstrip()))


def _table(rows: Sequence[Sequence[tuple[int, Span]]], lines: Sequence[_Line]) -> Table | None:
    """Return the table of some rows, None where it holds no number or is a single row or column."""
    words = {line.span.start: line for line in lines}
    ordered = sorted(words)
    cells = [TableCell(span=span, row=row, column=column) for row, of_row in enumerate(rows) for column, span in of_row]
    width = max((cell.column + 1 for cell in cells), default=0)
    numbers = (cell for cell in cells if read_cell(_words_of(cell.span, words, ordered))[0] is CellKind.NUMBER)
    if len(rows) < _LEAST_ROWS or width < _LEAST_ROWS or next(numbers, None) is None:
        return None
    return Table(cells=tuple(cells), height=len(rows), width=width)


def _words_of(span: Span, lines: Mapping[int, _Line], starts: Sequence[int]) -> str:
    line = lines[starts[bisect_right(starts, span.start) - 1]]
    return line.words[span.start - line.span.start : span.end - line.span.start]


def _cells_by_blanks(words: str, offset: int) -> tuple[tuple[Span, ...], str]:
    """Return the cells of a row of words and numbers apart by blanks and its shape, empty for any other line."""
    if len(words) > _LONGEST or not words[-1:].strip() or _SENTENCE.search(words) or _BARS.search(words):
        return (), ""
    cells: list[Span] = []
    shape = ""
    label: list[re.Match[str]] = []
    for word in _WORD.finditer(words):
        if read_cell(word.group())[0] not in _NUMBERS:
            label.append(word)
            continue
        if label:
            unit = label.pop() if len(label) > 1 and is_unit(label[-1].group()) else None
            cells.append(Span(start=offset + label[0].start(), end=offset + label[-1].end()))
            shape += "L"
            if unit:
                cells.append(Span(start=offset + unit.start(), end=offset + unit.end()))
                shape += "U"
            if len(label) > _MOST_WORDS or label[-1].end() - label[0].start() > _LONGEST_CELL:
                return (), ""
            label = []
        cells.append(Span(start=offset + word.start(), end=offset + word.end()))
        shape += "V"
    return (tuple(cells), shape) if shape.startswith("L") and "V" in shape and not label else ((), "")


def _by_blanks(lines: Sequence[_Line], first: int, at: int) -> _Found | None:
    """Return the table with blanks between its cells whose first row of numbers is a line.

    Args:
        lines: The lines.
        first: The line behind the table before.
        at: The line.
    """
    shape = lines[at].shape
    end = at
    while shape and end < len(lines) and (lines[end].shape == shape or _is_group(lines, end, shape)):
        end += 1
    if end - at < _LEAST_ROWS:
        return None
    head, header = _header(lines, first, at, len(shape))
    if not header and end - at <= _LEAST_ROWS:
        return None
    body = [list(enumerate(line.cells or (line.span,))) for line in lines[at:end]]
    rows = [list(enumerate(header)), *body] if header else body
    return _Found(table=_table(rows, lines[head:end]), end=end)


def _is_group(lines: Sequence[_Line], at: int, shape: str) -> bool:
    """Return whether a line is a label alone between two rows."""
    words = lines[at].words
    short = len(words) <= _LONGEST_CELL and not _SENTENCE.search(words) and not _CAPTION.match(words)
    return short and not lines[at].shape and at + 1 < len(lines) and lines[at + 1].shape == shape


def _header(lines: Sequence[_Line], first: int, at: int, count: int) -> tuple[int, list[Span]]:
    """Return the line where the header over a row starts and its cells; none where no lines make `count` cells."""
    above: list[_Line] = []
    for number in range(at - 1, max(first, at - _MOST_HEADER_LINES) - 1, -1):
        line = lines[number]
        if line.shape or len(line.words) > _LONGEST or _SENTENCE.search(line.words) or _CAPTION.match(line.words):
            break
        above.insert(0, line)
        cells = _header_cells(above)
        if len(cells) > count:
            break
        if len(cells) == count and not unit_of(_bracketed(above[0].words)):
            return number, cells
    return at, []


def _bracketed(words: str) -> str:
    """Return the first word of a line where it is a unit in brackets, which belongs to the line above."""
    match = _WORD.search(words)
    return match.group() if match and match.group()[0] in "(（" else ""


def _header_cells(lines: Sequence[_Line]) -> list[Span]:
    """Return the words of a header; 指 标 is one word, and a unit in brackets belongs to the word before it."""
    cells: list[Span] = []
    before = ""
    for line in lines:
        for match in _WORD.finditer(line.words):
            word = match.group()
            end = line.span.start + match.end()
            joins = len(word) == len(before) == 1 or (word[0] in "(（" and unit_of(word))
            if cells and joins:
                cells[-1] = Span(start=cells[-1].start, end=end)
                before = ""
            else:
                cells.append(Span(start=line.span.start + match.start(), end=end))
                before = word
    return cells


def _vertical(lines: Sequence[_Line]) -> Iterator[tuple[int, _Found]]:
    """Yield the tables with one cell a line, each with its first line."""
    letters = "".join(map(_letter, lines))
    behind = 0
    for match in _VERTICAL.finditer(letters):
        width = len(match["words"]) + len(match["numbers"])
        head = match.start() - width
        if head < behind or set(letters[head : match.start()]) != {"T"}:
            continue
        cells = [
            [(column, lines[line].span) for column, line in enumerate(range(start, start + width))]
            for start in range(head, match.end(), width)
        ]
        yield head, _Found(table=_table(cells, lines[head : match.end()]), end=match.end())
        behind = match.end()


def _letter(line: _Line) -> str:
    """Return T for a line of a few words, V for a number alone, a dot for any other line."""
    kind = read_cell(line.words)[0] if len(line.words) <= _LONGEST_CELL else CellKind.WORDS
    if kind in _NUMBERS:
        return "V"
    short = len(line.words) <= _LONGEST_CELL and not _SENTENCE.search(line.words) and not line.shape
    return "T" if short and line.words.strip() else "."
