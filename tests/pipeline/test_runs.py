"""What runs without Prefect leave in a store: every number with its span, pages that were withdrawn, what is held."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from support.cms import INDEX_NUMBER, SiteEditor, seed_article, short_article
from support.counting import CountingStore
from support.nights import data, loaded, local, plain, table
from warcio.archiveiterator import ArchiveIterator

from flows.run.context import create_context
from infra.store import open_store
from raw.page.parse import parse_html
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from infra.store import Store

DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def archived_texts(store: Store) -> dict[str, str]:
    """The canonical text of each released document, out of its WARC record as any WARC tool reads it."""
    texts = {}
    for document in table(store, "documents").iter_rows(named=True):
        records = ArchiveIterator(io.BytesIO(data(store, document["archive_key"])))
        ((body, kind),) = [
            (record.content_stream().read(), record.http_headers.get_header("Content-Type"))
            for record in records
            if record.rec_type == "response"
        ]
        assert hashlib.sha256(body).hexdigest() == document["payload_sha256"]
        texts[document["document"]] = parse_html(body, content_type=kind).text
    return texts


def tags(store: Store) -> dict[str, str]:
    return {entry.key: entry.etag for entry in store.list("seed/")}


def test_every_span_cuts_its_number_out_of_the_archived_page_and_no_number_is_lost(
    store_url: str, sources: str
) -> None:
    store = open_store(store_url)
    assert plain(create_context("seed", store_url, sources, None)) is Outcome.PUBLISHED
    texts, observations = archived_texts(store), table(store, "observations")
    assert observations.height > 60
    for row in observations.iter_rows(named=True):
        assert texts[row["document"]][row["char_start"] : row["char_end"]] == row["obs_text"]

    (document,) = table(store, "documents").iter_rows(named=True)
    assert document["index_number"] == INDEX_NUMBER
    assert document["index_number_repaired"] == "11442000007333422Y/2025-00206"
    (text,) = texts.values()
    printed = DIGITS.findall("\n".join(seed_article().paragraphs))
    body = text[text.index("向新图强实干争先") :]
    assert DIGITS.findall(body)[: len(printed)] == printed
    account = [
        (row["char_start"], row["char_end"], row["fate"], row["reason"])
        for row in table(store, "numbers").iter_rows(named=True)
    ]
    for found in DIGITS.finditer(text):
        holders = [one for one in account if one[0] <= found.start() and found.end() <= one[1]]
        assert len(holders) == 1, f"{found[0]} at {found.start()} stands in the account {len(holders)} times"
        assert holders[0][2] in {"claimed", "unread"} or (holders[0][2] == "ignored" and holders[0][3])


def test_a_withdrawn_page_is_marked_and_what_was_read_of_it_stays(
    tmp_path: Path, sources: str, editor: SiteEditor
) -> None:
    store = open_store(str(tmp_path / "store"))
    editor.articles = [short_article("2024年GDP573.72亿元,增长3.5%。"), short_article("2023年GDP550.1亿元。", number=7)]
    local(store.url, sources)
    before = table(store, "observations")

    editor.articles.pop()
    record = local(store.url, sources)
    assert (record["outcome"], record["exit_status"]) == ("published", 0)
    assert "document_withdrawn" in {finding["code"] for finding in record["findings"]}
    states = dict(table(store, "documents").select("document", "state").iter_rows())
    assert states == {"post-2612346": "ok", "post-7": "gone"}
    kept = table(store, "observations")
    assert kept.drop("realtime_start").equals(before.drop("realtime_start"))
    assert local(store.url, sources)["outcome"] == "unchanged"


def test_when_every_page_is_withdrawn_nothing_changes_but_the_status(
    tmp_path: Path, sources: str, editor: SiteEditor
) -> None:
    store = open_store(str(tmp_path / "store"))
    local(store.url, sources)
    published = tags(store)

    editor.articles.clear()
    record = local(store.url, sources)
    assert (record["outcome"], record["exit_status"]) == ("source_failed", 5)
    assert tags(store) == published
    assert loaded(store, "status.json")["sources"]["seed"]["state"] in {"gone", "drifted"}


def test_a_page_that_lost_most_of_its_numbers_waits_for_an_operator_and_only_once(
    tmp_path: Path, sources: str, editor: SiteEditor
) -> None:
    store = open_store(str(tmp_path / "store"))
    local(store.url, sources)
    published = tags(store)

    editor.articles = [replace(editor.articles[0], paragraphs=("2024年完成地区生产总值573.72亿元,增长3.5%。",))]
    held = local(store.url, sources)
    assert (held["outcome"], held["exit_status"], held["error"]) == ("held", 3, None)
    assert "observations_volume" in {finding["code"] for finding in held["findings"]}
    waiting = tags(store)
    assert {key: waiting[key] for key in published} == published
    assert {key.split("/")[1] for key in waiting.keys() - published.keys()} == {"candidate"}
    assert loaded(store, "status.json")["sources"]["seed"]["held"]["version"] == held["version"]

    again = local(store.url, sources)
    assert (again["outcome"], again["version"]) == ("held", held["version"])
    assert tags(store) == waiting

    editor.articles = [seed_article()]
    assert local(store.url, sources)["outcome"] == "unchanged"
    assert loaded(store, "status.json")["sources"]["seed"]["held"] is None


def test_an_unchanged_run_asks_the_store_at_most_12_times(tmp_path: Path, sources: str, editor: SiteEditor) -> None:
    editor.articles.append(short_article("2023年GDP550.1亿元。"))
    store = str(tmp_path / "store")
    assert plain(create_context("seed", store, sources, None)) is Outcome.PUBLISHED
    run = create_context("seed", store, sources, None)
    counting = CountingStore(within=run.store)
    assert plain(replace(run, store=counting)) is Outcome.UNCHANGED
    assert counting.total <= 12, counting.calls
