"""What every description of a release is made of, and how each file is served."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.report_readings import SOURCE, corrected, report_2023
from support.report_releases import VERSION, first, report_release

from publish.bucket.layout import headers, media_type
from publish.bucket.manifest import from_manifest, to_json
from publish.metadata.citation import citation
from publish.metadata.croissant import croissant
from publish.metadata.csvw import csvw
from publish.metadata.datapackage import datapackage
from publish.metadata.dcat import dcat
from publish.metadata.description import ReleaseDescription, percent_encode, urn
from publish.release.build_files import release_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAPERS = ("CITATION.cff", "croissant.json", "csv-metadata.json", "datapackage.json", "dcat.jsonld")
MAKERS: tuple[Callable[[ReleaseDescription], object], ...] = (citation, croissant, csvw, datapackage, dcat)


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """The files of a first release of two reports made by hand."""
    return first()(VERSION)


@pytest.fixture(scope="module")
def known(files: Mapping[str, bytes]) -> ReleaseDescription:
    """That release."""
    manifest = from_manifest(files["manifest.json"])
    return ReleaseDescription(release=manifest.release, source=SOURCE, tables=report_release().tables, files=files)


def turned(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping in the opposite order."""
    return dict(reversed(list(mapping.items())))


def test_the_same_release_gives_the_same_bytes(files: Mapping[str, bytes]) -> None:
    without_pages = replace(report_release(), portal=False)
    same, other = (release_files(without_pages, version) for version in (VERSION, "2026.11.23.2"))
    assert [paper for paper in PAPERS if same[paper] != files[paper] or other[paper] == files[paper]] == []


def test_the_order_in_which_files_come_changes_nothing(known: ReleaseDescription) -> None:
    other = replace(known, files=turned(known.files), tables=turned(known.tables))
    assert [make for make in MAKERS if to_json(make(other)) != to_json(make(known))] == []


def test_no_description_says_where_the_bucket_lies(files: Mapping[str, bytes]) -> None:
    foreign = ("w3.org", "purl.org", "europa.eu", "spdx.org", "iana.org", "xmlns.com", "schema.org", "mlcommons.org")
    allowed = (*foreign, "creativecommons.org", "datapackage.org", SOURCE.host)
    for paper in PAPERS[1:]:
        addresses = re.findall(r'"((?:https?:|file:|/)[^"]*)"', files[paper].decode())
        assert addresses, paper
        assert [found for found in addresses if not (urlsplit(found).hostname or "").endswith(allowed)] == [], paper


def test_a_release_is_named_by_dataset_and_version_alone() -> None:
    names = {urn("torch", VERSION), urn("torch", "2026.11.23.2"), urn("zhongshan", VERSION)}
    assert len(names) == 3
    assert urn("torch", VERSION) == urn("torch", VERSION) in names
    assert {UUID(name.removeprefix("urn:uuid:")).version for name in names} == {5}


def test_a_second_release_knows_the_first(known: ReleaseDescription) -> None:
    assert not known.previous_urn
    changed = report_release(report_2023(), corrected(), previous=VERSION)
    second = release_files(replace(changed, portal=False), "2026.11.24.1")
    release = from_manifest(second["manifest.json"]).release
    assert replace(known, release=release).previous_urn == known.urn


def test_years_are_those_of_all_numbers_and_none_without_numbers(known: ReleaseDescription) -> None:
    assert known.years == ("2023", "2025")
    empty = replace(known, tables={**known.tables, "observations": known.tables["observations"].clear()})
    assert empty.years is None
    assert "temporal" not in str(dcat(empty)["@graph"][0])
    assert "temporalCoverage" not in croissant(empty)
    spans = known.tables["observations"].with_columns(period=pl.lit("2021/2030"))
    assert replace(known, tables={**known.tables, "observations": spans}).years == ("2021", "2030")


def test_an_address_that_states_two_facts_is_cited_once(known: ReleaseDescription) -> None:
    documents = known.tables["documents"]
    both = replace(known, tables={**known.tables, "documents": pl.concat([documents, documents])})
    assert both.documents == known.documents
    assert len(known.documents) == documents.height


def test_only_an_address_of_mail_is_said_as_one(known: ReleaseDescription) -> None:
    mails = {
        "data@example.org": "mailto:data@example.org",
        " mailto:data.team+zs@stat.example.cn ": "mailto:data.team+zs@stat.example.cn",
    }
    others = ("", "https://example.org/contact", "data@example.org, other@example.org", "nobody@localhost")
    hostile = ("data@example.org\n@base <x:>", '"><script>@example.org')
    for contact, mail in (mails | dict.fromkeys((*others, *hostile), "")).items():
        assert replace(known, release=replace(known.release, contact=contact)).mail == mail


@given(st.text())
def test_an_address_holds_nothing_that_a_parser_refuses(tail: str) -> None:
    made = percent_encode(f"http://www.zs.gov.cn/{tail.encode('utf-8', 'ignore').decode()}")
    assert made.isascii()
    assert not set(made) & set(' <>"{}|\\^`\n\r\t\x00')
    assert percent_encode(made) == made


def test_a_good_address_stays_as_it_is() -> None:
    for url in ("http://www.zs.gov.cn/a_b-c~d/post_1.html?x=1&y=%E7%81%AB#top", "https://[::1]:8/;p"):
        assert percent_encode(url) == url


def test_each_file_is_served_as_what_it_is() -> None:
    kinds = {
        **dict.fromkeys(("croissant.json", "dcat.jsonld"), "application/ld+json"),
        "csv-metadata.json": "application/csvm+json",
        "datapackage.json": "application/json",
        "CITATION.cff": "application/yaml",
        "SHA256SUMS": "text/plain",
        "torch.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "numbers.parquet": "application/vnd.apache.parquet",
    }
    assert {name: media_type(name) for name in kinds} == kinds
    for folder in ("v/2026.11.23.1", "latest"):
        served = {name: headers(f"torch/{folder}/{name}").content_type.partition(";")[0] for name in kinds}
        assert served == kinds
