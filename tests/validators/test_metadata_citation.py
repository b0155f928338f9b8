"""`CITATION.cff`: one that the published schema accepts, whatever a source calls its pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from support.published import Json, about, loaded, schema_accepts, swap

from publish.metadata.citation import citation

if TYPE_CHECKING:
    from pathlib import Path

    from publish.metadata.description import ReleaseDescription

HOSTILE = (
    'a "quoted" title: with a colon',
    "two\nlines\r\nand a tab\t",
    "- a list? {no: map} [nor: this] # nor a comment",
    "'apostrophes', \\backslashes\\ and %percent",
    "--- !!python/object/apply:os.system [ls]",
    "&anchor *alias <<: merge | > ? @ `",
    "next line\x85, separators \u2028 and \u2029, a mark \ufeff, a bell \x07 and nothing \x00",
    "火炬高新区\u3000２０２４年：工作总结“暨”部署 \U0001f525",
    "null",
    "2024-01-01",
)


def read(text: str) -> Json:
    """The file as a reader of YAML 1.2 has it, which makes no objects."""
    value = YAML(typ="safe", pure=True).load(text)
    assert isinstance(value, dict)
    return value


def accepts(file: Path) -> bool:
    """Return whether the schema of the Citation File Format accepts a file."""
    yaml = ("--default-filetype", "yaml", "--force-filetype", "yaml")
    return schema_accepts(file, "cff", "schema-1.2.0.json", options=yaml)


def called(known: ReleaseDescription, title: str, **labels: str | None) -> ReleaseDescription:
    """The release as it would be if its first page had this title and these labels."""
    documents = known.tables["documents"].head(1)
    cells = [pl.lit(value, pl.String).alias(name) for name, value in {"title": title, **labels}.items()]
    return replace(known, tables={**known.tables, "documents": documents.with_columns(cells)})


@pytest.fixture(scope="module")
def seed() -> dict[str, Any]:
    """Room for the one release that the properties are about."""
    return {}


def test_the_schema_accepts_the_citation(offline: Path) -> None:
    assert accepts(offline / "CITATION.cff")


def test_it_says_what_was_released_when_and_from_what(offline: Path) -> None:
    card, manifest = read((offline / "CITATION.cff").read_text(encoding="utf-8")), loaded(offline / "manifest.json")
    assert (card["type"], card["license"]) == ("dataset", "CC-BY-4.0")
    assert card["version"] == manifest["version"]
    assert str(card["date-released"]) == manifest["released_on"]
    assert {cited["url"] for cited in card["references"]} == {entry["url"] for entry in manifest["documents"]}
    titles = pl.read_parquet(offline / "documents.parquet")["title"].to_list()
    assert [cited["title"] for cited in card["references"]] == titles
    assert "政府工作报告" in card["title"]
    assert "government reports" in card["title"]


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cff-version:", "cff-versions:"),
        ("title:", "titel:"),
        ("authors:", "author:"),
        ('"2026-', '"26-'),
        ('"CC-BY-4.0"', '"CC-BY-5.0"'),
        ('"dataset"', '"data"'),
        ('url: "http', 'url: "gopher'),
        ("message:", "title:"),
    ],
)
def test_the_schema_finds_a_planted_fault(old: str, new: str, damaged: Path) -> None:
    file = damaged / "CITATION.cff"
    swap(file, old, new)
    assert not accepts(file)


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_an_empty_file_is_no_citation(damaged: Path) -> None:
    file = damaged / "CITATION.cff"
    file.write_text("{}\n", encoding="utf-8")
    assert not accepts(file)


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(title: str, offline: Path, tmp_path: Path) -> None:
    text = citation(called(about(offline), title, publisher=title))
    (cited,) = read(text)["references"]
    assert cited["title"] == title.strip()
    assert cited["authors"] == [{"name": title.strip()}]
    file = tmp_path / "CITATION.cff"
    file.write_bytes(text.encode())
    assert accepts(file)


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(title=" ".join(HOSTILE))
@given(title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_comes_back_as_it_was(title: str, offline: Path, seed: dict[str, Any]) -> None:
    known: ReleaseDescription = seed.get("about") or seed.setdefault("about", about(offline))
    text = citation(called(known, title))
    (cited,) = read(text)["references"]
    assert cited["title"] == (title.strip() or known.tables["documents"]["document"][0])
    assert all(character.isprintable() for line in text.split("\n") for character in line)


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2024-04-18", "2024-04-18"),
        ("2024-04-18 10:30", "2024-04-18"),
        ("2024-02-31", None),
        ("昨天", None),
        (None, None),
    ],
)
def test_a_day_is_cited_where_one_is_printed(printed: str | None, day: str | None, offline: Path) -> None:
    (cited,) = read(citation(called(about(offline), "工作总结", published_on=printed)))["references"]
    assert cited.get("date-published") == day


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_a_page_without_title_or_publisher_or_web_address_is_cited_all_the_same(offline: Path, tmp_path: Path) -> None:
    known = called(about(offline), " ", publisher=None, url="data:text/plain,no page")
    (cited,) = read(citation(known))["references"]
    assert cited["title"] == known.tables["documents"]["document"][0]
    assert cited["authors"] == [{"name": known.source.publisher}]
    assert "url" not in cited
    (tmp_path / "CITATION.cff").write_text(citation(known), encoding="utf-8")
    assert accepts(tmp_path / "CITATION.cff")


@pytest.mark.parametrize("published", ["seed"], indirect=True)
def test_a_release_of_nothing_cites_nothing_and_stays_valid(offline: Path, tmp_path: Path) -> None:
    known = about(offline)
    empty = replace(known, tables={**known.tables, "documents": known.tables["documents"].clear()})
    assert "references" not in read(citation(empty))
    (tmp_path / "CITATION.cff").write_text(citation(empty), encoding="utf-8")
    assert accepts(tmp_path / "CITATION.cff")
