"""`CITATION.cff`: one that the published schema accepts, whatever a source calls its pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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


def written(folder: Path, known: ReleaseDescription) -> Json:
    """What a reader has of the citation of a release, which the schema must accept."""
    text = citation(known)
    (folder / "CITATION.cff").write_bytes(text.encode())
    assert accepts(folder / "CITATION.cff")
    return read(text)


@pytest.fixture(scope="module")
def seed(published_seed: Path) -> ReleaseDescription:
    """The release of the seed."""
    return about(published_seed)


def test_it_says_what_was_released_when_and_from_what(offline: Path) -> None:
    assert accepts(offline / "CITATION.cff")
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
def test_the_schema_finds_a_planted_fault_and_an_empty_file(damaged: Path) -> None:
    file = damaged / "CITATION.cff"
    before = file.read_bytes()
    for old, new in [
        *(("cff-version:", "cff-versions:"), ("title:", "titel:"), ("authors:", "author:"), ('"2026-', '"26-')),
        *(('"CC-BY-4.0"', '"CC-BY-5.0"'), ('"dataset"', '"data"'), ('url: "http', 'url: "gopher')),
        ("message:", "title:"),
    ]:
        swap(file, old, new)
        assert not accepts(file), new
        file.write_bytes(before)
    file.write_text("{}\n", encoding="utf-8")
    assert not accepts(file)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(title: str, seed: ReleaseDescription, tmp_path: Path) -> None:
    (cited,) = written(tmp_path, called(seed, title, publisher=title))["references"]
    assert (cited["title"], cited["authors"]) == (title.strip(), [{"name": title.strip()}])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(title=" ".join(HOSTILE))
@given(title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_comes_back_as_it_was(title: str, seed: ReleaseDescription) -> None:
    text = citation(called(seed, title))
    (cited,) = read(text)["references"]
    assert cited["title"] == (title.strip() or seed.tables["documents"]["document"][0])
    assert all(character.isprintable() for line in text.split("\n") for character in line)


def test_a_day_is_cited_where_one_is_printed(seed: ReleaseDescription) -> None:
    days = {"2024-04-18": "2024-04-18", "2024-04-18 10:30": "2024-04-18", "2024-02-31": None, "昨天": None, None: None}
    for printed, day in days.items():
        (cited,) = read(citation(called(seed, "工作总结", published_on=printed)))["references"]
        assert cited.get("date-published") == day


def test_a_page_without_labels_is_cited_all_the_same(seed: ReleaseDescription, tmp_path: Path) -> None:
    known = called(seed, " ", publisher=None, url="data:text/plain,no page")
    (cited,) = written(tmp_path, known)["references"]
    assert cited["title"] == known.tables["documents"]["document"][0]
    assert cited["authors"] == [{"name": known.source.publisher}]
    assert "url" not in cited


def test_a_release_of_nothing_cites_nothing_and_stays_valid(seed: ReleaseDescription, tmp_path: Path) -> None:
    empty = replace(seed, tables={**seed.tables, "documents": seed.tables["documents"].clear()})
    assert "references" not in written(tmp_path, empty)
