"""The feed over runs: releases and changes of the source appear once; a run without change writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest
from support.june_runs import FIRST_REPORT, SiteStore
from support.runs import data
from support.wrapped_stores import WRITES, CountingStore, Killed, KilledStore

from publish.bucket.layout import FEED
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "{http://www.w3.org/2005/Atom}title"
GONE, BACK, RELEASED = "seed: ok → gone", "seed: gone → ok", "seed 2026.06.01.1"


def titles(site: SiteStore) -> list[str]:
    """Return the titles of the entries but those of alerts, the newest first."""
    feed = fromstring(data(site.store, FEED))  # noqa: S314 - bytes of our own
    return [title for entry in feed.iter(TITLE) if not (title := str(entry.text)).endswith((" raised", " cleared"))][1:]


def test_a_run_without_change_neither_reads_nor_writes_the_feed(site: SiteStore) -> None:
    site.publish(1)
    before, counting = data(site.store, FEED), CountingStore(within=site.store)
    assert site.run(2, counting).outcome is Outcome.UNCHANGED
    assert FEED not in {key for _, key in counting.calls}
    assert counting.total <= 12
    assert data(site.store, FEED) == before


def test_a_source_that_goes_appears_once_and_again_when_it_comes_back(site: SiteStore) -> None:
    site.publish(1)
    site.editor.articles.clear()
    assert [site.run(day).outcome for day in (2, 3)] == [Outcome.SOURCE_FAILED] * 2
    assert titles(site) == [GONE, RELEASED]
    site.editor.articles.append(FIRST_REPORT)
    assert site.run(4).outcome is Outcome.UNCHANGED
    assert titles(site) == [BACK, GONE, RELEASED]
    assert [(each["before"], each["state"], each["at"][:10]) for each in site.status["changes"]] == [
        ("ok", "gone", "2026-06-02"),
        ("gone", "ok", "2026-06-04"),
    ]


def test_a_source_that_goes_before_its_first_release_has_no_feed(site: SiteStore) -> None:
    site.editor.articles.clear()
    site.run(1)
    assert site.store.get(FEED) is None


def test_a_change_whose_run_is_killed_between_status_and_feed_appears_with_the_next(
    site: SiteStore, tmp_path: Path
) -> None:
    site.publish(1)
    site.editor.articles.clear()
    copy = site.copied(tmp_path / "copy")
    counting = CountingStore(within=copy.store)
    copy.run(2, counting)
    writes = [key for method, key in counting.calls if method in WRITES].index(FEED)
    with pytest.raises(Killed):
        site.run(2, KilledStore(within=site.store, writes=writes))
    assert (site.status["state"], titles(site)) == ("gone", [RELEASED])
    site.run(3)
    assert titles(site) == [GONE, RELEASED]
