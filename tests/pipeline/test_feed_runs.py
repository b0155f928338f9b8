"""The feed over nights: a release and each turn of the source tell themselves once, a quiet night says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest
from support.counting import CountingStore
from support.faults import Killed, KilledStore
from support.nights import apart, data, loaded, plain
from support.release_store import live, publish, site
from support.scenario import FIRST_REPORT, night

from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import create_context
from infra.store import Store, open_store
from publish.bucket.layout import FEED, headers
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cms import SiteEditor

TITLE = "{http://www.w3.org/2005/Atom}title"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[SiteEditor, str, Store]]:
    with site(tmp_path) as (editor, sources, store):
        yield editor, sources, open_store(store)


def failed(sources: str, store: Store, day: int) -> Outcome:
    """A night in which the source has nothing left to show."""
    run = replace(create_context("seed", store.url, sources, night(day)), store=store)
    return apart(run_pipeline(run, LOCAL_STAGES)).outcome


def titles(store: Store) -> list[str]:
    """Return the titles of the entries but those of alerts, the newest first."""
    feed = fromstring(data(store, FEED))  # noqa: S314 - bytes of our own
    return [title for entry in feed.iter(TITLE) if not (title := str(entry.text)).endswith((" raised", " cleared"))][1:]


def test_a_run_without_change_neither_reads_nor_writes_the_feed(place: tuple[SiteEditor, str, Store]) -> None:
    _, sources, store = place
    publish(sources, store.url, 1)
    before = data(store, FEED)
    run = create_context("seed", store.url, sources, night(2))
    counting = CountingStore(within=store)
    assert plain(replace(run, store=counting)) is Outcome.UNCHANGED
    assert FEED not in {key for _, key in counting.calls}
    assert counting.total <= 12
    assert data(store, FEED) == before


def test_a_source_that_goes_is_told_once_and_again_when_it_comes_back(place: tuple[SiteEditor, str, Store]) -> None:
    editor, sources, store = place
    publish(sources, store.url, 1)
    editor.articles.clear()
    assert failed(sources, store, 2) is Outcome.SOURCE_FAILED
    assert failed(sources, store, 3) is Outcome.SOURCE_FAILED
    assert titles(store) == ["seed: ok → gone", "seed 2026.06.01.1"]
    editor.articles.append(FIRST_REPORT)
    assert live(sources, store.url, 4) is Outcome.UNCHANGED
    assert titles(store) == ["seed: gone → ok", "seed: ok → gone", "seed 2026.06.01.1"]
    changes = loaded(store, "status.json")["sources"]["seed"]["changes"]
    assert [(one["before"], one["state"], one["at"][:10]) for one in changes] == [
        ("ok", "gone", "2026-06-02"),
        ("gone", "ok", "2026-06-04"),
    ]


def test_a_source_that_goes_before_its_first_release_has_no_feed(place: tuple[SiteEditor, str, Store]) -> None:
    editor, sources, store = place
    editor.articles.clear()
    failed(sources, store, 1)
    assert store.get(FEED) is None


def test_a_run_killed_between_status_and_feed_has_its_turn_told_by_the_next(
    place: tuple[SiteEditor, str, Store],
) -> None:
    editor, sources, store = place
    publish(sources, store.url, 1)
    editor.articles.clear()
    mortal = KilledStore(within=store, writes=_writes_up_to_the_status(sources, store))
    with pytest.raises(Killed):
        failed(sources, mortal, 2)
    assert loaded(store, "status.json")["sources"]["seed"]["state"] == "gone"
    assert titles(store) == ["seed 2026.06.01.1"]
    failed(sources, store, 3)
    assert titles(store) == ["seed: ok → gone", "seed 2026.06.01.1"]


def _writes_up_to_the_status(sources: str, store: Store) -> int:
    """How many writes such a night makes before it comes to the feed, counted on a copy of the store."""
    copy = open_store(f"{store.url}-copy")
    for entry in store.list(""):
        copy.put_new(entry.key, data(store, entry.key), headers(entry.key))
    counting = CountingStore(within=copy)
    failed(sources, counting, 2)
    writes = [key for method, key in counting.calls if method in {"swap", "put_new"}]
    return writes.index(FEED)
