"""The same material gives the same bytes: built twice, read in another order, cut by another hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import reports
from support.report_readings import DAY, FORMER, corrected, material, report_2023, report_2024
from support.report_releases import VERSION

from publish.bucket.serialize import to_csv, to_parquet
from publish.release.build_files import ReleaseCandidate, content_sha256, release_files
from publish.tables.build import build_tables
from publish.tables.inputs import TableInputs
from schemas.reading import Reading
from schemas.tables.frames import Tables

LATER = DAY + timedelta(days=1)


def files(given_material: TableInputs, tables: Tables, *, portal: bool = False) -> dict[str, bytes]:
    """Every file of the release that is cut of this."""
    candidate = ReleaseCandidate(inputs=given_material, tables=tables, quality={}, portal=portal)
    return dict(release_files(candidate, VERSION))


def upon(before: tuple[Reading, ...], after: tuple[Reading, ...]) -> TableInputs:
    """A second release, of these reports after those."""
    former = build_tables(material(*before))
    return material(*after, previous=former, released_on=LATER, former=FORMER)


def shuffled(read: tuple[Reading, ...], chance: Random) -> tuple[Reading, ...]:
    """The same readings in another order, and what each holds in another order too."""
    mixed = [
        replace(
            one,
            observations=tuple(chance.sample(one.observations, len(one.observations))),
            numbers=tuple(chance.sample(one.numbers, len(one.numbers))),
        )
        for one in read
    ]
    return tuple(chance.sample(mixed, len(mixed)))


@settings(max_examples=3)
@given(reports, reports, st.randoms(use_true_random=False))
def test_a_release_built_twice_or_of_shuffled_readings_has_the_same_bytes(
    before: tuple[Reading, ...], after: tuple[Reading, ...], chance: Random
) -> None:
    once, again = upon(before, after), upon(shuffled(before, chance), shuffled(after, chance))
    tables = build_tables(once)
    published = files(once, tables)
    assert files(once, build_tables(once)) == published
    assert files(again, build_tables(again)) == published
    assert content_sha256(build_tables(again)) == content_sha256(tables)


def test_the_pages_of_shuffled_readings_have_the_same_bytes() -> None:
    chance, before, after = Random(1), (report_2023(), report_2024()), (report_2023(), corrected())
    once, again = upon(before, after), upon(shuffled(before, chance), shuffled(after, chance))
    assert files(once, build_tables(once), portal=True) == files(again, build_tables(again), portal=True)


def test_a_table_in_many_pieces_has_the_bytes_of_the_same_table_in_one() -> None:
    rows = pl.DataFrame({"obs_id": [f"key {row}" for row in range(5000)], "value": [row / 7 for row in range(5000)]})
    pieces = pl.concat([rows[start : start + 700] for start in range(0, 5000, 700)], rechunk=False)
    assert pieces.n_chunks() > 1
    assert to_csv(pieces) == to_csv(rows)
    assert to_parquet(pieces, {}) == to_parquet(rows, {})
