"""What follows the pointer: the list of datasets says where everything lies, whoever wrote the lines before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import drafts
from support.drafts import VERSION, place
from support.nights import data, loaded

from infra.store import Store, open_store
from publish.bucket.catalog import load_index
from publish.bucket.layout import INDEX, headers
from publish.release.publish import publish_release

if TYPE_CHECKING:
    from pathlib import Path

LATER = "2026.11.23.2"
first, second = drafts.first(portal=False), drafts.second(portal=False)
FOLDERS = {LATER: f"torch/v/{LATER}/", VERSION: f"torch/v/{VERSION}/"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one release."""
    opened = open_store(str(tmp_path / "store"))
    publish_release(place(opened), first)
    return opened


def listed(store: Store) -> dict[str, Any]:
    """What the list says of the dataset."""
    told: dict[str, Any] = loaded(store, INDEX)["datasets"]["torch"]
    return told


def with_list(store: Store, record: dict[str, Any]) -> None:
    """Write the list as somebody else may have."""
    stored = store.get(INDEX)
    assert stored
    assert store.swap(INDEX, json.dumps(record).encode(), headers(INDEX), expected=stored.etag)


def test_the_list_names_the_channel_and_where_each_release_lies(store: Store) -> None:
    publish_release(place(store), second)
    told = listed(store)
    assert told["channels"] == {"latest": {"version": LATER, "pointer": "torch/latest.json", "folder": "torch/latest/"}}
    assert {one["version"]: one["folder"] for one in told["releases"]} == FOLDERS


def test_what_the_list_names_is_there_and_of_that_version(store: Store) -> None:
    publish_release(place(store), second)
    told = listed(store)
    channel = told["channels"]["latest"]
    assert loaded(store, channel["pointer"])["version"] == channel["version"] == told["latest"]
    for folder, version in {**{path: version for version, path in FOLDERS.items()}, channel["folder"]: LATER}.items():
        assert json.loads(data(store, f"{folder}manifest.json"))["version"] == version


def test_a_list_of_a_former_gongbao_is_read_and_gets_what_it_lacks_with_the_next_release(store: Store) -> None:
    old = loaded(store, INDEX)
    del old["datasets"]["torch"]["channels"], old["datasets"]["torch"]["releases"][0]["folder"]
    with_list(store, old)
    assert [one.version for one in load_index(store)["torch"]] == [VERSION]
    publish_release(place(store), second)
    assert listed(store)["channels"]["latest"]["version"] == LATER
    assert [one["folder"] for one in listed(store)["releases"]] == list(FOLDERS.values())
    assert [one.version for one in load_index(store)["torch"]] == list(FOLDERS)


def test_a_folder_that_somebody_else_wrote_into_the_list_leads_nobody_astray(store: Store) -> None:
    forged = loaded(store, INDEX)
    forged["datasets"]["torch"]["releases"][0]["folder"] = "elsewhere/"
    with_list(store, forged)
    publish_release(place(store), second)
    assert {one["version"]: one["folder"] for one in listed(store)["releases"]} == FOLDERS


def test_what_a_later_gongbao_adds_to_a_line_is_kept_and_does_not_stop_this_one(store: Store) -> None:
    later = loaded(store, INDEX)
    later["datasets"]["torch"]["releases"][0]["mirror"] = "https://mirror.example/"
    with_list(store, later)
    publish_release(place(store), second)
    assert listed(store)["releases"][1]["mirror"] == "https://mirror.example/"
    assert [one.version for one in load_index(store)["torch"]] == list(FOLDERS)
