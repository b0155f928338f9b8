"""Texts in Chinese and English, read from TOML files.

A text is `key = ["Chinese", "English"]`; one that a single language needs is `key = { en = "English" }`. Braces are
filled as by `str.format`; `{count:document|documents}` prints the first word if the value is 1, else the second.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from types import MappingProxyType

from schemas.errors import RegistryError

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translations:
    """The texts of one language by key."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key, its braces filled with these values.

        Raises:
            KeyError: This language has no such text.
        """
        text = self.texts[key]
        return text.format(**{name: _Value(value) for name, value in values.items()}) if values else text

    def __contains__(self, key: str) -> bool:
        """Return whether this language has such a text."""
        return key in self.texts


class _Value(str):
    __slots__ = ()

    def __format__(self, words: str) -> str:
        return words.split("|")[self != "1"] if words else str(self)


def load_translations(*folders: Traversable) -> Mapping[str, Translations]:
    """Read every TOML file of these folders.

    Returns:
        The texts by language.

    Raises:
        RegistryError: A text is defined twice or malformed.
    """
    texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for file in (file for folder in folders for file in folder.iterdir() if file.name.endswith(".toml")):
        for key, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if not _is_entry(entry) or any(key in known for known in texts.values()):
                problem = "a text is defined twice, or not as [Chinese, English] or { en = English }"
                raise RegistryError(problem, where=f"{file.name} {key}")
            for language, text in entry.items() if isinstance(entry, dict) else zip(LANGUAGES, entry, strict=True):
                texts[language][key] = text
    return MappingProxyType(
        {language: Translations(language=language, texts=MappingProxyType(texts[language])) for language in LANGUAGES}
    )


def _is_entry(entry: object) -> bool:
    if isinstance(entry, dict):
        entries, complete = list(entry.values()), bool(entry) and entry.keys() <= {*LANGUAGES}
    elif isinstance(entry, list):
        entries, complete = entry, len(entry) == len(LANGUAGES)
    else:
        return False
    return complete and all(isinstance(text, str) and text for text in entries)
