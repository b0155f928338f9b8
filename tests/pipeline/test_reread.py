"""Which of the two moved a number, the source or the reader: told by reading the former pages again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.cms import SiteEditor
from support.counting import CountingStore
from support.nights import plain, table
from support.release_store import earlier_reader, objects, publish, site
from support.scenario import NEXT_REPORT, night

from flows.run.context import create_context
from infra.store import open_store
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.observation import Observation

OLD = "0.0.9+old"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[SiteEditor, str, str]]:
    with site(tmp_path) as given:
        yield given


def misread(one: Observation) -> Observation | None:
    """The earlier reader sees no number of enterprises, and takes a growth for ten times what it is."""
    if one.obs_text == "8700户":
        return None
    return replace(one, value=one.value * 10) if one.obs_text in {"2.9%", "5.0%"} else one


def causes(store: str) -> dict[str, tuple[str, str]]:
    """The kind and the cause of each revision, by what the newer text says, else the older."""
    rows = table(open_store(store), "revisions").iter_rows(named=True)
    return {row["after_quote"] or row["before_quote"]: (row["kind"], row["cause"]) for row in rows}


def test_where_page_and_reader_change_in_one_run_each_number_has_its_own_cause(
    place: tuple[SiteEditor, str, str],
) -> None:
    editor, sources, store = place
    with earlier_reader(OLD, misread):
        publish(sources, store, 1)
    editor.correct("进出口总额410.5亿元", "进出口总额411.5亿元")
    publish(sources, store, 2)
    assert causes(store) == {
        "新增市场主体8700户": ("added", "reader"),
        "增长2.9%": ("changed", "reader"),
        "固定资产投资增长5.0%": ("changed", "reader"),
        "进出口总额411.5亿元": ("changed", "source"),
    }


def test_a_number_that_both_moved_is_the_source_s(place: tuple[SiteEditor, str, str]) -> None:
    editor, sources, store = place
    with earlier_reader(OLD, misread):
        publish(sources, store, 1)
    editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
    publish(sources, store, 2)
    assert causes(store)["固定资产投资增长5.2%"] == ("changed", "source")


def test_a_number_that_the_new_reader_drops_is_the_reader_s_though_the_page_moved(
    place: tuple[SiteEditor, str, str],
) -> None:
    editor, sources, store = place
    publish(sources, store, 1)
    editor.correct("进出口总额410.5亿元", "进出口总额411.5亿元")
    with earlier_reader("0.2.0+new", misread):
        publish(sources, store, 2)
    assert causes(store)["新增市场主体8700户"] == ("removed", "reader")
    assert causes(store)["进出口总额411.5亿元"] == ("changed", "source")


def test_a_number_that_the_page_drops_is_the_source_s_though_the_reader_is_new(
    place: tuple[SiteEditor, str, str],
) -> None:
    editor, sources, store = place
    with earlier_reader(OLD, misread):
        publish(sources, store, 1)
    editor.correct("进出口总额410.5亿元。", "")
    publish(sources, store, 2)
    assert causes(store)["进出口总额410.5亿元"] == ("removed", "source")


def test_where_no_page_moved_nothing_is_read_again_and_all_is_the_reader_s(place: tuple[SiteEditor, str, str]) -> None:
    _, sources, store = place
    with earlier_reader(OLD, misread):
        publish(sources, store, 1)
    run = create_context("seed", store, sources, night(2))
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.PUBLISHED
    assert not [key for method, key in counting.calls if method == "get" and "/warc/" in key]
    assert {cause for _, cause in causes(store).values()} == {"reader"}


def test_only_the_page_that_moved_is_read_again(place: tuple[SiteEditor, str, str]) -> None:
    editor, sources, store = place
    editor.articles.append(NEXT_REPORT)
    with earlier_reader(OLD, misread):
        publish(sources, store, 1)
    keys = dict(table(open_store(store), "documents").select("document", "archive_key").iter_rows())
    editor.correct("进出口总额410.5亿元", "进出口总额411.5亿元")
    run = create_context("seed", store, sources, night(2))
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.PUBLISHED
    assert [key for method, key in counting.calls if method == "get" and "/warc/" in key] == [keys["post-2612346"]]


def test_with_the_same_reader_nothing_is_read_again(place: tuple[SiteEditor, str, str]) -> None:
    editor, sources, store = place
    publish(sources, store, 1)
    editor.correct("进出口总额410.5亿元", "进出口总额411.5亿元")
    run = create_context("seed", store, sources, night(2))
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.PUBLISHED
    assert not [key for method, key in counting.calls if method == "get" and "/warc/" in key]
    assert causes(store) == {"进出口总额411.5亿元": ("changed", "source")}


def test_a_new_report_is_the_source_s_whatever_the_reader_did(place: tuple[SiteEditor, str, str]) -> None:
    editor, sources, store = place
    with earlier_reader(OLD, misread):
        publish(sources, store, 1)
    editor.articles.append(NEXT_REPORT)
    publish(sources, store, 2)
    told = causes(store)
    assert told["2025年，地区生产总值完成612.3亿元"[6:]] == ("added", "source")
    assert told["2024年地区生产总值为575.10亿元"] == ("changed", "source")
    assert told["新增市场主体8700户"] == ("added", "reader")


def test_a_former_page_that_is_lost_does_not_stop_the_run(
    place: tuple[SiteEditor, str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be read again is evidence of nothing: its changes count as the source's, and the run says so."""
    editor, sources, store = place
    with earlier_reader(OLD, lambda one: replace(one, value=5.1) if one.obs_text == "5.0%" else one):
        publish(sources, store, 1)
    for key in objects(open_store(store), "raw/seed/warc/"):
        (Path(store) / key).unlink()
    editor.correct("进出口总额410.5亿元", "进出口总额411.5亿元")
    publish(sources, store, 2)
    assert {cause for _, cause in causes(store).values()} == {"source"}
    assert "post-2612346 cannot be read again" in caplog.text
