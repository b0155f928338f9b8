"""Amounts, names and the text of a source as the change notes print them."""

import re
from collections.abc import Mapping
from typing import Any

from schemas.codelists import Bound, Measure, Status
from schemas.tables.columns import STATED
from schemas.translations import Translations

Row = Mapping[str, Any]

MOST_CHARACTERS = 120
"""The length to which a name or an amount is cut, so that no text of a source fills the page."""

_MARKUP = re.compile(r"([\\`*_\[\]<#|])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<#|])")


def format_amount(row: Row, prefix: str = "") -> str:
    """Return a number with bound, upper end and unit, as it was printed.

    Args:
        row: A row of any table that states amounts.
        prefix: The prefix of the columns of the amount.
    """
    value, upper, bound = (row[f"{prefix}{name}"] for name in ("value", "value_upper", "bound"))
    decimals = row.get(f"{prefix}decimals", 0)
    ends = []
    for end in (value, upper):
        if end is not None:
            printed = f"{end:.{decimals}f}"
            # More decimals than were printed only where these would change the value.
            ends.append(printed if float(printed) == end else repr(end))
    return f"{'' if bound == Bound.EXACT.value else bound}{' - '.join(ends)}{row[f'{prefix}unit']}"


def observation_name(t: Translations, row: Row) -> str:
    """Return which number a row is: its indicator, measure, scope, year and whether it is a target."""
    measure = "" if row["measure"] == Measure.LEVEL.value else t(f"measure_{row['measure']}")
    target = t("changes_target") if row["status"] == Status.TARGET.value else ""
    years = row["period"].replace("/", "-")
    qualifier = row["indicator"].partition("~")[2]
    if t.language == "zh":
        qualifier = f"（{qualifier}）" if qualifier else ""
        return f"{years}年{row['label_zh']}{qualifier}{row['scope']}{measure}{target}"
    label = row["label_en"] or row["label_zh"]
    parts = (f"{label} ({qualifier})" if qualifier else label, measure, row["scope"], years, target)
    return ", ".join(part for part in parts if part)


def detail(row: Row, prefix: str, other: str) -> str:
    """Return the amount of one side with the attributes in which the other differs, for amounts that look alike."""
    differing = [f"{name} {row[prefix + name]}" for name in STATED if row[prefix + name] != row[other + name]]
    return f"{format_amount(row, prefix)} ({', '.join(differing)})"


def escape_markdown(text: str) -> str:
    """Return a text on one line of bounded length, its Markdown escaped."""
    line = " ".join(text.split())
    short = line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"
    return _MARKUP.sub(r"\\\1", short)


def unescape_markdown(text: str) -> str:
    """Return the text of a note without the escapes."""
    return _ESCAPED.sub(r"\1", text)
