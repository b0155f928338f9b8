"""The Prefect flow on a real server, over three runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.nights import assert_copies_follow, data, flow, loaded, run_records, versions

from infra.store import Store, open_store

if TYPE_CHECKING:
    from support.cms import SiteEditor


def changes(store: Store) -> list[str]:
    """The lines of the English half of `CHANGES.md`."""
    pointer = loaded(store, "seed/latest.json")
    text = data(store, f"seed/v/{pointer['version']}/CHANGES.md").decode()
    return [line for line in text.rpartition("## ")[2].splitlines() if line.startswith("- ")]


@pytest.mark.xdist_group("flows")
@pytest.mark.usefixtures("prefect_api")
async def test_a_report_is_released_once_and_again_only_when_a_number_in_it_changes(
    store_url: str, sources: str, editor: SiteEditor
) -> None:
    store = open_store(store_url)
    first = await flow(store_url, sources)
    assert (first["outcome"], first["exit_status"], first["error"]) == ("published", 0, None)
    pointer = data(store, "seed/latest.json")

    second = await flow(store_url, sources)
    assert (second["outcome"], second["version"]) == ("unchanged", first["version"])
    assert data(store, "seed/latest.json") == pointer
    assert versions(store) == [first["version"]]

    editor.correct("GDP573.72亿元", "GDP575.80亿元")
    third = await flow(store_url, sources)
    assert third["outcome"] == "published"
    assert versions(store) == [first["version"], third["version"]]
    (change,) = changes(store)
    assert "573.72亿元" in change
    assert "575.80亿元" in change
    assert_copies_follow(store)
    assert [record["outcome"] for record in run_records(store)] == ["published", "unchanged", "published"]
