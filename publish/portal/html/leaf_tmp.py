"""One page in both tongues: its address, its template and the values that the template prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page; `title` and `description` are by tongue, `name` is its address without ending (`indicator/gdp`).

    `scripts` are the assets that it loads beside those of every page, and `data` what its head says to machines
    (JSON-LD) by tongue, if anything. `values` hold no finished markup: the template escapes all that it prints.
    """

    name: str
    template: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    values: Mapping[str, Any]
    scripts: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def bilingual(chinese: str, english: str) -> Mapping[str, str]:
    """A text by tongue."""
    return MappingProxyType({"zh": chinese, "en": english})
