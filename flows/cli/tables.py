"""A table drawn for the eye: Chinese characters take two columns of a terminal, and what does not fit is named."""

import io
from collections.abc import Sequence
from types import MappingProxyType

import polars as pl
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.cli.shared import printable
from flows.operator.store_queries import SHOWN

WIDEST = 48
"""Columns of a terminal that a cell may take; the rest of it is cut."""

_GAP = 3
_FIRST = MappingProxyType(
    {
        "observations": SHOWN,
        "vintages": ("indicator", "measure", "period", "status", "value", "unit", "realtime_start", "realtime_end"),
        "comparisons": ("label_zh", "period", "base_period", "value", "base_value", "unit", "stated_growth", "verdict"),
        "targets": ("label_zh", "measure", "period", "bound", "value", "unit", "outcome_value", "verdict"),
        "silences": ("label_zh", "period", "kind", "last_period", "last_value", "last_unit", "words"),
        "revisions": ("kind", "cause", "label_zh", "measure", "period", "status", "before_value", "after_value"),
    }
)


def render_table(frame: pl.DataFrame, name: str, width: int | None) -> str:
    """Return the table as text in this width; without a width every column fits."""
    first = [column for column in _FIRST.get(name, ()) if column in frame.columns]
    order = [*first, *(column for column in frame.columns if column not in first)]
    cells = {column: ["" if value is None else printable(value) for value in frame[column]] for column in order}
    shown = order if width is None else _columns_that_fit(cells, width)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in shown:
        right = frame.schema[column].is_numeric()
        most = None if width is None else WIDEST
        table.add_column(column, justify="right" if right else "left", no_wrap=True, max_width=most)
    for row in zip(*(cells[column] for column in shown), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    return _rendered(table, width) + _missing(order, shown)


def _columns_that_fit(cells: dict[str, list[str]], width: int) -> list[str]:
    """Return the first columns, as many as fit in the width, and at least one."""
    found: list[str] = []
    left = width + _GAP
    for column, texts in cells.items():
        left -= min(WIDEST, max(map(cell_len, (column, *texts)))) + _GAP
        if left < 0 and found:
            break
        found.append(column)
    return found


def _rendered(table: Table, width: int | None) -> str:
    room = width or Console(width=10**6).measure(table).maximum
    sink = io.StringIO()
    Console(file=sink, width=room, color_system=None, soft_wrap=False, legacy_windows=False).print(table)
    return "".join(line.rstrip() + "\n" for line in sink.getvalue().splitlines())


def _missing(order: Sequence[str], shown: Sequence[str]) -> str:
    rest = ", ".join(column for column in order if column not in shown)
    return f"\nnot shown for want of room: {rest}\n" if rest else ""
