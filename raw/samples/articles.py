"""Articles as an editor enters them, and the two that come with the package."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article without markup: its labels and the paragraphs of its body."""

    id: int
    title: str
    published_on: date
    index_number: str
    publisher: str
    paragraphs: tuple[str, ...]


def load_samples() -> tuple[Article, ...]:
    """Return the bundled reports, the oldest first."""
    entries = tomllib.loads((FOLDER / "samples.toml").read_text(encoding="utf-8"))["article"]
    return tuple(_article(**entry) for entry in entries)


def _article(*, text: str, **fields: Any) -> Article:  # noqa: ANN401 - any value of TOML
    return Article(**fields, paragraphs=tuple((FOLDER / text).read_text(encoding="utf-8").splitlines()))
