"""Facts entered by hand through the whole night: deposited, released as such, corrected, and never asked of a site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.counting import CountingStore
from support.nights import data, plain, table, versions
from support.release_store import live, publish, site
from support.reviewed_builders import URL, row, text, write
from support.scenario import night

from flows.operator.store_queries import check
from flows.run.context import create_context
from infra.store import open_store
from schemas.codelists import Outcome
from schemas.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cms import SiteEditor

GDP_2023 = "CN-442000-torch|gdp|level||2023|actual"
OTHER = "https://example.org/another"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[SiteEditor, str, str]]:
    """A site, its registry file with a reviewed fact beside it, and a store."""
    write(tmp_path / "reviewed", text(row()), dataset="seed")
    with site(tmp_path) as given:
        yield given


def entered(store: str) -> list[tuple[object, ...]]:
    """What was entered by hand of the latest release."""
    rows = table(open_store(store), "observations").filter(origin="reviewed")
    return rows.select("obs_id", "value", "document").rows()


def test_a_fact_entered_by_hand_is_released_with_its_origin_and_its_citation(
    place: tuple[SiteEditor, str, str],
) -> None:
    _, sources, store = place
    publish(sources, store, 1)
    ((obs_id, value, document),) = entered(store)
    assert (obs_id, value) == (GDP_2023, 531.48)
    documents = table(open_store(store), "documents")
    (cited,) = documents.filter(document=str(document)).iter_rows(named=True)
    assert (cited["origin"], cited["url"], cited["state"]) == ("reviewed", URL, "ok")
    assert documents.height == 2
    vintages = table(open_store(store), "vintages").filter(obs_id=GDP_2023)
    assert vintages["origin"].to_list() == ["reviewed"]


def test_its_payload_lies_in_the_archive_and_its_spans_are_verified(place: tuple[SiteEditor, str, str]) -> None:
    _, sources, store = place
    publish(sources, store, 1)
    (key,) = table(open_store(store), "documents").filter(origin="reviewed")["archive_key"]
    assert len(data(open_store(store), key)) > 100
    assert check(store, ())[1] == ()


def test_the_site_is_not_asked_for_it_and_it_never_counts_as_withdrawn(place: tuple[SiteEditor, str, str]) -> None:
    _, sources, store = place
    publish(sources, store, 1)
    assert live(sources, store, 2) is Outcome.UNCHANGED
    sightings = b"".join(data(open_store(store), entry.key) for entry in open_store(store).list("raw/seed/sightings/"))
    asked = [line for line in sightings.splitlines() if URL.encode() in line]
    assert len(asked) == 1  # the deposit itself
    assert set(table(open_store(store), "documents")["state"]) == {"ok"}


def test_an_unchanged_run_asks_the_store_at_most_12_times(place: tuple[SiteEditor, str, str], tmp_path: Path) -> None:
    _, sources, store = place
    write(tmp_path / "reviewed", text(row(), row(period="2022", source_url=OTHER)), dataset="seed")
    publish(sources, store, 1)
    run = create_context("seed", store, sources, night(2))
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.UNCHANGED
    assert counting.total <= 12, counting.calls
    assert "atom.xml" not in {key for _, key in counting.calls}


@pytest.mark.parametrize(
    ("facts", "kind", "after"),
    [
        ((row(value="532.00"),), "changed", 532.0),
        ((), "removed", None),
        ((row(), row(period="2022")), "added", 531.48),
    ],
    ids=["changed", "removed", "added"],
)
def test_what_a_hand_changes_is_a_correction(
    place: tuple[SiteEditor, str, str],
    tmp_path: Path,
    facts: tuple[dict[str, str], ...],
    kind: str,
    after: float | None,
) -> None:
    _, sources, store = place
    publish(sources, store, 1)
    write(tmp_path / "reviewed", text(*facts), dataset="seed")
    publish(sources, store, 2)
    told = table(open_store(store), "revisions").select("kind", "cause", "after_value").rows()
    assert told == [(kind, "correction", after)]
    assert live(sources, store, 3) is Outcome.UNCHANGED


def test_a_citation_that_was_taken_out_is_no_document_any_more(
    place: tuple[SiteEditor, str, str], tmp_path: Path
) -> None:
    _, sources, store = place
    publish(sources, store, 1)
    (tmp_path / "reviewed" / "seed.csv").unlink()
    publish(sources, store, 2)
    assert entered(store) == []
    assert table(open_store(store), "documents")["origin"].to_list() == ["report"]
    history = table(open_store(store), "vintages").filter(obs_id=GDP_2023)
    assert history["realtime_end"].cast(str).to_list() == ["2026-06-01"]


def test_a_report_s_own_number_holds_before_one_that_was_entered_by_hand(
    place: tuple[SiteEditor, str, str], tmp_path: Path
) -> None:
    _, sources, store = place
    write(tmp_path / "reviewed", text(row(period="2024", value="999.99")), dataset="seed")
    publish(sources, store, 1)
    rows = table(open_store(store), "observations").filter(indicator="gdp", measure="level", period="2024")
    assert rows.select("value", "origin").rows() == [(573.72, "report")]


def test_a_mistake_in_the_file_is_told_and_nothing_is_published(
    place: tuple[SiteEditor, str, str], tmp_path: Path
) -> None:
    _, sources, store = place
    write(tmp_path / "reviewed", text(row(value="much")), dataset="seed")
    with pytest.raises(RegistryError, match=r"seed\.csv, line 2, column value"):
        live(sources, store, 1)
    assert versions(open_store(store)) == []


def test_without_a_folder_beside_the_registry_there_is_nothing_by_hand(
    place: tuple[SiteEditor, str, str], tmp_path: Path
) -> None:
    _, sources, store = place
    (tmp_path / "reviewed" / "seed.csv").unlink()
    (tmp_path / "reviewed").rmdir()
    publish(sources, store, 1)
    assert entered(store) == []


def test_the_package_s_own_facts_need_no_folder(place: tuple[SiteEditor, str, str]) -> None:
    _, sources, _ = place
    assert create_context("torch", "x", "", None).reviewed is None
    assert create_context("seed", "x", sources, None).reviewed is not None


def test_by_hand_and_by_report_stand_in_one_year_on_year_comparison(place: tuple[SiteEditor, str, str]) -> None:
    """The case of the house: 573.72 and +3.5 % do not fit the 531.48 published for the year before."""
    _, sources, store = place
    publish(sources, store, 1)
    rows = table(open_store(store), "comparisons").filter(pl.col("base_obs_id") == GDP_2023)
    assert rows.select("period", "base_value", "verdict", "origin").rows() == [("2024", 531.48, "revised", "reviewed")]
