"""An article as it lies behind its page, and the two that come with the package."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What an editor puts into the site: the labels and the paragraphs of the body, without any markup."""

    id: int
    title: str
    published_on: date
    index_number: str
    publisher: str
    paragraphs: tuple[str, ...]


def load_samples() -> tuple[Article, ...]:
    """The bundled reports, the oldest first."""
    entries = tomllib.loads((FOLDER / "samples.toml").read_text(encoding="utf-8"))["article"]
    return tuple(
        Article(
            id=entry["id"],
            title=entry["title"],
            published_on=entry["published_on"],
            index_number=entry["index_number"],
            publisher=entry["publisher"],
            paragraphs=tuple((FOLDER / entry["text"]).read_text(encoding="utf-8").splitlines()),
        )
        for entry in entries
    )
