"""The releases of a dataset as a history: as of any day, and between any two of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.june_runs import INVESTMENT, TRADE, VERSIONS, SiteStore
from support.report_releases import first, place

from flows.operator.history import ReleaseHistory, datasets, difference, open_history, table_frame
from infra.store import open_store
from publish.bucket.layout import pointer_key
from publish.compare.vintages import as_of
from publish.release.publish import publish_release
from schemas.codelists import Outcome
from schemas.errors import UsageError
from schemas.tables.columns import STATED, names

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND, THIRD = VERSIONS
GROWTH_OF_INVESTMENT = "CN-442000-torch|investment_fixed|growth||2024|actual"
OUTPUT = "CN-442000-torch|gdp|level||2024|actual"
KNOWN = ("obs_id", *STATED, "realtime_start")


@pytest.fixture(scope="module")
def history(three_releases: Path) -> ReleaseHistory:
    return open_history(str(three_releases))


def test_as_of_a_day_is_the_release_that_was_the_latest_when_it_ended(
    three_releases: Path, history: ReleaseHistory
) -> None:
    expected = {1: FIRST, 2: FIRST, 3: SECOND, 4: THIRD, 5: THIRD, 30: THIRD}
    assert {day: history.as_of(date(2026, 6, day)).release.version for day in expected} == expected
    assert [history.version(version).release.version for version in VERSIONS] == list(VERSIONS)
    pointer = json.loads((three_releases / pointer_key("seed")).read_bytes())
    assert (history.dataset, history.latest().release.version, pointer["version"]) == ("seed", THIRD, THIRD)


def test_of_several_releases_of_one_day_the_last_counts_and_of_several_datasets_one_has_to_be_named(
    tmp_path: Path,
) -> None:
    store, index = open_store(str(tmp_path / "store")), tmp_path / "store" / "index.json"
    for _ in range(3):
        publish_release(place(store), first(portal=False))
    found = open_history(store.url)
    assert found.as_of(date(2026, 11, 23)).release.version == found.releases[0].version == "2026.11.23.3"
    torch = json.loads(index.read_bytes())["datasets"]["torch"]
    index.write_text(json.dumps({"datasets": {"torch": torch, "cuiheng": torch}}))
    with pytest.raises(UsageError, match="several datasets; name one by --source: torch, cuiheng"):
        open_history(store.url)
    assert open_history(store.url, "torch").dataset == "torch"
    assert datasets(store.url, []) == ("torch", "cuiheng")
    assert datasets(store.url, ["cuiheng", "cuiheng"]) == ("cuiheng",)


@settings(max_examples=20)
@given(days=st.integers(min_value=0, max_value=40) | st.sampled_from([0, 1, 2, 3]))
def test_as_of_any_day_the_release_and_the_filter_on_the_latest_vintages_agree(
    history: ReleaseHistory, days: int
) -> None:
    day = date(2026, 6, 1) + timedelta(days=days)
    filtered = as_of(table_frame(history, history.latest(), "vintages"), day).select(KNOWN).sort("obs_id")
    assert filtered.equals(table_frame(history, history.as_of(day), "observations").select(KNOWN))


class TestDifference:
    def test_between_neighbours_it_is_what_the_later_one_says_of_itself(
        self, three_releases: Path, history: ReleaseHistory
    ) -> None:
        for before, after in ((FIRST, SECOND), (SECOND, THIRD)):
            found = difference(history, history.version(before), history.version(after))
            assert found.revisions.equals(table_frame(history, history.version(after), "revisions"))
            notes = (three_releases / "seed" / "v" / after / "CHANGES.md").read_text("utf-8")
            assert found.notes.splitlines()[1:] == notes.splitlines()[1:]

    def test_over_several_releases_a_number_that_changed_twice_has_changed_once(self, history: ReleaseHistory) -> None:
        found = difference(history, history.version(FIRST), history.version(THIRD))
        assert not found.is_empty
        changed = found.revisions.filter(kind="changed").select("obs_id", "before_value", "after_value", "cause")
        assert changed.rows() == [(OUTPUT, 573.72, 575.1, "source"), (GROWTH_OF_INVESTMENT, 5.0, 5.2, "source")]

    def test_the_way_back_turns_every_change_round(self, history: ReleaseHistory) -> None:
        forth = difference(history, history.version(FIRST), history.version(THIRD)).revisions
        found = difference(history, history.version(THIRD), history.version(FIRST))
        back = found.revisions
        turned = {"added": "removed", "removed": "added", "changed": "changed"}
        kinds = [(obs_id, turned[kind], cause) for obs_id, kind, cause in forth["obs_id", "kind", "cause"].rows()]
        assert back["obs_id", "kind", "cause"].rows() == kinds
        assert back["before_value"].equals(forth["after_value"], check_names=False)
        assert back.columns == list(names("revisions"))
        assert "575.10亿元" in found.notes
        assert "withdrawn" not in found.notes
        assert "撤下" not in found.notes

    def test_a_plus_the_difference_is_b(self, history: ReleaseHistory) -> None:
        stated = ["obs_id", *STATED]
        for before, after in ((FIRST, SECOND), (FIRST, THIRD), (THIRD, FIRST)):
            was, now = (table_frame(history, history.version(one), "observations") for one in (before, after))
            rows = difference(history, history.version(before), history.version(after)).revisions
            kept = was.select(stated).join(rows, on="obs_id", how="anti")
            new = rows.filter(pl.col("kind") != "removed").select("obs_id", *(f"after_{name}" for name in STATED))
            patched = pl.concat([kept, new.rename({f"after_{name}": name for name in STATED})]).sort("obs_id")
            assert patched.equals(now.select(stated))


def test_the_cause_is_the_one_that_the_release_recorded_with_more_evidence(misread: SiteStore) -> None:
    """The page and the reader change in one run: two releases alone cannot tell which of them moved a number."""
    misread.editor.correct(*INVESTMENT)
    misread.publish(2)
    misread.editor.correct(*TRADE)
    misread.publish(3)
    assert misread.run(4).outcome is Outcome.UNCHANGED
    history = open_history(misread.url)
    revisions = difference(history, history.version("2026.06.01.1"), history.version("2026.06.03.1")).revisions
    assert dict(revisions.select("after_quote", "cause").rows()) == {
        "新增市场主体8700户": "reader",
        INVESTMENT[1]: "source",
        TRADE[1]: "source",
    }
