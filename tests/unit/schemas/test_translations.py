"""Texts in two languages: complete, defined once, and in agreement with the counts in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import RegistryError
from schemas.translations import Translations, load_translations

COUNTED = Translations(language="en", texts={"count": "{count} {count:release|releases} of {name}"})


def load(folder: Path, *files: str) -> Mapping[str, Translations]:
    for number, text in enumerate(files):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return load_translations(folder)


def test_a_text_is_had_in_both_languages_and_an_english_one_in_english_alone(tmp_path: Path) -> None:
    texts = load(tmp_path, 'front = ["首页", "Home"]', 'unit_km = { en = "{number} km" }')
    assert (texts["zh"]("front"), texts["en"]("front")) == ("首页", "Home")
    assert texts["en"]("unit_km", number="5.0") == "5.0 km"
    assert "unit_km" in texts["en"]
    assert "unit_km" not in texts["zh"]


@pytest.mark.parametrize(
    "files",
    [
        *(('front = ["首页", "Home"]', 'front = ["首页", "Home"]'), ('front = ["首页"]',), ('front = ["首页", ""]',)),
        *(('front = ["首页", "Home", "Accueil"]',), ('front = "Home"',), ('front = { fr = "Accueil" }',)),
        ("front = {}",),
    ],
)
def test_a_text_that_is_defined_twice_or_incomplete_is_refused(tmp_path: Path, files: tuple[str, ...]) -> None:
    with pytest.raises(RegistryError, match=r"\d.toml front"):
        load(tmp_path, *files)


@given(st.integers(0, 10**9))
def test_a_word_agrees_with_its_count(count: int) -> None:
    noun = "release" if count == 1 else "releases"
    assert COUNTED("count", count=count, name="x") == f"{count} {noun} of x"


@given(st.text())
def test_braces_in_a_value_stay_as_they_are(name: str) -> None:
    assert COUNTED("count", count=1, name=name) == f"1 release of {name}"
