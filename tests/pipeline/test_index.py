"""What follows the pointer: the list of datasets says where everything lies, whoever wrote the lines before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import report_releases
from support.report_releases import VERSION, place
from support.runs import loaded

from infra.store import Store, open_store
from publish.bucket.catalog import load_index
from publish.bucket.layout import INDEX, headers
from publish.release.publish import publish_release

if TYPE_CHECKING:
    from pathlib import Path

LATER = "2026.11.23.2"
first, second = report_releases.first(portal=False), report_releases.second(portal=False)
FOLDERS = {LATER: f"torch/v/{LATER}/", VERSION: f"torch/v/{VERSION}/"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one release."""
    opened = open_store(str(tmp_path / "store"))
    publish_release(place(opened), first)
    return opened


def listed(store: Store) -> dict[str, Any]:
    """What the list says of the dataset."""
    found: dict[str, Any] = loaded(store, INDEX)["datasets"]["torch"]
    return found


def with_list(store: Store, record: dict[str, Any]) -> None:
    """Write the list as somebody else may have."""
    stored = store.get(INDEX)
    assert stored
    assert store.swap(INDEX, json.dumps(record).encode(), headers(INDEX), expected=stored.etag)


def test_the_list_names_the_channel_and_where_each_release_lies(store: Store) -> None:
    publish_release(place(store), second)
    found = listed(store)
    channel = {"version": LATER, "pointer": "torch/latest.json", "folder": "torch/latest/"}
    assert (found["channels"], found["latest"]) == ({"latest": channel}, LATER)
    assert {release["version"]: release["folder"] for release in found["releases"]} == FOLDERS
    assert loaded(store, channel["pointer"])["version"] == LATER
    for version, folder in [*FOLDERS.items(), (LATER, channel["folder"])]:
        assert loaded(store, f"{folder}manifest.json")["version"] == version


def test_a_list_of_another_gongbao_is_read_keeps_its_additions_and_is_completed_by_the_next_release(
    store: Store,
) -> None:
    index = loaded(store, INDEX)
    dataset = index["datasets"]["torch"]
    del dataset["channels"], dataset["releases"][0]["folder"]  # a former one had neither
    dataset["releases"][0]["mirror"] = "https://mirror.example/"  # a later one may have this
    with_list(store, index)
    assert [release.version for release in load_index(store)["torch"]] == [VERSION]
    publish_release(place(store), second)
    assert listed(store)["channels"]["latest"]["version"] == LATER
    assert [release["folder"] for release in listed(store)["releases"]] == list(FOLDERS.values())
    assert listed(store)["releases"][1]["mirror"] == "https://mirror.example/"
    assert [release.version for release in load_index(store)["torch"]] == list(FOLDERS)


def test_a_folder_that_somebody_else_wrote_into_the_list_leads_nobody_astray(store: Store) -> None:
    forged = loaded(store, INDEX)
    forged["datasets"]["torch"]["releases"][0]["folder"] = "elsewhere/"
    with_list(store, forged)
    publish_release(place(store), second)
    assert {release["version"]: release["folder"] for release in listed(store)["releases"]} == FOLDERS
