"""Keys and versions: nothing hostile becomes a path, and each file is served as what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import pytest

from publish.bucket import layout
from publish.bucket.version import day_of, first_version, next_version, parse_version, release_day
from schemas.codelists import Outcome
from schemas.errors import UsageError

AT = datetime(2026, 11, 23, 4, 0, 7, tzinfo=UTC)
HOSTILE = (
    *("", "..", "../x", "a/b", "/etc", "A", "torch ", "torch\n", "火炬", "-x", "a" * 60, "x\0y", "%2e"),
    *("runs", "raw"),
)
BAD_NAMES = ("", ".", "..", "../manifest.json", "a/b.csv", "a b.csv", "x.", ".x", "a\n", "名.csv")
BAD_DAYS = ("", "2026.11.23", "2026.13.01.1", "2026.02.30.1", "26.11.23.1", "٢٠٢٦.11.23.1")
BAD_COUNTS = ("2026.11.23.0", "2026.11.23.01", "2026.11.23.1\n", "2026.11.23.1/..", "2026.11.23.99999")
VERSION = "2026.11.23.1"
FIVE_MINUTES = "public, max-age=300"


def test_keys_are_those_of_the_published_layout() -> None:
    assert layout.pointer_key("torch") == "torch/latest.json"
    assert layout.latest_folder("torch") == "torch/latest/"
    assert layout.release_folder("torch", VERSION) == "torch/v/2026.11.23.1/"
    assert layout.candidate_folder("torch", "2026.11.23.12") == "torch/candidate/2026.11.23.12/"
    assert layout.file_key("torch/latest/", "observations.parquet") == "torch/latest/observations.parquet"
    assert layout.run_key("torch", AT, Outcome.HELD, "ab12") == "runs/torch/20261123T040007000000Z-held-ab12.json"


def test_no_hostile_dataset_name_id_or_version_becomes_a_key() -> None:
    spelled = [partial(spell, slug) for slug in HOSTILE for spell in (layout.pointer_key, layout.latest_folder)]
    for folder in (layout.release_folder, layout.candidate_folder):
        spelled += [partial(folder, slug, VERSION) for slug in HOSTILE]
        spelled += [partial(folder, "torch", version) for version in (*BAD_DAYS, *BAD_COUNTS)]
    spelled += [partial(layout.run_key, slug, AT, Outcome.HELD, "ab12") for slug in HOSTILE]
    spelled += [partial(layout.run_key, "torch", AT, Outcome.HELD, id_) for id_ in ("", "../x", "A", "a/b", "x" * 41)]
    spelled += [partial(layout.file_key, "torch/latest/", name) for name in BAD_NAMES]
    for spell in spelled:
        with pytest.raises(UsageError):
            pytest.fail(f"{spell} gave {spell()}")
    for version in (*BAD_DAYS, *BAD_COUNTS):
        with pytest.raises(UsageError, match="invalid version"):
            parse_version(version)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("observations.csv", "text/csv"), ("CHANGES.md", "text/markdown"), ("manifest.json", "application/json")]
    + [(name, "text/plain") for name in ("SHA256SUMS", "LICENSE")],
)
def test_each_file_is_served_as_what_it_is(name: str, content_type: str) -> None:
    for folder in (layout.release_folder("torch", VERSION), layout.latest_folder("torch")):
        assert layout.headers(layout.file_key(folder, name)).content_type == f"{content_type}; charset=utf-8"
        parquet = layout.headers(layout.file_key(folder, "observations.parquet"))
        assert parquet.content_type == "application/vnd.apache.parquet"


def test_a_release_may_be_kept_for_a_year_and_everything_else_for_five_minutes() -> None:
    release = layout.file_key(layout.release_folder("torch", VERSION), "manifest.json")
    assert layout.headers(release).cache_control == "public, max-age=31536000, immutable"
    candidate = layout.file_key(layout.candidate_folder("torch", VERSION), "manifest.json")
    run = layout.run_key("torch", AT, Outcome.HELD, "ab12")
    latest = layout.file_key(layout.latest_folder("torch"), "LICENSE")
    for key in (layout.INDEX, layout.STATUS, layout.FEED, layout.pointer_key("torch"), latest, candidate, run):
        assert layout.headers(key).cache_control == FIVE_MINUTES
    assert layout.FEED == "atom.xml"
    assert layout.headers(layout.FEED).content_type == "application/atom+xml; charset=utf-8"


class TestVersion:
    def test_the_day_is_that_of_china(self) -> None:
        assert day_of(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
        assert day_of(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)

    @pytest.mark.parametrize(
        ("previous", "version"),
        [
            *(("", "2026.11.23.1"), ("2026.11.22.7", "2026.11.23.1"), ("2026.11.23.1", "2026.11.23.2")),
            *(("2026.11.23.9", "2026.11.23.10"), ("2026.11.24.3", "2026.11.24.4")),
        ],
        ids=["first", "next day", "same day", "tenth", "clock went back"],
    )
    def test_a_new_version_is_later_than_the_one_before(self, previous: str, version: str) -> None:
        assert first_version(date(2026, 11, 23), previous) == version
        day, _ = parse_version(version)
        assert release_day(date(2026, 11, 23), previous) == day
        assert not previous or parse_version(version) > parse_version(previous)

    def test_versions_order_by_count_and_not_by_letters(self) -> None:
        assert next_version("2026.11.23.9") == "2026.11.23.10"
        assert parse_version("2026.11.23.10") > parse_version("2026.11.23.9")
