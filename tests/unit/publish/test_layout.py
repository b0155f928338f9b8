"""Keys and versions: nothing hostile becomes a path, and each file is served as what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from publish.bucket.layout import (
    FEED,
    INDEX,
    STATUS,
    candidate_folder,
    file_key,
    headers,
    latest_folder,
    pointer_key,
    release_folder,
    run_key,
)
from publish.bucket.version import day_of, first_version, next_version, parse_version, release_day
from schemas.codelists import Outcome
from schemas.errors import UsageError

AT = datetime(2026, 11, 23, 4, 0, 7, tzinfo=UTC)
HOSTILE = [
    "",
    "..",
    "../x",
    "a/b",
    "/etc",
    "A",
    "torch ",
    "torch\n",
    "火炬",
    "-x",
    "a" * 60,
    "runs",
    "raw",
    "x\0y",
    "%2e",
]


def test_keys_are_those_of_the_published_layout() -> None:
    assert pointer_key("torch") == "torch/latest.json"
    assert latest_folder("torch") == "torch/latest/"
    assert release_folder("torch", "2026.11.23.1") == "torch/v/2026.11.23.1/"
    assert candidate_folder("torch", "2026.11.23.12") == "torch/candidate/2026.11.23.12/"
    assert file_key("torch/latest/", "observations.parquet") == "torch/latest/observations.parquet"
    assert run_key("torch", AT, Outcome.HELD, "ab12") == "runs/torch/20261123T040007000000Z-held-ab12.json"


@pytest.mark.parametrize("slug", HOSTILE)
def test_no_hostile_dataset_becomes_a_key(slug: str) -> None:
    for spell in (pointer_key, latest_folder):
        with pytest.raises(UsageError):
            spell(slug)
    for nested in (release_folder, candidate_folder):
        with pytest.raises(UsageError):
            nested(slug, "2026.11.23.1")
    with pytest.raises(UsageError):
        run_key(slug, AT, Outcome.HELD, "ab12")


@pytest.mark.parametrize("name", ["", ".", "..", "../manifest.json", "a/b.csv", "a b.csv", "x.", ".x", "a\n", "名.csv"])
def test_no_hostile_name_becomes_a_file(name: str) -> None:
    with pytest.raises(UsageError):
        file_key("torch/latest/", name)


@pytest.mark.parametrize("run_id", ["", "../x", "A", "a/b", "x" * 41])
def test_no_hostile_id_becomes_a_run(run_id: str) -> None:
    with pytest.raises(UsageError):
        run_key("torch", AT, Outcome.HELD, run_id)


BAD_VERSIONS = [
    "",
    "2026.11.23",
    "2026.11.23.0",
    "2026.11.23.01",
    "2026.13.01.1",
    "2026.02.30.1",
    "26.11.23.1",
    "2026.11.23.1\n",
    "2026.11.23.1/..",
    "٢٠٢٦.11.23.1",
    "2026.11.23.99999",
]


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(UsageError, match="invalid version"):
        parse_version(version)
    with pytest.raises(UsageError):
        release_folder("torch", version)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("observations.csv", "text/csv; charset=utf-8"),
        ("observations.parquet", "application/vnd.apache.parquet"),
        ("manifest.json", "application/json; charset=utf-8"),
        ("CHANGES.md", "text/markdown; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("LICENSE", "text/plain; charset=utf-8"),
    ],
)
def test_each_file_is_served_as_what_it_is(name: str, content_type: str) -> None:
    assert headers(file_key(release_folder("torch", "2026.11.23.1"), name)).content_type == content_type
    assert headers(file_key(latest_folder("torch"), name)).content_type == content_type


def test_a_release_may_be_kept_for_a_year_and_everything_else_for_five_minutes() -> None:
    release = file_key(release_folder("torch", "2026.11.23.1"), "manifest.json")
    assert headers(release).cache_control == "public, max-age=31536000, immutable"
    candidate = file_key(candidate_folder("torch", "2026.11.23.1"), "manifest.json")
    run = run_key("torch", AT, Outcome.HELD, "ab12")
    for key in (INDEX, STATUS, pointer_key("torch"), file_key(latest_folder("torch"), "LICENSE"), candidate, run):
        assert headers(key).cache_control == "public, max-age=300"


def test_the_feed_is_served_as_a_feed_for_five_minutes() -> None:
    assert FEED == "atom.xml"
    assert headers(FEED).content_type == "application/atom+xml; charset=utf-8"
    assert headers(FEED).cache_control == "public, max-age=300"


class TestVersion:
    def test_the_day_is_that_of_china(self) -> None:
        assert day_of(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
        assert day_of(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)

    @pytest.mark.parametrize(
        ("previous", "version"),
        [
            ("", "2026.11.23.1"),
            ("2026.11.22.7", "2026.11.23.1"),
            ("2026.11.23.1", "2026.11.23.2"),
            ("2026.11.23.9", "2026.11.23.10"),
            ("2026.11.24.3", "2026.11.24.4"),
        ],
        ids=["first", "next day", "same day", "tenth", "clock went back"],
    )
    def test_a_new_version_is_later_than_the_one_before(self, previous: str, version: str) -> None:
        assert first_version(date(2026, 11, 23), previous) == version
        day, _ = parse_version(version)
        assert release_day(date(2026, 11, 23), previous) == day
        if previous:
            assert parse_version(version) > parse_version(previous)

    def test_versions_order_by_count_and_not_by_letters(self) -> None:
        assert next_version("2026.11.23.9") == "2026.11.23.10"
        assert parse_version("2026.11.23.10") > parse_version("2026.11.23.9")
