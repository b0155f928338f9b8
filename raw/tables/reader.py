"""The observations of the data tables of a document, and the account of the numbers in them.

A number is claimed only where the row names what is measured and header, row, caption or cell name its unit. Its quote
is its row; its sentence is the caption, the header of its column and the row, one a line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median

from raw.extract.ignored_numbers import ignore_reasons
from raw.extract.mentions import find_mentions
from raw.extract.periods import last_period_cue, plan_of
from raw.extract.sections import years_of
from raw.extract.series import series
from raw.extract.years import OF_ONE_YEAR, ReferenceYears
from raw.tables.captions import Caption, caption_of, lines_above
from raw.tables.grid import Block, Cell, Grid, RowKind
from raw.tables.headers import ColumnRole, Heading, heading_of, period_of, role_named, without_change
from raw.tables.labels import RowLabel, label_of
from raw.tables.units import stated_unit
from raw.tables.values import CellKind, CellNumber
from schemas.codelists import DocumentKind, IgnoreReason, Measure, NumberStatus, Status
from schemas.document import Document, Period, Section, Span, TimeOrientation
from schemas.observation import Number, Observation
from schemas.registry.units import resolve as resolve_unit

_MOST_QUOTED = 480
_INDICES = (50, 200)
_POINTS = frozenset({"个百分点", "百分点", "个千分点", "千分点"})
_RATIOS = frozenset({"%", "‰"})
_CHANGES = frozenset({Measure.GROWTH, Measure.CAGR, Measure.CHANGE})
_PLANLESS = OF_ONE_YEAR | {DocumentKind.OTHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """What the tables of a document say: the observations, and every number of the tables with its status."""

    observations: tuple[Observation, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    """What a table stands in."""

    document: Document
    text: str
    years: ReferenceYears
    section: Section


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What decides the meaning of a block beside its header: the caption, and the period of caption or section."""

    around: _Surroundings
    caption: Caption
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column with its role, its header cells, what they say, and the columns with labels and units of its rows."""

    index: int
    role: ColumnRole
    header: tuple[Span, ...]
    heading: Heading
    labels: tuple[int, ...] = ()
    unit: int | None = None
    indices: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadBlock:
    """A block with its columns and what surrounds it."""

    block: Block
    columns: tuple[_Column, ...]
    context: _Context


def read_tables(document: Document, text: str) -> TableReading:
    """Read the tables of a document, `text` being its text in plain characters."""
    observations: list[Observation] = []
    numbers: list[Number] = []
    years = years_of(document)
    starts = [section.span.start for section in document.sections[1:]]
    end = document.body.start
    for table in document.tables:
        section = document.sections[bisect_right(starts, table.span.start)]
        grid = Grid(text, table)
        above = lines_above(text, table.span.start, end)
        blocks = list(_blocks(grid, _Surroundings(document=document, text=text, years=years, section=section), above))
        found = sorted((item for block in blocks for item in _of_block(grid, block)), key=_start)
        observations += found
        ignored = _ignored(grid, blocks)
        numbers += _account(document.text, grid, frozenset(item.span.start for item in found), ignored)
        end = table.span.end
    return TableReading(observations=tuple(observations), numbers=tuple(numbers))


def _start(observation: Observation) -> int:
    return observation.span.start


def _blocks(grid: Grid, around: _Surroundings, above: tuple[Span, ...]) -> Iterator[_ReadBlock]:
    """Yield the blocks of a table with their columns; a caption holds until another stands in the table."""
    captions: tuple[Span, ...] = ()
    for block in grid.blocks():
        inside = tuple(cell.place.span for row in block.captions for cell in grid.row(row))
        captions = inside or captions
        caption = caption_of(around.text, (*above, *captions))
        period = last_period_cue(caption.words, around.years, around.section) or around.section.period
        context = _Context(around=around, caption=caption, period=period)
        yield _ReadBlock(block=block, columns=tuple(_columns(grid, block, context)), context=context)


def _ignored(grid: Grid, blocks: Sequence[_ReadBlock]) -> dict[int, IgnoreReason]:
    """Return why cells with a number alone are no observations, by their start: numbers of rows and columns, years."""
    numbering = [row for row, kind in grid.kinds() if kind is RowKind.NUMBERING]
    reasons = {cell.place.span.start: IgnoreReason.ORDINAL for row in numbering for cell in grid.row(row)}
    for read in blocks:
        reasons |= {
            cell.place.span.start: IgnoreReason.DATE
            for row in read.block.header
            for cell in grid.row(row)
            if cell.kind is CellKind.YEAR
        }
        for column in read.columns:
            cells = (cell for row in read.block.rows if (cell := grid.at(row, column.index)))
            if column.role is ColumnRole.NUMBERING:
                reasons |= dict.fromkeys((cell.place.span.start for cell in cells), IgnoreReason.ORDINAL)
            elif column.role is ColumnRole.LABEL:
                years = (cell.place.span.start for cell in cells if cell.kind is CellKind.YEAR)
                reasons |= dict.fromkeys(years, IgnoreReason.DATE)
    return reasons


def _of_block(grid: Grid, read: _ReadBlock) -> Iterator[Observation]:
    """Yield the observations of a block, row by row."""
    block, columns, context = read.block, read.columns, read.context
    document = context.around.document.text
    values = [column for column in columns if column.role is ColumnRole.VALUE]
    labels: dict[tuple[int, tuple[int, ...]], tuple[RowLabel, Period | None]] = {}
    for labels_of in dict.fromkeys(column.labels for column in values):
        labels |= {(row, labels_of): _label(grid, row, labels_of, context) for row in block.rows}
    families = _families(labels)
    bases = {column.index: _base(column, values, context) for column in values}
    for row in block.rows:
        lines: dict[tuple[int, ...], Span] = {}
        for column in values:
            cell = grid.at(row, column.index)
            if cell is None or cell.place.row != row or cell.place.column != column.index:
                continue
            if cell.number is None or (cell.kind is CellKind.YEAR and cell.words.strip().endswith("年")):
                continue
            family, (_, period) = families[row, column.labels], labels[row, column.labels]
            stated = _Stated(
                cell=cell,
                number=cell.number,
                column=column,
                label=family.label,
                # Rows with units of their own are parts of another row only where they say so.
                owner=family.owner if column.unit is None or family.is_part else None,
                repeats=family.repeats,
                period=period,
                unit_cell=grid.at(row, column.unit) if column.unit is not None else None,
            )
            if observation := _observation(stated, context, bases[column.index]):
                if column.labels not in lines:
                    lines[column.labels] = _line_of(grid, row, column, columns)
                quote = _quote(document, lines[column.labels], observation.span)
                above = _words(document, context.caption.lines), _words(document, column.header)
                yield replace(observation, quote=quote, sentence="\n".join(filter(None, (*above, quote))))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """A label with the row above that names a series and is no part of another.

    `is_part` tells whether a mark or its indentation says that it is a part of that row, `repeats` whether another row
    has the same label.
    """

    label: RowLabel
    owner: RowLabel | None
    is_part: bool
    repeats: bool


def _families(
    labels: dict[tuple[int, tuple[int, ...]], tuple[RowLabel, Period | None]],
) -> dict[tuple[int, tuple[int, ...]], _Family]:
    """Return the family of each row and label columns, given in the order of the rows; a part inherits the unit."""
    seen = Counter((labels_of, label.words) for (_, labels_of), (label, _) in labels.items())
    families: dict[tuple[int, tuple[int, ...]], _Family] = {}
    above: dict[tuple[int, ...], list[RowLabel]] = {}  # the owners so far, each indented deeper than the one before
    marked: dict[tuple[int, ...], bool] = {}
    for (row, labels_of), (label, _) in labels.items():
        owners = above.setdefault(labels_of, [])
        while owners and owners[-1].indent > 0 and owners[-1].indent >= label.indent:
            owners.pop()
        owner = owners[-1] if owners else None
        repeats = seen[labels_of, label.words] > 1
        owns = label.is_series and not label.is_part and not repeats
        indented = owner is not None and label.indent > owner.indent
        is_part = label.is_part or indented or (marked.get(labels_of, False) and not owns)
        if owner and is_part and not label.unit:
            label = replace(label, unit=owner.unit)  # noqa: PLW2901 - the label with the unit that it inherits
        families[row, labels_of] = _Family(label=label, owner=owner, is_part=is_part, repeats=repeats)
        if owns:
            above[labels_of] = [*owners, label] if indented else [label]
        marked[labels_of] = not owns and (marked.get(labels_of, False) or label.is_part)
    return families


def _label(grid: Grid, row: int, labels: Sequence[int], context: _Context) -> tuple[RowLabel, Period | None]:
    """Return the label of a row, and the period where the label is a year or months."""
    cells = dict.fromkeys(cell for index in labels if (cell := grid.at(row, index)))
    words = [cell.words for cell in cells]
    period = None
    if words and (dated := _period_alone(words[-1], context)):
        period, words = dated, words[:-1]
    parts = [label_of(part) for part in words]
    if parts and parts[-1].is_series:  # 经济发展 over 地区生产总值 only sorts the rows
        return parts[-1], period
    label = label_of("".join(words))
    return replace(label, is_part=any(part.is_part for part in parts)), period


def _period_alone(words: str, context: _Context) -> Period | None:
    """Return the period of a label that is nothing but a period: 2021年, 1-3月."""
    bare = "".join(words.split())
    if not bare[:1].isdigit() or any(char not in "0123456789年月份季度-—–~至上下半" for char in bare):
        return None
    return period_of(bare, context.around.years, context.around.section)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """A number of a cell with all that names it.

    `owner` is the row above that names a series and is no part of another, `repeats` whether another row has the same
    label, `period` that of a label which is one.
    """

    cell: Cell
    number: CellNumber
    column: _Column
    label: RowLabel
    owner: RowLabel | None
    repeats: bool
    period: Period | None
    unit_cell: Cell | None


def _observation(stated: _Stated, context: _Context, base: _Column | None) -> Observation | None:
    """Return the observation of a cell, None where its subject, its unit or its period is not stated.

    Args:
        stated: The number with all that names it.
        context: What surrounds the rows.
        base: The column with the amounts that the numbers of this column are changes or parts of.
    """
    heading, number = stated.column.heading, stated.number
    unit, measure = _unit_and_measure(stated, context)
    thing = heading.thing or (base.heading.thing if base else "")
    subject = _subject(stated, thing, context.caption)
    subject = without_change(subject) if measure in _CHANGES else subject
    period = heading.period or stated.period or (base.heading.period if base else None) or context.period
    if measure == Measure.CAGR and period.first == period.last:
        period = plan_of(period.last)
    dated = period.first == period.last or heading.period or measure == Measure.CAGR
    if measure is None or not subject or not dated or heading.undated:
        return None
    status = heading.status or (base.heading.status if base else None) or _status(period, context)
    falls = heading.falls or (measure in _CHANGES and heading.measure is None and _heading_in(stated.label.words).falls)
    low, high = _signed(number, measure, falls=falls)
    resolved = resolve_unit(unit)
    start = stated.cell.place.span.start
    span = Span(start=start + number.start, end=start + number.end)
    return Observation(
        span=span,
        obs_text=span.cut(context.around.document.text),
        value=low,
        value_upper=high,
        decimals=number.decimals,
        unit=unit,
        unit_code=resolved.code,
        unit_mult=resolved.mult,
        measure=measure,
        bound=number.bound,
        subject=subject,
        indicator=_series(subject, measure, resolved.code),
        scope=heading.whole.replace("|", ""),
        period=period,
        status=status,
        price_basis=None,
        section=context.around.section.path,
        quote="",
        rank_of=str(heading.ranked) if measure == Measure.RANK else "",
    )


@lru_cache(maxsize=4096)
def _series(subject: str, measure: Measure, unit_code: str) -> str:
    return series(subject, measure, unit_code)


def _unit_and_measure(  # noqa: PLR0911 - one return for each source of the unit
    stated: _Stated, context: _Context
) -> tuple[str, Measure | None]:
    """Return the unit of a number and its measure, None where the table does not say them."""
    heading, number = stated.column.heading, stated.number
    of_row = stated_unit(stated.unit_cell.words) if stated.unit_cell else ""
    of_row = of_row or stated.label.unit
    amounts = [unit for unit in context.caption.units if unit not in _RATIOS]
    of_caption = (
        amounts[0] if len(amounts) == 1 else context.caption.units[0] if len(context.caption.units) == 1 else ""
    )
    if heading.measure in {Measure.GROWTH, Measure.CAGR, Measure.SHARE, Measure.RATE}:
        return _ratio(number.unit or heading.unit, of_row, heading)
    if heading.measure == Measure.RANK:
        return "位", Measure.RANK
    unit = number.unit or (heading.unit if heading.unit in _RATIOS else "") or of_row or heading.unit
    if heading.measure == Measure.CHANGE:
        return (unit or of_caption, Measure.CHANGE) if unit or of_caption else ("", None)
    if not unit and (stated.column.indices or "=100" in stated.label.words):
        return "", Measure.LEVEL
    unit = unit or of_caption
    if not unit:
        return "", None
    if unit in _POINTS:
        return unit, Measure.CHANGE
    if unit in _RATIOS:
        return unit, Measure.GROWTH if number.moves else _heading_in(stated.label.words).measure or Measure.RATE
    if number.moves:
        return unit, Measure.CHANGE
    return unit, Measure.LEVEL


def _ratio(stated: str, of_row: str, heading: Heading) -> tuple[str, Measure | None]:
    """Return unit and measure of a number whose header says that it is a growth, a share or a rate."""
    if stated in _POINTS or (not stated and of_row in _RATIOS and heading.measure == Measure.GROWTH):
        # The growth of a rate without a unit of its own is in points or in per cent: the header does not say which.
        return (stated, Measure.CHANGE) if stated else ("", None)
    if stated and stated not in _RATIOS:
        return stated, Measure.CHANGE if heading.measure in _CHANGES else None
    return stated or "%", heading.measure


@lru_cache(maxsize=4096)
def _heading_in(label: str) -> Heading:
    """Return what the label of a row says of numbers in per cent, as a header would."""
    return heading_of((f"{label}(%)",), ReferenceYears(back=1, ahead=2, given=1), _NOWHERE)


_NOWHERE = Section(
    level=0,
    label="",
    title="",
    path="",
    span=Span(start=0, end=0),
    period=Period.of(1),
    outlook=TimeOrientation.BACK,
)


def _signed(number: CellNumber, measure: Measure, *, falls: bool) -> tuple[float, float | None]:
    """Return the value and the upper end of its range, negative where the cell or the header says that it is a fall."""
    if measure not in _CHANGES or not (number.moves < 0 or (falls and not number.moves)):
        return number.value, number.upper
    if number.upper is None:
        return -number.value or 0.0, None
    return -number.upper, -number.value


def _base(column: _Column, values: list[_Column], context: _Context) -> _Column | None:
    """Return the amounts that growth, shares or rates are of: the latest to the left, beside the same labels."""
    if column.heading.measure not in {*_CHANGES, Measure.SHARE, Measure.RATE}:
        return None
    before = [
        other
        for other in values
        if other.index < column.index and other.labels == column.labels and other.heading.measure is None
    ]
    if not before or column.heading.thing:
        same = [other for other in before if other.heading.thing == column.heading.thing]
        return same[-1] if same else None
    years = [(other.heading.period or context.period).last for other in before]
    return [other for other, year in zip(before, years, strict=True) if year == max(years)][-1]


def _subject(stated: _Stated, thing: str, caption: Caption) -> str:  # noqa: PLR0911 - one return for each naming
    """Return what a number measures; empty where label, header and caption name nothing.

    A label that names a series stands alone. Another one is completed by what the header measures, else by the row
    that it is a part of, else by what the title measures.
    """
    label, owner = stated.label, stated.owner
    if label.is_total:
        return thing or (caption.noun if label.words in {"合计", "总计"} else "")
    if not label.words:
        return thing or (caption.noun if stated.period else "")
    if thing and thing not in label.words and not (label.is_series and label.words[-1] == thing[-1]):
        return label.words + thing
    if owner and stated.repeats and owner.words not in label.words:
        return owner.words + label.words
    if label.is_series or thing:
        return label.words
    if owner and owner.words != label.words:
        return owner.words + label.words
    if caption.noun and caption.noun not in label.words:
        return label.words + caption.noun
    return "" if label.is_area else label.words


def _status(period: Period, context: _Context) -> Status:
    """Return the status of a number whose header says none: a plan looks ahead."""
    around = context.around
    if around.document.kind in _PLANLESS or period.last <= around.years.back:
        return Status.ACTUAL
    ahead = around.section.outlook == TimeOrientation.AHEAD or period.last >= around.years.ahead
    return Status.TARGET if ahead else Status.ACTUAL


def _columns(grid: Grid, block: Block, context: _Context) -> list[_Column]:
    """Return the columns of a block, each with its role and what its header says."""
    columns: list[_Column] = []
    labels: list[int] = []
    unit: int | None = None
    open_labels = False
    for index in range(grid.width):
        header = dict.fromkeys(
            cell for row in block.header if (cell := grid.at(row, index)) and cell.place.columns < grid.width
        )
        path = [cell.words for cell in header]
        spans = tuple(cell.place.span for cell in header)
        body = [
            cell
            for row in block.rows
            if (cell := grid.at(row, index)) and cell.place.column == index and cell.place.columns < grid.width
        ]
        role = _role(path, body, has_label=bool(labels))
        if role is ColumnRole.LABEL:
            if not open_labels:
                labels, unit = [], None
            labels.append(index)
        elif role is ColumnRole.UNIT:
            unit = index
        open_labels = role is ColumnRole.LABEL or (open_labels and role in {ColumnRole.BLANK, ColumnRole.NUMBERING})
        heading = (
            heading_of(path, context.around.years, context.around.section)
            if role is ColumnRole.VALUE
            else Heading(words="")
        )
        indices = role is ColumnRole.VALUE and _are_indices(heading, body, context.caption)
        columns.append(
            _Column(
                index=index, role=role, header=spans, heading=heading, labels=tuple(labels), unit=unit, indices=indices
            )
        )
    return columns


def _role(path: Sequence[str], body: Sequence[Cell], *, has_label: bool) -> ColumnRole:
    """Return what a column holds: what its header says, else what most of its cells hold."""
    named = next((role for words in path if (role := role_named(words))), None)
    if named:
        return named
    numbers = sum(cell.kind is CellKind.NUMBER for cell in body)
    years = sum(cell.kind is CellKind.YEAR for cell in body)
    words = [cell.words for cell in body if cell.kind is CellKind.WORDS]
    if numbers > len(words):
        return ColumnRole.VALUE
    if words and has_label and all(stated_unit(cell) and len(cell.strip()) <= 6 for cell in words) and _units(words):  # noqa: PLR2004 - as long as 万立方米
        return ColumnRole.UNIT
    if words or years:
        return ColumnRole.LABEL
    return ColumnRole.VALUE if body else ColumnRole.BLANK


def _units(words: Sequence[str]) -> bool:
    """Return whether most of some words are units that the registry knows."""
    known = sum(resolve_unit("".join(cell.split())).code not in {"other", "none"} for cell in words)
    return 2 * known > len(words)


def _are_indices(heading: Heading, body: Sequence[Cell], caption: Caption) -> bool:
    """Return whether a column without a unit holds indices: the table says so, and its numbers are around 100."""
    if not heading.is_index and "指数" not in caption.words and "=100" not in caption.words:
        return False
    values = [cell.number.value for cell in body if cell.kind is CellKind.NUMBER and cell.number]
    low, high = _INDICES
    return bool(values) and low < median(values) < high and heading.measure is None


def _line_of(grid: Grid, row: int, column: _Column, columns: Sequence[_Column]) -> Span:
    """Return the part of a row that holds the labels of a column and the numbers beside them."""
    first = min((*column.labels, column.index))
    after = (other.index for other in columns[column.index :] if other.labels != column.labels)
    until = next(after, grid.width)
    cells = [cell for index in range(first, until) if (cell := grid.at(row, index)) and cell.place.row == row]
    return Span(start=cells[0].place.span.start, end=cells[-1].place.span.end)


def _words(document: str, spans: Sequence[Span]) -> str:
    """Return the words of some spans on one line."""
    return " ".join(" ".join(span.cut(document).split("\n")).strip() for span in spans)


def _quote(document: str, line: Span, number: Span) -> str:
    """Return what a page marks for a number: the stretch of its row that stands on one line of the text."""
    start = max(line.start, document.rfind("\n", line.start, number.start) + 1, number.start - _MOST_QUOTED)
    end = document.find("\n", number.end, line.end)
    return document[start : min(line.end if end < 0 else end, number.end + _MOST_QUOTED)].strip()


def _account(document: str, grid: Grid, claimed: frozenset[int], ignored: dict[int, IgnoreReason]) -> Iterator[Number]:
    """Yield every number of a table: a cell with a number alone is claimed, ignored or unread, others are in names."""
    for cell in grid.cells:
        start = cell.place.span.start
        own = cell.number
        if own:
            span = Span(start=start + own.start, end=start + own.end)
            reason = ignored.get(start)
            status = (
                NumberStatus.CLAIMED
                if span.start in claimed
                else NumberStatus.IGNORED
                if reason
                else NumberStatus.UNREAD
            )
            yield Number(
                span=span, text=span.cut(document), fate=status, reason=None if span.start in claimed else reason
            )
            continue
        mentions = find_mentions(cell.words)
        reasons = ignore_reasons(cell.words, mentions)
        for mention in mentions:
            span = Span(start=start + mention.start, end=start + mention.end)
            reason = reasons.get(mention.start, IgnoreReason.NAME)
            yield Number(span=span, text=span.cut(document), fate=NumberStatus.IGNORED, reason=reason)
