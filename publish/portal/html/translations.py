"""What the pages say, in Chinese and English: read out of `words/*.toml`, where each word is `[Chinese, English]`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from schemas.errors import RegistryError

TONGUES = ("zh", "en")
LANGUAGES: Mapping[str, str] = MappingProxyType({"zh": "zh-Hans", "en": "en"})
"""The language of a page as HTML names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translations:
    """The words of one tongue; `words("kept", count=3)` fills the braces."""

    tongue: str
    table: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, a `KeyError` where there are none: templates are tried in both tongues."""
        text = self.table[key]
        counted = {name: _Count(value) if type(value) is int else value for name, value in values.items()}
        return text.format(**counted) if values else text


class _Count(int):
    """A count that can also say a word, `{count} {count:release|releases}`: the one for 1, or the one for others."""

    def __format__(self, words: str) -> str:
        one, several = words.split("|") if words else (str(int(self)),) * 2
        return one if self == 1 else several


@cache
def words(tongue: str) -> Translations:
    """The words of a tongue, `zh` or `en`."""
    at = TONGUES.index(tongue)
    return Translations(tongue=tongue, table=MappingProxyType({key: pair[at] for key, pair in _pairs().items()}))


@cache
def _pairs() -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(files("publish.portal").joinpath("words").iterdir(), key=lambda one: one.name):
        for key, pair in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in found or not _is_pair(pair):
                raise RegistryError("a word is told twice, or not as [Chinese, English]", where=f"{path.name} {key}")
            found[key] = (pair[0], pair[1])
    return MappingProxyType(found)


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == len(TONGUES) and all(isinstance(one, str) and one for one in pair)
