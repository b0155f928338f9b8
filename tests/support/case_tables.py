"""Tables of test cases in few lines: many words under one expectation, or words beside their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


def grouped(table: Mapping[T, str]) -> list[tuple[str, T]]:
    """Pair every word of a table with the key that it stands under: `{1: "a b"}` gives `("a", 1)` and `("b", 1)`."""
    return [(word, key) for key, words in table.items() for word in words.split()]


def valued(text: str) -> list[tuple[str, float | None]]:
    """Pair the sides of each `words=value` of a text; the value `-` is None."""
    sides = [pair.rsplit("=", 1) for pair in text.split()]
    return [(words, None if value == "-" else float(value)) for words, value in sides]


def mapped(text: str) -> dict[str, str]:
    """Map the sides of each `left → right` of a text, which newlines or `|` part; an absent side is empty."""
    entries = [entry.partition("→") for line in text.strip().splitlines() for entry in line.split(" | ")]
    return {left.strip(" "): right.strip(" ") for left, _, right in entries}
