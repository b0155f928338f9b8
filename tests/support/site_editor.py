"""The seed report as an article of a site, and the site's editor, who may change it between two nights."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from support.requires import shared

from raw.samples.articles import Article
from raw.samples.site import serve

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

PUBLISHER = "中山火炬开发区管理委员会"
INDEX_NUMBER = "1142000007333422Y/2025-00206"
TITLE = "火炬高新区2024年工作总结暨2025年工作部署"
REGISTRY = """
[[source]]
id = "seed"
platform = "gkmlpt"
base = "{base}"
title = "工作总结暨.*工作部署"
publisher = "{publisher}"
uscc = "11442000007333422Y"
ref_area = "CN-442000-torch"
area_zh = "中山火炬高新区"
area_en = "Zhongshan Torch High-tech Zone"
"""


def seed_article() -> Article:
    """The report of the reference material, its paragraphs those below the line that counts the views."""
    (file,) = sorted(shared("seed").glob("*.txt"))
    _, _, body = file.read_text(encoding="utf-8").partition("浏览次数:-\n")
    return short_article(*(line.strip() for line in body.splitlines() if line.strip()), number=2612345)


def short_article(*paragraphs: str, number: int = 2612346, title: str = TITLE) -> Article:
    """An article of the same publisher with a body of its own."""
    return Article(
        id=number,
        title=title,
        published_on=date(2025, 5, 29),
        index_number=INDEX_NUMBER,
        publisher=PUBLISHER,
        paragraphs=paragraphs,
    )


@dataclass(slots=True, kw_only=True)
class SiteEditor:
    """What the site lists and shows now."""

    articles: list[Article] = field(default_factory=list)

    def __call__(self) -> list[Article]:
        return self.articles

    def correct(self, old: str, new: str) -> None:
        """Change one number of the first article; it must stand there once."""
        first = self.articles[0]
        assert "\n".join(first.paragraphs).count(old) == 1
        self.articles[0] = replace(first, paragraphs=tuple(text.replace(old, new) for text in first.paragraphs))

    def served(self) -> AbstractContextManager[str]:
        return serve(self)


def registry(folder: Path, base: str) -> str:
    """An operator's registry file whose one source is `seed`."""
    file = folder / "sources.toml"
    file.write_text(REGISTRY.format(base=base, publisher=PUBLISHER), encoding="utf-8")
    return str(file)
