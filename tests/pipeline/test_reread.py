"""Which of the two moved a number, the source or the reader: decided by reading the former pages again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.june_runs import (
    FORMER_READER,
    INVESTMENT,
    NEXT_REPORT,
    TRADE,
    SiteStore,
    earlier_reader,
    objects,
    without_enterprises,
)
from support.runs import table
from support.wrapped_stores import CountingStore

if TYPE_CHECKING:
    from schemas.observation import Observation

ENTERPRISES = "新增市场主体8700户"


def causes(site: SiteStore) -> dict[str, tuple[str, str]]:
    """The kind and the cause of each revision, by what the newer text says, else the older."""
    rows = table(site.store, "revisions").iter_rows(named=True)
    return {row["after_quote"] or row["before_quote"]: (row["kind"], row["cause"]) for row in rows}


def pages_read(site: SiteStore) -> list[str]:
    """Publish, and return the archived pages that were read for it."""
    counting = CountingStore(within=site.store)
    site.publish(2, counting)
    return [key for method, key in counting.calls if method == "get" and "/warc/" in key]


def test_where_page_and_reader_change_in_one_run_each_number_has_its_own_cause(site: SiteStore) -> None:
    def misreading(observation: Observation) -> Observation | None:
        tenfold = observation.obs_text in {"2.9%", "5.0%"}
        return without_enterprises(replace(observation, value=observation.value * 10) if tenfold else observation)

    with earlier_reader(FORMER_READER, misreading):
        site.publish(1)
    site.editor.correct(*TRADE)
    site.editor.correct(*INVESTMENT)
    site.publish(2)
    assert causes(site) == {
        ENTERPRISES: ("added", "reader"),
        "增长2.9%": ("changed", "reader"),
        INVESTMENT[1]: ("changed", "source"),  # both moved it
        TRADE[1]: ("changed", "source"),
    }


def test_a_number_that_the_new_reader_drops_is_the_reader_s_though_the_page_moved(site: SiteStore) -> None:
    site.publish(1)
    site.editor.correct(*TRADE)
    with earlier_reader("0.2.0+new", without_enterprises):
        site.publish(2)
    assert causes(site) == {ENTERPRISES: ("removed", "reader"), TRADE[1]: ("changed", "source")}


def test_a_number_that_the_page_drops_is_the_source_s_though_the_reader_is_new(misread: SiteStore) -> None:
    misread.editor.correct(f"{TRADE[0]}。", "")
    misread.publish(2)
    assert causes(misread) == {ENTERPRISES: ("added", "reader"), TRADE[0]: ("removed", "source")}


def test_where_no_page_moved_nothing_is_read_again_and_all_is_the_reader_s(misread: SiteStore) -> None:
    assert pages_read(misread) == []
    assert causes(misread) == {ENTERPRISES: ("added", "reader")}


def test_only_the_page_that_moved_is_read_again(site: SiteStore) -> None:
    site.editor.articles.append(NEXT_REPORT)
    with earlier_reader(FORMER_READER, without_enterprises):
        site.publish(1)
    keys = dict(table(site.store, "documents").select("document", "archive_key").iter_rows())
    site.editor.correct(*TRADE)
    assert pages_read(site) == [keys["post-2612346"]]


def test_with_the_same_reader_nothing_is_read_again(site: SiteStore) -> None:
    site.publish(1)
    site.editor.correct(*TRADE)
    assert pages_read(site) == []
    assert causes(site) == {TRADE[1]: ("changed", "source")}


def test_a_new_report_is_the_source_s_whatever_the_reader_did(misread: SiteStore) -> None:
    misread.editor.articles.append(NEXT_REPORT)
    misread.publish(2)
    found = causes(misread)
    assert found["地区生产总值完成612.3亿元"] == ("added", "source")
    assert found["2024年地区生产总值为575.10亿元"] == ("changed", "source")
    assert found[ENTERPRISES] == ("added", "reader")


def test_a_former_page_that_is_lost_does_not_stop_the_run(site: SiteStore, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be read again is evidence of nothing: its changes count as the source's, and the run says so."""
    with earlier_reader(FORMER_READER, lambda each: replace(each, value=5.1) if each.obs_text == "5.0%" else each):
        site.publish(1)
    for key in objects(site.store, "raw/seed/warc/"):
        (Path(site.url) / key).unlink()
    site.editor.correct(*TRADE)
    site.publish(2)
    assert {cause for _, cause in causes(site).values()} == {"source"}
    assert re.search(r"post-2612346.* again", caplog.text)
