"""Facts entered by hand through a whole run: archived, released as such, corrected, and never asked of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.june_runs import SiteStore
from support.reviewed_builders import URL, row, text, write
from support.runs import data, table, versions
from support.wrapped_stores import CountingStore

from flows.operator.store_queries import check
from flows.run.context import create_context
from schemas.codelists import Outcome
from schemas.errors import RegistryError

if TYPE_CHECKING:
    from pathlib import Path

GDP_2023 = "CN-442000-torch|gdp|level||2023|actual"


def enter(folder: Path, *facts: dict[str, str]) -> None:
    """Let these facts lie beside the registry file."""
    write(folder / "reviewed", text(*facts), dataset="seed")


@pytest.fixture
def reviewed(site: SiteStore, tmp_path: Path) -> SiteStore:
    """The site after a run with one fact entered by hand."""
    enter(tmp_path, row())
    site.publish(1)
    return site


def test_a_fact_entered_by_hand_is_released_with_its_origin_and_its_citation(reviewed: SiteStore) -> None:
    rows = table(reviewed.store, "observations").filter(origin="reviewed")
    ((obs_id, value, document),) = rows.select("obs_id", "value", "document").rows()
    assert (obs_id, value) == (GDP_2023, 531.48)
    documents = table(reviewed.store, "documents")
    (cited,) = documents.filter(document=str(document)).iter_rows(named=True)
    assert (cited["origin"], cited["url"], cited["state"]) == ("reviewed", URL, "ok")
    assert documents.height == 2
    assert table(reviewed.store, "vintages").filter(obs_id=GDP_2023)["origin"].to_list() == ["reviewed"]
    # Its payload lies in the archive, and its spans are verified.
    assert len(data(reviewed.store, cited["archive_key"])) > 100
    assert check(reviewed.url, ())[1] == ()
    # The case of the house: 573.72 and +3.5 % do not fit the 531.48 published for the year before.
    comparisons = table(reviewed.store, "comparisons").filter(pl.col("base_obs_id") == GDP_2023)
    compared = comparisons.select("period", "base_value", "verdict", "origin").rows()
    assert compared == [("2024", 531.48, "revised", "reviewed")]


def test_an_unchanged_run_does_not_ask_the_site_for_it_and_the_store_at_most_12_times(
    site: SiteStore, tmp_path: Path
) -> None:
    enter(tmp_path, row(), row(period="2022", source_url="https://example.org/another"))
    site.publish(1)
    counting = CountingStore(within=site.store)
    assert site.run(2, counting).outcome is Outcome.UNCHANGED
    assert counting.total <= 12, counting.calls
    assert "atom.xml" not in {key for _, key in counting.calls}
    sightings = b"".join(data(site.store, entry.key) for entry in site.store.list("raw/seed/sightings/"))
    asked = [line for line in sightings.splitlines() if URL.encode() in line]
    assert len(asked) == 1  # the entry itself
    assert set(table(site.store, "documents")["state"]) == {"ok"}


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
    reviewed: SiteStore, tmp_path: Path, facts: tuple[dict[str, str], ...], kind: str, after: float | None
) -> None:
    enter(tmp_path, *facts)
    reviewed.publish(2)
    revisions = table(reviewed.store, "revisions").select("kind", "cause", "after_value").rows()
    assert revisions == [(kind, "correction", after)]
    assert reviewed.run(3).outcome is Outcome.UNCHANGED


def test_a_citation_that_was_taken_out_with_its_folder_is_no_document_any_more(
    reviewed: SiteStore, tmp_path: Path
) -> None:
    (tmp_path / "reviewed" / "seed.csv").unlink()
    (tmp_path / "reviewed").rmdir()
    reviewed.publish(2)
    assert table(reviewed.store, "observations").filter(origin="reviewed").is_empty()
    assert table(reviewed.store, "documents")["origin"].to_list() == ["report"]
    history = table(reviewed.store, "vintages").filter(obs_id=GDP_2023)
    assert history["realtime_end"].cast(str).to_list() == ["2026-06-01"]


def test_a_report_s_own_number_holds_before_one_that_was_entered_by_hand(site: SiteStore, tmp_path: Path) -> None:
    enter(tmp_path, row(period="2024", value="999.99"))
    site.publish(1)
    rows = table(site.store, "observations").filter(indicator="gdp", measure="level", period="2024")
    assert rows.select("value", "origin").rows() == [(573.72, "report")]


def test_a_mistake_in_the_file_is_an_error_and_nothing_is_published(site: SiteStore, tmp_path: Path) -> None:
    enter(tmp_path, row(value="much"))
    error = site.run(1).error
    assert isinstance(error, RegistryError)
    assert "seed.csv, line 2, column value" in str(error)
    assert versions(site.store) == []


def test_the_package_s_own_facts_need_no_folder(site: SiteStore, tmp_path: Path) -> None:
    assert create_context("torch", "x", "", None).reviewed is None
    enter(tmp_path, row())
    assert site.context(1).reviewed is not None
