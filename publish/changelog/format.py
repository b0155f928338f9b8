"""Figures and a source's words as the change notes print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemas.codelists import Bound
from schemas.tables.columns import STATED

MOST_CHARACTERS = 120
"""Of one name or amount: nothing that a source writes fills the page."""

_MARKUP = re.compile(r"([\\`*_\[\]<#|])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<#|])")


def format_amount(row: Mapping[str, Any], prefix: str = "") -> str:
    """A number with bound, upper end and unit, as it was printed; `prefix` is that of its columns."""
    value, upper, bound = (row[f"{prefix}{name}"] for name in ("value", "value_upper", "bound"))
    decimals = row.get(f"{prefix}decimals", 0)
    ends = [_digits(end, decimals) for end in (value, upper) if end is not None]
    return f"{'' if bound == Bound.EXACT.value else bound}{' - '.join(ends)}{row[f'{prefix}unit']}"


def detail(row: Mapping[str, Any], prefix: str, other: str) -> str:
    """The amount of one side with the attributes in which the other differs, for sides whose amounts look alike."""
    differing = [f"{name} {row[prefix + name]}" for name in STATED if row[prefix + name] != row[other + name]]
    return f"{format_amount(row, prefix)} ({', '.join(differing)})"


def escape_markdown(text: str) -> str:
    """Words on one line and of bounded length, with nothing in them that Markdown would act upon."""
    line = " ".join(text.split())
    short = line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"
    return _MARKUP.sub(r"\\\1", short)


def unescape_markdown(text: str) -> str:
    """The words of a note without the signs that keep Markdown from acting upon them."""
    return _ESCAPED.sub(r"\1", text)


def _digits(value: float, decimals: int) -> str:
    """The number with the decimals that were printed, or with all that it has where these would lose some."""
    printed = f"{value:.{decimals}f}"
    return printed if float(printed) == value else repr(value)
