"""The texts of the pages, out of the `translations` folders of the portal and of the change notes."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from schemas.translations import LANGUAGES, Translations, load_translations

HTML_LANGUAGES: Mapping[str, str] = MappingProxyType({"zh": "zh-Hans", "en": "en"})
"""The value of `lang` in HTML by language."""


def translations(language: str) -> Translations:
    """Return the texts of a language, `zh` or `en`."""
    return _all()[language]


def translate(key: str, **values: object) -> Mapping[str, str]:
    """Return a text in every language.

    Args:
        key: The key of the text.
        values: What fills its braces; a mapping gives the value by language.
    """
    return {
        language: translations(language)(
            key, **{name: value[language] if isinstance(value, Mapping) else value for name, value in values.items()}
        )
        for language in LANGUAGES
    }


@cache
def _all() -> Mapping[str, Translations]:
    return load_translations(
        *(files(package).joinpath("translations") for package in ("publish.changelog", "publish.portal"))
    )
